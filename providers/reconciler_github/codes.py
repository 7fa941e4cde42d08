"""The codes of GitHub's errors: who has seen one has seen all.

The first of each area is given to every error of its kind (see ``reconciler.errors``); the others tell
apart what has to be mended in another way. A code that is published never means anything else.
"""

from collections.abc import Mapping

SINGLE_SIGN_ON = "GH-PERM-002"
MISSING_SCOPE = "GH-PERM-003"
ARCHIVED = "GH-PERM-004"
EMPTY = "GH-INPUT-002"
SECONDARY_LIMIT = "GH-LIMIT-002"

CODES: Mapping[str, str] = {
    "GH-AUTH-001": "GitHub does not accept the credentials",
    "GH-PERM-001": "the token's owner may not do this",
    SINGLE_SIGN_ON: "the token is not authorised for single sign-on",
    MISSING_SCOPE: "the token lacks a scope or a permission",
    ARCHIVED: "the repository is archived, and so read-only",
    "GH-FIND-001": "what was asked for is not there, or not to be seen",
    "GH-EXIST-001": "what is to be created is there already",
    "GH-INPUT-001": "GitHub says that the request is wrong",
    EMPTY: "the repository has no commit yet",
    "GH-LIMIT-001": "GitHub asks to wait",
    SECONDARY_LIMIT: "GitHub's secondary limit is reached",
    "GH-SERVER-001": "GitHub failed",
    "GH-NET-001": "GitHub cannot be reached",
    "GH-ANSWER-001": "the answer is not one of GitHub's",
    "GH-OUTCOME-001": "nobody knows whether a change took effect",
}
"""What each means, in a few words."""
