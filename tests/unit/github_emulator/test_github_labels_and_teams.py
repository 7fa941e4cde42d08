"""Labels, teams and people of the emulated GitHub."""

from typing import Any

import pytest


def first_error(answer: Any) -> Any:
    assert answer.status_code == 422, answer.text
    return answer.json()["errors"][0]


def test_a_label_s_name_is_taken_whatever_its_case(github: Any) -> None:
    github.repository()
    taken = github("POST", "/repos/acme/testx/labels", {"name": "BUG", "color": "ffffff"})
    assert first_error(taken) == {"resource": "Label", "code": "already_exists", "field": "name"}
    taken = github("PATCH", "/repos/acme/testx/labels/question", {"new_name": "Bug"})
    assert first_error(taken)["code"] == "already_exists"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"color": "ffffff"}, "missing_field", "name"),
        ({"name": "x", "color": "red"}, "invalid", "color"),
        ({"name": "x", "color": "#ffffff"}, "invalid", "color"),
        ({"name": "x" * 51, "color": "ffffff"}, "custom", "name"),
        ({"name": "x", "color": "ffffff", "description": "d" * 101}, "custom", "description"),
    ],
)
def test_a_wrong_label_is_refused(github: Any, body: dict[str, Any], code: str, field: str) -> None:
    github.repository()
    error = first_error(github("POST", "/repos/acme/testx/labels", body))
    assert (error["code"], error["field"]) == (code, field)


def test_a_renamed_label_keeps_its_id_and_colours_are_lowered(github: Any) -> None:
    github.repository()
    before = github("GET", "/repos/acme/testx/labels/bug").json()
    after = github("PATCH", "/repos/acme/testx/labels/bug", {"new_name": "defect", "color": "ABCDEF"}).json()
    assert (after["id"], after["node_id"]) == (before["id"], before["node_id"])
    assert (after["name"], after["color"]) == ("defect", "abcdef")
    assert github("GET", "/repos/acme/testx/labels/bug").status_code == 404


def test_a_label_with_a_slash_and_a_space_is_addressed(github: Any) -> None:
    github.repository()
    made = github("POST", "/repos/acme/testx/labels", {"name": "area/a b", "color": "ffffff"}).json()
    assert made["url"].endswith("/labels/area%2Fa%20b")
    assert github("DELETE", "/repos/acme/testx/labels/area%2Fa%20b").status_code == 204


def test_the_creator_of_a_team_becomes_its_maintainer(github: Any) -> None:
    made = github("POST", "/orgs/acme/teams", {"name": "QA Team"}).json()
    assert (made["slug"], made["privacy"], made["members_count"]) == ("qa-team", "secret", 1)
    membership = github("GET", "/orgs/acme/teams/qa-team/memberships/octo-admin").json()
    assert (membership["role"], membership["state"]) == ("maintainer", "active")


def test_a_team_s_name_is_unique_and_its_slug_follows_it(github: Any) -> None:
    made = github("POST", "/orgs/acme/teams", {"name": "QA"}).json()
    error = first_error(github("POST", "/orgs/acme/teams", {"name": "qa"}))
    assert (error["code"], error["field"]) == ("unprocessable", "data")
    assert error["message"] == "Name must be unique for this org"
    assert github("PATCH", "/orgs/acme/teams/qa", {"name": "Quality"}).json()["slug"] == "quality"
    assert github("GET", "/orgs/acme/teams/qa").status_code == 404
    by_id = github("GET", made["url"].removeprefix("http://127.0.0.1/github"))
    assert by_id.json()["slug"] == "quality"


def test_child_teams_inherit_show_their_members_and_go_with_their_parent(github: Any) -> None:
    github.repository(private=True)
    parent = github("POST", "/orgs/acme/teams", {"name": "Parent", "privacy": "closed"}).json()
    child = github("POST", "/orgs/acme/teams", {"name": "Child", "parent_team_id": parent["id"]}).json()
    assert (child["parent"]["slug"], child["privacy"]) == ("parent", "closed")
    github("PUT", "/orgs/acme/teams/child/memberships/octo-alice")
    github("PUT", "/orgs/acme/teams/parent/repos/acme/testx", {"permission": "maintain"})
    members = github("GET", "/orgs/acme/teams/parent/members").json()
    assert [each["login"] for each in members] == ["octo-admin", "octo-alice"]
    granted = github("GET", "/orgs/acme/teams/child/repos").json()
    assert [(each["name"], each["role_name"]) for each in granted] == [("testx", "maintain")]
    permission = github("GET", "/repos/acme/testx/collaborators/octo-alice/permission").json()
    assert (permission["permission"], permission["role_name"]) == ("write", "maintain")
    circle = github("PATCH", "/orgs/acme/teams/parent", {"parent_team_id": child["id"]})
    assert first_error(circle)["field"] == "parent_team_id"
    assert github("DELETE", "/orgs/acme/teams/parent").status_code == 204
    assert github("GET", "/orgs/acme/teams").json() == []


