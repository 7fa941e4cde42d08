"""Labels, refs, repositories, topics and grants changed by mutation."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.git import commit_files, create_ref
from reconciler_github.sandbox.domain.protection import create_rule
from reconciler_github.sandbox.domain.repositories import update_repository
from reconciler_github.sandbox.domain.teams import create_team
from reconciler_github.sandbox.store import Store, node_id_of

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def change(ask: Ask) -> Callable[..., dict[str, Any]]:
    """Send one mutation; ``change("createLabel", "label { name }", name=…)``."""

    def send(mutation: str, selection: str, /, **fields: Any) -> dict[str, Any]:
        type_ = f"{mutation[0].upper()}{mutation[1:]}Input!"
        query = (
            f"mutation($input: {type_}) {{ {mutation}(input: $input) {{ clientMutationId {selection} }} }}"
        )
        return ask(query, input=fields)

    return send


def refused(body: dict[str, Any]) -> tuple[str, str]:
    (error,) = body["errors"]
    assert list(body["data"].values()) == [None]
    return error["type"], error["message"]


def test_a_label_is_made_changed_and_deleted(change: Ask, store: Store, testx: Document) -> None:
    made = change(
        "createLabel",
        "label { id name color }",
        repositoryId=node_id_of("repository", testx),
        name="Epic",
        color="5319E7",
    )
    label = made["data"]["createLabel"]["label"]
    assert (label["name"], label["color"]) == ("Epic", "5319e7")
    changed = change(
        "updateLabel", "label { name description }", id=label["id"], name="epic", description="Big"
    )
    assert changed["data"]["updateLabel"]["label"] == {"name": "epic", "description": "Big"}
    change("deleteLabel", "", id=label["id"])
    assert store.label(testx["id"], "epic") is None


def test_a_label_of_a_name_that_is_taken_is_unprocessable(change: Ask, testx: Document) -> None:
    fields = {"repositoryId": node_id_of("repository", testx), "name": "BUG", "color": "ffffff"}
    assert refused(change("createLabel", "label { id }", **fields)) == (
        "UNPROCESSABLE",
        "Name has already been taken",
    )


def test_a_label_of_no_colour_is_unprocessable(change: Ask, testx: Document) -> None:
    fields = {"repositoryId": node_id_of("repository", testx), "name": "x", "color": "red!"}
    assert refused(change("createLabel", "label { id }", **fields)) == ("UNPROCESSABLE", "Color is invalid")


def test_a_branch_is_made_moved_and_deleted(
    change: Ask, store: Store, testx: Document, octocat: Document
) -> None:
    head = store.refs(testx["id"])[0]["sha"]
    later = commit_files(store, testx, "main", {"a": b"a"}, "More", octocat)["sha"]
    fields = {"repositoryId": node_id_of("repository", testx), "name": "refs/heads/dev", "oid": head}
    ref = change("createRef", "ref { id name target { oid } }", **fields)["data"]["createRef"]["ref"]
    assert (ref["name"], ref["target"]["oid"]) == ("dev", head)
    moved = change("updateRef", "ref { target { oid } }", refId=ref["id"], oid=later)
    assert moved["data"]["updateRef"]["ref"]["target"]["oid"] == later
    assert refused(change("updateRef", "ref { id }", refId=ref["id"], oid=head)) == (
        "UNPROCESSABLE",
        "Update is not a fast forward",
    )
    forced = change("updateRef", "ref { target { oid } }", refId=ref["id"], oid=head, force=True)
    assert forced["data"]["updateRef"]["ref"]["target"]["oid"] == head
    change("deleteRef", "", refId=ref["id"])
    assert [each["ref"] for each in store.refs(testx["id"])] == ["refs/heads/main"]


def test_a_ref_that_exists_or_leads_nowhere_is_unprocessable(
    change: Ask, store: Store, testx: Document
) -> None:
    head = store.refs(testx["id"])[0]["sha"]
    repository = node_id_of("repository", testx)
    taken = change("createRef", "ref { id }", repositoryId=repository, name="refs/heads/main", oid=head)
    assert refused(taken) == (
        "UNPROCESSABLE",
        'A ref named "refs/heads/main" already exists in the repository.',
    )
    astray = change("createRef", "ref { id }", repositoryId=repository, name="refs/heads/x", oid="0" * 40)
    assert refused(astray)[0] == "UNPROCESSABLE"


def test_the_default_branch_and_a_protected_one_stay(change: Ask, store: Store, testx: Document) -> None:
    main = store.refs(testx["id"])[0]
    dev = create_ref(store, testx, "refs/heads/dev", main["sha"])
    create_rule(store, testx, 1, "dev", {})
    for ref in (main, dev):
        assert refused(change("deleteRef", "", refId=node_id_of("ref", ref)))[0] == "UNPROCESSABLE"
    assert len(store.refs(testx["id"])) == 2


def test_a_repository_is_changed_and_renamed(change: Ask, store: Store, testx: Document) -> None:
    body = change(
        "updateRepository",
        "repository { name description hasWikiEnabled isTemplate homepageUrl }",
        repositoryId=node_id_of("repository", testx),
        name="moved",
        description="",
        hasWikiEnabled=False,
        template=True,
        homepageUrl="https://example.org",
    )
    assert body["data"]["updateRepository"]["repository"] == {
        "name": "moved",
        "description": "",
        "hasWikiEnabled": False,
        "isTemplate": True,
        "homepageUrl": "https://example.org",
    }
    renamed = store.renamed("acme", "testx")
    assert renamed is not None
    assert renamed["name"] == "moved"


def test_an_archived_repository_refuses_all_but_being_unarchived(
    change: Ask, store: Store, testx: Document
) -> None:
    repository = node_id_of("repository", testx)
    archived = change("archiveRepository", "repository { isArchived }", repositoryId=repository)
    assert archived["data"]["archiveRepository"]["repository"] == {"isArchived": True}
    label = store.label(testx["id"], "bug")
    assert label is not None
    reason = ("UNPROCESSABLE", "Repository was archived so is read-only")
    assert refused(change("deleteLabel", "", id=node_id_of("label", label))) == reason
    assert refused(change("updateRepository", "", repositoryId=repository, name="x")) == reason
    assert refused(change("updateTopics", "", repositoryId=repository, topicNames=["qa"])) == reason
    back = change("unarchiveRepository", "repository { isArchived }", repositoryId=repository)
    assert back["data"]["unarchiveRepository"]["repository"] == {"isArchived": False}


def test_topics_are_replaced_and_invalid_ones_named(change: Ask, store: Store, testx: Document) -> None:
    repository = node_id_of("repository", testx)
    selection = "invalidTopicNames repository { repositoryTopics(first: 9) { nodes { topic { name } } } }"
    good = change("updateTopics", selection, repositoryId=repository, topicNames=["QA", "e2e"])
    topics = good["data"]["updateTopics"]["repository"]["repositoryTopics"]["nodes"]
    assert [topic["topic"]["name"] for topic in topics] == ["e2e", "qa"]
    bad = change("updateTopics", selection, repositoryId=repository, topicNames=["no way", "qa"])
    assert bad["data"]["updateTopics"]["invalidTopicNames"] == ["no way"]
    assert store.require("repository", testx["id"])["topics"] == ["qa", "e2e"]


def test_a_repository_is_made_for_an_organisation(change: Ask, store: Store, acme: Document) -> None:
    fields = {"ownerId": node_id_of("account", acme), "name": "fresh", "visibility": "PRIVATE"}
    body = change(
        "createRepository",
        "repository { nameWithOwner isPrivate hasWikiEnabled labels { totalCount } }",
        **fields,
    )
    assert body["data"]["createRepository"]["repository"] == {
        "nameWithOwner": "acme/fresh",
        "isPrivate": True,
        "hasWikiEnabled": False,
        "labels": {"totalCount": 9},
    }
    assert refused(change("createRepository", "repository { id }", **fields)) == (
        "UNPROCESSABLE",
        "Name already exists on this account",
    )


def test_teams_are_given_a_permission_on_a_repository(
    change: Ask, store: Store, acme: Document, testx: Document
) -> None:
    team = create_team(store, acme, None, "QA", {})
    body = change(
        "updateTeamsRepository",
        "teams { slug repositories(first: 9) { edges { permission } } }",
        repositoryId=node_id_of("repository", testx),
        teamIds=[node_id_of("team", team)],
        permission="TRIAGE",
    )
    assert body["data"]["updateTeamsRepository"]["teams"] == [
        {"slug": "qa", "repositories": {"edges": [{"permission": "TRIAGE"}]}}
    ]


def test_several_mutations_run_in_order_and_one_refused_leaves_the_others(
    ask: Ask, store: Store, testx: Document
) -> None:
    repository = node_id_of("repository", testx)

    def label(name: str) -> str:
        fields = f'repositoryId: "{repository}", name: "{name}", color: "ffffff"'
        return f"createLabel(input: {{{fields}}}) {{ label {{ name }} }}"

    body = ask(f"mutation {{ a: {label('one')} b: {label('bug')} c: {label('two')} }}")
    assert body["data"]["a"] == {"label": {"name": "one"}}
    assert body["data"]["b"] is None
    assert body["data"]["c"] == {"label": {"name": "two"}}
    assert [error["path"] for error in body["errors"]] == [["b"]]


@pytest.mark.parametrize("name", ["archiveRepository", "updateRepository"])
def test_who_may_not_administer_a_repository_is_forbidden(
    ask_as: Ask, hubot: Document, testx: Document, store: Store, name: str
) -> None:
    type_ = f"{name[0].upper()}{name[1:]}Input!"
    query = f"mutation($input: {type_}) {{ {name}(input: $input) {{ clientMutationId }} }}"
    (error,) = ask_as(hubot, query, input={"repositoryId": node_id_of("repository", testx)})["errors"]
    assert error["type"] == "FORBIDDEN"
    assert not store.require("repository", testx["id"])["archived"]


def test_an_id_of_another_kind_is_not_found(change: Ask, testx: Document) -> None:
    text = node_id_of("repository", testx)
    assert refused(change("deleteLabel", "", id=text)) == (
        "NOT_FOUND",
        f"Could not resolve to a node with the global id of '{text}'",
    )


def test_a_change_is_seen_by_what_the_same_request_selects_next(
    change: Ask, store: Store, testx: Document
) -> None:
    update_repository(store, testx, {"description": "before"})
    label = store.label(testx["id"], "bug")
    assert label is not None
    body = change(
        "updateRepository",
        'repository { description ref(qualifiedName: "main") { repository { description } } }',
        repositoryId=node_id_of("repository", testx),
        description="after",
    )
    shown = body["data"]["updateRepository"]["repository"]
    assert shown == {"description": "after", "ref": {"repository": {"description": "after"}}}
