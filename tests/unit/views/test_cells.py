"""The cells of a terminal that a text takes."""

import pytest

from reconciler.views.cells import cells, padded
from reconciler.views.line import columns, wrapped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("語", 2),
        ("ﾊﾝｶｸ", 4),
        ("🎉", 2),
        ("👩‍👩‍👧", 2),
        ("👍🏽", 2),
        ("🇧🇪", 2),
        ("❤\ufe0f", 2),
        ("a\u200bb", 2),
        ("→ …", 3),
    ],
)
def test_what_is_wide_takes_two_and_what_combines_none(text: str, expected: int) -> None:
    assert cells(text) == expected


def test_columns_and_wrapped_lines_are_measured_in_cells() -> None:
    assert list(columns([("語", "x"), ("abc", "y")])) == ["語   x", "abc  y"]
    assert list(wrapped("語語 語語 ab", 9)) == ["語語 語語", "ab"]
    assert padded("語", 4) == "語  "
