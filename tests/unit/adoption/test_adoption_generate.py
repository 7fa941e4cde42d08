"""What resources objects become: names, references, groups, secrets, and what is left out."""

import random
from collections.abc import Iterable
from typing import Any

import pytest
import yaml

from reconciler.address import Address
from reconciler.adoption.found import Candidate, Generated, Ground, Known
from reconciler.adoption.generate import generate
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object

TEXT: dict[str, Any] = {"type": "string"}
BOARD = ResourceType.from_schema(
    "desk_board",
    {
        "type": "object",
        "required": ["name"],
        "x-natural-key": ["name"],
        "x-turns": {"archive": {"closed": True}},
        "properties": {
            "name": TEXT,
            "closed": {"type": "boolean", "default": False},
            "about": {"type": "string", "default": "", "maxLength": 20},
            "id": {"type": "string", "x-computed": True},
        },
    },
)
CARD = ResourceType.from_schema(
    "desk_card",
    {
        "type": "object",
        "required": ["board", "title"],
        "x-natural-key": ["board", "title"],
        "x-parents": [{"type": "desk_board", "attribute": "board", "key": "name"}],
        "properties": {
            "board": TEXT,
            "title": TEXT,
            "color": {"type": "string", "default": "white"},
            "size": {"type": "integer"},
            "watchers": {"type": "array", "items": {"type": "string", "x-references": "desk_person.id"}},
            "look": {
                "type": "object",
                "properties": {"font": TEXT, "bold": {"type": "boolean", "default": False}},
            },
        },
    },
)
PERSON = ResourceType.from_schema(
    "desk_person",
    {
        "type": "object",
        "required": ["login", "password"],
        "x-natural-key": ["login"],
        "x-import-id": "{id}",
        "properties": {
            "login": TEXT,
            "password": {"type": "string", "x-sensitive": True, "x-write-only": True},
            "token": {"type": "string", "x-sensitive": True},
            "id": {"type": "string", "x-computed": True},
        },
    },
)
TYPES = {found.name: found for found in (BOARD, CARD, PERSON)}


def ground(**others: Any) -> Ground:
    return Ground("desk", TYPES, **others)


def board(name: str, **others: Any) -> Candidate:
    return Candidate(BOARD, Object("desk_board", f"b-{name}", {"name": name, "id": f"b-{name}", **others}))


def card(board_name: str, title: str, **others: Any) -> Candidate:
    attributes = {"board": board_name, "title": title, **others}
    return Candidate(CARD, Object("desk_card", f"c-{board_name}-{title}", attributes))


def person(login: str, **others: Any) -> Candidate:
    return Candidate(
        PERSON, Object("desk_person", f"p-{login}", {"login": login, "id": f"p-{login}", **others})
    )


def made(candidates: Iterable[Candidate], *, with_groups: bool = True, **others: Any) -> Generated:
    return generate(candidates, ground(**others), ["Test."], with_groups=with_groups)


def resources(candidates: Iterable[Candidate], **others: Any) -> dict[str, Any]:
    document = yaml.safe_load(made(candidates, **others).text)
    return dict(document["resources"])


def test_names_are_identifiers_made_of_what_objects_are_called_and_unique() -> None:
    names = ["My Board", "my-board", "2024", "é tage", "日本", "items", "a" * 80]
    found = resources(board(name) for name in names)["desk_board"]
    assert sorted(found) == sorted(
        ["my_board", "my_board_2", "board_2024", "e_tage", "board", "items", "a" * 60]
    )
    assert {one["name"] for one in found.values()} == set(names)


def test_names_that_the_stack_has_already_are_not_given_again() -> None:
    found = resources([board("docs")], taken={"desk_board": frozenset({"docs", "docs_2"})})
    assert list(found["desk_board"]) == ["docs_3"]


def test_the_order_in_which_objects_come_does_not_matter() -> None:
    every = [board("a"), board("b"), person("ada")]
    every += [card(one, title, color=color) for one in "ab" for title in "xyz" for color in ("red",)]
    first = made(every).text
    for seed in range(5):
        random.Random(seed).shuffle(every)
        assert made(every).text == first


def test_a_reference_stands_where_the_object_is_in_the_file_or_in_the_stack() -> None:
    known = Known(Address("desk_person", "boss", "x"), {"id": "p-boss"})
    found = resources(
        [board("docs"), card("docs", "a", watchers=["p-ada", "p-boss", "p-else"]), person("ada")],
        known=(known,),
    )["desk_card"]["docs_a"]
    assert found["board"] == "${desk_board.docs.name}"
    assert found["watchers"] == ["${desk_person.ada.id}", '${desk_person.boss["x"].id}', "p-else"]


def test_what_is_as_it_would_be_by_itself_is_not_declared() -> None:
    found = resources(
        [
            board("docs", about="", closed=False),
            card("docs", "a", color=None, look={"font": "x", "bold": False}),
        ]
    )
    assert found["desk_board"]["docs"] == {"name": "docs"}
    assert found["desk_card"]["docs_a"] == {
        "board": "${desk_board.docs.name}",
        "title": "a",
        "look": {"font": "x"},
    }


