"""Repositories of the emulated GitHub."""

from typing import Any

import pytest


def errors(answer: Any) -> Any:
    assert answer.status_code == 422, answer.text
    return answer.json()["errors"]


def test_a_new_repository_has_github_s_defaults_and_labels(github: Any) -> None:
    made = github("POST", "/orgs/acme/repos", {"name": "bare"}).json()
    assert (made["private"], made["visibility"], made["default_branch"]) == (False, "public", "main")
    assert (made["allow_squash_merge"], made["delete_branch_on_merge"]) == (True, False)
    assert made["permissions"]["admin"] is True
    assert len(github("GET", "/repos/acme/bare/labels").json()) == 9
    assert github("GET", "/repos/acme/bare/branches").json() == []


def test_a_name_is_taken_whatever_its_case(github: Any) -> None:
    github.repository("testx")
    message = "name already exists on this account"
    wanted = [{"resource": "Repository", "code": "custom", "field": "name", "message": message}]
    assert errors(github("POST", "/orgs/acme/repos", {"name": "TestX"})) == wanted
    assert github("GET", "/repos/ACME/TESTX").json()["name"] == "testx"


def test_a_name_is_cleaned_and_must_be_given(github: Any) -> None:
    assert github("POST", "/orgs/acme/repos", {"name": "a b/c"}).json()["name"] == "a-b-c"
    assert errors(github("POST", "/orgs/acme/repos", {}))[0]["code"] == "missing_field"


def test_a_setting_of_the_wrong_type_is_refused(github: Any) -> None:
    answer = github("POST", "/orgs/acme/repos", {"name": "x", "private": "yes"})
    assert answer.status_code == 422
    assert answer.json()["message"] == (
        "Invalid request.\n\nFor 'properties/private', \"yes\" is not a boolean."
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"allow_merge_commit": False, "allow_squash_merge": False, "allow_rebase_merge": False},
        {"merge_commit_title": "PR_TITLE", "merge_commit_message": "PR_TITLE"},
        {"squash_merge_commit_title": "COMMIT_OR_PR_TITLE", "squash_merge_commit_message": "BLANK"},
        {"visibility": "internal"},
    ],
)
def test_settings_that_contradict_each_other_are_refused(github: Any, settings: dict[str, Any]) -> None:
    github.repository()
    assert errors(github("PATCH", "/repos/acme/testx", settings))


def test_visibility_and_private_say_the_same(github: Any) -> None:
    github.repository()
    assert github("PATCH", "/repos/acme/testx", {"private": True}).json()["visibility"] == "private"
    assert github("PATCH", "/repos/acme/testx", {"visibility": "public"}).json()["private"] is False


def test_an_archived_repository_refuses_writes_until_it_is_unarchived(github: Any) -> None:
    github.repository()
    github("PATCH", "/repos/acme/testx", {"archived": True})
    for method, path, body in (
        ("PATCH", "", {"description": "x"}),
        ("POST", "/labels", {"name": "x", "color": "ffffff"}),
        ("PUT", "/topics", {"names": []}),
    ):
        refused = github(method, f"/repos/acme/testx{path}", body)
        assert refused.status_code == 403
        assert refused.json()["message"] == "Repository was archived so is read-only."
    assert github("PATCH", "/repos/acme/testx", {"archived": False}).json()["archived"] is False


def test_a_renamed_repository_redirects_by_id_until_its_name_is_taken(github: Any) -> None:
    made = github.repository()
    assert github("PATCH", "/repos/acme/testx", {"name": "other"}).json()["id"] == made["id"]
    url = f"http://127.0.0.1/github/repositories/{made['id']}"
    moved = github("GET", "/repos/acme/testx/labels?per_page=5")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{url}/labels?per_page=5")
    assert moved.json()["message"] == "Moved Permanently"
    assert github("GET", "/repos/acme/testx", follow_redirects=True).json()["name"] == "other"
    written = github("PATCH", "/repos/acme/testx", {"description": "x"})
    assert (written.status_code, written.headers["Location"]) == (307, url)
    again = github("PATCH", "/repos/acme/testx", {"description": "x"}, follow_redirects=True)
    assert again.json()["description"] == "x"
    github.repository("testx")
    assert github("GET", "/repos/acme/testx").json()["id"] != made["id"]


def test_a_deleted_repository_takes_everything_with_it(github: Any, host: Any) -> None:
    github.repository()
    github("PATCH", "/repos/acme/testx", {"name": "other"})
    github("PUT", "/repos/acme/other/collaborators/octo-alice", {"permission": "push"})
    github("POST", "/repos/acme/other/actions/variables", {"name": "A", "value": "b"})
    assert github("DELETE", "/repos/acme/other").status_code == 204
    world = host.show("github")["github"]
    left = {kind for kind, found in world.items() if found}
    assert left == {"organizations", "users", "memberships"}
    assert github("GET", "/repos/acme/testx").status_code == 404


