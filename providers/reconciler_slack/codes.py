"""The codes of Slack's errors: who has seen one has seen all.

The first of each area is given to every error of its kind (see ``reconciler.errors``); the others tell
apart what has to be mended in another way. A code that is published never means anything else.
"""

from collections.abc import Mapping

MISSING_SCOPE = "SL-PERM-002"
TOKEN_TYPE = "SL-PERM-003"  # noqa: S105 - a code
NOT_IN_CHANNEL = "SL-PERM-004"
PAID_PLAN = "SL-PERM-005"

CODES: Mapping[str, str] = {
    "SL-AUTH-001": "Slack does not accept the credentials",
    "SL-PERM-001": "the workspace does not allow this",
    MISSING_SCOPE: "the token lacks a scope",
    TOKEN_TYPE: "another kind of token is needed",
    NOT_IN_CHANNEL: "the bot is not in the channel",
    PAID_PLAN: "the workspace needs a paid plan for this",
    "SL-FIND-001": "what was asked for is not there, or not to be seen",
    "SL-EXIST-001": "what is to be created is there already",
    "SL-INPUT-001": "Slack says that the request is wrong",
    "SL-LIMIT-001": "Slack asks to wait",
    "SL-SERVER-001": "Slack failed",
    "SL-NET-001": "Slack cannot be reached",
    "SL-ANSWER-001": "the answer is not one of Slack's",
    "SL-OUTCOME-001": "nobody knows whether a change took effect",
}
"""What each means, in a few words."""
