"""Plans that show what a reader may meet, for the golden files and the docs."""

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.address import Address
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sensitive, Unknown, Value

_SCHEMAS: dict[str, dict[str, Any]] = {
    "github_ruleset": {
        "properties": {
            "name": {"type": "string"},
            "target": {"type": "string", "x-forces-replacement": True},
            "conditions": {
                "type": "object",
                "properties": {
                    "scope": {"type": "string", "x-forces-replacement": True},
                    "branches": {"type": "array", "x-unordered": True},
                    "owner": {"type": "object"},
                },
            },
            "rules": {"type": "array"},
            "steps": {"type": "array"},
            "bypass": {"type": "array", "items": {"x-natural-key": ["kind", "of"]}},
            "webhook": {
                "type": "object",
                "properties": {"url": {}, "secret": {"x-sensitive": True}, "headers": {"type": "object"}},
            },
            "id": {"x-computed": True},
        }
    },
    "github_issue_label": {
        "x-natural-key": ["repository", "name"],
        "properties": {
            "repository": {"x-forces-replacement": True},
            "name": {},
            "color": {},
            "description": {},
        },
    },
    "github_repository": {
        "x-natural-key": ["name"],
        "properties": {"name": {}, "description": {}, "homepage": {}, "topics": {"x-unordered": True}},
    },
    "slack_channel": {"x-natural-key": ["name"], "properties": {"name": {}, "topic": {}}},
    "notion_page": {"properties": {"title": {}, "markdown": {}, "icon": {}}},
}


class GalleryTypes:
    """The facts of the types that the gallery shows."""

    def __init__(self) -> None:
        self._types = {name: ResourceType.from_schema(name, schema) for name, schema in _SCHEMAS.items()}

    def type(self, name: str) -> ResourceType | None:
        return self._types.get(name)

    def data_type(self, name: str) -> ResourceType | None:
        return None


def _change(address: str, action: Action, **fields: Any) -> Change:
    where = Address.parse(address)
    fields = {"provider": where.type.partition("_")[0], **fields}
    return Change(where, action, **fields)


def update(address: str, before: Mapping[str, Value], after: Mapping[str, Value], **more: Any) -> Change:
    """An update that declares all of ``after``."""
    fields = {
        "live": Object(Address.parse(address).type, "1", before),
        "before": before,
        "after": {**before, **after},
        "planned": after,
        "changed": frozenset(name for name in after if before.get(name) != after[name]),
        **more,
    }
    return _change(address, fields.pop("action", Action.UPDATE), **fields)


def create(address: str, planned: Mapping[str, Value], **more: Any) -> Change:
    later = Unknown(f"{address}.id")
    return _change(address, Action.CREATE, planned=planned, after={**planned, "id": later}, **more)


def delete(address: str, before: Mapping[str, Value], **more: Any) -> Change:
    where = Address.parse(address)
    recorded = StateObject(where, where.type.partition("_")[0], "1", before, declared=before)
    more = {"reason": "it is declared no more", **more}
    return _change(address, Action.DELETE, before=before, recorded=recorded, **more)


def _plan(*changes: Change) -> Plan:
    return Plan(changes, serial=7, lineage="0b5c", values={})


def small() -> Plan:
    """One service, no module: as simple as it gets."""
    return _plan(
        create("github_repository.testx", {"name": "testx", "topics": ["qa", "e2e"]}),
        update(
            "github_repository.docs",
            {"name": "docs", "description": "The handbook", "topics": ["docs", "old"]},
            {"name": "docs", "description": "Our handbook", "topics": ["docs", "handbook"]},
        ),
        delete("github_repository.old", {"name": "old"}, irreversible="its content and history are lost"),
    )


def nested() -> Plan:
    """Mappings, lists, sets, secrets and what is not known yet, at all depths."""
    before = {
        "name": "main",
        "target": "branch",
        "conditions": {
            "scope": "repository",
            "branches": ["main", "release", "hotfix"],
            "owner": {"team": {"lead": {"login": "ada", "since": 2020}}},
        },
        "rules": [
            {"type": "deletion", "strict": False},
            {"type": "review", "count": 1, "stale": True},
            {"type": "checks", "contexts": ["unit", "lint"], "strict": False, "timeout": "5"},
        ],
        "steps": ["build", "test", "package", "publish"],
        "bypass": [{"kind": "team", "of": 1, "mode": "always"}, {"kind": "user", "of": 1, "mode": "always"}],
        "webhook": {
            "url": "https://hooks.example/1",
            "secret": "old-hook-secret",
            "headers": {"x": Digest("1")},
        },
    }
    after = {
        "name": "main",
        "conditions": {
            "scope": "organization",
            "branches": ["hotfix", "main", "next"],
            "owner": {"team": {"lead": {"login": "grace", "since": 2020}}},
        },
        "rules": [
            {
                "type": "checks",
                "contexts": ["lint", "e2e"],
                "strict": True,
                "timeout": 5,
                "ref": Unknown("x.id"),
            },
            {"type": "deletion", "strict": False},
            {"type": "review", "count": 2, "stale": True},
            {"type": "signatures"},
        ],
        "steps": ["lint", "build", "package", "test"],
        "bypass": [
            {"kind": "user", "of": 1, "mode": "pull_request"},
            {"kind": "team", "of": 1, "mode": "always"},
        ],
        "webhook": {
            "url": Unknown("slack_channel.results.url"),
            "secret": "new-hook-secret",
            "headers": {"x": Digest("1"), "Authorization": Sensitive("Bearer not-to-be-seen")},
        },
    }
    forced = update(
        "github_ruleset.tags",
        {"name": "tags", "target": "branch", "conditions": {"scope": "repository", "branches": ["v1"]}},
        {"name": "tags", "target": "tag", "conditions": {"scope": "organization", "branches": ["v1"]}},
        action=Action.REPLACE,
        forced_by=("target", "conditions"),
        irreversible="checks that wait for it are lost",
    )
    return _plan(update("github_ruleset.main", before, after), forced)


