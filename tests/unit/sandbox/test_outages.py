"""Outages of an emulator, in one process: who is hit when, and what becomes of the call."""

from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from reconciler.sandbox.emulator import Refusal, Trouble, WsgiApplication
from reconciler.sandbox.host import EMBEDDED_ORIGIN, Host
from reconciler.sandbox.outages import MODES, Mode, Outages, outage
from reconciler.sandbox.world import World
from tests.still_clock import Clock

ANSWER = b'{"word": "hello"}'


class Notebook:
    """An emulator that keeps a note for each call that it carries out."""

    service = "notebook"
    root_paths: tuple[str, ...] = ()

    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = world.shelf("notebook", {"note": ()})

    def application(self) -> WsgiApplication:
        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
            sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
            note = {"at": self.world.now().isoformat(), "sent": sent}
            self.shelf.put("note", self.shelf.next_id(), note)
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "17")])
            return [ANSWER]

        return answer

    def path_template(self, method: str, path: str) -> str:
        return path

    def refusal(self, trouble: Trouble, environ: WSGIEnvironment, wait_s: int) -> Refusal:
        return Refusal("429 No", {"because": trouble}, {"Retry-After": str(wait_s)})

    def changes(self, method: str, path: str, body: bytes) -> bool:
        return method != "GET" and body != b"a question"

    def connection(self, origin: str) -> dict[str, str]:
        return {"base_url": origin}

    def settings(self, declared: Mapping[str, Any], origin: str) -> dict[str, Any]:
        return dict(declared)

    def show(self) -> dict[str, list[dict[str, Any]]]:
        return {"notes": self.shelf.find("note")}

    def seed(self, document: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def reset(self) -> None:
        self.shelf.clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def host(clock: Clock, slept: list[float]) -> Host:
    return Host(World(clock=clock), {"notebook": Notebook, "other": Notebook}, slept.append)


@pytest.fixture
def client(host: Host) -> Iterator[httpx.Client]:
    with httpx.Client(transport=host.transport(), base_url=EMBEDDED_ORIGIN, timeout=1.0) as client:
        yield client


def begin(host: Host, mode: Mode, **more: Any) -> None:
    host.outages.set([outage("notebook", mode, begins=host.outages.now() + more.pop("at", 0), **more)])


def notes(host: Host) -> list[dict[str, Any]]:
    return host.show("notebook")["notebook"]["notes"]


def fate(client: httpx.Client, method: str = "POST", service: str = "notebook") -> str:
    try:
        return str(client.request(method, f"/{service}/page").status_code)
    except httpx.TransportError as error:
        return type(error).__name__


def test_a_service_that_is_down_refuses_the_connection_and_does_nothing(
    host: Host, client: httpx.Client
) -> None:
    begin(host, "down")
    assert fate(client) == "ConnectError"
    assert notes(host) == []
    assert fate(client, service="other") == "200"


@pytest.mark.parametrize("mode", MODES)
def test_an_outage_ends_when_its_time_is_over(
    host: Host, client: httpx.Client, clock: Clock, mode: Mode
) -> None:
    begin(host, mode, at=3, lasts=10, rate=1)
    for forward, lasts in ((0, False), (2.9, False), (0.1, True), (9.9, True), (0.1, False)):
        clock.forward(forward)
        fate(client)
        assert (host.outages.stroke("notebook") is not None) is lasts
    assert fate(client) == "200"


def test_a_slow_service_does_its_work_and_answers_later_each_time_until_nobody_waits(
    host: Host, client: httpx.Client, slept: list[float]
) -> None:
    begin(host, "slow")
    assert [fate(client) for _ in range(6)] == ["200"] * 4 + ["ReadTimeout"] * 2
    assert slept == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]
    assert len(notes(host)) == 6


def test_of_a_flaky_service_a_share_of_the_calls_fails_and_the_seed_says_which(
    host: Host, client: httpx.Client
) -> None:
    seen = []
    for seed in (1, 1, 2):
        begin(host, "flaky", seed=seed)
        seen.append([fate(client) for _ in range(200)])
    assert seen[0] == seen[1] != seen[2]
    assert set(seen[0]) == {"200", "502", "503", "ReadError"}
    assert 20 < 200 - seen[0].count("200") < 60


def test_some_of_a_flaky_services_failures_come_after_the_work_is_done(
    host: Host, client: httpx.Client
) -> None:
    begin(host, "flaky", rate=1)
    fates = [fate(client) for _ in range(60)]
    assert 0 < len(notes(host)) < fates.count("502")


@pytest.mark.parametrize("mode", ["rate-limited", "secondary-limit"])
def test_a_limit_asks_to_wait_as_long_as_it_lasts(
    host: Host, client: httpx.Client, clock: Clock, mode: Mode
) -> None:
    begin(host, mode, lasts=90)
    clock.forward(20.5)
    answer = client.get("/notebook/page")
    assert (answer.json(), answer.headers["retry-after"]) == ({"because": mode}, "70")
    begin(host, mode)
    assert client.get("/notebook/page").headers["retry-after"] == "3600"
    assert notes(host) == []


@pytest.mark.parametrize("mode", ["unauthorized", "forbidden"])
def test_who_may_not_is_told_so_in_the_services_words(host: Host, client: httpx.Client, mode: Mode) -> None:
    begin(host, mode)
    assert client.get("/notebook/page").json() == {"because": mode}
    assert notes(host) == []