def test_a_secret_team_is_seen_by_owners_and_its_members_only(github: Any) -> None:
    github("POST", "/orgs/acme/teams", {"name": "Secret"})
    alice, bob = github.as_("octo-alice", "read:org"), github.as_("octo-bob", "read:org")
    github("PUT", "/orgs/acme/teams/secret/memberships/octo-alice")
    assert alice("GET", "/orgs/acme/teams/secret").status_code == 200
    assert bob("GET", "/orgs/acme/teams/secret").status_code == 404
    assert bob("GET", "/orgs/acme/teams").json() == []


def test_a_stranger_put_into_a_team_is_pending_until_they_accept(github: Any) -> None:
    github("POST", "/orgs/acme/teams", {"name": "QA"})
    made = github("PUT", "/orgs/acme/teams/qa/memberships/octo-carol").json()
    assert made["state"] == "pending"
    members = github("GET", "/orgs/acme/teams/qa/members").json()
    assert [each["login"] for each in members] == ["octo-admin"]
    assert github("GET", "/orgs/acme/memberships/octo-carol").json()["state"] == "pending"


def test_a_grant_changes_and_ends(github: Any) -> None:
    github.repository()
    github("POST", "/orgs/acme/teams", {"name": "QA"})
    path = "/orgs/acme/teams/qa/repos/acme/testx"
    assert github("PUT", path, {"permission": "admin"}).status_code == 204
    assert github("PUT", path, {"permission": "push"}).status_code == 204
    teams = github("GET", "/repos/acme/testx/teams").json()
    assert [(each["slug"], each["permission"]) for each in teams] == [("qa", "push")]
    assert teams[0]["permissions"] == {
        "admin": False,
        "maintain": False,
        "push": True,
        "triage": True,
        "pull": True,
    }
    assert github("PUT", path, {"permission": "everything"}).status_code == 422
    assert github("DELETE", path).status_code == 204
    assert github("GET", path).status_code == 404


def test_the_last_owner_stays(github: Any) -> None:
    assert github("PUT", "/orgs/acme/memberships/octo-admin", {"role": "member"}).status_code == 403
    assert github("DELETE", "/orgs/acme/members/octo-admin").status_code == 403


def test_leaving_the_organisation_ends_team_memberships(github: Any) -> None:
    github("POST", "/orgs/acme/teams", {"name": "QA"})
    github("PUT", "/orgs/acme/teams/qa/memberships/octo-alice")
    assert github("DELETE", "/orgs/acme/members/octo-alice").status_code == 204
    assert github("GET", "/orgs/acme/teams/qa/memberships/octo-alice").status_code == 404
    missing = github("GET", "/orgs/acme/members/octo-alice")
    assert missing.json()["message"] == "User does not exist or is not a member of the organization"


def test_an_organisation_s_settings_are_for_its_owners(github: Any) -> None:
    alice = github.as_("octo-alice", "admin:org")
    assert "billing_email" not in alice("GET", "/orgs/acme").json()
    assert alice("PATCH", "/orgs/acme", {"description": "x"}).status_code == 403
    changed = github("PATCH", "/orgs/acme", {"description": "x", "default_repository_permission": "none"})
    assert (changed.json()["description"], changed.json()["default_repository_permission"]) == ("x", "none")
    github.repository(private=True)
    assert github.as_("octo-alice", "repo")("GET", "/repos/acme/testx").status_code == 404


def test_an_outsider_is_invited_and_a_member_is_added(github: Any) -> None:
    github.repository(private=True)
    path = "/repos/acme/testx/collaborators"
    assert github("PUT", f"{path}/octo-alice", {"permission": "push"}).status_code == 204
    invitation = github("PUT", f"{path}/octo-carol", {"permission": "triage"}).json()
    assert (invitation["invitee"]["login"], invitation["permissions"]) == ("octo-carol", "triage")
    direct = github("GET", f"{path}?affiliation=direct").json()
    assert [(each["login"], each["role_name"]) for each in direct] == [("octo-alice", "write")]
    everybody = github("GET", path).json()
    assert [each["login"] for each in everybody] == ["octo-admin", "octo-alice", "octo-bob"]
    assert github("PUT", f"{path}/octo-alice", {"permission": "god"}).status_code == 422
    assert github("DELETE", f"{path}/octo-carol").status_code == 204
    assert github("GET", "/repos/acme/testx/invitations").json() == []
