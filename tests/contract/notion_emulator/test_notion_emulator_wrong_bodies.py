"""However wrong a body is, it is refused (or taken) in Notion's way and never breaks the emulator."""

import copy
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_notion.sandbox import NotionEmulator
from tests.contract.notion_emulator.tour import tour

ODD: tuple[Any, ...] = (
    None,
    1,
    -1.5,
    "x",
    "",
    [],
    {},
    True,
    [1],
    {"a": 1},
    [{}],
    {"type": "x"},
    "2026-13-01",
)
TRIES = 4


class TakenBack(Exception):
    """Undoes what a wrong body may have done."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def with_odd(body: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    changed = copy.deepcopy(body)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return changed


class Vandal:
    """Goes the tour, and at each stop tries some wrong bodies first."""

    def __init__(self, host: Host, client: httpx.Client, root: str, seed: int) -> None:
        self.host, self.client, self.root = host, client, root
        self.random = random.Random(seed)
        self.refused = 0

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        for _ in range(TRIES if body is not None else 0):
            place = self.random.choice(list(places(body)))
            self.attempt(method, path, with_odd(body, place, self.random.choice(ODD)))
        arguments: dict[str, Any] = options if body is None else {"json": body, **options}
        answer = self.client.request(method, f"/notion/v1{path}", **arguments)
        assert answer.status_code == status, answer.text
        return answer.json()

    def attempt(self, method: str, path: str, body: Any) -> None:
        with suppress(TakenBack), self.host.world.transaction():
            answer = self.client.request(method, f"/notion/v1{path}", json=body)
            assert answer.status_code < 500, f"{method} {path} {body}"
            if answer.status_code >= 400:
                self.refused += 1
                assert {"object", "status", "code", "message"} <= answer.json().keys()
            raise TakenBack


@pytest.mark.parametrize("seed", [1, 2])
def test_wrong_bodies_are_answered_in_notions_way(seed: int) -> None:
    host = Host(World(), {"notion": NotionEmulator})
    reached = host.connections()["notion"]
    headers = {"Authorization": f"Bearer {reached['token']}", "Notion-Version": "2025-09-03"}
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1", headers=headers) as client:
        vandal = Vandal(host, client, reached["root_page"], seed)
        tour(vandal)
    assert vandal.refused > 100
