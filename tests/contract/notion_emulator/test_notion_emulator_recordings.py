"""The requests of real exchanges, made to the emulator, are answered in the same shape.

Each cassette is replayed in a world of its own, whose root page has the recorded id, and which holds the
uploads of earlier runs that recorded lists tell of. Ids that recorded answers bring are matched with those
of the emulator's answers, and later requests use these. Compared are status, keys, types and the lengths of
lists, all the way down; of a refusal also code and message.

Not compared: requests to other hosts than Notion's (two cassettes); files that Notion itself fetched from
elsewhere, which the emulator does not do; how many users there are, but one of each type.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_notion.sandbox import NotionEmulator
from tests.contract_data import place_of

ROOT_PAGE = "393abc1e-edcd-80f3-813b-e205934558c6"
BOT, PERSON = "7775f3a3-893f-43fa-b625-460c61094c78", "a4f789cc-7bc8-4cf0-82b9-a8ba7d985ecf"
BOT_NAME = "notion-sdk-py"
ELSEWHERE = frozenset({"test_api_async_request_bad_request_error", "test_api_http_response_error"})
"""Cassettes of requests to another host than Notion's."""
ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|task_[0-9a-f]{32}")
TOLD_OR_NOT = frozenset({"avatar_url"})
"""Texts that may be null, so that their types may differ."""

CASSETTES = [
    each for each in sorted((place_of("notion") / "cassettes").glob("*.yaml")) if each.stem not in ELSEWHERE
]


class Replay:
    """One world, and which of its ids stand for which recorded ones."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 7, 4, tzinfo=UTC)
        emulator = NotionEmulator(World(clock=lambda: self.moment))
        for page in emulator.store.find("page"):
            emulator.store.save("page", {**page, "shared": False})
        host = Host(emulator.store.world, {"notion": lambda _: emulator})
        root = {"title": "", "id": ROOT_PAGE, "parent": "workspace"}
        host.seed({"notion": {"pages": [root]}})
        self.token = host.connections()["notion"]["token"]
        self.client = httpx.Client(transport=host.transport(), base_url="http://127.0.0.1/notion")
        users = host.show("notion")["notion"]["users"]
        self.bot_name = str(next(each["name"] for each in users if each["type"] == "bot"))
        self.ids = {PERSON: users[0]["id"]}
        self.ids[BOT] = next(each["id"] for each in users if each["type"] == "bot")

    def upload(self, earlier: list[dict[str, Any]]) -> None:
        """Make the uploads of earlier runs, the oldest first."""
        headers = {"Authorization": f"Bearer {self.token}", "Notion-Version": "2025-09-03"}
        for each in earlier:
            if each["status"] != "expired" and self.moment.hour == 0:
                self.moment += timedelta(hours=2)
            new = {"filename": each["filename"]}
            made = self.client.post("/v1/file_uploads", json=new, headers=headers).json()
            if each["content_length"] is not None:
                path = f"/v1/file_uploads/{made['id']}/send"
                self.client.post(path, files={"file": ("a.txt", b"a", "text/plain")}, headers=headers)
            self.ids[each["id"]] = made["id"]

    def ask(self, request: dict[str, Any], status: int) -> httpx.Response:
        address = urlsplit(request["uri"])
        body = request["body"] or ""
        content = body.encode() if isinstance(body, str) else body
        headers = {key: request["headers"][key][0] for key in request["headers"] if key == "content-type"}
        version = request["headers"]["notion-version"][0]
        token = "wrong" if status == 401 else self.token
        return self.client.request(
            request["method"],
            self.here(f"{address.path}?{address.query}" if address.query else address.path),
            content=self.here(content.decode()).encode(),
            headers={**headers, "Notion-Version": version, "Authorization": f"Bearer {token}"},
        )

    def here(self, text: str) -> str:
        """A recorded text with this world's ids."""
        for recorded, own in self.ids.items():
            text = text.replace(recorded, own).replace(recorded.replace("-", ""), own.replace("-", ""))
        return text.replace(f'"{BOT_NAME}"', f'"{self.bot_name}"')

    def learn(self, recorded: Any, own: Any) -> None:
        """Match the ids of two answers, as far as they are alike."""
        if isinstance(recorded, dict) and isinstance(own, dict):
            for key in recorded.keys() & own.keys():
                self.learn(recorded[key], own[key])
        elif isinstance(recorded, list) and isinstance(own, list):
            for one, other in zip(recorded, own, strict=False):
                self.learn(one, other)
        elif isinstance(recorded, str) and ID.fullmatch(recorded) and ID.fullmatch(str(own)):
            self.ids.setdefault(recorded, own)


