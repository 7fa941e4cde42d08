"""What an emulator of a service must offer to be hosted in the sandbox."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from reconciler.errors import ReconcilerError
from reconciler.sandbox.world import World

WsgiApplication = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


Trouble = Literal["rate-limited", "secondary-limit", "unauthorized", "expired", "forbidden"]
"""Why a service that is well turns a call away. ``expired``: the token was good, and is so no more."""


@dataclass(frozen=True)
class Refusal:
    """How a service turns a call away: status line, headers and JSON document."""

    status: str
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class SeedError(ReconcilerError):
    """A seed document that cannot be planted: ``path`` is where in it, ``remedy`` what to do."""

    def __init__(self, path: str, message: str, remedy: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message
        self.remedy = remedy


class Emulator(Protocol):
    """One emulated service. It is made with the world it lives in: ``EmulatorClass(world)``.

    Emulators are found through the entry-point group ``reconciler.emulators``; the entry's name is the
    service's name and the first segment of its URLs. An emulator never shares code with the provider of
    the same service, so that one's mistake cannot hide the other's.
    """

    service: str
    root_paths: tuple[str, ...]
    """Paths at the server's root that lead to it as well, such as ``/api/v3``; they stay in ``PATH_INFO``."""

    def __init__(self, world: World) -> None: ...

    def application(self) -> WsgiApplication:
        """Answer requests below ``/<service>/``; ``SCRIPT_NAME`` carries that prefix."""
        ...

    def path_template(self, method: str, path: str) -> str:
        """The documented template of a path, such as ``/repos/{owner}/{repo}``, for counting calls."""
        ...

    def refusal(self, trouble: Trouble, environ: WSGIEnvironment, wait_s: int) -> Refusal:
        """How the service says that it turns this call away, for an outage that the host has decided on.

        A limit names ``wait_s`` as the service does: in ``Retry-After``, or as the moment when it is reset.
        """
        ...

    def changes(self, method: str, path: str, body: bytes) -> bool:
        """Whether a call may change something, and is not only a question."""
        ...

    def connection(self, origin: str) -> dict[str, str]:
        """How to reach it, given the server's origin: ``base_url``, a valid ``token``, and the like."""
        ...

    def settings(self, declared: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """A provider's declared settings with those replaced that lead to the sandbox.

        Makes sure that what the settings name (an organisation, say) exists in the world.
        """
        ...

    def show(self) -> dict[str, list[dict[str, Any]]]:
        """The whole world of this service, as ``{kind: [object, …]}``."""
        ...

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add what a seed file declares for this service; raises ``SeedError`` with place and remedy."""
        ...

    def reset(self) -> None:
        """Forget everything and begin again with the first world."""
        ...


EmulatorFactory = Callable[[World], Emulator]
