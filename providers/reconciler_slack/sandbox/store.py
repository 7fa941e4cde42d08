"""What the emulated Slack knows, as documents on its shelf of the world.

Times are whole seconds since the epoch, except a channel's ``updated`` (milliseconds) and ``ts`` of messages
(text ``1767323045.000001``: seconds and a serial number, unique in the workspace). Each kind below is
followed by its key and its fields; those marked * are indexed.

- ``team`` (key: id): id, name, domain, email_domain, plan (``free``, ``std``, ``plus``),
  usergroups_managed_by (``everyone``, ``admins``)
- ``user`` (key: id): id, name*, email*, real_name, display_name, title, role (``primary_owner``, ``owner``,
  ``admin``, ``member``, ``guest``), is_bot, bot_id, app_id, deleted, updated
- ``token`` (key: the token): token, type (``bot``, ``user``), user_id*, app_id, scopes (list of text)
- ``bucket`` (key: ``<app>:<method>``, some with more): rate limit: level (calls left), at (when it was so)
- ``setting`` (key ``limits``): enforced, scale, short_pages, random_seed
- ``channel`` (key: id): id, name*, is_private, is_archived, is_general, creator, created, updated, topic and
  purpose (value, creator, last_set), previous_names (list), num_members
- ``membership`` (key: ``<channel>:<user>``): channel_id*, user_id*
- ``usergroup`` (key: id): id, name, name_key*, handle*, description, users (list), channels (list),
  enable_section, created_by, updated_by, deleted_by, date_create, date_update, date_delete (0: enabled)
- ``bookmark`` (key: id): id, channel_id*, and the other fields as the API shows them
- ``message`` (key: ``<channel>:<ts>``): channel_id*, thread_ts* (or null), ts, user_id, shown (the
  API's own fields)
- ``pin`` (key: ``<channel>:<ts>``): channel_id*, ts, created, created_by
- ``scheduled`` (key: id): id, channel_id*, user_id*, post_at, date_created, thread_ts, shown (as above)
- ``emoji`` (key: name): name, url
"""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document, World
from reconciler_slack.sandbox.ids import make_id

SERVICE = "slack"
INDEXES: dict[str, tuple[str, ...]] = {
    "team": (),
    "user": ("name", "email"),
    "token": ("user_id",),
    "bucket": (),
    "setting": (),
    "channel": ("name",),
    "membership": ("channel_id", "user_id"),
    "usergroup": ("name_key", "handle"),
    "bookmark": ("channel_id",),
    "message": ("channel_id", "thread_ts"),
    "pin": ("channel_id",),
    "scheduled": ("channel_id", "user_id"),
    "emoji": (),
}
LIMITS: Mapping[str, Any] = {"enforced": True, "scale": 1, "short_pages": True, "random_seed": 0}
"""What the setting ``limits`` is until a seed changes it."""


class Store:
    """The documents above, on the shelf ``slack`` of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = world.shelf(SERVICE, INDEXES)
        self.put, self.get, self.find = self.shelf.put, self.shelf.get, self.shelf.find
        self.count, self.delete, self.delete_all = self.shelf.count, self.shelf.delete, self.shelf.delete_all

    def new_id(self, kind: str) -> str:
        """An id that no other object has."""
        return make_id(kind, self.shelf.next_id())

    def now(self) -> int:
        """The world's time in whole seconds since the epoch."""
        return int(self.world.now().timestamp())

    def new_ts(self) -> str:
        """A message's time stamp, later than all before it as long as the clock does not go back."""
        return f"{self.now()}.{self.shelf.next_id() % 1_000_000:06d}"

    def require(self, kind: str, key: str) -> Document:
        """A document that another one points to; its absence would be a defect of the emulator."""
        document = self.get(kind, key)
        if document is None:
            raise LookupError(f"the world has no {kind} {key}")
        return document

    def team(self) -> Document:
        """The workspace: a world has one."""
        return self.find("team")[0]

    def limits(self) -> dict[str, Any]:
        """How strict the service is."""
        return {**LIMITS, **(self.get("setting", "limits") or {})}

    def channel_named(self, name: str) -> Document | None:
        """The channel of this name, archived ones too: their names stay taken."""
        found = self.find("channel", name=name)
        return found[0] if found else None

    def user_named(self, name: str) -> Document | None:
        """The user of this name."""
        found = self.find("user", name=name)
        return found[0] if found else None

    def is_member(self, channel_id: str, user_id: str) -> bool:
        """Whether a user is in a channel."""
        return self.get("membership", f"{channel_id}:{user_id}") is not None

    def member_ids(self, channel_id: str) -> list[str]:
        """Who is in a channel, in the order of joining."""
        return [found["user_id"] for found in self.find("membership", channel_id=channel_id)]
