"""Objects as Slack shows them.

Sources: docs.slack.dev/reference/objects (conversation, user, usergroup), the examples of each method's page,
and the key sets of real answers.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.store import Store

Shown = dict[str, Any]


def workspace_url(team: Document) -> str:
    """The workspace's own address."""
    return f"https://{team['domain']}.slack.com/"


def permalink(team: Document, channel_id: str, ts: str, thread_ts: str | None) -> str:
    """The address of a message."""
    link = f"{workspace_url(team)}archives/{channel_id}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread_ts}&cid={channel_id}" if thread_ts and thread_ts != ts else link


def channel(team_id: str, found: Document) -> Shown:
    """A channel, without what depends on who looks at it."""
    return {
        "id": found["id"],
        "name": found["name"],
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": found["is_private"],
        "created": found["created"],
        "is_archived": found["is_archived"],
        "is_general": found["is_general"],
        "unlinked": 0,
        "name_normalized": found["name"],
        "is_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": team_id,
        "updated": found["updated"],
        "parent_conversation": None,
        "creator": found["creator"],
        "is_ext_shared": False,
        "shared_team_ids": [team_id],
        "pending_connected_team_ids": [],
        "topic": found["topic"],
        "purpose": found["purpose"],
        "previous_names": found["previous_names"],
    }


def user(team_id: str, found: Document, with_email: bool) -> Shown:
    """A user; the e-mail address needs the scope ``users:read.email``, and bots have none."""
    role = found["role"]
    shown: Shown = {
        "id": found["id"],
        "team_id": team_id,
        "name": found["name"],
        "deleted": found["deleted"],
        "is_bot": found["is_bot"],
        "is_app_user": False,
        "updated": found["updated"],
        "profile": _profile(team_id, found, with_email),
    }
    if not found["deleted"]:
        shown |= {
            "color": hashlib.sha256(found["id"].encode()).hexdigest()[:6],
            "real_name": found["real_name"],
            "tz": "Europe/London",
            "tz_label": "Greenwich Mean Time",
            "tz_offset": 0,
            "is_admin": role in ("primary_owner", "owner", "admin"),
            "is_owner": role in ("primary_owner", "owner"),
            "is_primary_owner": role == "primary_owner",
            "is_restricted": role == "guest",
            "is_ultra_restricted": False,
            "is_email_confirmed": found["email"] is not None,
            "who_can_share_contact_card": "EVERYONE",
        }
    return shown


def _profile(team_id: str, found: Document, with_email: bool) -> Shown:
    avatar = hashlib.sha256(found["name"].encode()).hexdigest()[:12]
    first, _, last = found["real_name"].partition(" ")
    shown: Shown = {
        "title": found["title"],
        "phone": "",
        "skype": "",
        "real_name": found["real_name"],
        "real_name_normalized": found["real_name"],
        "display_name": found["display_name"],
        "display_name_normalized": found["display_name"],
        "fields": None,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "status_text_canonical": "",
        "avatar_hash": avatar,
        "first_name": first,
        "last_name": last,
        "team": team_id,
    }
    for size in (24, 32, 48, 72, 192, 512):
        shown[f"image_{size}"] = f"https://avatars.example.com/{avatar}_{size}.png"
    if found["is_bot"]:
        shown |= {"api_app_id": found["app_id"], "bot_id": found["bot_id"], "always_active": True}
    elif with_email and found["email"]:
        shown["email"] = found["email"]
    return shown


def usergroup(team_id: str, found: Document, with_users: bool, with_count: bool) -> Shown:
    """A user group; members and their number only if they are asked for."""
    shown: Shown = {
        "id": found["id"],
        "team_id": team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": found["name"],
        "description": found["description"],
        "handle": found["handle"],
        "is_external": False,
        "date_create": found["date_create"],
        "date_update": found["date_update"],
        "date_delete": found["date_delete"],
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": found["created_by"],
        "updated_by": found["updated_by"],
        "deleted_by": found["deleted_by"],
        "prefs": {"channels": found["channels"], "groups": []},
        "channel_count": len(found["channels"]),
    }
    if with_users:
        shown["users"] = found["users"]
    if with_count:
        shown["user_count"] = len(found["users"])
    return shown


def bookmark(found: Document) -> Shown:
    """A bookmark."""
    return dict(found)


def team(found: Document) -> Shown:
    """The workspace."""
    icon: Shown = {
        f"image_{size}": f"https://avatars.example.com/{found['domain']}_{size}.png"
        for size in (34, 44, 68, 88, 102, 132)
    }
    return {
        "id": found["id"],
        "name": found["name"],
        "url": workspace_url(found),
        "domain": found["domain"],
        "email_domain": found["email_domain"],
        "icon": {**icon, "image_default": True},
        "avatar_base_url": "https://avatars.example.com/",
        "is_verified": False,
    }


def message(store: Store, found: Document, pinned: bool = False) -> Shown:
    """A message; one that begins a thread tells of the answers, one that is pinned where."""
    shown: Shown = dict(found["shown"])
    answers = [each for each in store.find("message", thread_ts=found["ts"]) if each["ts"] != found["ts"]]
    if answers:
        authors = list(dict.fromkeys(str(each["user_id"]) for each in answers))
        shown |= {
            "thread_ts": found["ts"],
            "reply_count": len(answers),
            "reply_users_count": len(authors),
            "latest_reply": answers[-1]["ts"],
            "reply_users": authors,
            "subscribed": False,
        }
    if pinned:
        shown["pinned_to"] = [found["channel_id"]]
    return shown


def bot_profile(team_id: str, bot: Document) -> Mapping[str, Any]:
    """What messages of an app tell about its bot."""
    name = bot["name"]
    icons = {f"image_{size}": f"https://avatars.example.com/{name}_{size}.png" for size in (36, 48, 72)}
    return {
        "id": bot["bot_id"],
        "app_id": bot["app_id"],
        "name": bot["real_name"],
        "icons": icons,
        "deleted": bot["deleted"],
        "updated": bot["updated"],
        "team_id": team_id,
    }
