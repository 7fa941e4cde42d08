"""What workers are given to do, and which orders go together in one job."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.apply.lookups import find_all
from reconciler.apply.order import Done, Order
from reconciler.apply.perform import perform
from reconciler.apply.steps import Step
from reconciler.errors import AlreadyExists, Call, ProviderError
from reconciler.provider.objects import FindResult, Unreadable

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What answers to the natural keys of some orders, before any of their calls; by the steps' numbers."""

    orders: Sequence[Order]
    answers: Mapping[str, FindResult]


@dataclass(frozen=True, slots=True)
class Job:
    """Orders of one provider that one worker carries out, or looks something up for."""

    orders: Sequence[Order]
    is_look: bool = False

    def carry_out(self) -> list[Done] | Looked:
        """Make the calls; runs in a worker."""
        if self.is_look:
            return Looked(self.orders, find_all({str(order.step.number): order for order in self.orders}))
        return perform(self.orders)


class Jobs:
    """The orders of one round, put together: what can go in one call does."""

    def __init__(self, batch_of: Callable[[Order], int]) -> None:
        self._batch_of = batch_of
        self._single: list[Job] = []
        self._looks: dict[str, list[Order]] = {}
        self._reads: dict[str, list[Order]] = {}
        self._writes: dict[Key, list[Order]] = {}

    def add(self, order: Order) -> None:
        """Take an order in."""
        change = order.step.change
        if order.must_look:
            self._looks.setdefault(change.provider, []).append(order)
        elif order.step.rereads:
            self._reads.setdefault(change.provider, []).append(order)
        elif order.is_grouped and order.step.action != "read":
            key = (change.provider, change.address.type, order.step.action)
            self._writes.setdefault(key, []).append(order)
        else:
            self._single.append(Job([order]))

    def __len__(self) -> int:
        return len(self._single) + len(self._looks) + len(self._reads) + len(self._writes)

    @property
    def has_groups(self) -> bool:
        """Whether there is a call that takes more writes of its kind."""
        return bool(self._writes)

    def takes_along(self, step: Step) -> bool:
        """Whether a step can go in a call that is there already."""
        return (step.change.provider, step.change.address.type, step.action) in self._writes

    def all(self) -> list[Job]:
        """The jobs of this round."""
        writes = []
        for orders in self._writes.values():
            size = self._batch_of(orders[0])
            writes += [Job(orders[at : at + size]) for at in range(0, len(orders), size)]
        return [
            *self._single,
            *writes,
            *(Job(orders) for orders in self._reads.values()),
            *(Job(orders, is_look=True) for orders in self._looks.values()),
        ]


class OneAtATime:
    """Creates with one natural key that does not decide: each looks when the one before it is done."""

    def __init__(self) -> None:
        self._waiting: dict[Key, deque[Order]] = {}

    def may_start(self, order: Order) -> bool:
        """Whether no other create with the key is under way; if not, it is given back by ``leave``."""
        key = _key(order)
        if key in self._waiting:
            self._waiting[key].append(order)
            return False
        self._waiting[key] = deque()
        return True

    def leave(self, order: Order) -> Order | None:
        """The next one with the same key, now that this one is done."""
        waiting = self._waiting.get(_key(order))
        if waiting:
            return waiting.popleft()
        self._waiting.pop(_key(order), None)
        return None


def _key(order: Order) -> Key:
    wanted = order.key
    return (order.step.change.provider, wanted.type if wanted else "", repr(wanted and wanted.attributes))


def having_looked(order: Order, answer: FindResult, *, key_decides: bool) -> Order | ProviderError:
    """The order with what was seen before its call, or why it cannot be carried out."""
    intent = order.intent
    if isinstance(answer, Unreadable):
        return answer.error
    if intent is None or not key_decides:
        seen = tuple(found.id for found in answer)
        return replace(order, must_look=False, intent=intent and replace(intent, seen=seen))
    if answer:
        address = order.step.change.address
        return AlreadyExists(
            "an object of this name exists already, and no run of ours made it",
            call=Call(address.type.partition("_")[0], f"create {address}"),
            remedy=f"adopt it with: reconciler import '{address}' '{answer[0].id}'",
        )
    return replace(order, must_look=False, intent=replace(intent, seen_absent=True))
