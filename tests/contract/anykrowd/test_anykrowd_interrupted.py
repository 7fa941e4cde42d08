"""Runs that are killed around a payment, or lose its answer: the next ones pay what is left, and no more."""

import json
import random
import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.apply.outcome import Progress
from reconciler.errors import ReconcilerError
from reconciler.operations import applying, planning
from reconciler.operations.workspace import Setting
from reconciler.operations.writing import opened_for
from reconciler.plan.change import Change
from reconciler.plan.desired import Desired
from reconciler.provider import Provider, ProviderContext, ResourceType
from reconciler.provider.context import Context
from reconciler.registry import Registry
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler.testing import FakeClock
from reconciler_anykrowd import AnykrowdProvider
from reconciler_anykrowd.sandbox import AnykrowdEmulator

HEAD = """
stack: festival
providers:
  anykrowd: {tenant_url: "https://krowd-dev.anykrowd.dev", api_key: key}
resources:
  anykrowd_staff_member:
    ada: {external_id: ada, external_qr_code: q, first_name: Ada, last_name: L}
  anykrowd_wallet_topup:
"""
TOPUP = "    t{}: {{external_id: '${{anykrowd_staff_member.ada.external_id}}', currency_id: 1, amount: {}}}\n"


class Killed(BaseException):
    """The process is no more."""


class Wire(httpx.BaseTransport):
    """Kills the process, or breaks the connection, around a change: before the service acts or after."""

    def __init__(self, inner: httpx.BaseTransport, fate: Callable[[], str]) -> None:
        self._inner, self._fate = inner, fate

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fate = self._fate() if request.method == "POST" else ""
        if fate == "killed before":
            raise Killed
        if fate == "lost before":
            raise httpx.ReadError("connection reset by peer", request=request)
        answer = self._inner.handle_request(request)
        answer.read()
        if fate == "killed after":
            raise Killed
        if fate == "lost after":
            raise httpx.ReadError("connection reset by peer", request=request)
        return answer


class Factory:
    """The provider over a tenant of ours, whatever the settings say."""

    name = AnykrowdProvider.name
    settings_schema = AnykrowdProvider.settings_schema

    def __init__(self, host: Host, clock: FakeClock, fate: Callable[[], str]) -> None:
        self._host, self._clock, self._fate = host, clock, fate

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        return AnykrowdProvider.resource_types()

    def __call__(self, settings: Mapping[str, Any], context: ProviderContext) -> Provider:
        wire = Wire(self._host.transport(), self._fate)
        own = self._host.settings("anykrowd", settings)
        return AnykrowdProvider(own, Context(clock=self._clock, transport=wire))


class Unwatched:
    """A Progress that nobody looks at."""

    def started(self, change: Change) -> None:
        pass

    def finished(self, change: Change, seconds: float) -> None:
        pass

    def failed(self, change: Change, error: ReconcilerError) -> None:
        pass

    def stopping(self, running: int) -> None:
        pass


def run(setting: Setting) -> bool:
    """One apply; whether everything is as declared now."""
    progress: Progress = Unwatched()
    with opened_for("apply", setting) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        order = applying.Order("apply", progress, threading.Event(), configuration=workspace.stack.digest())
        return not applying.carry_out(workspace, prospect, order).outcome.failed


@pytest.mark.parametrize("seed", range(50))
def test_runs_that_are_killed_or_lose_answers_pay_each_topup_once(tmp_path: Path, seed: int) -> None:
    draw, clock = random.Random(seed), FakeClock()
    host = Host(World(clock=clock.now), factories={"anykrowd": AnykrowdEmulator})
    troubles = draw.choices(("killed before", "killed after", "lost before", "lost after", ""), k=6)
    factory = Factory(host, clock, lambda: troubles.pop() if troubles else "")
    setting = Setting(tmp_path, Registry({"anykrowd": factory}), clock=clock)
    amounts = [draw.choice(("5", "5", "12.5", "0.01")) for _ in range(draw.randint(1, 4))]
    text = HEAD + "".join(TOPUP.format(n, amount) for n, amount in enumerate(amounts))
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    for _ in range(20):
        try:
            if run(setting):
                break
        except Killed:
            continue
    else:
        pytest.fail("it is not done after 20 runs")
    with opened_for("plan", setting) as workspace:
        assert not planning.make(workspace, Desired.of(workspace.stack)).plan.has_changes
    shown = host.show("anykrowd")["anykrowd"]
    (wallet,) = [one for one in shown["wallets"] if one["external_id"] == "ada"]
    assert Decimal(wallet["current_balance"]) == sum(map(Decimal, amounts)), json.dumps(shown["transactions"])
    paid = [one for one in shown["transactions"] if one["external_id"] == "ada"]
    assert len(paid) == len(amounts)
