"""Questions to a service about calls of which nobody knows whether they took effect, in bulk."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.apply.order import Order
from reconciler.apply.verdicts import Undecidable, Verdict, on_changed, on_created, on_removed
from reconciler.errors import ProviderError
from reconciler.provider.objects import Absent, FindResult, Lookup, Object, ReadResult, Unreadable
from reconciler.provider.protocol import MakesMore, Provider
from reconciler.values import Value, canonical, is_sensitive, reveal


def looked_up(orders: Sequence[Order]) -> list[Verdict]:
    """What became of the lost calls of some orders of one provider: a bulk call for each kind of question."""
    by_key = {str(order.step.number): order for order in orders if _is_new(order) and order.key is not None}
    by_id = {str(order.step.number): order for order in orders if not _is_new(order)}
    read = _read_all(by_id)
    # What has another name may have another id with it: then it is found by the name that it was to get.
    renamed = {
        number: order
        for number, order in by_id.items()
        if order.key is not None and isinstance(read.get(number), Absent)
    }
    found = find_all(by_key | renamed)
    return [
        _verdict(order, found.get(str(order.step.number)), read.get(str(order.step.number)))
        for order in orders
    ]


def find_all(orders: Mapping[str, Order]) -> Mapping[str, FindResult]:
    """All that answers to the natural keys of some orders of one provider, under the orders' keys."""
    if not orders:
        return {}
    provider = next(iter(orders.values())).provider
    try:
        return provider.find({number: order.key for number, order in orders.items() if order.key})
    except ProviderError as error:
        return dict.fromkeys(orders, Unreadable(error))


def side_effects_of(provider: Provider, found: Object, asked: Mapping[str, Value], *, is_new: bool) -> Object:
    """An object that a lost call has created, with what its service makes together with such an object."""
    if not is_new or not isinstance(provider, MakesMore):
        return found
    told = {name: reveal(value) for name, value in asked.items() if not is_sensitive(value)}
    return replace(found, side_effects=tuple(provider.side_effects(found, told)))


def _is_new(order: Order) -> bool:
    return order.step.action == "create" and order.made is None


def _read_all(orders: Mapping[str, Order]) -> Mapping[str, ReadResult]:
    lookups = {
        number: Lookup(prior.type, prior.id, {**prior.attributes, **_asked(order)})
        for number, order in orders.items()
        if (prior := order.made or order.prior) is not None
    }
    if not lookups:
        return {}
    provider = next(iter(orders.values())).provider
    try:
        return provider.read(lookups)
    except ProviderError as error:
        return dict.fromkeys(lookups, Unreadable(error))


def _asked(order: Order) -> dict[str, Value]:
    """What a provider is to look at beside what was there; the object's name stays as it is known."""
    names = order.key.attributes if order.key is not None else ()
    there = order.prior.attributes if order.prior is not None else {}
    return {
        name: together(there.get(name), reveal(value))
        for name, value in order.asked.items()
        if name not in names
    }


def together(before: Value, meant: Value) -> Value:
    """All that was there or was to be there: a provider answers only for what it is asked about.

    A single value stays as it was. Providers remember what a service makes of it (a page's content as Notion
    writes it), and would take what was to be for what is there, as long as the service says the same as then.
    """
    if isinstance(before, list) and isinstance(meant, list):
        known = {canonical(part) for part in before}
        return [*before, *(part for part in meant if canonical(part) not in known)]
    if isinstance(before, dict) and isinstance(meant, dict):
        return {**before, **{key: together(before.get(key), part) for key, part in meant.items()}}
    return meant if before is None else before


def _verdict(order: Order, found: FindResult | None, read: ReadResult | None) -> Verdict:
    if read is not None:
        return on_removed(read) if order.step.is_removal else on_changed(read, found or ())
    if found is None or order.intent is None:
        return Undecidable("objects of its type have no name to look for them by")
    return on_created(order.intent, found, lambda _: False)
