"""Which steps may start: a step is ready when all that it waits for is finished."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from reconciler.address import Address
from reconciler.apply.outcome import NotReached
from reconciler.apply.steps import Step


class Schedule:
    """The steps of a plan between not ready, ready and finished."""

    def __init__(self, steps: Sequence[Step], waits: Mapping[int, Collection[int]]) -> None:
        self.steps = steps
        self._waiting = {number: len(found) for number, found in waits.items()}
        self._dependents: dict[int, list[int]] = {}
        for number, found in waits.items():
            for target in found:
                self._dependents.setdefault(target, []).append(number)
        self._ready = [number for number, count in self._waiting.items() if not count][::-1]
        self._finished: set[int] = set()
        self._failed: dict[int, None] = {}
        self._along: dict[Address, list[Step]] = {}
        for step in steps:
            if step.goes_along and step.change.goes_with is not None:
                self._along.setdefault(step.change.goes_with, []).append(step)

    def next(self) -> Step | None:
        """A step that may start; it is not offered again."""
        while self._ready:
            if (number := self._ready.pop()) not in self._finished:
                return self.steps[number]
        return None

    def is_ready(self, step: Step) -> bool:
        """Whether all that a step waits for is finished, and the step itself is not."""
        return not self._waiting[step.number] and step.number not in self._finished

    def going_with(self, step: Step) -> Sequence[Step]:
        """The removals of what goes with the object that a step removes."""
        return self._along.get(step.change.address, ()) if step.is_removal else ()

    def defer(self, steps: Sequence[Step]) -> None:
        """Offer steps again, before all others."""
        self._ready += [step.number for step in reversed(steps)]

    def finish(self, step: Step) -> None:
        """A step is done: what waited for it alone is ready now."""
        self._finished.add(step.number)
        for dependent in self._dependents.get(step.number, ()):
            self._waiting[dependent] -= 1
            if not self._waiting[dependent]:
                self._ready.append(dependent)

    def fail(self, step: Step) -> None:
        """A step has failed: what waits for it stays where it is."""
        self._failed[step.number] = None

    def not_reached(self) -> Iterator[NotReached]:
        """Changes of which no step was carried out or failed, each with the failed resource it waited for."""
        blamed: dict[int, Address] = {}
        spreading = list(self._failed)
        for number in spreading:
            because = blamed.get(number, self.steps[number].change.address)
            for dependent in self._dependents.get(number, ()):
                if dependent not in blamed:
                    blamed[dependent] = because
                    spreading.append(dependent)
        failed = {self.steps[number].change.address for number in self._failed}
        for step in self.steps:
            if step.number not in self._finished and step.change.address not in failed and step.is_last:
                yield NotReached(step.change, blamed.get(step.number))
