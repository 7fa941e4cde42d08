"""What the provider has learnt about identities, so that it need not ask twice."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.clock import Clock

KNOWN_FOR = 300.0
"""Seconds for which a name is taken to stand for what it stood for."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace of the token. ``url`` ends with a slash; ``user_id`` is the token's own user, the bot."""

    id: str
    name: str
    url: str
    user_id: str


class Identities:
    """Ids by name, as Slack told them a short while ago. Several threads may ask.

    ``workspace`` is the one of the token, once somebody asked for it: it never changes.
    """

    def __init__(self, clock: Clock) -> None:
        self.workspace: Workspace | None = None
        self._clock = clock
        self._lock = threading.Lock()
        self._channels: dict[str, tuple[str, float]] = {}
        self._people: dict[str, tuple[str, float]] = {}

    def channel(self, name: str) -> str | None:
        """The id of the channel with this name."""
        return self._known(self._channels, name)

    def learn_channels(self, ids: Mapping[str, str]) -> None:
        """Ids by name; whatever names these channels had before are free."""
        now, found = self._clock.monotonic(), frozenset(ids.values())
        with self._lock:
            kept = {name: entry for name, entry in self._channels.items() if entry[0] not in found}
            self._channels = kept | {name: (channel_id, now) for name, channel_id in ids.items()}

    def person(self, text: str) -> str | None:
        """The id of the person whom an e-mail address or a name stands for."""
        return self._known(self._people, text)

    def learn_person(self, text: str, user_id: str) -> None:
        """An e-mail address or a name stands for this person."""
        with self._lock:
            self._people[text] = (user_id, self._clock.monotonic())

    def _known(self, entries: Mapping[str, tuple[str, float]], text: str) -> str | None:
        found = entries.get(text)
        if found is None or self._clock.monotonic() - found[1] > KNOWN_FOR:
            return None
        return found[0]
