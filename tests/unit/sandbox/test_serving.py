"""The sandbox behind a socket."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import Ready, Server, running, serve, write_ready_file
from reconciler.sandbox.world import World


def test_a_running_host_answers_on_loopback_and_stops_when_told() -> None:
    with running(Host(World(), {})) as origin:
        assert origin.startswith("http://127.0.0.1:")
        assert httpx.get(f"{origin}/_sandbox/requests").json() == {}
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{origin}/_sandbox/requests")


def test_a_taken_port_is_an_error() -> None:
    with running(Host(World(), {})) as origin, pytest.raises(OSError, match="in use"):
        Server(Host(World(), {}), int(origin.rpartition(":")[2]))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serving_tells_when_it_listens_and_ends_at_a_signal(tmp_path: Path, number: int) -> None:
    file = tmp_path / "deep" / "ready.json"
    seen: list[Ready] = []
    handlers = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)]

    def on_ready(ready: Ready) -> None:
        assert json.loads(file.read_text(encoding="utf-8")) == ready
        seen.append(ready)
        os.kill(os.getpid(), number)

    serve(db=tmp_path / "world.db", ready_file=file, on_ready=on_ready)
    assert sorted(seen[0]["github"]) == ["base_url", "owner", "token"]
    assert not file.exists()
    assert (tmp_path / "world.db").exists()
    assert [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)] == handlers


def test_a_ready_file_of_an_earlier_server_is_gone_before_the_new_one_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ready.json"
    file.write_text("{}", encoding="utf-8")

    def fail(*_: object) -> Callable[[], None]:
        raise OSError("in use")

    monkeypatch.setattr("reconciler.sandbox.serving.Server", fail)
    with pytest.raises(OSError, match="in use"):
        serve(ready_file=file)
    assert not file.exists()


def test_a_ready_file_replaces_another_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    for owner in ("one", "two"):
        write_ready_file(tmp_path / "r.json", {"github": {"owner": owner}})
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8")) == {"github": {"owner": "two"}}
    assert [each.name for each in tmp_path.iterdir()] == ["r.json"]
