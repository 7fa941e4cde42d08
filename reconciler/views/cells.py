"""How many cells of a terminal a text takes: not its number of characters.

After Unicode's East Asian Width (unicode.org/reports/tr11) and emoji sequences (unicode.org/reports/tr51).
Terminals differ on rare sequences; a line that is a cell longer than thought does no harm.
"""

import unicodedata
from functools import lru_cache
from itertools import pairwise

_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_NO_ROOM = frozenset(("Mn", "Me", "Cf"))


def cells(text: str) -> int:
    """The cells that a printable text takes: none for what combines, two for what is wide."""
    if text.isascii():
        return len(text)
    wide = sum(map(_cells, text))
    if _JOINER in text or _AS_EMOJI in text:
        wide += sum(_correction(one, after) for one, after in pairwise(text))
    return wide


def padded(text: str, width: int) -> str:
    """The text with spaces behind it, so that it takes ``width`` cells at least."""
    return text + " " * (width - cells(text))


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    if unicodedata.category(character) in _NO_ROOM or ord(character) in _SKIN_TONES:
        return 0
    if ord(character) in _FLAG_LETTERS:
        return 1  # two of them make a flag
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _correction(one: str, after: str) -> int:
    if one == _JOINER:
        return -_cells(after)  # joined with what stands before it: one picture
    return 2 - _cells(one) if after == _AS_EMOJI and _cells(one) else 0