def test_alike_objects_of_one_parent_are_one_resource_with_for_each() -> None:
    generated = made(
        [
            board("docs"),
            *(card("docs", title, color=color, size=1) for title, color in (("x: y", "on"), ("b", "red"))),
        ]
    )
    found = yaml.safe_load(generated.text)["resources"]["desk_card"]["docs"]
    assert found == {
        "for_each": {"b": {"color": "red"}, "x: y": {"color": "on"}},
        "board": "${desk_board.docs.name}",
        "title": "${each.key}",
        "color": "${each.value.color}",
        "size": 1,
    }
    assert [str(one.to) for one in generated.imports] == [
        "desk_board.docs", 'desk_card.docs["b"]', 'desk_card.docs["x: y"]',
    ]  # fmt: skip
    assert [one.id for one in generated.imports] == ["docs", "docs:b", "docs:x: y"]


def test_objects_that_differ_in_more_than_plain_values_are_not_grouped() -> None:
    found = resources(
        [
            board("docs"),
            card("docs", "a", color="red", size=1),
            card("docs", "b", color="red", look={"font": "x"}),
            card("docs", "c", color="red", watchers=["p-1"]),
            card("docs", "d", color="red", size=2),
        ]
    )["desk_card"]
    assert set(found) == {"docs", "docs_b", "docs_c"}
    assert list(found["docs"]["for_each"]) == ["a", "d"]


def test_objects_with_nothing_of_their_own_are_a_list() -> None:
    found = resources([board("docs"), card("docs", "a"), card("docs", "b")])["desk_card"]["docs"]
    assert found["for_each"] == ["a", "b"]


def test_what_others_refer_to_is_never_grouped_and_groups_can_be_switched_off() -> None:
    assert set(resources([person("a"), person("b")])["desk_person"]) == {"a", "b"}
    single = resources([board("docs"), card("docs", "a"), card("docs", "b")], with_groups=False)
    assert set(single["desk_card"]) == {"docs_a", "docs_b"}


def test_a_secret_is_named_and_never_written() -> None:
    generated = made([person("ada", token="T0P")])
    assert "T0P" not in generated.text
    found = yaml.safe_load(generated.text)["resources"]["desk_person"]["ada"]
    assert found == {
        "login": "ada",
        "password": "${secret.DESK_PERSON_ADA_PASSWORD}",
        "token": "${secret.DESK_PERSON_ADA_TOKEN}",
        "lifecycle": {"ignore_changes": ["password"]},
    }
    assert [(one.name, str(one.address), one.attribute) for one in generated.to_fill] == [
        ("DESK_PERSON_ADA_PASSWORD", "desk_person.ada", "password"),
        ("DESK_PERSON_ADA_TOKEN", "desk_person.ada", "token"),
    ]


def test_a_value_that_shows_a_secret_of_the_stack_is_not_written() -> None:
    generated = made(
        [board("docs", about="hunter2"), card("docs", "a", look={"font": "hunter2"})],
        shows_secret=lambda value: "hunter2" in str(value),
    )
    assert "hunter2" not in generated.text
    found = yaml.safe_load(generated.text)["resources"]
    assert found["desk_board"]["docs"]["about"] == "${secret.DESK_BOARD_DOCS_ABOUT}"
    assert "look is left out: it shows a secret" in generated.text


def test_what_was_let_go_of_is_left_out_with_all_that_is_in_it() -> None:
    generated = made([board("old", closed=True), card("old", "a"), board("new")])
    assert [(str(one), one.reason) for one in generated.left_out] == [
        ("desk_board old", "somebody has let go of it (archive): it shows closed: true"),
        ("desk_card old:a", "the desk_board that it is in is left out"),
    ]
    assert "# Left out:\n#   desk_board old: somebody" in generated.text
    assert list(yaml.safe_load(generated.text)["resources"]) == ["desk_board"]


def test_what_the_stack_declares_or_cannot_tell_apart_is_left_out() -> None:
    generated = made(
        [
            board("mine"),
            board("known"),
            Candidate(BOARD, Object("desk_board", "b-2", {"name": "twin"})),
            board("twin"),
        ],
        owned={("desk_board", '["mine"]'): Address("desk_board", "own")},
        recorded={("desk_board", '["known"]'): Address("desk_board", "other")},
    )
    assert [one.reason for one in generated.left_out] == [
        "desk_board.other has the same name, by which a stack tells objects apart",
        "desk_board.own declares it already: adopt it with reconciler import 'desk_board.own' 'mine'",
        "twin has the same name, by which a stack tells objects apart",
    ]


def test_a_value_that_the_schema_does_not_take_is_left_out_with_a_comment() -> None:
    generated = made([board("docs", about="x" * 30)])
    assert yaml.safe_load(generated.text)["resources"]["desk_board"]["docs"] == {"name": "docs"}
    assert "# about is left out: the schema does not take its value" in generated.text


def test_what_must_be_declared_and_is_not_told_hinders() -> None:
    generated = made([Candidate(CARD, Object("desk_card", "c-1", {"board": "docs"}))])
    assert [one.reason for one in generated.left_out] == [
        "the service does not tell its title, which must be declared"
    ]
    assert "resources:" not in generated.text


def test_another_configuration_of_the_provider_is_named() -> None:
    found = generate([board("docs")], Ground("desk.second", TYPES), [])
    assert yaml.safe_load(found.text)["resources"]["desk_board"]["docs"]["provider"] == "desk.second"


@pytest.mark.parametrize("count", [0, 1])
def test_an_account_without_objects_gives_a_file_with_nothing_in_it(count: int) -> None:
    generated = made([board("a", closed=True)] * count)
    assert yaml.safe_load(generated.text) is None
    assert generated.imports == ()
