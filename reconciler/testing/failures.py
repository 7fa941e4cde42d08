"""Calls to the in-memory service, and which of them are to fail."""

from dataclasses import dataclass

from reconciler.errors import Call, ProviderError

SERVICE = "memory"
"""What the in-memory service is called in errors."""


@dataclass(frozen=True, slots=True)
class MemoryCall:
    """One call to the in-memory service.

    ``operation`` is a method of a provider (``create``, ``read`` …). ``type`` is a resource type, empty for
    account and health. ``subject`` is the object's name, or its title where it has none, and empty for bulk
    calls; for update and delete it is what the object was called before.
    """

    operation: str
    type: str = ""
    subject: str = ""

    @property
    def as_call(self) -> Call:
        """How errors name it."""
        return Call(SERVICE, f"{self.operation} {self.type}".strip())


@dataclass(slots=True)
class Failure:
    """An order to fail: after ``skip`` more matching calls, ``times`` calls (None: all) raise ``error``."""

    operation: str
    type_name: str | None
    subject: str | None
    error: type[ProviderError] | ProviderError
    skip: int
    times: int | None
    took_effect: bool
    is_last: bool = False
    """Whether the service is down from then on."""

    def strikes(self, call: MemoryCall) -> bool:
        """Whether this call is one of those to fail; counts it."""
        if (
            call.operation != self.operation
            or self.type_name not in (None, call.type)
            or self.subject not in (None, call.subject)
        ):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is None:
            return True
        if self.times == 0:
            return False
        self.times -= 1
        return True

    def error_for(self, call: MemoryCall) -> ProviderError:
        """The error to raise."""
        if isinstance(self.error, ProviderError):
            return self.error
        return self.error("the test made it fail", call=call.as_call)
