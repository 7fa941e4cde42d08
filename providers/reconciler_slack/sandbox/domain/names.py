"""What Slack makes of the name of a channel.

Source: docs.slack.dev/reference/methods/conversations.rename, "Naming": lower-case letters, digits, hyphens
and underscores, at most 80 characters; a name is modified to meet that, so callers keep the name that comes
back. How is not documented: here capitals become small, white space becomes hyphens, and other punctuation
falls away. What no such change can mend has the error codes ``invalid_name_…`` of the page.
"""

import re
import string

from reconciler_slack.sandbox.errors import Refusal

LONGEST = 80
_KEPT = "-_"
_DROPPED = str.maketrans("", "", "".join(set(string.punctuation) - set(_KEPT)))


def channel_name(text: str) -> str:
    """The name that a channel gets; raises ``Refusal``."""
    if not text.strip():
        raise Refusal("invalid_name_required")
    name = re.sub(r"\s+", "-", text.strip().lower()).translate(_DROPPED)
    if not name.strip(_KEPT):
        raise Refusal("invalid_name_punctuation")
    if not all(letter in _KEPT or letter.isalnum() for letter in name):
        raise Refusal("invalid_name_specials")
    if len(name) > LONGEST:
        raise Refusal("invalid_name_maxlength")
    return name