def test_the_default_branch_must_exist(github: Any) -> None:
    github.repository()
    github("POST", "/orgs/acme/repos", {"name": "bare"})
    for name, message in (("testx", "was not found"), ("bare", "empty repository")):
        refused = github("PATCH", f"/repos/acme/{name}", {"default_branch": "dev"})
        assert message in errors(refused)[0]["message"]


def test_topics_are_lowered_replaced_and_checked(github: Any) -> None:
    github.repository()
    path = "/repos/acme/testx/topics"
    assert github("PUT", path, {"names": ["QA", "e2e", "qa"]}).json() == {"names": ["qa", "e2e"]}
    assert errors(github("PUT", path, {"names": ["two words"]}))
    assert errors(github("PUT", path, {"names": [f"t{number}" for number in range(21)]}))
    assert github("GET", path).json() == {"names": ["qa", "e2e"]}


def test_security_fixes_need_alerts_and_end_with_them(github: Any) -> None:
    github.repository()
    path = "/repos/acme/testx"
    assert github("PUT", f"{path}/automated-security-fixes").status_code == 422
    github("PUT", f"{path}/vulnerability-alerts")
    github("PUT", f"{path}/automated-security-fixes")
    assert github("GET", f"{path}/automated-security-fixes").json()["enabled"] is True
    security = github("GET", path).json()["security_and_analysis"]
    assert security["dependabot_security_updates"] == {"status": "enabled"}
    github("DELETE", f"{path}/vulnerability-alerts")
    assert github("GET", f"{path}/automated-security-fixes").status_code == 404
    security = github("GET", path).json()["security_and_analysis"]
    assert security["dependabot_security_updates"] == {"status": "disabled"}


def test_security_settings_change_one_by_one(github: Any) -> None:
    github.repository()
    change = {"security_and_analysis": {"secret_scanning": {"status": "enabled"}}}
    assert github("PATCH", "/repos/acme/testx", change).status_code == 200
    change = {"security_and_analysis": {"secret_scanning_push_protection": {"status": "enabled"}}}
    security = github("PATCH", "/repos/acme/testx", change).json()["security_and_analysis"]
    assert security["secret_scanning"] == security["secret_scanning_push_protection"] == {"status": "enabled"}
    change = {"security_and_analysis": {"secret_scanning": {"status": "perhaps"}}}
    assert errors(github("PATCH", "/repos/acme/testx", change))


def test_a_template_s_files_are_copied(github: Any) -> None:
    github.repository("template", is_template=True)
    body = {"owner": "acme", "name": "copy", "private": True}
    made = github("POST", "/repos/acme/template/generate", body)
    assert made.status_code == 201
    assert made.json()["template_repository"]["name"] == "template"
    assert github("GET", "/repos/acme/copy/contents/README.md").json()["content"]
    github.repository("plain")
    assert github("POST", "/repos/acme/plain/generate", {"name": "x"}).status_code == 404


def test_times_move_with_what_happens(github: Any, clock: Any) -> None:
    made = github.repository()
    clock.forward(60)
    changed = github("PATCH", "/repos/acme/testx", {"description": "x"}).json()
    assert changed["updated_at"] > made["updated_at"]
    assert changed["pushed_at"] == made["pushed_at"]
    clock.forward(60)
    file = {"message": "m", "content": "aGk="}
    github("PUT", "/repos/acme/testx/contents/a.txt", file)
    assert github("GET", "/repos/acme/testx").json()["pushed_at"] > made["pushed_at"]


def test_what_a_token_may_not_see_is_not_there(github: Any) -> None:
    github.repository(private=True)
    github.repository("open")
    carol = github.as_("octo-carol", "repo")
    assert carol("GET", "/repos/acme/testx").status_code == 404
    assert carol("GET", "/repos/acme/open").status_code == 200
    assert [each["name"] for each in carol("GET", "/orgs/acme/repos").json()] == ["open"]
    assert "allow_squash_merge" not in carol("GET", "/repos/acme/open").json()
    without_scopes = github.as_("octo-admin")
    assert without_scopes("GET", "/repos/acme/testx").status_code == 404
    assert without_scopes("PATCH", "/repos/acme/open", {"description": "x"}).status_code == 403


def test_deleting_needs_a_scope_of_its_own(github: Any) -> None:
    github.repository()
    refused = github.as_("octo-admin", "repo")("DELETE", "/repos/acme/testx")
    assert (refused.status_code, refused.json()["message"]) == (403, "Must have admin rights to Repository.")
