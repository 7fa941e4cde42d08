"""Repositories: few calls, by identity, in the order that GitHub needs."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import OutcomeUnknown, Rejected
from reconciler.provider import Object, ObjectKey
from reconciler.testing import FakeClock
from reconciler_github.provider import GitHubProvider

Repository = Callable[..., dict[str, Any]]
Fields = Callable[..., httpx.Response]
TYPE = "github_repository"


@pytest.fixture
def prior() -> Object:
    attributes = {
        "name": "docs", "node_id": "R_7", "database_id": 7, "description": "", "archived": False,
        "merge_commit_title": "MERGE_MESSAGE", "merge_commit_message": "PR_TITLE",
    }  # fmt: skip
    return Object(TYPE, "R_7", attributes)


def test_a_create_is_post_and_topics_and_one_for_the_rest(
    github: Any, provider: GitHubProvider, repository_answer: Repository, answer_fields: Fields
) -> None:
    github.on_query(answer_fields())
    github.on("POST /orgs/acme/repos", httpx.Response(201, json=repository_answer()))
    github.on("PUT /repositories/7/topics", httpx.Response(200, json={"names": ["a", "b"]}))
    after = repository_answer(topics=["a", "b"], allow_update_branch=True)
    github.on("PATCH /repositories/7", httpx.Response(200, json=after))
    provider.account()
    made = provider.create(
        TYPE, {"name": "docs", "visibility": "private", "topics": ["b", "A"], "allow_update_branch": True}
    )
    assert github.calls == [
        "POST /graphql",
        "POST /orgs/acme/repos",
        "PUT /repositories/7/topics",
        "PATCH /repositories/7",
    ]
    assert github.body("POST /orgs/acme/repos") == {"name": "docs", "visibility": "private"}
    assert github.body("PUT /repositories/7/topics") == {"names": ["a", "b"]}
    assert github.body("PATCH /repositories/7") == {"allow_update_branch": True}
    assert made.attributes["topics"] == ["a", "b"]
    assert made.attributes["allow_update_branch"] is True
    assert len(made.side_effects) == 9


def test_what_the_create_answered_already_is_not_set_again(
    github: Any, provider: GitHubProvider, repository_answer: Repository, answer_fields: Fields
) -> None:
    github.on_query(answer_fields())
    github.on("POST /orgs/acme/repos", httpx.Response(201, json=repository_answer()))
    provider.create(TYPE, {"name": "docs", "archived": False, "allow_update_branch": False, "topics": []})
    assert github.calls == ["POST /graphql", "POST /orgs/acme/repos"]


def test_a_person_creates_by_the_other_endpoint_with_private(
    github: Any, provider: GitHubProvider, repository_answer: Repository, answer_fields: Fields
) -> None:
    github.on_query(answer_fields({"owner": {"__typename": "User", "id": "U_1", "login": "acme"}}))
    github.on("POST /user/repos", httpx.Response(201, json=repository_answer()))
    provider.create(TYPE, {"name": "docs", "visibility": "private"})
    assert github.body("POST /user/repos") == {"name": "docs", "private": True}


def test_a_first_commit_makes_the_default_branch_a_side_effect_under_its_declared_name(
    github: Any, provider: GitHubProvider, repository_answer: Repository, answer_fields: Fields
) -> None:
    github.on_query(answer_fields())
    github.on("POST /orgs/acme/repos", httpx.Response(201, json=repository_answer()))
    github.on("POST /repositories/7/branches/main/rename", httpx.Response(201, json={"name": "trunk"}))
    made = provider.create(TYPE, {"name": "docs", "auto_init": True, "default_branch": "trunk"})
    assert github.body("POST /repositories/7/branches/main/rename") == {"new_name": "trunk"}
    assert ObjectKey("github_branch", ("docs", "trunk")) in made.side_effects


def test_a_create_that_fails_half_way_is_in_doubt_so_that_the_repository_is_not_lost(
    github: Any, provider: GitHubProvider, repository_answer: Repository, answer_fields: Fields
) -> None:
    github.on_query(answer_fields())
    github.on("POST /orgs/acme/repos", httpx.Response(201, json=repository_answer()))
    github.on("PUT /repositories/7/topics", httpx.Response(422, json={"message": "bad topic"}))
    with pytest.raises(OutcomeUnknown) as caught:
        provider.create(TYPE, {"name": "docs", "topics": ["a"]})
    assert "was created, but" in caught.value.cause
    assert "bad topic" in caught.value.cause


def test_an_update_sends_only_what_changed_and_goes_by_the_id(
    github: Any, provider: GitHubProvider, repository_answer: Repository, prior: Object
) -> None:
    github.on("PATCH /repositories/7", httpx.Response(200, json=repository_answer("guide")))
    desired = {"name": "guide", "description": "same", "has_wiki": True}
    after = provider.update(prior, desired, frozenset({"name"}))
    assert github.asked == [("PATCH /repositories/7", {"name": "guide"})]
    assert after.id == "R_7"
    assert after.attributes["full_name"] == "acme/guide"


def test_a_message_goes_with_its_title(
    github: Any, provider: GitHubProvider, repository_answer: Repository, prior: Object
) -> None:
    github.on("PATCH /repositories/7", httpx.Response(200, json=repository_answer()))
    provider.update(prior, {"merge_commit_message": "PR_BODY"}, frozenset({"merge_commit_message"}))
    assert github.asked[0][1] == {"merge_commit_message": "PR_BODY", "merge_commit_title": "MERGE_MESSAGE"}


def test_a_repository_leaves_the_archive_before_anything_else_changes(
    github: Any, provider: GitHubProvider, repository_answer: Repository, prior: Object
) -> None:
    github.on("PATCH /repositories/7", httpx.Response(200, json=repository_answer()))
    github.on("PUT /repositories/7/topics", httpx.Response(200, json={"names": ["a"]}))
    desired = {"archived": False, "topics": ["a"], "description": "new"}
    provider.update(prior, desired, frozenset(desired))
    assert github.asked == [
        ("PATCH /repositories/7", {"archived": False}),
        ("PUT /repositories/7/topics", {"names": ["a"]}),
        ("PATCH /repositories/7", {"description": "new"}),
    ]


def test_a_repository_enters_the_archive_last(
    github: Any, provider: GitHubProvider, repository_answer: Repository, prior: Object
) -> None:
    github.on("PATCH /repositories/7", httpx.Response(200, json=repository_answer(archived=True)))
    github.on("PUT /repositories/7/vulnerability-alerts", httpx.Response(204))
    desired = {"archived": True, "vulnerability_alerts": True}
    provider.update(prior, desired, frozenset(desired))
    assert github.calls == ["PUT /repositories/7/vulnerability-alerts", "PATCH /repositories/7"]


def test_what_is_used_at_creation_only_is_not_sent_later(
    github: Any, provider: GitHubProvider, prior: Object
) -> None:
    desired = {"auto_init": True, "license_template": "mit", "template": {"repository": "x"}}
    assert provider.update(prior, desired, frozenset(desired)) == prior
    assert github.asked == []


def test_custom_properties_that_are_no_longer_declared_are_unset(
    github: Any, provider: GitHubProvider, prior: Object
) -> None:
    github.on("PATCH /repositories/7/properties/values", httpx.Response(204))
    before = Object(TYPE, "R_7", {**prior.attributes, "custom_properties": {"tier": "1", "area": "x"}})
    after = provider.update(before, {"custom_properties": {"tier": "2"}}, frozenset({"custom_properties"}))
    assert github.asked[0][1] == {
        "properties": [{"property_name": "tier", "value": "2"}, {"property_name": "area", "value": None}]
    }
    assert after.attributes["custom_properties"] == {"tier": "2"}


def test_deleting_goes_by_the_id_so_that_another_of_the_same_name_is_safe(
    github: Any, provider: GitHubProvider, prior: Object
) -> None:
    github.on("DELETE /repositories/7", httpx.Response(204))
    provider.delete(prior, "delete")
    assert github.calls == ["DELETE /repositories/7"]


def test_archiving_is_the_other_way_to_delete(
    github: Any, provider: GitHubProvider, repository_answer: Repository, prior: Object
) -> None:
    github.on("PATCH /repositories/7", httpx.Response(200, json=repository_answer(archived=True)))
    provider.delete(prior, "archive")
    assert github.asked == [("PATCH /repositories/7", {"archived": True})]


def test_not_found_at_a_delete_is_believed_only_when_the_object_is_gone(
    github: Any, provider: GitHubProvider, prior: Object, answer_fields: Fields
) -> None:
    missing = {"type": "NOT_FOUND", "path": ["item0"], "message": "Could not resolve to a node"}
    github.on_query(answer_fields({"item0": None}, missing))
    provider.delete(prior, "delete")
    assert github.calls == ["DELETE /repositories/7", "POST /graphql"]


def test_a_new_repository_that_github_does_not_know_yet_is_asked_for_again(
    github: Any,
    provider: GitHubProvider,
    repository_answer: Repository,
    answer_fields: Fields,
    clock: FakeClock,
) -> None:
    github.on_query(answer_fields())
    github.on("POST /orgs/acme/repos", httpx.Response(201, json=repository_answer()))
    label = {"node_id": "LA_1", "name": "bug", "color": "ff0000", "default": False, "description": None}
    missing = httpx.Response(404, json={"message": "Not Found"})
    github.on("POST /repos/acme/docs/labels", missing, missing, httpx.Response(201, json=label))
    provider.create(TYPE, {"name": "docs"})
    provider.create("github_issue_label", {"repository": "docs", "name": "bug", "color": "ff0000"})
    assert clock.slept == [1.0, 2.0]


def test_a_template_that_is_not_there_is_told_before_anything_is_made(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    missing = {"type": "NOT_FOUND", "path": ["item0"], "message": "Could not resolve"}
    github.on_query(answer_fields({"item0": None}, missing))
    with pytest.raises(Rejected) as caught:
        provider.create(TYPE, {"name": "docs", "template": {"owner": "else", "repository": "base"}})
    assert caught.value.cause == "there is no template else/base"
    assert len(github.asked) == 1
