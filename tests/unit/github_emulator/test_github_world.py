"""The first world of the emulated GitHub, seeds, settings, and what lasts."""

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_github.sandbox import GitHubEmulator

SEED: dict[str, Any] = {
    "organization": {"login": "acme", "description": "Anvils", "default_repository_permission": "none"},
    "users": [{"login": "dana", "name": "Dana", "role": "admin"}, {"login": "eve", "role": "none"}],
    "tokens": [{"token": "narrow", "user": "dana", "scopes": ["public_repo"]}],
    "repositories": [
        {
            "name": "web",
            "private": True,
            "topics": ["site"],
            "labels": [{"name": "bug", "color": "000000"}, {"name": "epic", "color": "3e4b9e"}],
            "branches": ["main", "dev"],
            "collaborators": {"eve": "triage"},
        },
        {"name": "old", "archived": True},
    ],
    "teams": [
        {
            "name": "Crew",
            "privacy": "closed",
            "members": {"dana": "maintainer"},
            "repositories": {"web": "push"},
        },
        {"name": "Juniors", "parent": "Crew"},
    ],
}


def test_the_first_world_has_an_organisation_its_people_and_no_repositories(github: Any) -> None:
    members = github("GET", "/orgs/acme/members").json()
    assert [each["login"] for each in members] == ["octo-admin", "octo-alice", "octo-bob"]
    assert github("GET", "/users/octo-carol").status_code == 200
    assert github("GET", "/orgs/acme/repos").json() == []


def test_a_seed_plants_what_it_declares(github: Any, host: Any) -> None:
    host.seed({"github": SEED})
    assert github("GET", "/orgs/acme").json()["description"] == "Anvils"
    assert github("GET", "/orgs/acme/memberships/dana").json()["role"] == "admin"
    web = github("GET", "/repos/acme/web").json()
    assert (web["private"], web["topics"]) == (True, ["site"])
    labels = {each["name"]: each["color"] for each in github("GET", "/repos/acme/web/labels").json()}
    assert (labels["bug"], labels["epic"], len(labels)) == ("000000", "3e4b9e", 10)
    assert [each["name"] for each in github("GET", "/repos/acme/web/branches").json()] == ["dev", "main"]
    teams = {each["slug"]: each["permission"] for each in github("GET", "/repos/acme/web/teams").json()}
    assert teams == {"crew": "push", "juniors": "push"}
    assert github("GET", "/repos/acme/web/collaborators/eve").status_code == 204
    assert github("GET", "/repos/acme/old").json()["archived"] is True
    narrow = github.client.get("/github/repos/acme/web", headers={"Authorization": "token narrow"})
    assert narrow.status_code == 404


@pytest.mark.parametrize(
    ("seed", "path"),
    [
        ({"orgs": {}}, "github.orgs"),
        ({"users": [{"name": "no login"}]}, r"github.users\[0\]"),
        ({"repositories": [{"name": "a"}, {"name": "A"}]}, r"github.repositories\[1\]"),
        ({"repositories": [{"name": "a", "collaborators": {"nobody": "pull"}}]}, r"github.repositories\[0\]"),
        (
            {"repositories": [{"name": "a", "collaborators": {"octo-bob": "god"}}]},
            r"github.repositories\[0\]",
        ),
        ({"teams": [{"name": "a", "parent": "none"}]}, r"github.teams\[0\]"),
        ({"teams": [{"name": "a", "repositories": {"none": "pull"}}]}, r"github.teams\[0\]"),
        ({"tokens": [{"token": "t", "user": "nobody"}]}, r"github.tokens\[0\]"),
        ({"organization": {"login": "octo-bob"}}, "github.organization"),
    ],
)
def test_a_wrong_seed_is_told_with_its_place_and_plants_nothing(
    host: Any, seed: dict[str, Any], path: str
) -> None:
    before = host.show()
    with pytest.raises(SeedError, match=path) as wrong:
        host.seed({"github": seed})
    assert wrong.value.remedy
    assert host.show() == before


def test_settings_keep_the_owner_and_make_the_organisation(github: Any, host: Any) -> None:
    declared = {"owner": "umbrella", "token": "real", "base_url": "https://api.github.com", "retry": {}}
    settings = host.settings("github", declared)
    assert settings["owner"] == "umbrella"
    assert settings["base_url"] == "http://127.0.0.1/github"
    assert settings["token"] == github.token
    assert settings["retry"] == {}
    assert github("GET", "/orgs/umbrella").status_code == 200
    assert github("POST", "/orgs/umbrella/repos", {"name": "x"}).status_code == 201
    assert host.settings("github", {})["owner"] == "acme"
    with pytest.raises(SeedError):
        host.settings("github", {"owner": "octo-bob"})


def test_reset_begins_again_with_the_same_ids(github: Any, host: Any) -> None:
    first = github.repository()
    host.reset()
    assert github("GET", "/repos/acme/testx").status_code == 404
    assert github.repository()["id"] == first["id"]


def test_the_shown_world_names_things_and_hides_credentials(github: Any, host: Any) -> None:
    host.seed({"github": SEED})
    github("POST", "/repos/acme/web/actions/variables", {"name": "A", "value": "b"})
    world = host.show("github")["github"]
    labels = [each for each in world["labels"] if each["name"] == "epic"]
    assert labels[0]["repository"] == "acme/web"
    assert {"team": "crew", "repository": "acme/web", "permission": "push"} in world["team_repositories"]
    assert world["actions_variables"][0]["repository"] == "acme/web"
    assert [each["ref"] for each in world["branches"]] == ["refs/heads/main", "refs/heads/dev"]
    assert github.token not in str(world)


def test_the_world_on_disk_lasts_from_one_host_to_the_next(tmp_path: Path) -> None:
    for status in (201, 422):
        world = World(tmp_path / "world.db")
        host = Host(world, {"github": GitHubEmulator})
        token = host.connections()["github"]["token"]
        with httpx.Client(transport=host.transport()) as client:
            headers = {"Authorization": f"Bearer {token}"}
            url = "http://127.0.0.1/github/orgs/acme/repos"
            assert client.post(url, json={"name": "testx"}, headers=headers).status_code == status
        world.close()


def test_ten_threads_create_labels_at_once_and_none_is_lost(github: Any) -> None:
    github.repository()
    answers: list[int] = []

    def create(number: int) -> None:
        for name in (f"own-{number}", "shared"):
            answer = github("POST", "/repos/acme/testx/labels", {"name": name, "color": "ffffff"})
            answers.append(answer.status_code)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201] * 11 + [422] * 9
    assert len(github("GET", "/repos/acme/testx/labels?per_page=100").json()) == 20
