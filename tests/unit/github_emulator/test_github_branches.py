"""Branches, protection and secrets of the emulated GitHub."""

import base64
from typing import Any

import pytest
from nacl.public import PrivateKey, PublicKey, SealedBox

from reconciler_github.sandbox.domain.protection import matches
from reconciler_github.sandbox.domain.sealed import open_sealed
from reconciler_github.sandbox.node_ids import node_id, parse_node_id

NOTHING: dict[str, Any] = dict.fromkeys(
    ("required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions")
)


def branch_at_main(github: Any, name: str) -> str:
    sha: str = github("GET", "/repos/acme/testx/git/ref/heads/main").json()["object"]["sha"]
    made = github("POST", "/repos/acme/testx/git/refs", {"ref": f"refs/heads/{name}", "sha": sha})
    assert made.status_code == 201, made.text
    return sha


@pytest.mark.parametrize(
    ("ref", "sha", "status", "message"),
    [
        ("refs/heads/main", None, 422, "Reference already exists"),
        ("heads/x", None, 422, "Reference name must start with 'refs/' and include at least two slashes."),
        ("refs/heads/a..b", None, 422, "refs/heads/a..b is not a valid ref name."),
        ("refs/heads/x", "0" * 40, 422, "Object does not exist"),
    ],
)
def test_a_wrong_ref_is_refused(github: Any, ref: str, sha: str | None, status: int, message: str) -> None:
    github.repository()
    found = github("GET", "/repos/acme/testx/git/ref/heads/main").json()["object"]["sha"]
    answer = github("POST", "/repos/acme/testx/git/refs", {"ref": ref, "sha": sha or found})
    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_an_empty_repository_takes_no_branch(github: Any) -> None:
    github("POST", "/orgs/acme/repos", {"name": "bare"})
    answer = github("POST", "/repos/acme/bare/git/refs", {"ref": "refs/heads/x", "sha": "0" * 40})
    assert (answer.status_code, answer.json()["message"]) == (409, "Git Repository is empty.")


def test_the_default_branch_is_not_deleted(github: Any) -> None:
    github.repository()
    branch_at_main(github, "dev")
    assert github("DELETE", "/repos/acme/testx/git/refs/heads/main").status_code == 422
    assert github("DELETE", "/repos/acme/testx/git/refs/heads/dev").status_code == 204
    assert github("DELETE", "/repos/acme/testx/git/refs/heads/dev").status_code == 422


def test_a_ref_moves_forward_and_only_with_force_back(github: Any) -> None:
    github.repository()
    old = branch_at_main(github, "dev")
    file = {"message": "m", "content": "aGk=", "branch": "main"}
    new = github("PUT", "/repos/acme/testx/contents/a.txt", file).json()["commit"]["sha"]
    path = "/repos/acme/testx/git/refs/heads/dev"
    assert github("PATCH", path, {"sha": new}).json()["object"]["sha"] == new
    refused = github("PATCH", path, {"sha": old})
    assert (refused.status_code, refused.json()["message"]) == (422, "Update is not a fast forward")
    assert github("PATCH", path, {"sha": old, "force": True}).json()["object"]["sha"] == old


def test_renaming_a_branch_takes_its_protection_and_the_default_along(github: Any) -> None:
    github.repository()
    github("PUT", "/repos/acme/testx/branches/main/protection", {**NOTHING, "enforce_admins": True})
    renamed = github("POST", "/repos/acme/testx/branches/main/rename", {"new_name": "trunk"})
    assert (renamed.status_code, renamed.json()["protected"]) == (201, True)
    assert github("GET", "/repos/acme/testx").json()["default_branch"] == "trunk"
    protection = github("GET", "/repos/acme/testx/branches/trunk/protection").json()
    assert protection["enforce_admins"]["enabled"] is True
    assert github("GET", "/repos/acme/testx/branches/main").json()["message"] == "Branch not found"


def test_protection_must_name_its_four_parts(github: Any) -> None:
    github.repository()
    answer = github("PUT", "/repos/acme/testx/branches/main/protection", {"restrictions": None})
    assert answer.status_code == 422
    assert '"enforce_admins" wasn\'t supplied.' in answer.json()["message"]


def test_protection_is_replaced_whole_but_keeps_required_signatures(github: Any) -> None:
    github.repository()
    path = "/repos/acme/testx/branches/main/protection"
    checks = {"strict": True, "checks": [{"context": "build", "app_id": -1}, {"context": "e2e"}]}
    first = github("PUT", path, {**NOTHING, "required_status_checks": checks, "allow_deletions": True}).json()
    assert first["required_status_checks"]["contexts"] == ["build", "e2e"]
    assert first["required_status_checks"]["checks"][0] == {"context": "build", "app_id": None}
    github("POST", f"{path}/required_signatures")
    second = github("PUT", path, {**NOTHING, "required_pull_request_reviews": {}}).json()
    assert "required_status_checks" not in second
    assert second["allow_deletions"] == {"enabled": False}
    assert second["required_pull_request_reviews"]["required_approving_review_count"] == 1
    assert second["required_signatures"]["enabled"] is True


