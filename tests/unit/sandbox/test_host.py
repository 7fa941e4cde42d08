"""The host: leading requests to emulators, counting them, and starting anew."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any
from wsgiref.types import WSGIEnvironment

import httpx
import pytest

from reconciler.sandbox.emulator import Refusal, SeedError, Trouble, WsgiApplication
from reconciler.sandbox.host import EMBEDDED_ORIGIN, Host
from reconciler.sandbox.world import World


class Echo:
    """An emulator that says where it was asked, and keeps what it is seeded with."""

    service = "echo"
    root_paths: tuple[str, ...] = ("/api/echo",)

    def __init__(self, world: World) -> None:
        self.shelf = world.shelf("echo", {"word": ()})

    def application(self) -> WsgiApplication:
        def answer(environ: Any, start_response: Any) -> list[bytes]:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [f"{environ['SCRIPT_NAME']}|{environ['PATH_INFO']}".encode()]

        return answer

    def path_template(self, method: str, path: str) -> str:
        return "/{word}" if path.count("/") == 1 else path

    def refusal(self, trouble: Trouble, environ: WSGIEnvironment, wait_s: int) -> Refusal:
        return Refusal("429 Too Many Requests", {"no": trouble}, {"Retry-After": str(wait_s)})

    def changes(self, method: str, path: str, body: bytes) -> bool:
        return method != "GET"

    def connection(self, origin: str) -> dict[str, str]:
        return {"base_url": f"{origin}/echo"}

    def settings(self, declared: Mapping[str, Any], origin: str) -> dict[str, Any]:
        return {**declared, **self.connection(origin)}

    def show(self) -> dict[str, list[dict[str, Any]]]:
        return {"words": self.shelf.find("word")}

    def seed(self, document: Mapping[str, Any]) -> None:
        for word in document["words"]:
            if not word:
                raise SeedError("echo.words", "a word is empty", "write one")
            self.shelf.put("word", word, {"word": word})

    def reset(self) -> None:
        self.shelf.clear()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def host(slept: list[float]) -> Host:
    return Host(World(), {"echo": Echo}, slept.append)


@pytest.fixture
def client(host: Host) -> Iterator[httpx.Client]:
    with httpx.Client(transport=host.transport(), base_url=EMBEDDED_ORIGIN) as client:
        yield client


def test_a_service_is_reached_below_its_name_and_at_its_root_paths(client: httpx.Client) -> None:
    assert client.get("/echo/hello").text == "/echo|/hello"
    assert client.get("/echo").text == "/echo|/"
    assert client.get("/api/echo/hello").text == "|/api/echo/hello"


def test_elsewhere_it_says_what_there_is(client: httpx.Client) -> None:
    answer = client.get("/nobody")
    assert answer.status_code == 404
    assert answer.json()["services"] == ["/echo/"]


def test_calls_are_counted_by_service_method_and_template(client: httpx.Client) -> None:
    for method, path in (("GET", "/echo/a"), ("GET", "/echo/b"), ("POST", "/echo/a"), ("GET", "/nobody")):
        client.request(method, path)
    assert client.get("/_sandbox/requests").json() == {"echo": {"GET /{word}": 2, "POST /{word}": 1}}


def test_reset_empties_the_world_and_the_counters(host: Host, client: httpx.Client) -> None:
    host.seed({"echo": {"words": ["a"]}})
    client.get("/echo/a")
    assert client.post("/_sandbox/reset").json() == {"reset": True}
    assert client.get("/_sandbox/requests").json() == {}
    assert host.show() == {"echo": {"words": []}}


def test_latency_slows_calls_to_services_and_nothing_else(client: httpx.Client, slept: list[float]) -> None:
    assert client.post("/_sandbox/latency", json={"ms": 50}).json() == {"ms": 50}
    client.get("/echo/a")
    client.get("/_sandbox/requests")
    assert slept == [0.05]
    client.post("/_sandbox/latency", json={"ms": 0})
    client.get("/echo/a")
    assert slept == [0.05]


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"ms": "50"}', '{"ms": -1}', '{"ms": true}', '{"ms": 1e9}']
)
def test_a_latency_that_is_none_is_refused(client: httpx.Client, content: str) -> None:
    assert client.post("/_sandbox/latency", content=content).status_code == 400


def test_many_threads_call_at_once_and_every_call_is_counted(host: Host, client: httpx.Client) -> None:
    def call() -> None:
        for _ in range(20):
            client.get("/echo/a")

    threads = [threading.Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert host.requests() == {"echo": {"GET /{word}": 200}}


def test_settings_are_turned_to_the_sandbox_if_there_is_an_emulator(host: Host) -> None:
    assert host.settings("echo", {"base_url": "https://echo.example", "owner": "me"}) == {
        "base_url": "http://127.0.0.1/echo",
        "owner": "me",
    }
    assert host.settings("other", {"owner": "me"}) == {"owner": "me"}
    assert host.connections("http://127.0.0.1:1") == {"echo": {"base_url": "http://127.0.0.1:1/echo"}}


def test_a_seed_with_a_mistake_plants_nothing(host: Host) -> None:
    with pytest.raises(SeedError, match=r"echo\.words: a word is empty") as wrong:
        host.seed({"echo": {"words": ["a", ""]}})
    assert wrong.value.remedy == "write one"
    assert host.show("echo") == {"echo": {"words": []}}


def test_a_seed_for_an_unknown_service_names_the_known_ones(host: Host) -> None:
    with pytest.raises(SeedError) as wrong:
        host.seed({"ecko": {}})
    assert wrong.value.remedy == "use one of: echo"
    with pytest.raises(SeedError, match="must be a mapping"):
        host.seed({"echo": ["a"]})


def test_installed_emulators_are_found() -> None:
    assert "github" in Host(World()).emulators
