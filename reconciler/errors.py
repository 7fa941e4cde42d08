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
    │   └── NotSent             the run was asked to stop before the call was sent
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
from dataclasses import dataclass, replace
from typing import ClassVar

from reconciler import codes
from reconciler.diagnostics import Diagnostic


class ReconcilerError(Exception):
    """Anything that stops a command and that its user can understand."""


class DiagnosedError(ReconcilerError):
    """An error that carries all problems found, not just the first. Each of them has a code then."""

    general: ClassVar[str] = codes.REFUSED
    """The code of a problem that has none of its own."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(
            found if found.code else replace(found, code=self.general) for found in diagnostics
        )
        super().__init__("; ".join(found.summary for found in self.diagnostics))


class InvalidConfiguration(DiagnosedError):
    """The stack's files are wrong."""

    general = codes.CONFIGURATION


class Refused(DiagnosedError):
    """What was asked for must not be done as things are."""


class StateError(ReconcilerError):
    """The state file cannot be used. ``remedy`` says what to do, ``code`` is one of ``codes``."""

    general: ClassVar[str] = codes.STATE

    def __init__(self, message: str, remedy: str = "", *, code: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
        self.code = code or self.general


class StateLocked(StateError):
    """Another process is writing this state; ``holder`` says who and since when."""

    general = codes.LOCKED

    def __init__(
        self,
        holder: str,
        *,
        what: str = "the state is locked",
        remedy: str = "wait until that run ends, then try again; its lock ends with its process",
    ) -> None:
        super().__init__(f"{what}: {holder}", remedy)
        self.holder = holder


class StateDamaged(StateError):
    """The state file fails its integrity checks."""

    general = codes.STATE_DAMAGED


class StateTooNew(StateError):
    """A newer version of reconciler wrote the state file."""

    general = codes.STATE_TOO_NEW


class WrongAccount(StateError):
    """The state speaks of another account than the one that the credentials belong to."""

    general = codes.WRONG_ACCOUNT


@dataclass(frozen=True, slots=True)
class Call:
    """The call that went wrong: which service, which operation; never its credentials or body."""

    service: str
    operation: str


class ProviderError(ReconcilerError):
    """What a service answered, or that it did not.

    ``call`` is the call that failed, ``cause`` why in the service's own words (masked),
    ``remedy`` what to do, ``code`` its stable name: the general one of its kind if nothing is said.
    """

    area: ClassVar[str] = "SERVER"
    """The middle of the codes of its kind."""
    helps: ClassVar[str] = ""
    """What helps where the provider knows nothing better."""

    def __init__(self, cause: str, *, call: Call, remedy: str = "", code: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.call = call
        self.remedy = remedy
        self.code = code or codes.general(call.service, self.area)

    @property
    def advice(self) -> str:
        """What to do: ``remedy``, or what helps with errors of its kind."""
        return self.remedy or self.helps

    def __str__(self) -> str:
        return f"{self.call.service}: {self.cause} ({self.call.operation})"


class Unreachable(ProviderError):
    """No connection, or no answer to a call that changes nothing. The call did not take effect."""

    area = "NET"
    helps = "check the connection and the provider's base_url, then try again"


class NotSent(Unreachable):
    """The run was asked to stop before the call was sent."""


class Unauthorized(ProviderError):
    """The service does not accept the credentials."""

    area = "AUTH"
    helps = "check the credentials in the provider's settings: they may be wrong or have expired"


class Forbidden(ProviderError):
    """The service accepts the credentials, but they do not allow this."""

    area = "PERM"
    helps = "give the credentials the permission that is missing, then try again"


class NotFound(ProviderError):
    """What was asked for is not there, or the credentials may not see it."""

    area = "FIND"
    helps = "check the name, and that the credentials may see it"


class AlreadyExists(ProviderError):
    """What was to be created exists already."""

    area = "EXIST"
    helps = "adopt it with `reconciler import`, or declare lifecycle: {on_exists: adopt}"


class Rejected(ProviderError):
    """The service says that the request itself is wrong."""

    area = "INPUT"
    helps = "change what is declared, then plan again"


class RateLimited(ProviderError):
    """The service asks to wait; ``retry_after`` is how long, in seconds, when it said so."""

    area = "LIMIT"
    helps = "wait until the service's limit starts anew, then try again"

    def __init__(
        self, cause: str, *, call: Call, remedy: str = "", code: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(cause, call=call, remedy=remedy, code=code)
        self.retry_after = retry_after


class ServiceFailed(ProviderError):
    """The service failed, and what the call has changed is known: nothing, or what was seen afterwards."""

    helps = "try again; if it lasts, look at the service's status page"


class Garbled(ProviderError):
    """The service's answer cannot be understood."""

    area = "ANSWER"
    helps = "check the provider's base_url; a proxy may have answered in place of the service"


class OutcomeUnknown(ProviderError):
    """A call that changes something got no answer, or a failure: it may have taken effect."""

    area = "OUTCOME"
    helps = "run the command again: it looks whether the call took effect before it repeats it"
