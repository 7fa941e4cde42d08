"""A workspace in which every argument that Slack documents has a good value."""

from typing import Any

import httpx

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_slack.sandbox import SlackEmulator


class Workspace:
    """A small workspace at work, and calls to it."""

    def __init__(self) -> None:
        self.host = Host(World(), {"slack": SlackEmulator})
        self.host.seed({"slack": {"limits": {"enforced": False}}})
        self.client = httpx.Client(transport=self.host.transport(), base_url="http://127.0.0.1/slack/api")
        self.use("token")
        users = {each["name"]: each["id"] for each in self.host.show()["slack"]["users"]}
        self.alice, self.bob = users["alice"], users["bob"]
        self.team = self.call("auth.test")["team_id"]
        self.channel = self.call("conversations.create", name="work")["channel"]["id"]
        self.archived = self.call("conversations.create", name="old")["channel"]["id"]
        self.general = next(
            each["id"] for each in self.call("conversations.list")["channels"] if each["is_general"]
        )
        self.call("conversations.invite", channel=self.channel, users=self.alice)
        self.group = self.call("usergroups.create", name="Crew")["usergroup"]["id"]
        self.ts = self.call("chat.postMessage", channel=self.channel, text="x")["ts"]
        self.pinned = self.call("chat.postMessage", channel=self.channel, text="y")["ts"]
        self.call("pins.add", channel=self.channel, timestamp=self.pinned)
        self.later = int(self.host.world.now().timestamp()) + 3600
        scheduled = {"channel": self.channel, "text": "z", "post_at": self.later}
        self.scheduled = self.call("chat.scheduleMessage", **scheduled)["scheduled_message_id"]
        link = {"channel_id": self.channel, "title": "x", "type": "link", "link": "https://example.com"}
        self.bookmark = self.call("bookmarks.add", **link)["bookmark"]["id"]

    def use(self, token: str) -> None:
        """Go on with the bot's ``token`` or the owner's ``user_token``."""
        self.client.headers["Authorization"] = f"Bearer {self.host.connections()['slack'][token]}"

    def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """A call that has to succeed."""
        answer: dict[str, Any] = self.client.post(method, data=arguments).json()
        assert answer["ok"], f"{method} {arguments}: {answer}"
        return answer

    def values(self, method: str) -> dict[str, Any]:
        """A value for every argument that goes with the others."""
        anywhere: dict[str, Any] = {
            "channel": self.channel,
            "channel_id": self.channel,
            "user": self.alice,
            "users": self.bob,
            "usergroup": self.group,
            "team_id": self.team,
            "team": self.team,
            "name": f"new-{method.replace('.', '-').lower()}",
            "handle": f"handle-{method.replace('.', '-').lower()}",
            "limit": 100,
            "cursor": "",
            "topic": "x",
            "purpose": "x",
            "description": "x",
            "types": "public_channel,private_channel",
            "email": "alice@example.com",
            "channels": self.channel,
            "additional_channels": self.channel,
            "text": "hello",
            "blocks": '[{"type": "divider"}]',
            "attachments": '[{"text": "a"}]',
            "metadata": '{"event_type": "ran", "event_payload": {}}',
            "ts": self.ts,
            "thread_ts": self.ts,
            "message_ts": self.ts,
            "timestamp": self.pinned if method == "pins.remove" else self.ts,
            "post_at": self.later,
            "scheduled_message_id": self.scheduled,
            "bookmark_id": self.bookmark,
            "title": "Board",
            "link": "https://example.com/board",
            "type": "link",
            "emoji": ":clap:",
            "access_level": "read",
            "entity_id": "",
            "parent_id": "",
            "domain": "",
            "error": "",
            "oldest": "0",
            "latest": str(self.later + 60),
            "parse": "none",
            "username": "results",
            "icon_emoji": ":clap:",
            "icon_url": "https://example.com/icon.png",
            "markdown_text": "",
            "unfurled_attachments": "[]",
            "file_ids": "",
            "current_draft_last_updated_ts": "",
            "quip_section_id": "",
        }
        special = {
            "conversations.archive": {"channel": self.archived},
            "conversations.join": {"channel": self.general},
            "conversations.kick": {"user": self.alice},
            "usergroups.create": {"name": "Second", "handle": "second"},
        }
        return {**anywhere, **special.get(method, {})}
