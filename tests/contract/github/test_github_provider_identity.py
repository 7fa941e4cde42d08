"""Objects are who they are, whatever they are called, and whoever took their name."""

from typing import Any, Protocol

import pytest

from reconciler.provider import Absent, Lookup, Object
from reconciler.testing import FakeClock
from reconciler_github.provider import GitHubProvider


class AnyLab(Protocol):
    provider: GitHubProvider
    settings: dict[str, Any]
    clock: FakeClock

    def connect(self, **settings: Any) -> GitHubProvider: ...
    def behind(self, method: str, path: str, json: Any = None) -> Any: ...


def lookup(one: Object) -> Lookup:
    return Lookup(one.type, one.id, one.attributes)


@pytest.fixture
def docs(lab: AnyLab) -> Object:
    return lab.provider.create(
        "github_repository", {"name": "docs", "visibility": "private", "auto_init": True}
    )


def test_what_lives_in_a_renamed_repository_is_found_there(lab: AnyLab, docs: Object) -> None:
    create = lab.provider.create
    made = [
        create("github_issue_label", {"repository": "docs", "name": "epic", "color": "5319e7"}),
        create("github_branch", {"repository": "docs", "branch": "dev"}),
        create("github_branch_protection", {"repository": "docs", "pattern": "main"}),
        create(
            "github_actions_secret",
            {"repository": "docs", "secret_name": "KEY", "plaintext_value": "some value"},
        ),
    ]
    lab.behind("PATCH", f"/repos/{lab.settings['owner']}/docs", {"name": "guide"})
    for lookups in ([docs, *made], made):
        answers = lab.connect().read({one.id: lookup(one) for one in lookups})
        for one in made:
            answer = answers[one.id]
            assert isinstance(answer, Object), one.type
            assert answer.attributes["repository"] == "guide", one.type
            assert answer.id == one.id


def test_a_repository_that_took_the_name_of_ours_is_neither_read_nor_changed(
    lab: AnyLab, docs: Object
) -> None:
    owner = lab.settings["owner"]
    label = lab.provider.create(
        "github_issue_label", {"repository": "docs", "name": "epic", "color": "5319e7"}
    )
    lab.behind("PATCH", f"/repos/{owner}/docs", {"name": "guide"})
    lab.behind("POST", f"/orgs/{owner}/repos", {"name": "docs", "description": "an impostor"})
    provider = lab.connect()
    answers = provider.read({"docs": lookup(docs), "label": lookup(label)})
    ours, epic = answers["docs"], answers["label"]
    assert isinstance(ours, Object)
    assert (ours.id, ours.attributes["name"]) == (docs.id, "guide")
    assert isinstance(epic, Object)
    assert epic.attributes["repository"] == "guide"
    provider.update(docs, {"description": "ours"}, frozenset({"description"}))
    assert lab.behind("GET", f"/repos/{owner}/guide").json()["description"] == "ours"
    assert lab.behind("GET", f"/repos/{owner}/docs").json()["description"] == "an impostor"
    provider.delete(docs, "delete")
    assert lab.behind("GET", f"/repos/{owner}/docs").json()["description"] == "an impostor"


def test_a_label_that_was_made_anew_under_its_old_name_is_another(lab: AnyLab, docs: Object) -> None:
    epic = {"name": "epic", "color": "5319e7"}
    label = lab.provider.create("github_issue_label", {"repository": "docs", **epic})
    labels = f"/repos/{lab.settings['owner']}/docs/labels"
    lab.behind("DELETE", f"{labels}/epic")
    lab.behind("POST", labels, epic)
    assert lab.provider.read({"": lookup(label)}) == {"": Absent()}


def test_a_secret_that_somebody_else_set_is_told_as_overwritten_until_we_set_it_again(
    lab: AnyLab, docs: Object
) -> None:
    desired = {"repository": "docs", "secret_name": "KEY", "plaintext_value": "some value"}
    secret = lab.provider.create("github_actions_secret", desired)
    lab.clock.advance(5)
    somebody = lab.connect()
    somebody.update(secret, {**desired, "plaintext_value": "theirs"}, frozenset({"plaintext_value"}))
    answer = lab.provider.read({"": lookup(secret)})[""]
    assert isinstance(answer, Object)
    assert answer.attributes["plaintext_value"] is None
    mended = lab.provider.update(answer, desired, frozenset({"plaintext_value"}))
    again = lab.provider.read({"": lookup(mended)})[""]
    assert again == mended
    assert "plaintext_value" not in mended.attributes
