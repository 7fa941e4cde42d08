"""Random stacks for the laws: what they are in YAML, and what the service must hold once they are applied."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from reconciler.testing import MemoryService

NAMES = ("a", "b", "c", "d")
FOREIGN = "outside"
"""A thing that somebody else made and that nobody of ours may touch."""

MADE_FIRST = "z"
FIRST = "create_before_destroy: true"
TRIGGERED = "replace_triggered_by: [OTHER]"
"""What is replaced when the thing changes that it refers to."""


@dataclass(frozen=True)
class Thing:
    """A declared thing; its object is called by ``name`` and ``suffix`` together."""

    name: str
    suffix: str
    is_moved: bool
    attributes: dict[str, Any]
    secret: bool
    refers_to: str
    parts: tuple[str, ...]
    text_of_parts: str
    literal_parts: bool
    lifecycle: str

    @property
    def label(self) -> str:
        """What the service calls it."""
        return self.name + self.suffix

    @property
    def address(self) -> str:
        """Its address."""
        return f"memory_thing.{'moved_' if self.is_moved else ''}{self.name}"


@dataclass(frozen=True)
class Stack:
    """Things, members by name with their roles, and notes by name with the thing that they speak of."""

    things: tuple[Thing, ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    looks_up: bool = False
    parts_first: bool = False
    notes_first: bool = False
    """Whether a note is made anew, before the old one goes, whenever the thing that it speaks of changes."""


things = st.builds(
    Thing,
    name=st.sampled_from(NAMES),
    suffix=st.sampled_from(["", "2"]),
    is_moved=st.booleans(),
    attributes=st.fixed_dictionaries(
        {},
        optional={
            "size": st.integers(0, 2),
            "kind": st.sampled_from(["plain", "fancy"]),
            "tags": st.lists(st.sampled_from("xyz"), unique=True, max_size=2),
            "with_default_part": st.booleans(),
            "text": st.sampled_from(["one", " padded "]),
        },
    ),
    secret=st.booleans(),
    refers_to=st.sampled_from(("", *NAMES)),
    parts=st.lists(st.sampled_from(["default", "p", "q"]), unique=True, max_size=2).map(tuple),
    text_of_parts=st.sampled_from(["", "one", "two"]),
    literal_parts=st.booleans(),
    lifecycle=st.sampled_from(
        ["", "", "", "ignore_changes: [text]", "prevent_destroy: true", FIRST, TRIGGERED]
    ),
)
stacks = st.builds(
    Stack,
    things=st.lists(things, unique_by=lambda thing: thing.name, max_size=4).map(tuple),
    members=st.dictionaries(st.sampled_from("klm"), st.sampled_from(["reader", "writer"])).map(
        lambda roles: tuple(roles.items())
    ),
    notes=st.dictionaries(st.sampled_from("st"), st.sampled_from(NAMES)).map(
        lambda notes: tuple(notes.items())
    ),
    looks_up=st.booleans(),
    parts_first=st.booleans(),
    notes_first=st.sampled_from([False, False, True]),
)


def with_made_first(stack: Stack, generation: int) -> Stack:
    """A stack with a thing that is made before its old one goes; in each generation it is another."""
    kind = ("plain", "fancy")[generation % 2]
    thing = Thing(
        MADE_FIRST, str(generation), False, {"kind": kind}, False, "", ("p",), "", False, FIRST
    )  # fmt: skip
    return replace(
        stack,
        things=(*(one for one in stack.things if one.name != MADE_FIRST), thing),
        notes=(*(one for one in stack.notes if one[1] != MADE_FIRST), ("u", MADE_FIRST)),
        notes_first=True,
    )


def as_yaml(stack: Stack) -> str:
    """A thing may refer to one that stands before it."""
    seen: dict[str, Thing] = {}
    of_things: list[str] = []
    of_parts: list[str] = []
    for thing in stack.things:
        of_things.append(_thing(thing, seen))
        of_parts += _parts(thing)
        seen[thing.name] = thing
    notes = [
        f'    {name}: {{title: "{name}: {_title(about, seen)}"{_first(stack, seen.get(about))}}}'
        for name, about in stack.notes
    ]
    if stack.looks_up:
        notes.append(f'    l: {{title: "${{data.memory_thing.{FOREIGN}.id}}"}}')
    members = [f"    {name}: {{name: {name}, role: {role}}}" for name, role in stack.members]
    sections = {"thing": of_things, "part": of_parts, "note": notes, "member": members}
    if stack.parts_first:
        sections = {"part": of_parts, **sections}
    lines = [f"data: {{memory_thing: {{{FOREIGN}: {{name: {FOREIGN}}}}}}}"] if stack.looks_up else []
    lines.append("resources:" if any(sections.values()) else "resources: {}")
    for kind, entries in sections.items():
        lines += [f"  memory_{kind}:", *entries] if entries else []
    ids = [f'"${{{thing.address}.id}}"' for thing in stack.things]
    return "\n".join([*lines, f"outputs: {{ids: {{value: [{', '.join(ids)}]}}}}"])


def _thing(thing: Thing, seen: dict[str, Thing]) -> str:
    pairs = {"name": thing.label, **thing.attributes}
    if other := seen.get(thing.refers_to):
        pairs["text"] = f'"${{{other.address}.id}}"'
    elif "text" in pairs:
        pairs["text"] = f'"{pairs["text"]}"'
    if thing.secret:
        pairs["secret"] = '"${secret.TOKEN}"'
    if thing.lifecycle == TRIGGERED and other:
        pairs["lifecycle"] = f"{{replace_triggered_by: [{other.address}]}}"
    elif thing.lifecycle and thing.lifecycle != TRIGGERED:
        pairs["lifecycle"] = f"{{{thing.lifecycle}}}"
    written = ", ".join(f"{key}: {_plain(value)}" for key, value in pairs.items())
    return f"    {thing.address.partition('.')[2]}: {{{written}}}"


def _parts(thing: Thing) -> Iterator[str]:
    owner = thing.label if thing.literal_parts else f"${{{thing.address}.name}}"
    text = f", text: {thing.text_of_parts}" if thing.text_of_parts else ""
    for part in thing.parts:
        yield f'    {thing.name}_{part}: {{thing: "{owner}", name: {part}{text}}}'


def _first(stack: Stack, about: Thing | None) -> str:
    if not stack.notes_first or about is None:
        return ""
    return f", lifecycle: {{{FIRST}, replace_triggered_by: [{about.address}]}}"


def _title(about: str, seen: dict[str, Thing]) -> str:
    return f"${{{seen[about].address}.id}}" if about in seen else f"nothing called {about}"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).replace("'", "")


def check_service(
    service: MemoryService, stack: Stack, secret: str, strays: Collection[str] = frozenset()
) -> None:
    """The service holds exactly what is declared, beside what others made and the ids of ``strays``."""
    things, members, notes = (
        [found for found in service.objects(kind) if found.id not in strays]
        for kind in ("memory_thing", "memory_member", "memory_note")
    )
    found = {thing.attributes["name"]: thing for thing in things}
    assert Counter(thing.attributes["name"] for thing in things) == Counter(
        [FOREIGN, *(thing.label for thing in stack.things)]
    )
    for thing in stack.things:
        live = found[thing.label]
        for name, value in thing.attributes.items():
            if name == "tags":
                assert sorted(live.attributes[name]) == sorted(value)
            elif name != "text":
                assert live.attributes[name] == value, (thing.label, name)
        if thing.secret:
            assert service.secret_of(live.id) == secret
    _check_parts(service, stack, strays)
    roles = {member.attributes["name"]: member.attributes["role"] for member in members}
    assert roles == dict(stack.members)
    ids = {one.name: found[one.label].id for one in stack.things}
    titles = [f"{name}: {ids.get(about, f'nothing called {about}')}" for name, about in stack.notes]
    titles += [found[FOREIGN].id] if stack.looks_up else []
    assert Counter(note.attributes["title"] for note in notes) == Counter(titles)


def _check_parts(service: MemoryService, stack: Stack, strays: Collection[str]) -> None:
    """A part that the service made with its thing may be there without a declaration."""
    declared = {(thing.label, part) for thing in stack.things for part in thing.parts}
    parts = [part for part in service.objects("memory_part") if part.id not in strays]
    there = [(part.attributes["thing"], part.attributes["name"]) for part in parts]
    assert len(there) == len(set(there))
    assert declared <= set(there)
    assert {name for _, name in set(there) - declared} <= {"default"}
    texts = {thing.label: thing.text_of_parts for thing in stack.things if thing.text_of_parts}
    for part in parts:
        owner = part.attributes["thing"]
        if (owner, part.attributes["name"]) in declared and owner in texts:
            assert part.attributes["text"] == texts[owner]
