"""One step's calls to its service. It runs in a worker thread and touches no state."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.apply.steps import Step
from reconciler.errors import Call, NotFound, ProviderError
from reconciler.plan.lookups import not_one
from reconciler.provider.objects import Absent, Lookup, Object, Unreadable, Wanted, Write
from reconciler.provider.protocol import Provider
from reconciler.values import Value, reveal


@dataclass(frozen=True, slots=True)
class Order:
    """A step that is ready: everything that its call needs is known."""

    step: Step
    provider: Provider
    asked: Mapping[str, Value]
    """The desired attributes, evaluated and normalised."""
    changed: frozenset[str] = frozenset()
    look_first: Wanted | None = None
    """The natural key of an object that the service may have made on its own, and that is ours then."""

    seen: tuple[str, ...] | None = None
    """Where the natural key does not decide: the ids of all that answer to it just now."""

    is_grouped: bool = False
    """Whether the writes of its type go in groups."""

    @property
    def prior(self) -> Object | None:
        """The object before, under its parent's present name."""
        live, change = self.step.change.live, self.step.change
        if live is None or not change.follows:
            return live
        names = {name: reveal(self.asked[name]) for name in change.follows}
        return replace(live, attributes={**live.attributes, **names})


@dataclass(frozen=True, slots=True)
class Done:
    """How a step's call ended: ``found`` is the object after it, None when it is gone."""

    order: Order
    found: Object | None = None
    error: ProviderError | None = None
    seconds: float = 0.0
    claimed: bool = False
    """Whether the object was one that the service had made on its own."""


def perform(order: Order) -> Done:
    """Make the calls of one step; a provider's error is part of the answer."""
    started = time.monotonic()
    try:
        found, claimed = _call(order)
    except ProviderError as error:
        return Done(order, error=error, seconds=time.monotonic() - started)
    return Done(order, found, seconds=time.monotonic() - started, claimed=claimed)


def perform_group(orders: Sequence[Order]) -> list[Done]:
    """Make the one call of a group; each of its steps has its own answer."""
    started = time.monotonic()
    writes = [
        Write(order.step.action, order.step.change.address.type, reveal(dict(order.asked)), order.prior)
        for order in orders
    ]
    try:
        answers = orders[0].provider.write_many(writes)
    except ProviderError as error:
        answers = [error] * len(orders)
    seconds = time.monotonic() - started
    return [
        Done(order, error=answer, seconds=seconds)
        if isinstance(answer, ProviderError)
        else Done(order, answer, seconds=seconds)
        for order, answer in zip(orders, answers, strict=True)
    ]


def perform_reads(orders: Sequence[Order]) -> list[Done]:
    """Read some objects of one provider again, in one go."""
    started = time.monotonic()
    priors = {str(order.step.number): order.prior for order in orders}
    lookups = {key: Lookup(prior.type, prior.id, prior.attributes) for key, prior in priors.items() if prior}
    try:
        answers = orders[0].provider.read(lookups)
    except ProviderError as error:
        answers = dict.fromkeys(lookups, Unreadable(error))
    seconds = time.monotonic() - started
    return [
        Done(order, answer, seconds=seconds)
        if isinstance(answer := answers[str(order.step.number)], Object)
        else Done(order, error=_not_there(order, answer), seconds=seconds)
        for order in orders
    ]


def _not_there(order: Order, answer: Absent | Unreadable) -> ProviderError:
    if isinstance(answer, Unreadable):
        return answer.error
    address = order.step.change.address
    call = Call(address.type.partition("_")[0], f"read {address}")
    return NotFound("it is gone since its parent has another name", call=call)


def _call(order: Order) -> tuple[Object | None, bool]:
    step, provider = order.step, order.provider
    change, prior = step.change, order.prior
    if step.is_removal:
        if prior is not None:
            provider.delete(prior, change.how)
        return None, False
    desired = reveal(dict(order.asked))
    if change.is_read:
        return _look_up(order, desired), False
    if step.action == "update" and prior is not None:
        return (provider.update(prior, desired, order.changed) if order.changed else prior), False
    if order.look_first is not None and (made := _made_by_service(provider, order.look_first)):
        changed = frozenset(name for name, value in desired.items() if made.attributes.get(name) != value)
        return (provider.update(made, desired, changed) if changed else made), True
    return provider.create(change.address.type, desired), False


def _look_up(order: Order, arguments: Mapping[str, Value]) -> Object:
    address = order.step.change.address
    found = order.provider.find({"": Wanted(f"data.{address.type}", arguments)})[""]
    if isinstance(found, Unreadable):
        raise found.error
    if len(found) != 1:
        summary, advice = not_one(len(found))
        raise NotFound(
            summary, call=Call(address.type.partition("_")[0], f"look up {address}"), remedy=advice
        )
    return found[0]


def _made_by_service(provider: Provider, wanted: Wanted) -> Object | None:
    found = provider.find({"": wanted})[""]
    if isinstance(found, Unreadable):
        raise found.error
    return found[0] if len(found) == 1 else None