def test_a_pattern_rule_of_graphql_governs_branches_in_rest(github: Any) -> None:
    repository = github.repository()
    branch_at_main(github, "release/1")
    mutation = """mutation($id: ID!) { createBranchProtectionRule(input: {
        repositoryId: $id, pattern: "release/*", isAdminEnforced: true}) { branchProtectionRule { id } } }"""
    made = github("POST", "/graphql", {"query": mutation, "variables": {"id": repository["node_id"]}}).json()
    assert "errors" not in made
    path = "/repos/acme/testx/branches/release%2F1/protection"
    assert github("GET", path).json()["enforce_admins"]["enabled"] is True
    assert github("DELETE", path).json()["message"] == "Branch not protected"
    assert github("DELETE", "/repos/acme/testx/git/refs/heads/release/1").status_code == 422


def test_a_rest_rule_is_seen_in_graphql_under_the_same_node_ids(github: Any) -> None:
    repository = github.repository()
    github("PUT", "/repos/acme/testx/branches/main/protection", {**NOTHING, "required_linear_history": True})
    query = """{ organization(login: "acme") { repository(name: "testx") { id databaseId
        labels(first: 1) { nodes { id name } }
        branchProtectionRules(first: 5) { nodes { pattern requiresLinearHistory } } } } }"""
    found = github("POST", "/graphql", {"query": query}).json()["data"]["organization"]["repository"]
    assert (found["id"], found["databaseId"]) == (repository["node_id"], repository["id"])
    assert found["branchProtectionRules"]["nodes"] == [{"pattern": "main", "requiresLinearHistory": True}]
    label = found["labels"]["nodes"][0]
    assert github("GET", f"/repos/acme/testx/labels/{label['name']}").json()["node_id"] == label["id"]


@pytest.mark.parametrize(
    ("pattern", "branch", "expected"),
    [
        ("main", "main", True),
        ("main", "mainly", False),
        ("release/*", "release/1", True),
        ("release/*", "release/1/2", False),
        ("**/fix", "a/b/fix", True),
        ("v?", "v1", True),
        ("v[0-9]", "v7", True),
        ("v[!0-9]", "v7", False),
        ("a.b", "axb", False),
    ],
)
def test_patterns_match_as_ruby_s_fnmatch_does(pattern: str, branch: str, expected: bool) -> None:
    assert matches(pattern, branch) is expected


def sealed_for(key: str, value: bytes = b"s3cret") -> str:
    return base64.b64encode(SealedBox(PublicKey(base64.b64decode(key))).encrypt(value)).decode()


def test_a_secret_is_kept_sealed_and_only_its_name_is_told(github: Any, host: Any, clock: Any) -> None:
    repository = github.repository()
    path = "/repos/acme/testx/actions/secrets"
    key = github("GET", f"{path}/public-key").json()
    body = {"encrypted_value": sealed_for(key["key"]), "key_id": key["key_id"]}
    assert github("PUT", f"{path}/token", body).status_code == 201
    clock.forward(60)
    assert github("PUT", f"{path}/TOKEN", body).status_code == 204
    secret = github("GET", f"{path}/Token").json()
    assert sorted(secret) == ["created_at", "name", "updated_at"]
    assert secret["name"] == "TOKEN"
    assert secret["updated_at"] > secret["created_at"]
    scope = f"repository:{repository['id']}"
    kept = host.emulators["github"].store.get("secret", f"{scope}:TOKEN")
    assert open_sealed(scope, kept["encrypted_value"]) == b"s3cret"
    assert "s3cret" not in str(host.show())


def test_a_secret_that_is_not_sealed_for_this_key_is_refused(github: Any) -> None:
    github.repository()
    path = "/repos/acme/testx/actions/secrets"
    key = github("GET", f"{path}/public-key").json()
    other = base64.b64encode(bytes(PrivateKey(b"x" * 32).public_key)).decode()
    for value, key_id in (
        (sealed_for(other), key["key_id"]),
        ("plain", key["key_id"]),
        (sealed_for(key["key"]), "1"),
    ):
        refused = github("PUT", f"{path}/TOKEN", {"encrypted_value": value, "key_id": key_id})
        assert refused.status_code == 422
    for name in ("GITHUB_X", "1X", "A-B"):
        body = {"encrypted_value": sealed_for(key["key"]), "key_id": key["key_id"]}
        assert github("PUT", f"{path}/{name}", body).status_code == 422
    assert github("GET", path).json() == {"total_count": 0, "secrets": []}
    assert github("DELETE", f"{path}/TOKEN").status_code == 404


def test_variables_come_ten_a_page(github: Any) -> None:
    github.repository()
    path = "/repos/acme/testx/actions/variables"
    for number in range(12):
        assert github("POST", path, {"name": f"V{number:02}", "value": "x"}).status_code == 201
    assert github("POST", path, {"name": "v00", "value": "x"}).status_code == 409
    first = github("GET", path)
    assert (first.json()["total_count"], len(first.json()["variables"])) == (12, 10)
    assert "next" in first.links


def test_node_ids_are_read_back() -> None:
    for path in ((5,), (5, 7), (5, "refs/heads/main"), (1, "x" * 40), (1, "x" * 300)):
        assert parse_node_id(node_id("REF", *path)) == ("REF", path)
    for wrong in ("", "R_", "R_!!", "nonsense", node_id("R", 5) + "A"):
        with pytest.raises(ValueError, match="is no node id"):
            parse_node_id(wrong)
