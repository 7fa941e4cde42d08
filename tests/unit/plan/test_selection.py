"""What the text of an option such as --target names."""

import pytest

from reconciler.address import Address, AddressSyntaxError
from reconciler.plan.selection import Selector

KNOWN = [
    Address.parse(text)
    for text in (
        "slack_channel.a",
        'slack_channel.b["x"]',
        'slack_channel.b["y"]',
        "module.qa.slack_channel.a",
        'module.squad["red"].slack_channel.a',
        'module.squad["blue"].slack_channel.a',
        'module.squad["red"].module.deep.slack_channel.b["x"]',
        "data.slack_channel.a",
    )
]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("slack_channel.a", [0]),
        ("slack_channel.b", [1, 2]),
        ('slack_channel.b["y"]', [2]),
        ("data.slack_channel.a", [7]),
        ("module.qa", [3]),
        ("module.qa.slack_channel.a", [3]),
        ("module.squad", [4, 5, 6]),
        ('module.squad["red"]', [4, 6]),
        ("module.squad.slack_channel.a", [4, 5]),
        ('module.squad["red"].module.deep', [6]),
        ("module.squad.module.deep.slack_channel.b", [6]),
        ("slack_channel.c", []),
        ("module.deep", []),
        ('slack_channel.a["x"]', []),
    ],
)
def test_it_names_what_it_leads_to(text: str, named: list[int]) -> None:
    assert Selector.parse(text).meaning(KNOWN) == [KNOWN[index] for index in named]
    assert str(Selector.parse(text)) == text


@pytest.mark.parametrize("text", ["", "slack_channel", "module.", "a b.c", 'module.qa["x'])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressSyntaxError):
        Selector.parse(text)
