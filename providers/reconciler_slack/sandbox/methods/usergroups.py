"""User groups. Source: docs.slack.dev/reference/methods, the pages usergroups.*.

Free plans have none (``paid_teams_only`` where it is documented, else ``plan_upgrade_required``), and a
workspace may leave them to its admins (``permission_denied``).
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox import representations
from reconciler_slack.sandbox.domain.usergroups import (
    create_usergroup,
    require_channels,
    set_enabled,
    update_usergroup,
)
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import both

METHODS = Methods()
_READ, _WRITE = both("usergroups:read"), both("usergroups:write")


@METHODS.add("usergroups.create", 2, _WRITE, "name")
def create(call: Call) -> Answer:
    """A new user group, enabled and without members."""
    _require_writable(call, "paid_teams_only")
    return _shown(call, create_usergroup(call.store, call.viewer.id, _fields(call)))


@METHODS.add("usergroups.update", 2, _WRITE, "usergroup")
def update(call: Call) -> Answer:
    """Another name, handle, description, or other default channels."""
    _require_writable(call, "paid_teams_only")
    return _shown(call, update_usergroup(call.store, _find(call), call.viewer.id, _fields(call)))


@METHODS.add("usergroups.enable", 2, _WRITE, "usergroup")
def enable(call: Call) -> Answer:
    """Let a user group be mentioned again, with the members it had."""
    return _set_enabled(call, True)


@METHODS.add("usergroups.disable", 2, _WRITE, "usergroup")
def disable(call: Call) -> Answer:
    """Put a user group away; it cannot be deleted."""
    return _set_enabled(call, False)


@METHODS.add("usergroups.list", 2, _READ, takes_json=False)
def list_usergroups(call: Call) -> Answer:
    """All user groups in one answer: this list has no pages."""
    _require_plan(call, "plan_upgrade_required")
    disabled_too = call.arguments.boolean("include_disabled")
    with_users = call.arguments.boolean("include_users")
    with_count = call.arguments.boolean("include_count")
    team_id = call.store.team()["id"]
    return {
        "usergroups": [
            representations.usergroup(team_id, found, with_users, with_count)
            for found in call.store.find("usergroup")
            if disabled_too or not found["date_delete"]
        ]
    }


@METHODS.add("usergroups.users.list", 2, _READ, "usergroup", takes_json=False)
def list_users(call: Call) -> Answer:
    """The ids of the members; a disabled group is found only if it is asked for."""
    _require_plan(call, "plan_upgrade_required")
    found = _find(call)
    if found["date_delete"] and not call.arguments.boolean("include_disabled"):
        raise Refusal("no_such_subteam")
    return {"users": found["users"]}


@METHODS.add("usergroups.users.update", 2, _WRITE, "usergroup")
def update_users(call: Call) -> Answer:
    """Replace all members by others; at least one is needed."""
    _require_writable(call, "plan_upgrade_required")
    usergroup = _find(call)
    user_ids = call.arguments.texts("users")
    if not user_ids:
        raise Refusal("no_users_provided")
    users = [call.store.get("user", user_id) for user_id in user_ids]
    if any(user is None or user["deleted"] for user in users):
        raise Refusal("invalid_users")
    return _shown(call, update_usergroup(call.store, usergroup, call.viewer.id, {"users": user_ids}))


def _fields(call: Call) -> dict[str, Any]:
    names = [name for name in ("name", "handle", "description") if name in call.arguments]
    fields: dict[str, Any] = {name: call.arguments.text(name) for name in names}
    if "channels" in call.arguments:
        fields["channels"] = require_channels(call.store, call.arguments.texts("channels"))
    if "enable_section" in call.arguments:
        fields["enable_section"] = call.arguments.boolean("enable_section")
    return fields


def _set_enabled(call: Call, enabled: bool) -> Answer:
    _require_writable(call, "plan_upgrade_required")
    return _shown(call, set_enabled(call.store, _find(call), call.viewer.id, enabled))


def _find(call: Call) -> Document:
    found = call.store.get("usergroup", call.arguments.text("usergroup"))
    if found is None:
        raise Refusal("no_such_subteam")
    return found


def _require_plan(call: Call, error: str) -> None:
    if call.store.team()["plan"] == "free":
        raise Refusal(error)


def _require_writable(call: Call, error_of_plan: str) -> None:
    _require_plan(call, error_of_plan)
    only_admins = call.store.team()["usergroups_managed_by"] == "admins"
    if call.viewer.is_guest or (only_admins and not call.viewer.is_admin):
        raise Refusal("permission_denied")


def _shown(call: Call, usergroup: Document) -> Answer:
    with_count = call.arguments.boolean("include_count")
    return {"usergroup": representations.usergroup(call.store.team()["id"], usergroup, True, with_count)}