def earlier_uploads(cassette: Path) -> list[dict[str, Any]]:
    """The uploads in recorded lists that the cassette's own requests did not make."""
    own: set[str] = set()
    listed: dict[str, dict[str, Any]] = {}
    for request, _, answer in exchanges(cassette):
        if "/file_uploads" in request["uri"]:
            own |= {answer["id"]} if "id" in answer else set()
            listed |= {each["id"]: each for each in fetched_left_out(answer).get("results", [])}
            if answer.get("next_cursor"):
                following = {"status": "pending", "filename": "a.txt", "content_length": None}
                listed.setdefault(answer["next_cursor"], {"id": answer["next_cursor"], **following})
    return [each for id_, each in reversed(listed.items()) if id_ not in own]


def fetched_left_out(answer: dict[str, Any]) -> dict[str, Any]:
    """A list without the files that Notion itself fetched."""
    if answer.get("type") != "file_upload":
        return answer
    return {**answer, "results": [each for each in answer["results"] if "file_import_result" not in each]}


def exchanges(cassette: Path) -> Iterator[tuple[dict[str, Any], int, Any]]:
    """Request, status and answer of each recorded exchange."""
    for each in yaml.safe_load(cassette.read_text(encoding="utf-8"))["interactions"]:
        answer = json.loads(each["response"]["body"]["string"])
        yield each["request"], each["response"]["status"]["code"], answer


def differences(recorded: Any, own: Any, where: str = "") -> Iterator[str]:
    """Keys and types that are not the same."""
    if isinstance(recorded, dict) and isinstance(own, dict):
        for key in sorted(recorded.keys() ^ own.keys()):
            yield f"{where}.{key} is {'missing' if key in recorded else 'not recorded'}"
        for key in recorded.keys() & own.keys() - TOLD_OR_NOT:
            yield from differences(recorded[key], own[key], f"{where}.{key}")
    elif isinstance(recorded, list) and isinstance(own, list):
        if len(recorded) != len(own):
            yield f"{where} has {len(own)} elements, recorded are {len(recorded)}"
        for index, (one, other) in enumerate(zip(recorded, own, strict=False)):
            yield from differences(one, other, f"{where}[{index}]")
    elif type(recorded) is not type(own):
        yield f"{where} is {own!r}, recorded is {recorded!r}"


def test_there_are_recordings(contract_data: Path) -> None:
    assert contract_data.is_dir()
    assert len(CASSETTES) + len(ELSEWHERE) == 63


@pytest.mark.parametrize("cassette", CASSETTES, ids=lambda path: path.stem)
def test_recorded_requests_are_answered_in_the_same_shape(cassette: Path) -> None:
    replay = Replay()
    replay.upload(earlier_uploads(cassette))
    compared = 0
    for request, status, recorded in exchanges(cassette):
        answer = replay.ask(request, status)
        own = answer.json()
        said = f"{request['method']} {request['uri']}: {answer.text[:300]}"
        assert answer.status_code == status, said
        replay.learn(recorded, own)
        if status >= 400:
            assert own["code"] == recorded["code"]
            assert own["message"] == replay.here(recorded["message"])
        if "/users" in request["uri"] and isinstance(recorded.get("results"), list):
            recorded["results"], own["results"] = kinds(recorded["results"]), kinds(own["results"])
        found = list(differences(fetched_left_out(recorded), own))
        assert not found, said + "\n" + "\n".join(found)
        compared += 1
    assert compared


def kinds(users: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One user of each type: how many there are is the workspace's own affair."""
    return list({each["type"]: each for each in sorted(users, key=lambda user: str(user["type"]))}.values())
