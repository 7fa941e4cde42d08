"""The stacks in docs/providers/anykrowd.md do what the page says, over the emulated tenant."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.apply.outcome import Progress
from reconciler.errors import ReconcilerError, Refused
from reconciler.operations import applying, planning
from reconciler.operations.workspace import Setting
from reconciler.operations.writing import opened_for
from reconciler.plan.change import Change, Plan
from reconciler.plan.desired import Desired
from reconciler.registry import Registry
from reconciler.testing import FakeClock
from reconciler_anykrowd import AnykrowdProvider
from tests.unit.docs.markdown import ROOT, blocks, headings

PAGE = ROOT / "docs" / "providers" / "anykrowd.md"
STACKS = [block.text for block in blocks(PAGE) if block.kind == "yaml stack"]


class Unwatched:
    """A Progress that nobody looks at."""

    def started(self, change: Change) -> None:
        pass

    def finished(self, change: Change, seconds: float) -> None:
        pass

    def failed(self, change: Change, error: ReconcilerError) -> None:
        raise error

    def stopping(self, running: int) -> None:
        pass


def carried_out(directory: Path) -> tuple[Plan, Any]:
    """The plan that was carried out, and the outputs."""
    setting = Setting(
        directory,
        Registry({"anykrowd": AnykrowdProvider}),
        is_sandbox=True,
        environ={"ANYKROWD_API_KEY": "x"},
        clock=FakeClock(),
    )
    progress: Progress = Unwatched()
    with opened_for("apply", setting) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        order = applying.Order("apply", progress, threading.Event(), configuration=workspace.stack.digest())
        done = applying.carry_out(workspace, prospect, order)
        assert not done.outcome.failed
        return prospect.plan, workspace.ledger.outputs()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def make(text: str) -> Path:
        (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return make


@pytest.mark.parametrize("text", STACKS)
def test_each_stack_of_the_page_is_carried_out_and_then_needs_no_change(
    write: Callable[[str], Path], text: str
) -> None:
    directory = write(text)
    first, _ = carried_out(directory)
    assert bool(first.changes) is ("resources:" in text)
    again, _ = carried_out(directory)
    assert not again.has_changes


def test_each_type_has_a_stack_on_the_page() -> None:
    types = AnykrowdProvider.resource_types()
    for name in types:
        assert any(f"  {name.removeprefix('data.')}:\n" in text for text in STACKS), name
    managed = {name for name, facts in types.items() if not facts.is_data}
    assert managed <= set(headings(PAGE))


def test_what_a_topup_put_into_a_wallet_is_told_by_the_wallet(write: Callable[[str], Path]) -> None:
    (topup,) = [text for text in STACKS if "  anykrowd_wallet_topup:\n" in text]
    (wallet,) = [text for text in STACKS if "  anykrowd_wallet:\n" in text]
    extra = wallet[wallet.index("data:\n") + len("data:\n") : wallet.index("outputs:\n")]
    outputs = wallet[wallet.index("outputs:\n") :]
    directory = write(topup.replace("data:\n", "data:\n" + extra) + outputs)
    carried_out(directory)
    _, told = carried_out(directory)
    assert told == {"balance": 25.5}


def test_a_topup_is_replaced_only_where_that_is_allowed(write: Callable[[str], Path]) -> None:
    (text,) = [text for text in STACKS if "  anykrowd_wallet_topup:\n" in text]
    (wallet,) = [text for text in STACKS if "  anykrowd_wallet:\n" in text]
    outputs = wallet[wallet.index("outputs:\n") :]
    looked_up = wallet[wallet.index("data:\n") + len("data:\n") : wallet.index("outputs:\n")]
    text = text.replace("data:\n", "data:\n" + looked_up) + outputs
    carried_out(write(text))
    changed = text.replace("amount: 25.50", "amount: 30")
    with pytest.raises(Refused, match="it moves money") as refused:
        carried_out(write(changed))
    assert "allow_replace: true" in refused.value.diagnostics[0].advice
    assert carried_out(write(text))[1] == {"balance": 25.5}
    carried_out(write(changed.replace("amount: 30", "amount: 30\n      allow_replace: true")))
    assert carried_out(write(changed))[1] == {"balance": 30}
