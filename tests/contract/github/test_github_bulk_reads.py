"""Many objects cost few calls, as GitHub's side counts them."""

from collections.abc import Iterable
from typing import Any, Protocol

import pytest

from reconciler.provider import Absent, Lookup, Object, Wanted
from reconciler_github.provider import GitHubProvider

REPOSITORIES, LABELS, TEAMS = 50, 5, 2
MOST_CALLS = 15


class AnyLab(Protocol):
    provider: GitHubProvider
    settings: dict[str, Any]

    def connect(self, **settings: Any) -> GitHubProvider: ...
    def calls(self) -> int: ...
    def behind(self, method: str, path: str, json: Any = None) -> Any: ...


def lookups(objects: Iterable[Object]) -> dict[str, Lookup]:
    return {f"{one.type} {one.id}": Lookup(one.type, one.id, one.attributes) for one in objects}


@pytest.fixture
def organisation(lab: AnyLab) -> list[Object]:
    create = lab.provider.create
    made = [create("github_team", {"name": f"team-{n}", "privacy": "closed"}) for n in range(TEAMS)]
    for n in range(REPOSITORIES):
        name = f"repo-{n}"
        made.append(create("github_repository", {"name": name, "visibility": "private", "topics": ["qa"]}))
        for label in range(LABELS):
            made.append(
                create("github_issue_label", {"repository": name, "name": f"l{label}", "color": "ffffff"})
            )
        for team in range(TEAMS):
            grant = {"team": f"team-{team}", "repository": name, "permission": "push"}
            made.append(create("github_team_repository", grant))
    return made


def test_an_organisation_of_450_resources_is_read_in_at_most_15_calls(
    lab: AnyLab, organisation: list[Object]
) -> None:
    provider, before = lab.connect(), lab.calls()
    provider.account()
    provider.health()
    answers = provider.read(lookups(organisation))
    assert lab.calls() - before <= MOST_CALLS
    assert lab.calls() - before == 3, "account, health, and one query for 52 repositories and teams"
    assert len(organisation) > 400
    for one in organisation:
        assert answers[f"{one.type} {one.id}"] == Object(one.type, one.id, one.attributes)


def test_one_repository_of_many_costs_one_call(lab: AnyLab, organisation: list[Object]) -> None:
    provider, before = lab.connect(), lab.calls()
    provider.read(lookups(one for one in organisation if one.attributes.get("name") == "repo-7"))
    assert lab.calls() - before == 1


def test_finding_450_resources_by_name_costs_no_more_than_reading_them(
    lab: AnyLab, organisation: list[Object]
) -> None:
    provider, before = lab.connect(), lab.calls()
    types = provider.resource_types()
    wanted = {
        one.id: Wanted(one.type, {name: one.attributes[name] for name in types[one.type].natural_key})
        for one in organisation
    }
    found = provider.find(wanted)
    assert lab.calls() - before == 1
    assert all(isinstance(answer, tuple) and answer[0].id == key for key, answer in found.items())


def test_labels_that_are_not_among_the_first_hundred_are_asked_for_by_their_ids(lab: AnyLab) -> None:
    create = lab.provider.create
    create("github_repository", {"name": "big", "visibility": "private"})
    made = [
        create("github_issue_label", {"repository": "big", "name": f"label {n:03}", "color": "ffffff"})
        for n in range(120)
    ]
    before = lab.calls()
    answers = lab.provider.read(lookups(made))
    assert lab.calls() - before == 2
    assert {answer.id for answer in answers.values() if isinstance(answer, Object)} == {
        one.id for one in made
    }
    listed = [
        one for one in lab.provider.list("github_issue_label") if one.attributes["name"].startswith("label")
    ]
    assert len(listed) == 120


def test_a_deleted_label_is_absent_and_costs_one_call_more(lab: AnyLab, organisation: list[Object]) -> None:
    gone = next(one for one in organisation if one.type == "github_issue_label")
    owner = lab.settings["owner"]
    lab.behind("DELETE", f"/repos/{owner}/{gone.attributes['repository']}/labels/{gone.attributes['name']}")
    before = lab.calls()
    answers = lab.connect().read(lookups(organisation))
    assert lab.calls() - before == 2
    assert [answer for answer in answers.values() if isinstance(answer, Absent)] == [Absent()]
