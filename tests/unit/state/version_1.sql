-- A state file as version 1 wrote it: three applies and rollbacks, the last of them cut off.
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1380142668;
PRAGMA user_version = 1;

CREATE TABLE ledger (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    stack TEXT NOT NULL, environment TEXT NOT NULL, realm TEXT NOT NULL,
    lineage TEXT NOT NULL, sealing_key BLOB NOT NULL, created TEXT NOT NULL,
    kept_from INTEGER NOT NULL DEFAULT 0);
CREATE TABLE run (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, command TEXT NOT NULL,
    started TEXT NOT NULL, who TEXT NOT NULL, from_serial INTEGER NOT NULL,
    git_commit TEXT NOT NULL, pull_request TEXT NOT NULL, configuration TEXT NOT NULL, why TEXT NOT NULL,
    to_serial INTEGER, ended TEXT, outcome TEXT NOT NULL);
CREATE TABLE version (
    from_serial INTEGER PRIMARY KEY, to_serial INTEGER, address TEXT NOT NULL, object TEXT,
    waits_for TEXT NOT NULL, checksum INTEGER NOT NULL,
    run TEXT NOT NULL REFERENCES run (id), action TEXT NOT NULL, committed TEXT NOT NULL,
    CHECK (to_serial > from_serial));
CREATE UNIQUE INDEX latest_version ON version (address) WHERE to_serial IS NULL;
CREATE INDEX closed_version ON version (to_serial) WHERE to_serial IS NOT NULL;
CREATE TABLE intent (
    position INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES run (id), step INTEGER NOT NULL,
    address TEXT NOT NULL, action TEXT NOT NULL, provider TEXT NOT NULL, id TEXT,
    key TEXT, seen_absent INTEGER NOT NULL, step_group INTEGER, seen TEXT,
    is_open INTEGER NOT NULL DEFAULT 1, serial INTEGER, error TEXT);
CREATE INDEX open_intent ON intent (run, step) WHERE is_open;
CREATE INDEX open_intent_of ON intent (address) WHERE is_open;
CREATE TABLE output (
    position INTEGER PRIMARY KEY, serial INTEGER NOT NULL, run TEXT NOT NULL REFERENCES run (id),
    outputs TEXT NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE account (provider TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE hold (
    configuration TEXT PRIMARY KEY, run TEXT NOT NULL, held TEXT NOT NULL,
    who TEXT NOT NULL, why TEXT NOT NULL);

INSERT INTO ledger VALUES (1, 'testx', 'dev', 'real', 'b03fe7551023e7a69decb698ebfb5b28',
    X'F5072C55B5AB201004C5A7FAF323FD9B4C801DEB33E1EC04E3D8C332AC896A12', '2026-01-02T03:04:05+00:00', 0);
INSERT INTO run VALUES
    (1, '20260102T030405-0e9a', 'apply', '2026-01-02T03:04:05+00:00', 'ada@host', 0, '3f2c1d0', '',
     'c-20260102T030405-0e9a', '', 3, '2026-01-02T03:04:05+00:00', 'done'),
    (2, '20260103T030405-77aa', 'rollback', '2026-01-02T03:04:05+00:00', 'ada@host', 3, '3f2c1d0', '',
     'c-20260103T030405-77aa', '', 5, '2026-01-02T03:04:05+00:00', 'done'),
    (3, '20260104T030405-beef', 'apply', '2026-01-02T03:04:05+00:00', 'ada@host', 5, '3f2c1d0', '',
     'c-20260104T030405-beef', '', NULL, NULL, 'running');
INSERT INTO version VALUES
    (1, 5, 'github_repository.testx',
     '{"provider":"github","id":"R_1","attributes":{"name":"testx","topics":["e2e","qa"],"token":{"$sensitive":"ab12"}},"declared":{"name":"testx"},"expressions":{"/token":"${secret.T}"}}',
     '', 3749581925, '20260102T030405-0e9a', 'create', '2026-01-02T03:04:05+00:00'),
    (2, NULL, 'github_issue_label.triage["bug"]',
     '{"provider":"github","id":"L_1","attributes":{"name":"bug","color":"d73a4a"},"declared":{"name":"bug","color":"d73a4a"},"expressions":{"/repository":"${github_repository.testx.name}"},"depends_on":["github_repository.testx"]}',
     'github_repository.testx', 3145853646, '20260102T030405-0e9a', 'create', '2026-01-02T03:04:05+00:00'),
    (3, 4, 'slack_channel.old',
     '{"provider":"slack","id":"C01","attributes":{"name":"old"},"declared":{"name":"old"},"on_destroy":"archive"}',
     '', 3893941800, '20260102T030405-0e9a', 'create', '2026-01-02T03:04:05+00:00'),
    (4, NULL, 'slack_channel.old', NULL, '', 238605341, '20260103T030405-77aa', 'archive',
     '2026-01-02T03:04:05+00:00'),
    (5, NULL, 'github_repository.testx',
     '{"provider":"github","id":"R_1","attributes":{"name":"testx","topics":["qa"],"token":{"$sensitive":"ab12"}},"declared":{"name":"testx"},"expressions":{"/token":"${secret.T}"}}',
     '', 4173670755, '20260103T030405-77aa', 'update', '2026-01-02T03:04:05+00:00');
INSERT INTO intent VALUES
    (1, '20260102T030405-0e9a', 0, 'github_repository.testx', 'create', 'github', NULL,
     '["github_repository",["testx"]]', 1, NULL, NULL, 0, 1, NULL),
    (2, '20260102T030405-0e9a', 1, 'github_issue_label.triage["bug"]', 'create', 'github', NULL, NULL, 0,
     NULL, NULL, 0, 2, NULL),
    (3, '20260102T030405-0e9a', 2, 'slack_channel.old', 'create', 'slack', NULL, NULL, 0, NULL, NULL, 0, 3,
     NULL),
    (4, '20260103T030405-77aa', 0, 'slack_channel.old', 'archive', 'slack', 'C01', NULL, 0, NULL, NULL, 0, 4,
     NULL),
    (5, '20260103T030405-77aa', 1, 'github_repository.testx', 'update', 'github', 'R_1', NULL, 0, NULL, NULL,
     0, 5, NULL),
    (6, '20260104T030405-beef', 0, 'notion_page.home', 'create', 'notion', NULL, '["notion_page",["Home"]]',
     0, NULL, '["p1", "p2"]', 1, NULL, NULL);
INSERT INTO output VALUES
    (1, 3, '20260102T030405-0e9a', '{"url":"https://github.example/acme/testx"}', 1400200885);
INSERT INTO account VALUES
    ('github', 'O_1', 'acme');
INSERT INTO hold VALUES
    ('c-20260102T030405-0e9a', '20260103T030405-77aa', '2026-01-02T03:04:05+00:00', 'ada@host', 'too early');
