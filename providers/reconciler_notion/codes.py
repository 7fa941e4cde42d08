"""The codes of Notion's errors: who has seen one has seen all.

The first of each area is given to every error of its kind (see ``reconciler.errors``); the others tell
apart what has to be mended in another way. A code that is published never means anything else.
"""

from collections.abc import Mapping

IN_TRASH = "NO-INPUT-002"
CONFLICT = "NO-INPUT-003"
OVERLOADED = "NO-LIMIT-002"

CODES: Mapping[str, str] = {
    "NO-AUTH-001": "Notion does not accept the credentials",
    "NO-PERM-001": "the integration lacks a capability",
    "NO-FIND-001": "it is not there, or not shared with the integration",
    "NO-EXIST-001": "what is to be created is there already",
    "NO-INPUT-001": "Notion says that the request is wrong",
    IN_TRASH: "it is in the trash",
    CONFLICT: "somebody changed it at the same moment",
    "NO-LIMIT-001": "Notion asks to wait",
    OVERLOADED: "Notion is overloaded",
    "NO-SERVER-001": "Notion failed",
    "NO-NET-001": "Notion cannot be reached",
    "NO-ANSWER-001": "the answer is not one of Notion's",
    "NO-OUTCOME-001": "nobody knows whether a change took effect",
}
"""What each means, in a few words."""
