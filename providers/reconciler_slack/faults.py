"""Slack's error codes, each with the kind of error that it is in our words and what to do about it.

Source: the "Errors" tables of the methods' pages under docs.slack.dev/reference/methods; a test holds this
table against them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.errors import (
    AlreadyExists,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    ServiceFailed,
    Unauthorized,
)
from reconciler_slack import codes


@dataclass(frozen=True, slots=True)
class Fault:
    """What an error code means: the kind of error, and what to do about it."""

    kind: type[ProviderError]
    remedy: str
    code: str = ""
    """One of ``codes``; empty for the general one of its kind."""


_TOKEN = "make a new token: install the app again under api.slack.com/apps, OAuth & Permissions"  # noqa: S105 - advice, not a token
_INVITE = "if the channel is private, somebody in it must invite the bot: /invite @BOT"
_CHANNEL = f"check the channel's id or name; {_INVITE}"
_ADMIN = "ask an administrator of the workspace to allow it: Slack's settings, Permissions"
_PLAN = "user groups need a paid plan of Slack: upgrade the workspace, or remove the user groups"
_NAME = "use 1 to 80 lower-case letters, digits, hyphens and underscores, not only punctuation"
_LATER = "try again later; slack-status.com may say more"
_PEOPLE = "check the people listed: their ids, that they belong to this workspace and are active"
_ENTERPRISE = "use a token of one workspace, not of the whole Enterprise organisation"
_OURS = "this should not happen: please report it, with what was declared"
_ARCHIVED = "the channel is archived: declare `archived: false` on it first"
_KIND_OF_CHANNEL = f"only public channels, and private ones that the bot is in, can be managed; {_INVITE}"
_SHARED = "a setting for channels shared with others forbids it: ask an administrator"
_HANDLE = "another user group, a person or a channel has it (a disabled user group keeps it): choose another"
_LINK = "write an address that starts with http:// or https://"
_BOOKMARK_KIND = "only bookmarks of the type link are managed: import another one"

_OF_THE_TOKEN: Mapping[str, Fault] = {
    "not_authed": Fault(Unauthorized, "give the provider a `token`"),
    "invalid_auth": Fault(Unauthorized, f"the token is wrong, or not allowed from here; {_TOKEN}"),
    "account_inactive": Fault(Unauthorized, f"the app was removed from the workspace; {_TOKEN}"),
    "token_revoked": Fault(Unauthorized, f"the token was revoked; {_TOKEN}"),
    "token_expired": Fault(Unauthorized, f"the token has expired; {_TOKEN}"),
    "two_factor_setup_required": Fault(Unauthorized, "set up two-factor authentication for the account"),
    "org_login_required": Fault(Unauthorized, f"the workspace is being migrated; {_LATER}"),
    "missing_scope": Fault(
        Forbidden, "give the app the scopes in the provider's documentation", codes.MISSING_SCOPE
    ),
    "not_allowed_token_type": Fault(
        Forbidden, "`token` must be a bot token (xoxb-), `user_token` a person's", codes.TOKEN_TYPE
    ),
    "is_bot": Fault(Forbidden, "this is for people: give the provider a `user_token`", codes.TOKEN_TYPE),
    "no_permission": Fault(Forbidden, f"the token may not do this here; {_INVITE}", codes.NOT_IN_CHANNEL),
    "access_denied": Fault(Forbidden, f"the bot has no access; {_INVITE}", codes.NOT_IN_CHANNEL),
    "accesslimited": Fault(Forbidden, "the workspace allows this only from certain networks"),
    "ekm_access_denied": Fault(Forbidden, "administrators have suspended this: ask them"),
    "enterprise_is_restricted": Fault(Forbidden, _ENTERPRISE),
    "permission_denied": Fault(Forbidden, _ADMIN),
    "restricted_action": Fault(Forbidden, _ADMIN),
    "not_authorized": Fault(
        Forbidden, "only who created the channel, or an administrator, may rename it: do it in Slack"
    ),
}

_OF_THE_SERVICE: Mapping[str, Fault] = {
    "internal_error": Fault(ServiceFailed, _LATER),
    "fatal_error": Fault(ServiceFailed, _LATER),
    "service_unavailable": Fault(ServiceFailed, _LATER),
    "request_timeout": Fault(ServiceFailed, _LATER),
    "team_added_to_org": Fault(ServiceFailed, f"the workspace is being migrated; {_LATER}"),
    "fetch_members_failed": Fault(ServiceFailed, _LATER),
    "ratelimited": Fault(RateLimited, _LATER),
    "too_many_requests": Fault(RateLimited, _LATER),
}

_OF_THE_REQUEST: Mapping[str, Fault] = dict.fromkeys(
    (
        "deprecated_endpoint",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_charset",
        "invalid_form_data",
        "invalid_json",
        "invalid_limit",
        "invalid_post_type",
        "json_not_object",
        "limit_required",
        "method_deprecated",
        "missing_argument",
        "missing_post_type",
        "unknown_method",
        "no_user",
        "no_channel",
    ),
    Fault(Rejected, _OURS),
) | {
    "invalid_cursor": Fault(Rejected, "the list changed while it was read: try again"),
    "invalid_types": Fault(
        Forbidden, "give the app the scopes channels:read and groups:read", codes.MISSING_SCOPE
    ),
    "invalid_team": Fault(Rejected, _ENTERPRISE),
    "target_team_must_be_specified_in_org_context": Fault(Rejected, _ENTERPRISE),
    "target_team_not_on_org": Fault(Rejected, _ENTERPRISE),
}

_OF_CHANNELS: Mapping[str, Fault] = {
    "channel_not_found": Fault(NotFound, _CHANNEL),
    "channel_is_limited_access": Fault(Forbidden, f"only some may see this channel; {_INVITE}"),
    "method_not_supported_for_channel_type": Fault(Rejected, _KIND_OF_CHANNEL),
    "not_in_channel": Fault(Forbidden, f"the bot is not in the channel; {_INVITE}", codes.NOT_IN_CHANNEL),
    "is_archived": Fault(Rejected, _ARCHIVED),
    "already_archived": Fault(Rejected, "it is archived already: plan again"),
    "not_archived": Fault(Rejected, "it is not archived: plan again"),
    "cant_archive_general": Fault(
        Rejected, "the workspace's general channel cannot be archived: declare `on_destroy: forget`"
    ),
    "cant_archive_required": Fault(
        Rejected, "a required channel cannot be archived: declare `on_destroy: forget`"
    ),
    "cannot_create_channel": Fault(Forbidden, _ADMIN),
    "canvas_disabled_user_team": Fault(Forbidden, "canvases are switched off: ask an administrator"),
    "name_taken": Fault(
        AlreadyExists,
        "a channel has this name: perhaps an archived one, or a private one that the bot cannot see; "
        "adopt it, or choose another name",
    ),
    "invalid_name": Fault(Rejected, _NAME),
    "invalid_name_maxlength": Fault(Rejected, _NAME),
    "invalid_name_punctuation": Fault(Rejected, _NAME),
    "invalid_name_required": Fault(Rejected, _NAME),
    "invalid_name_specials": Fault(Rejected, _NAME),
    "too_long": Fault(Rejected, "a topic or purpose has at most 250 characters"),
    "user_is_restricted": Fault(
        Forbidden, "who would do it, or be invited, is a guest or is restricted: ask an administrator"
    ),
    "too_many_members": Fault(Rejected, "the channel has as many members as it can: remove some first"),
    "external_channel_migrating": Fault(Rejected, "the shared channel is being moved: try again later"),
}

_OF_PEOPLE: Mapping[str, Fault] = {
    "user_not_found": Fault(Rejected, _PEOPLE),
    "users_not_found": Fault(NotFound, _PEOPLE),
    "user_not_visible": Fault(NotFound, "the bot may not see this person: ask an administrator"),
    "too_many_users": Fault(Rejected, "ask about fewer people at once"),
    "invalid_users": Fault(Rejected, _PEOPLE),
    "failed_for_some_users": Fault(Rejected, _PEOPLE),
    "no_users_provided": Fault(
        Rejected, "Slack keeps no user group without people: declare `enabled: false`, or leave `users` out"
    ),
    "org_user_not_in_team": Fault(Rejected, _PEOPLE),
    "invitee_cant_see_channel": Fault(Rejected, "share the channel with the person's workspace first"),
    "already_in_channel": Fault(Rejected, "somebody joined meanwhile: plan again"),
    "app_cannot_join_channel": Fault(Forbidden, "apps cannot be in this channel: leave them out of `users`"),
    "cant_invite": Fault(
        Forbidden, "the person cannot be invited to this channel: leave them out of `users`"
    ),
    "cant_invite_self": Fault(Rejected, "leave the bot out of `users`: it is in the channel anyway"),
    "no_external_invite_permission": Fault(Forbidden, _SHARED),
    "ura_max_channels": Fault(
        Rejected, "a single-channel guest is in a channel already: make them a full member, or leave them out"
    ),
    "cant_kick_self": Fault(Rejected, "the bot cannot remove itself: remove it in Slack"),
    "cant_kick_from_general": Fault(
        Rejected, "nobody can be removed from the general channel: use `mode: additive`"
    ),
    "not_supported": Fault(Rejected, "this person cannot be removed from this channel: list them in `users`"),
}

_OF_USER_GROUPS: Mapping[str, Fault] = {
    "bad_handle": Fault(Rejected, "use lower-case letters, digits, hyphens, underscores and full stops"),
    "forbidden_handle": Fault(Rejected, "Slack keeps this handle for itself: choose another"),
    "handle_already_exists": Fault(AlreadyExists, _HANDLE),
    "name_already_exists": Fault(AlreadyExists, f"the name is taken: {_HANDLE}"),
    "name_too_long": Fault(Rejected, "shorten `name`"),
    "description_too_long": Fault(Rejected, "shorten `description`"),
    "missing_subteam_name": Fault(Rejected, "give `name` a text that is not empty"),
    "invalid_channel_provided": Fault(Rejected, f"check `channels`; {_INVITE}"),
    "invalid_group_provided": Fault(Rejected, f"check `channels`; {_INVITE}"),
    "too_many_linked_channels": Fault(Rejected, "list fewer `channels`"),
    "no_such_subteam": Fault(NotFound, "the user group is not there any more: plan again"),
    "subteam_not_found": Fault(NotFound, "the user group is not there any more: plan again"),
    "paid_teams_only": Fault(Forbidden, _PLAN, codes.PAID_PLAN),
    "plan_upgrade_required": Fault(Forbidden, _PLAN, codes.PAID_PLAN),
    "subteam_max_users_exceeded": Fault(Rejected, "list fewer `users`"),
}

_OF_BOOKMARKS: Mapping[str, Fault] = {
    "not_found": Fault(NotFound, "the bookmark is not there any more: plan again"),
    "not_implemented": Fault(Forbidden, "bookmarks are not available here: ask an administrator"),
    "too_many_bookmarks": Fault(Rejected, "the channel has as many bookmarks as it can: remove some first"),
    "too_many_tabs": Fault(Rejected, "the channel has as many tabs as it can: remove some first"),
    "invalid_emoji": Fault(Rejected, "write an emoji of this workspace by its name: `:rocket:`"),
    "invalid_link": Fault(Rejected, _LINK),
    "parent_with_link": Fault(Rejected, "it is a folder, which has no link: import another bookmark"),
    "invalid_bookmark_type": Fault(Rejected, _BOOKMARK_KIND),
    "slack_connect_blocked_file_type": Fault(Forbidden, _SHARED),
    "slack_connect_clip_sharing_blocked": Fault(Forbidden, _SHARED),
    "slack_connect_file_upload_sharing_blocked": Fault(Forbidden, _SHARED),
    "cannot_bookmark_from_external_org": Fault(Forbidden, _SHARED),
    "cannot_bookmark_restricted_sharing_enabled": Fault(Forbidden, _SHARED),
} | dict.fromkeys(
    (
        "file_already_added",
        "file_not_found",
        "invalid_app_action_type",
        "invalid_child_type",
        "invalid_entity_id",
        "invalid_parent_type",
        "invalid_shortcut_type",
        "parent_bookmark_disabled",
    ),
    Fault(Rejected, _BOOKMARK_KIND),
)

FAULTS: Mapping[str, Fault] = {
    **_OF_THE_TOKEN,
    **_OF_THE_SERVICE,
    **_OF_THE_REQUEST,
    **_OF_CHANNELS,
    **_OF_PEOPLE,
    **_OF_USER_GROUPS,
    **_OF_BOOKMARKS,
}
"""What each code means, whichever method answers it."""

METHOD_FAULTS: Mapping[tuple[str, str], Fault] = {
    ("users.info", "user_not_found"): Fault(NotFound, _PEOPLE),
    ("usergroups.list", "users_not_found"): Fault(ServiceFailed, _LATER),
    ("conversations.kick", "not_in_channel"): Fault(Rejected, "the person left meanwhile: plan again"),
}
"""What a code means as the answer of one method."""

UNKNOWN_FAULT = Fault(Rejected, "docs.slack.dev/reference/methods says what the method's errors mean")
"""For codes that Slack has not documented."""
