"""A recorded expression follows a resource to its new address, and no other."""

import pytest

from reconciler.address import Address
from reconciler.config.renaming import renaming


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${thing.a.name}", "${thing.b.name}"),
        ("${thing.a}", "${thing.b}"),
        ("${ thing . a.name }", "${ thing.b.name }"),
        ("${thing['a'].name}", "${thing.b.name}"),
        ('${thing["a"]["name"]}', '${thing.b["name"]}'),
        ("at ${thing.a.x}/${thing.a.y | upper}", "at ${thing.b.x}/${thing.b.y | upper}"),
        ("${[thing.a.x, o.c.y + thing.a.z] | join('-')}", "${[thing.b.x, o.c.y + thing.b.z] | join('-')}"),
        ("${thing.ab.name}", "${thing.ab.name}"),
        ("${thing.a-b.name}", "${thing.a-b.name}"),
        ("${thing.a_b.name}", "${thing.a_b.name}"),
        ("${something.a.name}", "${something.a.name}"),
        ("${data.thing.a.name}", "${data.thing.a.name}"),
        ("${local.thing.a.name}", "${local.thing.a.name}"),
        ("${'thing.a' ~ \"thing.a\"}", "${'thing.a' ~ \"thing.a\"}"),
        ("thing.a and $${thing.a}", "thing.a and $${thing.a}"),
        ("${thing.a", "${thing.a"),
    ],
)  # fmt: skip
def test_whole_addresses_inside_expressions_are_renamed(text: str, expected: str) -> None:
    assert renaming(Address("thing", "a"), Address("thing", "b"))(text) == expected


def test_a_name_with_hyphens_and_a_key_are_part_of_an_address() -> None:
    rename = renaming(Address("thing", "my-own"), Address("thing", "x", "k"))
    assert rename("${thing.my-own.name} ${thing.my.name}") == '${thing.x["k"].name} ${thing.my.name}'
    back = renaming(Address("thing", "x", "k"), Address("thing", "my-own"))
    assert back('${thing.x["k"].name} ${thing.x["l"].name}') == '${thing.my-own.name} ${thing.x["l"].name}'


def test_an_address_in_a_module_is_compared_with_its_modules() -> None:
    rename = renaming(Address.parse('module.squad["red"].thing.a'), Address.parse("thing.a"))
    assert rename('${module.squad["red"].thing.a.x}') == "${thing.a.x}"
    assert rename('${module.squad["blue"].thing.a.x}') == '${module.squad["blue"].thing.a.x}'
