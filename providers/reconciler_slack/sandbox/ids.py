"""Ids as Slack writes them: a prefix that tells the kind, then capital letters and digits.

They are made from the world's sequence alone, so that the same calls give the same ids; consecutive numbers
are scattered, so that nobody takes an id for a number or an order.
Source: docs.slack.dev/reference/objects; the patterns in Slack's own description of its API.
"""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH = 9
_SPACE = 36**_LENGTH
_STEP = 72_663_441_173_017
"""Odd and no multiple of 3, so that it has no divisor in common with a power of 36: no id comes twice."""

PREFIXES = {
    "team": "T",
    "user": "U",
    "bot": "B",
    "app": "A",
    "channel": "C",
    "usergroup": "S",
    "bookmark": "Bk",
    "scheduled": "Q",
}


def make_id(kind: str, number: int) -> str:
    """The id of the object of this kind that got this number, such as ``C0Q4RL2M7XA``."""
    rest = number * _STEP % _SPACE
    text = ""
    for _ in range(_LENGTH):
        rest, digit = divmod(rest, 36)
        text = _DIGITS[digit] + text
    return f"{PREFIXES[kind]}0{text}"
