"""What a method is here: a function from a call to an answer, and the facts of its documentation page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.arguments import Arguments
from reconciler_slack.sandbox.errors import Refusal, invalid_arguments
from reconciler_slack.sandbox.paging import page_of
from reconciler_slack.sandbox.scopes import Scopes, for_conversation, require_any
from reconciler_slack.sandbox.store import Store

Answer = dict[str, Any]


@dataclass(frozen=True)
class Viewer:
    """Whose token a call carries: the token, and the person or bot that it speaks for."""

    token: Document
    user: Document

    @property
    def id(self) -> str:
        """The user's id."""
        return str(self.user["id"])

    @property
    def is_bot(self) -> bool:
        """Whether it is a bot token."""
        return bool(self.token["type"] == "bot")

    @property
    def is_admin(self) -> bool:
        """Admins and owners of the workspace."""
        return self.user["role"] in ("primary_owner", "owner", "admin")

    @property
    def is_guest(self) -> bool:
        """Guests, who may do little."""
        return bool(self.user["role"] == "guest")


@dataclass(frozen=True)
class Method:
    """One method: ``tier`` 1 to 4 or ``SPECIAL``; ``needs`` arguments, without which nothing happens.

    ``open_to_all`` methods are answered without a token.
    """

    name: str
    operation: Callable[["Call"], Answer]
    tier: int
    scopes: Scopes
    takes_json: bool
    needs: tuple[str, ...]
    open_to_all: bool


@dataclass(frozen=True)
class Call:
    """One call that is let in; ``viewer`` is missing only where the method is open to all."""

    method: Method
    store: Store
    arguments: Arguments
    known_viewer: Viewer | None

    @property
    def viewer(self) -> Viewer:
        """Who calls."""
        if self.known_viewer is None:
            raise Refusal("not_authed")
        return self.known_viewer

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of which the method needs one, from a token of this type."""
        return self.method.scopes.of(self.viewer.token["type"])

    def require(self) -> None:
        """Raise the ``Refusal`` for scopes that the token lacks, or arguments that are not given."""
        if self.known_viewer is not None:
            require_any(self.known_viewer.token["scopes"], self.scopes)
        absent = [name for name in self.method.needs if name not in self.arguments]
        if absent:
            raise invalid_arguments(*(f"missing required field: {name}" for name in absent))

    def has_scope(self, scope: str) -> bool:
        """Whether the token holds a scope."""
        return scope in self.viewer.token["scopes"]

    def require_scope_for(self, is_private: bool) -> None:
        """Raise ``missing_scope`` unless the method may be used on this kind of channel."""
        require_any(self.viewer.token["scopes"], for_conversation(self.scopes, is_private))

    def channel(self, argument: str = "channel", error: str = "channel_not_found") -> Document:
        """The channel that an argument names by id, as far as the viewer may see it; or ``Refusal``."""
        found = self.store.get("channel", self.arguments.text(argument))
        if found is None or not self.may_see(found):
            raise Refusal(error)
        return found

    def conversation(self) -> Document:
        """As ``channel``, and the token has the method's scope for this kind of channel."""
        found = self.channel()
        self.require_scope_for(found["is_private"])
        return found

    def may_see(self, channel: Document) -> bool:
        """Private channels are seen by their members only."""
        return not channel["is_private"] or self.store.is_member(channel["id"], self.viewer.id)

    def is_member(self, channel: Document) -> bool:
        """Whether the viewer is in a channel."""
        return self.store.is_member(channel["id"], self.viewer.id)

    def require_member(self, channel: Document) -> None:
        """Raise ``not_in_channel`` unless the viewer is in it."""
        if not self.is_member(channel):
            raise Refusal("not_in_channel")

    def limit(self, default: int, most: int = 999) -> int:
        """The argument ``limit``; raises ``invalid_limit`` unless it is from 1 to the most allowed."""
        text = self.arguments.text("limit", str(default)) or str(default)
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise Refusal("invalid_limit")
        return int(text)

    def page(
        self, items: Sequence[Any], key: Callable[[Any], str], limit: int
    ) -> tuple[Sequence[Any], Mapping[str, Any]]:
        """The page asked for, and the ``response_metadata`` that leads on."""
        shown, cursor = page_of(self.store, items, key, limit, self.arguments.text("cursor"))
        return shown, {"response_metadata": {"next_cursor": cursor}}


class Methods:
    """The methods of one family."""

    def __init__(self) -> None:
        self.methods: list[Method] = []

    def add(
        self,
        name: str,
        tier: int,
        scopes: Scopes,
        *needs: str,
        takes_json: bool = True,
        open_to_all: bool = False,
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
        """Register the function that carries the method out."""

        def register(operation: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
            self.methods.append(Method(name, operation, tier, scopes, takes_json, needs, open_to_all))
            return operation

        return register


def by_name(families: Iterable[Methods]) -> dict[str, Method]:
    """All methods of some families."""
    return {method.name: method for family in families for method in family.methods}
