"""``timeouts``: how long one call for a resource may take, up to the connection that makes it."""

from contextlib import closing

import httpx
import pytest

from reconciler.errors import InvalidConfiguration, OutcomeUnknown, Unreachable
from reconciler.provider.context import Context
from reconciler.provider.http import Connection
from reconciler.provider.timeouts import Timeouts, at_most
from reconciler.testing import FakeClock
from reconciler.testing.failures import MemoryCall
from tests.lifecycle.lab import Lab

STACK = """
resources:
  memory_thing:
    a: {name: NAME, kind: KIND, timeouts: {create: 10m, update: 500ms, delete: 7}}
    b: {name: b, text: "${memory_thing.a.name}"}
  memory_member:
    m: {name: m, timeouts: {create: 1h}}
    n: {name: n, timeouts: {create: 2h}}
data:
  memory_thing:
    d: {name: "${memory_thing.a.name}", timeouts: {read: 90s}}
"""


def stack(name: str, kind: str) -> str:
    return STACK.replace("NAME", name).replace("KIND", kind)


def seen(lab: Lab, resources: str, **around: float) -> dict[tuple[str, str, str], float]:
    """By operation, type and name: the seconds that its calls may take, 120 where nothing is said."""
    found: dict[tuple[str, str, str], float] = {}

    def note(call: MemoryCall) -> None:
        found[call.operation, call.type, call.subject] = Timeouts().here().total

    plan = lab.plan(resources)
    lab.service.on_call = note
    assert lab.execute(plan).is_complete
    lab.service.on_call = None
    return found


def test_each_call_of_a_step_may_take_what_its_resource_says(lab: Lab) -> None:
    first = seen(lab, stack("a", "plain"))
    assert first["create", "memory_thing", "a"] == 600
    assert first["create", "memory_thing", "b"] == 120
    assert first["write_many", "memory_member", ""] == 7200  # one call for both: the longer time
    assert first["find", "memory_thing", ""] == 90
    assert seen(lab, stack("a2", "plain"))["update", "memory_thing", "a"] == 0.5
    again = seen(lab, stack("a2", "fancy"))
    assert again["delete", "memory_thing", "a2"] == 7
    assert again["create", "memory_thing", "a2"] == 600


@pytest.mark.parametrize("text", ["soon", "0", "-1s", "1d", "[1]", "25h", "9" * 400])
def test_what_is_no_length_of_time_is_told(lab: Lab, text: str) -> None:
    with pytest.raises(InvalidConfiguration, match=r"timeouts\.create"):
        lab.plan(f"resources: {{memory_thing: {{a: {{name: a, timeouts: {{create: {text}}}}}}}}}")


def test_an_unknown_action_is_told_with_the_nearest(lab: Lab) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        lab.plan("resources: {memory_thing: {a: {name: a, timeouts: {crate: 1m}}}}")
    (found,) = caught.value.diagnostics
    assert (found.summary, found.advice) == ("timeouts has no key 'crate'", "did you mean 'create'?")


def connection(answer: httpx.MockTransport, clock: FakeClock) -> Connection:
    return Connection(
        "https://api.example.com",
        service="example",
        service_origins=["https://api.example.com"],
        context=Context(clock=clock, transport=answer),
    )


def test_the_connection_gives_a_call_as_much_time_and_no_more() -> None:
    given: list[dict[str, float]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        given.append(request.extensions["timeout"])
        return httpx.Response(200, json={})

    with closing(connection(httpx.MockTransport(answer), FakeClock())) as made:
        made.call("GET", "/a")
        with at_most(600):
            made.call("GET", "/a")
        with at_most(0.5):
            made.call("GET", "/a")
        made.call("GET", "/a")
    assert [one["read"] for one in given] == [30, 600, 0.5, 30]
    assert [one["connect"] for one in given] == [10, 10, 0.5, 10]


def test_an_answer_that_takes_longer_is_lost_and_its_outcome_unknown() -> None:
    clock = FakeClock()

    def answer(request: httpx.Request) -> httpx.Response:
        clock.sleep(45)
        return httpx.Response(200, json={})

    with closing(connection(httpx.MockTransport(answer), clock)) as made:
        with at_most(30), pytest.raises(OutcomeUnknown, match="longer than 30 s"):
            made.call("POST", "/a", json={})
        with at_most(60):
            made.call("POST", "/a", json={})
        with at_most(30), pytest.raises(Unreachable):
            made.call("GET", "/a")
