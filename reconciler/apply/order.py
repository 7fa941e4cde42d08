"""A step that is ready, and how it ended: what passes between the executor and its workers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reconciler.apply.steps import Step
from reconciler.errors import ProviderError
from reconciler.provider.objects import Object, Wanted
from reconciler.provider.protocol import Provider
from reconciler.state.model import Intent
from reconciler.values import Value, reveal


def _nothing(found: Object) -> frozenset[str]:
    return frozenset()


def _no_switch(found: Object) -> Mapping[str, Value]:
    return {}


@dataclass(frozen=True, slots=True)
class Order:
    """A step that is ready: everything that its call needs is known."""

    step: Step
    provider: Provider
    asked: Mapping[str, Value]
    """The desired attributes, evaluated and normalised."""
    intent: Intent | None = None
    """What goes into the journal before the call; None for a step that changes nothing in the service."""
    changed: frozenset[str] = frozenset()
    differing: Callable[[Object], frozenset[str]] = _nothing
    """The names of the attributes asked for that an object does not show."""
    key: Wanted | None = None
    """The question whose answer is all that has the natural key which the object has after the step. None
    for a removal, and for an update that leaves the key as it is."""
    may_be_there: bool = False
    """Whether an object with the key may be there that is ours: the service made it on its own, or a run of
    ours let go of it."""
    released: str | None = None
    """The id of what a run of ours let go of; nothing else with the key is ours then."""
    turned: Callable[[Object], Mapping[str, Value]] = _no_switch
    """The switches that letting go of it has turned (archived, enabled), as they were before."""
    fixed: frozenset[str] = frozenset()
    """The attributes that only another object can have: what is there cannot be brought to them."""
    timeout: float | None = None
    """The seconds that one call may take; None where the stack says nothing of it."""
    must_look: bool = False
    """Whether what has the natural key must be seen before the call, so that its traces can be told."""
    is_grouped: bool = False
    """Whether the writes of its type go in groups."""
    made: Object | None = None
    """What an earlier try of the same step has made: it is brought to what is asked for."""

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
    """How a step's call ended: ``found`` is the object after it, None when it is gone.

    With an error too, ``found`` is what the call has brought about all the same, short of what was asked.
    """

    order: Order
    found: Object | None = None
    error: ProviderError | None = None
    seconds: float = 0.0
    claimed: bool = False
    """Whether the object was one that the service had made on its own."""