def texts() -> Plan:
    """Long texts, texts that look alike, wide and dangerous characters."""
    page = [f"Paragraph {number} says what there is to say about it." for number in range(1, 41)]
    edited = [*page[:4], "A new paragraph.  ", *page[4:20], page[20].replace("what", "all"), *page[21:38]]
    long = " ".join(f"sentence {number} of many." for number in range(80))
    return _plan(
        update(
            "notion_page.guide",
            {"title": "Guide", "markdown": "\n".join(page)},
            {"title": "Guide ", "markdown": "\n".join(edited) + "\n", "icon": "👩‍👩‍👧"},
        ),
        update(
            "notion_page.code",
            {"title": "caf\u00e9", "markdown": "def run():\n  go()\n  stop()\n"},
            {"title": "cafe\u0301", "markdown": "def run():\n\tgo()\n\tstop()\n"},
        ),
        update(
            "notion_page.wide",
            {
                "title": "日本語の説明文です。 これは長い文章で、 幅を測ります。 もう少し長い文章です。",
                "icon": "x",
            },
            {
                "title": "日本語の説明文です。 これは短い文章で、 幅を測ります。 もう少し長い文章です。",
                "icon": "語",
            },
        ),
        update(
            "notion_page.nasty",
            {"title": "\x1b[2J\u202eevil", "markdown": long},
            {"title": "\x1b[2J\u202elive", "markdown": long.replace("sentence 40", "the fortieth sentence")},
        ),
    )


def groups() -> Plan:
    """Several services, two accounts of one of them, modules, and resources that are alike."""
    labels = [
        update(
            f'github_issue_label.triage["{name}"]',
            {"repository": "testx", "name": name, "color": "d73a4a"},
            {"repository": "testx", "name": name, "color": "fbca04"},
        )
        for name in (*(f"area/{number}" for number in range(1, 38)), "bug", "flaky", "wide 語")
    ]
    odd = update(
        'github_issue_label.triage["odd"]',
        {"repository": "testx", "name": "odd", "color": "000000"},
        {"repository": "testx", "name": "odd", "color": "fbca04"},
    )
    gone = [
        delete(
            f'github_issue_label.old["{name}"]',
            {"repository": "testx"},
            irreversible="issues lose the label for good",
        )
        for name in ("one", "two", "three", "four")
    ]
    moved = [
        update(
            f'github_issue_label.moved["{name}"]',
            {"repository": "docs", "name": name},
            {"repository": "testx", "name": name},
            action=Action.REPLACE,
            forced_by=("repository",),
            changed=frozenset({"repository"}),
        )
        for name in ("a", "b", "c")
    ]
    squads = [
        create(f'module.squad["{name}"].slack_channel.main', {"name": f"squad-{name}"})
        for name in ("red", "blue")
    ]
    return _plan(
        *squads,
        create("slack_channel.results", {"name": "results", "topic": "Test results"}),
        create("github_repository.mirror", {"name": "mirror"}, provider="github.enterprise"),
        create('module.squad["red"].github_repository.tools', {"name": "red-tools"}),
        *labels,
        odd,
        *moved,
        *gone,
    )


def reading() -> Plan:
    """The plan that the documentation explains."""
    ruleset = update(
        "github_ruleset.main",
        {
            "name": "main",
            "conditions": {"branches": ["main", "release"], "scope": "repository"},
            "rules": [
                {"type": "deletion", "strict": False},
                {"type": "review", "count": 1, "stale": True},
                {"type": "checks", "contexts": ["unit"], "timeout": "5"},
            ],
            "webhook": {"url": "https://hooks.example/1", "secret": "old-hook-secret"},
        },
        {
            "conditions": {"branches": ["main", "next"], "scope": "repository"},
            "rules": [
                {"type": "checks", "contexts": ["unit"], "timeout": 5},
                {"type": "deletion", "strict": False},
                {"type": "review", "count": 2, "stale": True},
            ],
            "webhook": {"url": Unknown("slack_channel.results.url"), "secret": "new-hook-secret"},
        },
    )
    page = "# Testx\n\nRead this first.\nThen that.\n\nAsk in #qa.\n\nThank you.\n"
    described = update(
        "github_repository.testx",
        {"name": "testx", "description": page, "homepage": "https://testx.example"},
        {
            "name": "testx",
            "description": page.replace("#qa", "#results"),
            "homepage": "https://testx.example/",
        },
    )
    labels = [
        update(
            f'github_issue_label.triage["{name}"]',
            {"repository": "testx", "name": name, "color": "d73a4a"},
            {"repository": "testx", "name": name, "color": "fbca04"},
        )
        for name in ("bug", "flaky", "slow")
    ]
    epic = update(
        "github_issue_label.epic",
        {"repository": "docs", "name": "epic"},
        {"repository": "testx", "name": "epic"},
        action=Action.REPLACE,
        forced_by=("repository",),
        irreversible="issues lose the label for good",
    )
    return _plan(create("slack_channel.results", {"name": "results"}), ruleset, described, *labels, epic)


GALLERY: Mapping[str, Callable[[], Plan]] = {
    "small": small,
    "nested": nested,
    "texts": texts,
    "groups": groups,
    "reading": reading,
}
