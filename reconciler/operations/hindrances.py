"""What stands in the way of watching: told once, not in every round, and again when it is over."""

from collections.abc import Iterator

from reconciler import codes
from reconciler.clock import Clock
from reconciler.diagnostics import Diagnostic
from reconciler.errors import DiagnosedError, ProviderError, ReconcilerError, Refused
from reconciler.health.watch_events import Event, Hindered, NotHindered, Phase, Waits


class Hindrances:
    """Remembers, for each phase, what was told last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[Phase, object] = {}

    def met(self, phase: Phase, error: ReconcilerError | OSError) -> Iterator[Event]:
        """Something went wrong."""
        known = _of_system(error) if isinstance(error, OSError) else error
        if self._told.get(phase) != (told := _identity(known)):
            self._told[phase] = told
            yield Hindered(self._clock.now(), phase, known)

    def waits(self, phase: Phase, holder: str) -> Iterator[Event]:
        """Somebody else writes the state."""
        if self._told.get(phase) != holder:
            self._told[phase] = holder
            yield Waits(self._clock.now(), phase, holder)

    def over(self, phase: Phase) -> Iterator[Event]:
        """It went well."""
        if self._told.pop(phase, None) is not None:
            yield NotHindered(self._clock.now(), phase)


def _identity(error: ReconcilerError) -> object:
    """What tells one hindrance from another; a service's words may differ from one moment to the next."""
    if isinstance(error, DiagnosedError):
        return tuple((found.code, found.summary, found.address, found.place) for found in error.diagnostics)
    if isinstance(error, ProviderError):
        return error.code, error.call
    return type(error), str(error)


def _of_system(error: OSError) -> Refused:
    what = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
    return Refused([Diagnostic(what, "make that possible; it is tried again", code=codes.SYSTEM)])