def test_a_garbled_answer_is_somebody_elses_page_or_half_a_document(host: Host, client: httpx.Client) -> None:
    begin(host, "garbled")
    answers = [client.get("/notebook/page") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    kinds = [answer.headers["content-type"] for answer in answers]
    assert set(kinds) == {"text/html", "application/json"}
    halves = [answer.content for answer in answers if "json" in answer.headers["content-type"]]
    assert set(halves) == {ANSWER[:8]}
    assert len(notes(host)) == len(halves)


def test_half_an_answer_is_an_error_of_the_connection(host: Host, client: httpx.Client) -> None:
    begin(host, "half-answers")
    assert fate(client) == "RemoteProtocolError"
    assert len(notes(host)) == 1


def test_after_a_write_the_connection_is_cut_and_questions_are_answered(
    host: Host, client: httpx.Client
) -> None:
    begin(host, "reset-after-write")
    assert fate(client) == "ReadError"
    assert fate(client, "GET") == "200"
    assert client.post("/notebook/page", content="a question").status_code == 200
    assert [note["sent"] for note in notes(host)] == ["", "", "a question"]


def test_a_skewed_clock_is_in_dates_and_time_stamps_and_makes_some_tokens_seem_expired(
    host: Host, client: httpx.Client, clock: Clock
) -> None:
    begin(host, "clock-skew", seed=3)
    answers = [client.get("/notebook/page") for _ in range(50)]
    off = {(parsedate_to_datetime(answer.headers["date"]) - clock()).total_seconds() for answer in answers}
    assert len(off) == 1
    assert 600 <= abs(off.pop()) <= 7200
    expired = [answer for answer in answers if answer.status_code != 200]
    assert 0 < len(expired) < 25
    assert {answer.json()["because"] for answer in expired} == {"expired"}
    assert clock().isoformat() not in {note["at"] for note in notes(host)}
    assert host.world.now() == clock()


def test_a_rate_says_how_many_of_the_calls_are_hit(host: Host, client: httpx.Client) -> None:
    begin(host, "down", rate=0)
    assert {fate(client) for _ in range(20)} == {"200"}
    begin(host, "down", rate=0.5)
    assert 70 < [fate(client) for _ in range(200)].count("ConnectError") < 130


def test_an_outage_reaches_the_services_of_another_process(tmp_path: Path) -> None:
    served, commanding = (World(tmp_path / "world.db") for _ in range(2))
    host, outages = Host(served, {"notebook": Notebook}), Outages(commanding)
    with httpx.Client(transport=host.transport(), base_url=EMBEDDED_ORIGIN) as client:
        outages.set([outage("notebook", "down", begins=outages.now())])
        assert fate(client) == "ConnectError"
        (seen,) = outages.all()
        assert (seen.calls, seen.hit) == (1, 1)
        assert outages.end("notebook") == 1
        assert fate(client) == "200"
    served.close()
    commanding.close()


def test_what_is_set_for_a_service_ends_what_was_set_before_and_of_two_the_later_counts(
    host: Host, client: httpx.Client, clock: Clock
) -> None:
    now = host.outages.now()
    host.outages.set(
        [
            outage("notebook", "down", begins=now),
            outage("notebook", "forbidden", begins=now + 5, lasts=5),
            outage("other", "down", begins=now),
        ]
    )
    told = []
    for _ in range(3):
        told.append(fate(client))
        clock.forward(5)
    assert told == ["ConnectError", "429", "ConnectError"]
    begin(host, "rate-limited")
    assert [each.outage.mode for each in host.outages.all() if each.outage.service == "notebook"] == [
        "rate-limited"
    ]
    assert fate(client, service="other") == "ConnectError"


def test_the_controls_set_show_and_end_outages_and_are_never_hit(host: Host, client: httpx.Client) -> None:
    wish = {"service": "notebook", "mode": "down", "for": 30, "rate": 0.5, "seed": 7}
    (shown,) = client.post("/_sandbox/outages", json=wish).json()
    fate(client)
    (later,) = client.get("/_sandbox/outages").json()
    assert shown == {
        "service": "notebook", "mode": "down", "rate": 0.5, "seed": 7,
        "begins_in": 0, "ends_in": 30, "is": "on", "calls": 0, "hit": 0,
    }  # fmt: skip
    assert later["calls"] == 1
    assert client.delete("/_sandbox/outages").json() == {"ended": 1}
    assert client.get("/_sandbox/outages").json() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": "nobody"},
        {"mode": "tired"},
        {"rate": 2},
        {"for": 0},
        {"for": "3s"},
        {"at": -1},
        {"seed": "x"},
        {"often": 1},
    ],
)
def test_an_outage_that_is_none_is_refused(client: httpx.Client, wrong: dict[str, Any]) -> None:
    answer = client.post("/_sandbox/outages", json={"service": "notebook", "mode": "down", **wrong})
    assert answer.status_code == 400
    assert client.get("/_sandbox/outages").json() == []


def test_reset_ends_all_outages(host: Host, client: httpx.Client) -> None:
    begin(host, "down")
    client.post("/_sandbox/reset")
    assert fate(client) == "200"
