"""No secret comes back from a service that quotes the request when it refuses it."""

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.sandbox.host import Host
from tests.functional.canaries import Watched, shown
from tests.functional.canary_stack import give_secrets
from tests.functional.echoing import EchoingTransport

_ADDRESSES = ("base_url", "tenant_url")


@pytest.fixture
def echoing(open_world: Host, monkeypatch: pytest.MonkeyPatch) -> EchoingTransport:
    transport = EchoingTransport(open_world.transport())
    monkeypatch.setattr(open_world, "transport", lambda: transport)
    return transport


def test_refused_changes_tell_nothing_of_what_was_sent(watched: Watched, echoing: EchoingTransport) -> None:
    echoing.echoes = "changes"
    assert watched("--json", "--sandbox", "apply", "--auto-approve", *watched.given).code == 3
    echoing.echoes = "nothing"
    assert watched("--sandbox", "apply", "--auto-approve", *watched.given).code == 0
    echoing.echoes = "changes"
    give_secrets(watched, turn=2)
    refused = echoing.refused
    for status in (400, 403, 422, 500):
        echoing.status = status
        watched("-v", "--sandbox", "apply", "--auto-approve", *watched.given)
        watched("-v", "--log-format", "json", "--sandbox", "destroy", "--auto-approve", *watched.given)
        watched("--sandbox", "rollback", "--auto-approve", "--to", "3", *watched.given)
    watched("--sandbox", "snapshot", "list")
    assert echoing.refused > refused + 8
    assert not watched.leaks, shown(watched.leaks)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_refused_questions_tell_nothing_of_what_was_sent(
    watched: Watched,
    echoing: EchoingTransport,
    open_world: Host,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
) -> None:
    assert watched("--sandbox", "apply", "--auto-approve", *watched.given).code == 0
    turned = open_world.settings

    def with_own_credentials(service: str, declared: Mapping[str, Any]) -> dict[str, Any]:
        settings = turned(service, declared)
        own = {**declared, **{name: settings[name] for name in _ADDRESSES if name in settings}}
        return {**own, "retry": {"attempts": 1}}

    monkeypatch.setattr(open_world, "settings", with_own_credentials)
    echoing.echoes, echoing.status = "everything", status
    for arguments in (("plan",), ("drift", "--unmanaged"), ("health",), ("destroy", "--auto-approve")):
        watched.each_way("--sandbox", *arguments, *watched.given)
    watched("--sandbox", "import", "github_team.main", watched.canaries("TEAM, turn 1"), *watched.given)
    assert echoing.refused
    assert not watched.leaks, shown(watched.leaks)
