"""The codes of anyKrowd's errors: who has seen one has seen all.

The first of each area is given to every error of its kind (see ``reconciler.errors``); the others tell
apart what has to be mended in another way. A code that is published never means anything else.
"""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "AK-AUTH-001": "anyKrowd does not accept the credentials",
    "AK-PERM-001": "the API key may not do this",
    "AK-FIND-001": "what was asked for is not there, or not to be seen",
    "AK-EXIST-001": "what is to be created is there already",
    "AK-INPUT-001": "anyKrowd says that the request is wrong",
    "AK-LIMIT-001": "anyKrowd asks to wait",
    "AK-SERVER-001": "anyKrowd failed",
    "AK-NET-001": "anyKrowd cannot be reached",
    "AK-ANSWER-001": "the answer is not one of anyKrowd's",
    "AK-OUTCOME-001": "nobody knows whether a change took effect",
}
"""What each means, in a few words."""
