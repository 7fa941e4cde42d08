"""Random stacks in the whole language: for_each, when, modules in modules, references, provider aliases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from reconciler.config.layout import laid_out

Draw = Callable[[st.SearchStrategy[Any]], Any]

KEYS = ("a", "b", "odd key", "1.10", "on")
MAIN = "reconciler.yaml"


@dataclass
class Part:
    """A stack or module while it is drawn: its lines by section, and what may be referred to in it."""

    folder: str
    sections: dict[str, list[str]] = field(default_factory=dict)
    types: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    """Expressions, without braces, that are texts known only after apply."""
    things: list[str] = field(default_factory=list)
    """Expressions that are names of things."""
    wholes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Things with for_each: the chain of names, and the keys."""

    def text(self, head: str) -> str:
        """The file."""
        lines = [head]
        for section, rows in self.sections.items():
            lines += [f"{section}:", *rows]
        if self.types:
            lines.append("resources:")
        for kind, rows in self.types.items():
            lines += [f"  {kind}:", *rows]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Files:
    """The files of a stack, by their path."""

    texts: Mapping[str, str]

    def write(self, directory: Path) -> None:
        """Write them."""
        for name, text in self.texts.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def formatted(self) -> "Files":
        """The same in canonical layout."""
        return Files({name: laid_out(text) for name, text in self.texts.items()})


@st.composite
def files(draw: Draw) -> Files:
    """A stack with all its modules."""
    texts: dict[str, str] = {}
    root = Part("")
    root.sections["variables"] = ["  prefix: {type: text, default: r}", "  on: {type: bool, default: true}"]
    root.sections["providers"] = ["  memory: {}", "  memory.second: {}"]
    _fill(draw, root, texts, 0)
    texts[MAIN] = root.text("stack: lab")
    return Files(texts)


def _fill(draw: Draw, part: Part, texts: dict[str, str], depth: int) -> None:
    part.sections["locals"] = ['  prefix: "${var.prefix}"', "  keys: [a, b]"]
    for number in range(draw(st.integers(1, 3))):
        _thing(draw, part, f"t{number}", depth)
    if depth < 2:
        for number in range(draw(st.integers(0, 2 - depth))):
            _module(draw, part, f"m{number}", texts, depth)
    for number in range(draw(st.integers(0, 2))):
        _note(draw, part, f"n{number}")
    if part.things and draw(st.booleans()):
        _part_of_thing(draw, part)


def _turns(draw: Draw) -> tuple[str, tuple[str, ...], str]:
    """A ``for_each``, the keys that it has, and an expression of a text for each."""
    keys = tuple(draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=3)))
    shape = draw(st.sampled_from(["list", "mapping", "nested", "local"]))
    quoted = [f'"{key}"' for key in keys]
    if shape == "list":
        return f"[{', '.join(quoted)}]", keys, "each.value"
    if shape == "mapping":
        return (
            "{" + ", ".join(f"{key}: text-{index}" for index, key in enumerate(quoted)) + "}",
            keys,
            "each.value",
        )
    if shape == "nested":
        inner = ", ".join(f"{key}: {{t: text-{index}, s: {index}}}" for index, key in enumerate(quoted))
        return "{" + inner + "}", keys, "each.value.t"
    return '"${local.keys}"', ("a", "b"), "each.key | upper"


def _thing(draw: Draw, part: Part, name: str, depth: int) -> None:
    rows = part.types.setdefault("memory_thing", [])
    link = draw(st.sampled_from(["", *part.texts]))
    text = f', text: "see ${{{link}}}"' if link else ""
    extra = draw(
        st.sampled_from(["", ", size: 1", ", tags: [y, x]", ", lifecycle: {ignore_changes: [size]}"])
    )
    provider = ", provider: memory.second" if not depth and draw(st.integers(0, 3)) == 0 else ""
    match draw(st.sampled_from(["one", "each", "off", "if"])):
        case "one":
            rows.append(f'    {name}: {{name: "${{local.prefix}}-{name}"{text}{extra}{provider}}}')
            part.texts.append(f"memory_thing.{name}.id")
            if not provider:
                part.things.append(f"memory_thing.{name}.name")
        case "each":
            turns, keys, value = _turns(draw)
            filled = text or f', text: "${{{value}}}"'
            rows.append(
                f'    {name}: {{for_each: {turns}, name: "${{local.prefix}}-{name}-${{each.key}}"'
                f"{filled}{extra}{provider}}}"
            )
            part.wholes.append((f"memory_thing.{name}", keys))
            part.texts += [f"memory_thing.{name}['{key}'].id" for key in keys]
            if not provider:
                part.things += [f"memory_thing.{name}['{key}'].name" for key in keys]
        case "off":
            rows.append(f'    {name}: {{when: "${{not true}}", name: off-{name}}}')
            part.texts.append(f"memory_thing.{name}.id | default('none')")
        case "if":
            rows.append(
                f"    {name}: {{for_each: [a, b], when: \"${{each.key == 'a'}}\", "
                f'name: "${{local.prefix}}-{name}-${{each.key}}"}}'
            )
            part.texts.append(f"memory_thing.{name}['a'].id")


def _note(draw: Draw, part: Part, name: str) -> None:
    rows = part.types.setdefault("memory_note", [])
    title = f'title: "${{local.prefix}}-{name}'
    if part.wholes and draw(st.booleans()):
        chain, _ = draw(st.sampled_from(part.wholes))
        text = draw(
            st.sampled_from(["${each.value.id}", f"${{{chain}[each.key].id}}", "${each.key ~ each.value.id}"])
        )
        rows.append(f'    {name}: {{for_each: "${{{chain}}}", {title}-${{each.key}}", text: "{text}"}}')
        return
    text = draw(st.sampled_from(["plain", *(f"${{{one}}}" for one in part.texts)]))
    rows.append(f'    {name}: {{{title}", text: "{text}"}}')


def _part_of_thing(draw: Draw, part: Part) -> None:
    rows = part.types.setdefault("memory_part", [])
    rows.append(f'    p: {{thing: "${{{draw(st.sampled_from(part.things))}}}", name: p}}')


def _module(draw: Draw, part: Part, name: str, texts: dict[str, str], depth: int) -> None:
    inside = Part(f"{part.folder}{name}/")
    inside.sections["variables"] = ["  prefix: {type: text}", "  link: {type: text, default: nothing}"]
    inside.texts.append("var.link")
    _fill(draw, inside, texts, depth + 1)
    known = [one for one in inside.texts if one != "var.link"]
    exported = draw(st.sampled_from(known or ["var.link"]))
    inside.sections["outputs"] = [f'  out: {{value: "${{{exported}}}"}}']
    texts[f"{inside.folder}{MAIN}"] = inside.text("# a module")
    link = draw(st.sampled_from(["", *part.texts]))
    inputs = f', link: "${{{link}}}"' if link else ""
    calls = part.sections.setdefault("modules", [])
    source = f"source: ./{name}"
    if draw(st.booleans()):
        calls.append(f'  {name}: {{{source}, inputs: {{prefix: "${{local.prefix}}-{name}"{inputs}}}}}')
        part.texts.append(f"module.{name}.out")
        return
    turns, keys, _ = _turns(draw)
    calls.append(
        f'  {name}: {{{source}, for_each: {turns}, inputs: {{prefix: "${{local.prefix}}-{name}-${{each.key}}"'
        f"{inputs}}}}}"
    )
    part.texts += [f"module.{name}['{key}'].out" for key in keys]
