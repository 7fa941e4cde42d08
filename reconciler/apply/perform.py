"""The calls of steps to their service. They run in worker threads and touch no state.

A call whose answer is lost is looked up before anything is repeated: what it has brought about is taken (and
completed where it is half of what was asked for), and only what never happened is asked for again.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from reconciler.apply.lookups import find_all, looked_up, side_effects_of
from reconciler.apply.order import Done, Order
from reconciler.apply.verdicts import NeverHappened, Undecidable, Verdict, commands
from reconciler.errors import AlreadyExists, Call, NotFound, OutcomeUnknown, ProviderError, ServiceFailed
from reconciler.plan.lookups import not_one
from reconciler.provider.objects import Absent, Lookup, Object, Unreadable, Wanted, Write
from reconciler.provider.timeouts import at_most
from reconciler.values import reveal

_TRIES = 3
"""How often a call is made whose answers get lost, each time after a look that it has not taken effect."""


def perform(orders: Sequence[Order]) -> list[Done]:
    """Make the calls of some steps that go together; each has its own answer, errors included.

    They are one step, a group of writes that go in one call, or objects to read again.
    """
    started = time.monotonic()
    limits = [order.timeout for order in orders]
    with at_most(None if None in limits else max(filter(None, limits))):
        done = _read_again(orders) if orders[0].step.rereads else _written(orders)
    seconds = time.monotonic() - started
    return [replace(one, seconds=seconds) for one in done]


def _written(orders: Sequence[Order]) -> list[Done]:
    pending, finished = _with_what_is_there(orders)
    for _ in range(_TRIES):
        if not pending:
            break
        answers = _group(pending) if pending[0].is_grouped else [_one(pending[0])]
        finished.update((done.order.step.number, done) for done in answers)
        lost = [done for done in answers if isinstance(done.error, OutcomeUnknown)]
        pending = []
        for done, verdict in zip(lost, looked_up([done.order for done in lost]), strict=True):
            settled, is_complete = _after_loss(done, verdict)
            finished[done.order.step.number] = settled
            if not is_complete:
                pending.append(settled.order)
    return [finished[order.step.number] for order in orders]


def _with_what_is_there(orders: Sequence[Order]) -> tuple[list[Order], dict[int, Done]]:
    """The orders whose calls are to be made, and what those have come to that need none.

    What their service made on its own, or what we once let go of, is brought to what is asked for.
    """
    answers = find_all({str(order.step.number): order for order in orders if order.may_be_there})
    pending: list[Order] = []
    finished: dict[int, Done] = {}
    for order in orders:
        answer = answers.get(str(order.step.number), ())
        if isinstance(answer, Unreadable):
            finished[order.step.number] = Done(order, error=answer.error)
            continue
        ours = [found for found in answer if order.released in (None, found.id)]
        if len(ours) != 1:
            pending.append(order)
        elif fixed := order.differing(ours[0]) & order.fixed:
            finished[order.step.number] = Done(order, error=_in_the_way(order, ours[0], fixed))
        elif left := order.differing(ours[0]) | (turned := order.turned(ours[0])).keys():
            pending.append(replace(order, asked={**turned, **order.asked}, made=ours[0], changed=left))
        else:
            finished[order.step.number] = Done(order, ours[0], claimed=True)
    return pending, finished


def _in_the_way(order: Order, found: Object, fixed: frozenset[str]) -> AlreadyExists:
    """An object of ours that has the name, and that cannot become what is asked for."""
    address = order.step.change.address
    return AlreadyExists(
        f"an object of this name exists (id {found.id}), and its {', '.join(sorted(fixed))} cannot change",
        call=Call(address.type.partition("_")[0], f"create {address}"),
        remedy="delete it in the service, or give it another name there; then apply again",
    )


def _after_loss(done: Done, verdict: Verdict) -> tuple[Done, bool]:
    """What a step comes to whose answer was lost, now that somebody has looked, and whether that is all.

    If not, the call is to be made again, for what is not there yet.
    """
    order, error = done.order, done.error
    if error is None or isinstance(verdict, Unreadable):
        return done, True
    if isinstance(verdict, NeverHappened):
        return replace(done, error=_failed(error, "it did not take effect")), False
    if isinstance(verdict, Undecidable):
        return replace(done, error=_undecided(order, error, verdict)), True
    if verdict.found is None:
        return Done(order), True
    found = side_effects_of(order.provider, verdict.found, order.asked, is_new=order.step.action == "create")
    missing = order.differing(found) & (order.changed or order.asked.keys())
    if not missing:
        return Done(order, found, claimed=order.may_be_there), True
    left = replace(order, made=found, changed=missing)
    return Done(left, found, _failed(error, "it took effect only in part")), False


def _failed(error: ProviderError, what: str) -> ServiceFailed:
    """An error of which nothing is unknown any more."""
    remedy = error.remedy or "run the command again"
    return ServiceFailed(f"{error.cause}; looked up: {what}", call=error.call, remedy=remedy)


def _undecided(order: Order, error: ProviderError, verdict: Undecidable) -> OutcomeUnknown:
    address = order.step.change.address
    return OutcomeUnknown(
        f"{error.cause}; looked up: {verdict.reason}",
        call=error.call,
        remedy=f"look in the service, then say what is so: {commands(address, verdict.candidates)}",
    )


def _one(order: Order) -> Done:
    try:
        found, claimed = _call(order)
    except ProviderError as error:
        return Done(order, order.made, error)
    return Done(order, found, claimed=claimed)


def _group(orders: Sequence[Order]) -> list[Done]:
    """The one call of a group."""
    try:
        answers = orders[0].provider.write_many([_write(order) for order in orders])
    except ProviderError as error:
        answers = [error] * len(orders)
    return [
        Done(order, order.made, answer)
        if isinstance(answer, ProviderError)
        else Done(order, answer, claimed=order.may_be_there)
        for order, answer in zip(orders, answers, strict=True)
    ]


def _write(order: Order) -> Write:
    action = "update" if order.made is not None else order.step.action
    prior = order.made or (None if action == "create" else order.prior)
    return Write(action, order.step.change.address.type, reveal(dict(order.asked)), prior)


def _call(order: Order) -> tuple[Object | None, bool]:
    """The object after the step, and whether it was one that the service had made on its own."""
    step, provider = order.step, order.provider
    change, prior = step.change, order.prior
    if step.is_removal:
        if prior is not None:
            provider.delete(prior, change.how)
        return None, False
    desired = reveal(dict(order.asked))
    if change.is_read:
        return _look_up(order), False
    if order.made is not None:
        after = provider.update(order.made, desired, order.changed)
        return replace(after, side_effects=order.made.side_effects), order.may_be_there
    if step.action == "update" and prior is not None:
        return (provider.update(prior, desired, order.changed) if order.changed else prior), False
    return provider.create(change.address.type, desired), False


def _look_up(order: Order) -> Object:
    address = order.step.change.address
    wanted = Wanted(f"data.{address.type}", reveal(dict(order.asked)))
    found = order.provider.find({"": wanted})[""]
    if isinstance(found, Unreadable):
        raise found.error
    if len(found) != 1:
        summary, advice = not_one(len(found))
        raise NotFound(
            summary, call=Call(address.type.partition("_")[0], f"look up {address}"), remedy=advice
        )
    return found[0]


def _read_again(orders: Sequence[Order]) -> list[Done]:
    """Read some objects of one provider again, in one go."""
    priors = {str(order.step.number): order.prior for order in orders}
    lookups = {key: Lookup(prior.type, prior.id, prior.attributes) for key, prior in priors.items() if prior}
    try:
        answers = orders[0].provider.read(lookups)
    except ProviderError as error:
        answers = dict.fromkeys(lookups, Unreadable(error))
    return [
        Done(order, answer)
        if isinstance(answer := answers[str(order.step.number)], Object)
        else Done(order, error=_not_there(order, answer))
        for order in orders
    ]


def _not_there(order: Order, answer: Absent | Unreadable) -> ProviderError:
    if isinstance(answer, Unreadable):
        return answer.error
    address = order.step.change.address
    call = Call(address.type.partition("_")[0], f"read {address}")
    return NotFound("it is gone since its parent has another name", call=call)
