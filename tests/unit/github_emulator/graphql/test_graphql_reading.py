"""What queries show: settings, names, refs, rules, and to whom."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.accounts import create_account
from reconciler_github.sandbox.domain.git import create_ref, put_ref
from reconciler_github.sandbox.domain.protection import create_rule
from reconciler_github.sandbox.domain.repositories import create_repository, set_topics, update_repository
from reconciler_github.sandbox.domain.teams import create_team
from reconciler_github.sandbox.store import Store, node_id_of

Ask = Callable[..., dict[str, Any]]

REPOSITORY = 'repository(owner: "acme", name: "testx")'


def test_an_unknown_organisation_is_null_with_a_not_found_error(ask: Ask) -> None:
    assert ask('{ organization(login: "x") { id } }') == {
        "data": {"organization": None},
        "errors": [
            {
                "type": "NOT_FOUND",
                "path": ["organization"],
                "locations": [{"line": 1, "column": 3}],
                "message": "Could not resolve to an Organization with the login of 'x'.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('{ user(login: "acme") { id } }', "Could not resolve to a User with the login of 'acme'."),
        (
            '{ repository(owner: "acme", name: "no") { id } }',
            "Could not resolve to a Repository with the name of 'acme/no'.",
        ),
        ('{ node(id: "R_x") { id } }', "Could not resolve to a node with the global id of 'R_x'"),
    ],
)
def test_what_is_not_there_is_not_found_in_words(ask: Ask, acme: Document, query: str, message: str) -> None:
    body = ask(query)
    assert list(body["data"].values()) == [None]
    assert [(error["type"], error["message"]) for error in body["errors"]] == [("NOT_FOUND", message)]


def test_repository_settings_have_graphql_names_and_spelling(ask: Ask, store: Store, testx: Document) -> None:
    update_repository(
        store,
        testx,
        {
            "homepage": "https://example.org",
            "has_wiki": False,
            "allow_rebase_merge": False,
            "delete_branch_on_merge": True,
            "squash_merge_commit_title": "PR_TITLE",
            "squash_merge_commit_message": "BLANK",
        },
    )
    shown = ask(f"""{{ {REPOSITORY} {{ databaseId nameWithOwner description homepageUrl visibility isPrivate
      isArchived hasIssuesEnabled hasWikiEnabled rebaseMergeAllowed squashMergeAllowed deleteBranchOnMerge
      squashMergeCommitTitle squashMergeCommitMessage mergeCommitTitle url sshUrl
      owner {{ __typename login }} viewerPermission isInOrganization }} }}""")["data"]["repository"]
    assert shown == {
        "databaseId": testx["id"],
        "nameWithOwner": "acme/testx",
        "description": "Results",
        "homepageUrl": "https://example.org",
        "visibility": "PRIVATE",
        "isPrivate": True,
        "isArchived": False,
        "hasIssuesEnabled": True,
        "hasWikiEnabled": False,
        "rebaseMergeAllowed": False,
        "squashMergeAllowed": True,
        "deleteBranchOnMerge": True,
        "squashMergeCommitTitle": "PR_TITLE",
        "squashMergeCommitMessage": "BLANK",
        "mergeCommitTitle": "MERGE_MESSAGE",
        "url": "https://github.com/acme/testx",
        "sshUrl": "git@github.com:acme/testx.git",
        "owner": {"__typename": "Organization", "login": "acme"},
        "viewerPermission": "ADMIN",
        "isInOrganization": True,
    }


def test_node_ids_are_those_of_rest_and_lead_back(
    ask: Ask, store: Store, acme: Document, testx: Document
) -> None:
    label = store.label(testx["id"], "bug")
    assert label is not None
    team = create_team(store, acme, None, "QA", {})
    ids = [
        node_id_of(kind, document)
        for kind, document in (("account", acme), ("repository", testx), ("label", label), ("team", team))
    ]
    body = ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=[*ids, "gone"])
    assert body["data"]["nodes"] == [
        {"__typename": "Organization", "id": ids[0]},
        {"__typename": "Repository", "id": ids[1]},
        {"__typename": "Label", "id": ids[2]},
        {"__typename": "Team", "id": ids[3]},
        None,
    ]
    assert [error["path"] for error in body["errors"]] == [["nodes", 4]]


def test_more_than_a_hundred_node_ids_are_refused(ask: Ask) -> None:
    (error,) = ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101)["errors"]
    assert error["type"] == "ARGUMENT_LIMIT"
    assert error["message"] == "You may not provide more than 100 node ids; you provided 101."


def test_a_renamed_repository_is_found_by_its_old_name_unless_told_not_to(
    ask: Ask, store: Store, testx: Document
) -> None:
    update_repository(store, testx, {"name": "moved"})
    assert ask(f"{{ {REPOSITORY} {{ name }} }}")["data"]["repository"] == {"name": "moved"}
    strict = ask('{ repository(owner: "acme", name: "testx", followRenames: false) { name } }')
    assert strict["data"]["repository"] is None


def test_refs_show_name_prefix_target_and_the_default_branch(ask: Ask, store: Store, testx: Document) -> None:
    head = store.refs(testx["id"])[0]["sha"]
    create_ref(store, testx, "refs/heads/feature/a", head)
    create_ref(store, testx, "refs/tags/v1", head)
    shown = ask(f"""{{ {REPOSITORY} {{ defaultBranchRef {{ name prefix target {{ oid __typename }} }}
      refs(refPrefix: "refs/heads/", first: 10) {{ nodes {{ name }} }}
      tag: ref(qualifiedName: "refs/tags/v1") {{ name prefix }}
      no: ref(qualifiedName: "no") {{ name }} }} }}""")
    repository = shown["data"]["repository"]
    assert repository["defaultBranchRef"] == {
        "name": "main",
        "prefix": "refs/heads/",
        "target": {"oid": head, "__typename": "Commit"},
    }
    assert [ref["name"] for ref in repository["refs"]["nodes"]] == ["feature/a", "main"]
    assert repository["tag"] == {"name": "v1", "prefix": "refs/tags/"}
    assert repository["no"] is None


def test_an_empty_repository_has_no_default_branch(ask: Ask, store: Store, acme: Document) -> None:
    create_repository(store, acme, "empty", {})
    query = '{ repository(owner: "acme", name: "empty") { isEmpty defaultBranchRef { name } } }'
    assert ask(query)["data"]["repository"] == {"isEmpty": True, "defaultBranchRef": None}


def test_topics_are_a_connection_of_names(ask: Ask, store: Store, testx: Document) -> None:
    set_topics(store, testx, ["qa", "e2e"])
    shown = ask(f"{{ {REPOSITORY} {{ repositoryTopics(first: 10) {{ nodes {{ topic {{ name }} }} }} }} }}")
    topics = shown["data"]["repository"]["repositoryTopics"]["nodes"]
    assert [topic["topic"]["name"] for topic in topics] == ["e2e", "qa"]


def test_repositories_are_filtered_and_ordered_as_asked(
    ask: Ask, store: Store, acme: Document, testx: Document
) -> None:
    create_repository(store, acme, "alpha", {})
    old = create_repository(store, acme, "old", {})
    update_repository(store, old, {"archived": True})

    def names(arguments: str) -> list[str]:
        repositories = f"repositories(first: 9, {arguments}) {{ nodes {{ name }} }}"
        query = f'{{ organization(login: "acme") {{ {repositories} }} }}'
        return [node["name"] for node in ask(query)["data"]["organization"]["repositories"]["nodes"]]

    assert names("orderBy: {field: NAME, direction: DESC}") == ["testx", "old", "alpha"]
    assert names("isArchived: true") == ["old"]
    assert names("visibility: PRIVATE") == ["testx"]
    assert names("privacy: PUBLIC, isArchived: false") == ["alpha"]


def test_a_private_repository_is_not_found_by_a_stranger_nor_listed(
    ask_as: Ask, store: Store, testx: Document
) -> None:
    stranger = create_account(store, "User", "stranger")
    body = ask_as(
        stranger,
        f"""{{ {REPOSITORY} {{ id }}
        organization(login: "acme") {{ repositories(first: 1) {{ totalCount }} }} }}""",
    )
    assert body["data"] == {"repository": None, "organization": {"repositories": {"totalCount": 0}}}
    assert [error["type"] for error in body["errors"]] == ["NOT_FOUND"]


def test_protection_rules_are_shown_to_administrators_alone(
    ask: Ask, ask_as: Ask, store: Store, hubot: Document, testx: Document
) -> None:
    rule = create_rule(store, testx, 1, "main", {})
    query = f"""{{ {REPOSITORY} {{ branchProtectionRules(first: 1) {{ nodes {{ pattern }} }}
      defaultBranchRef {{ branchProtectionRule {{ databaseId }} }} }} }}"""
    assert ask(query)["data"]["repository"] == {
        "branchProtectionRules": {"nodes": [{"pattern": "main"}]},
        "defaultBranchRef": {"branchProtectionRule": {"databaseId": rule["id"]}},
    }
    assert ask_as(hubot, query)["data"]["repository"] == {
        "branchProtectionRules": {"nodes": []},
        "defaultBranchRef": {"branchProtectionRule": None},
    }


def test_a_rule_matches_the_refs_it_applies_to_and_names_those_another_rule_takes(
    ask: Ask, store: Store, testx: Document
) -> None:
    head = store.refs(testx["id"])[0]["sha"]
    for branch in ("mend", "dev"):
        put_ref(store, testx, f"refs/heads/{branch}", head)
    create_rule(store, testx, 1, "m*", {})
    create_rule(store, testx, 1, "main", {})
    shown = ask(f"""{{ {REPOSITORY} {{ branchProtectionRules(first: 9) {{ nodes {{ pattern
      matchingRefs(first: 9) {{ nodes {{ name }} }}
      branchProtectionRuleConflicts(first: 9) {{ nodes {{ ref {{ name }}
        conflictingBranchProtectionRule {{ pattern }} }} }} }} }} }} }}""")
    wide, narrow = shown["data"]["repository"]["branchProtectionRules"]["nodes"]
    assert [ref["name"] for ref in wide["matchingRefs"]["nodes"]] == ["mend"]
    assert [ref["name"] for ref in narrow["matchingRefs"]["nodes"]] == ["main"]
    assert wide["branchProtectionRuleConflicts"]["nodes"] == [
        {"ref": {"name": "main"}, "conflictingBranchProtectionRule": {"pattern": "main"}}
    ]
    assert narrow["branchProtectionRuleConflicts"]["nodes"] == []


def test_a_page_of_fifty_repositories_is_read_with_few_statements_each(
    ask: Ask, store: Store, acme: Document, octocat: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        create_repository(store, acme, f"r{number}", {"private": True})
    statements: list[str] = []
    execute = store.world.execute

    def counted(statement: str, values: Any = ()) -> Any:
        statements.append(statement)
        return execute(statement, values)

    monkeypatch.setattr(store.world, "execute", counted)
    body = ask("""{ organization(login: "acme") { repositories(first: 50) { nodes {
      nameWithOwner viewerPermission
      labels(first: 20) { nodes { name } } branchProtectionRules(first: 5) { nodes { pattern } } } } } }""")
    assert len(body["data"]["organization"]["repositories"]["nodes"]) == 50
    assert len(statements) <= 50 * 2 + 20
