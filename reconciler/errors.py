"""The one exception tree. Errors carry data; the views make sentences of it.

ReconcilerError
├── InvalidConfiguration        the stack's files are wrong: diagnostics say where
├── Refused                     a command that must not be carried out as things are: diagnostics say why
├── StateError                  the state file cannot be used
│   ├── StateLocked             somebody else is writing it
│   ├── StateDamaged            it fails its integrity checks
│   ├── StateTooNew             a newer version wrote it
│   └── WrongAccount            it speaks of another account than the credentials do
└── ProviderError               a service's answer, or its silence
    ├── Unreachable             no connection, or no answer to a harmless question
    ├── Unauthorized            the credentials are wrong or have expired
    ├── Forbidden               the credentials do not suffice
    ├── NotFound                what was asked for is not there
    ├── AlreadyExists           what was to be created is there already
    ├── Rejected                the service says that the request is wrong
    ├── RateLimited             the service asks to wait
    ├── ServiceFailed           the service failed (its 5xx)
    ├── Garbled                 an answer that cannot be understood
    └── OutcomeUnknown          the call may have taken effect; nobody told
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic


class ReconcilerError(Exception):
    """Anything that stops a command and that its user can understand."""


class DiagnosedError(ReconcilerError):
    """An error that carries all problems found, not just the first."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(found.summary for found in self.diagnostics))


class InvalidConfiguration(DiagnosedError):
    """The stack's files are wrong."""


class Refused(DiagnosedError):
    """What was asked for must not be done as things are."""


class StateError(ReconcilerError):
    """The state file cannot be used. ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class StateLocked(StateError):
    """Another process is writing this state; ``holder`` says who and since when."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"the state is locked: {holder}",
            "wait until that run ends, then try again; its lock ends with its process",
        )
        self.holder = holder


class StateDamaged(StateError):
    """The state file fails its integrity checks."""


class StateTooNew(StateError):
    """A newer version of reconciler wrote the state file."""


class WrongAccount(StateError):
    """The state speaks of another account than the one that the credentials belong to."""


@dataclass(frozen=True, slots=True)
class Call:
    """The call that went wrong: which service, which operation; never its credentials or body."""

    service: str
    operation: str


class ProviderError(ReconcilerError):
    """What a service answered, or that it did not.

    ``call`` is the call that failed, ``cause`` why in the service's own words (masked),
    ``remedy`` what to do.
    """

    def __init__(self, cause: str, *, call: Call, remedy: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.call = call
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.call.service}: {self.cause} ({self.call.operation})"


class Unreachable(ProviderError):
    """No connection, or no answer to a call that changes nothing. The call did not take effect."""


class Unauthorized(ProviderError):
    """The service does not accept the credentials."""


class Forbidden(ProviderError):
    """The service accepts the credentials, but they do not allow this."""


class NotFound(ProviderError):
    """What was asked for is not there, or the credentials may not see it."""


class AlreadyExists(ProviderError):
    """What was to be created exists already."""


class Rejected(ProviderError):
    """The service says that the request itself is wrong."""


class RateLimited(ProviderError):
    """The service asks to wait; ``retry_after`` is how long, in seconds, when it said so."""

    def __init__(self, cause: str, *, call: Call, remedy: str = "", retry_after: float | None = None) -> None:
        super().__init__(cause, call=call, remedy=remedy)
        self.retry_after = retry_after


class ServiceFailed(ProviderError):
    """The service failed, and what the call has changed is known: nothing, or what was seen afterwards."""


class Garbled(ProviderError):
    """The service's answer cannot be understood."""


class OutcomeUnknown(ProviderError):
    """A call that changes something got no answer, or a failure: it may have taken effect."""
