"""The variables of a stack: declared in its files, chosen by flag, environment or default."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reconciler import codes
from reconciler.config import nodes
from reconciler.config.derived import SECRET_PROBLEM, Input
from reconciler.config.document import Entry, Section
from reconciler.config.parse import Limits, parse
from reconciler.config.patterns import PatternError, searched
from reconciler.config.plain_values import plain_value
from reconciler.config.shapes import ANY, Shape
from reconciler.config.source import Source
from reconciler.config.stack import Template
from reconciler.config.templates import TemplateBuilder, hide_all
from reconciler.config.validation import holds_open
from reconciler.config.variable_types import VariableType, read_type
from reconciler.diagnostics import Diagnostics, Place, did_you_mean
from reconciler.values import Sensitive, Unknown, Value, is_known, is_sensitive, reveal

PREFIX = "RECONCILER_VAR_"

_LIMITS = Limits(depth=32, nodes=100_000)
_MAX_LENGTH = 2**20


@dataclass(frozen=True, slots=True)
class _Given:
    """A value for a variable, and where it comes from."""

    value: Value
    place: Place


class Variables:
    """Works out the values of a stack's variables; what is wrong goes to ``found``."""

    def __init__(self, declared: Section, builder: TemplateBuilder, found: Diagnostics) -> None:
        self._declared = declared
        self._builder = builder
        self._found = found

    def values(
        self, flags: Mapping[str, str], environ: Mapping[str, str], chosen: Section
    ) -> dict[str, Value]:
        """The value of each: the flag's, the environment's, the chosen environment's, the default.

        A variable without a right value is Unknown, which nothing else complains about.
        """
        for name in flags:
            if name not in self._declared:
                advice = did_you_mean(name, self._declared) or "declare it under variables:"
                self._found.error(
                    f"--var gives {name!r}, which is no variable of the stack",
                    advice=advice,
                    code=codes.VARIABLE,
                )
        for name, entry in chosen.items():
            if name not in self._declared:
                advice = did_you_mean(name, self._declared) or "declare it under variables:"
                self._found.error(
                    f"there is no variable {name!r}", advice=advice, place=entry.place, code=codes.VARIABLE
                )
        return {
            name: self._value(name, entry, flags, environ, chosen) for name, entry in self._declared.items()
        }

    def inputs(
        self, given: Mapping[str, tuple[Template, Entry]], called: str, use: Entry
    ) -> dict[str, Template]:
        """The value of each variable of a module: what its use gives, or the default."""
        values: dict[str, Template] = {}
        for name, entry in self._declared.items():
            settings = _settings(entry.node)
            kind = type_of(entry)
            node = entry.node.values.get("default") if isinstance(entry.node, nodes.Mapping) else None
            if name in given:
                value, at = given[name]
                found = _Given(value, at.place)
                if settings.get("sensitive") is True:
                    hide_all(at.node, at.source)
            elif node is not None:
                found = self._from_node(entry.source, node, kind, settings.get("sensitive") is True)
            else:
                self._found.error(
                    f"the variable {name} of the module has no value",
                    advice=f"write inputs: {{{name}: …}}, or add a default in the module",
                    place=use.place,
                    address=called,
                    code=codes.VARIABLE,
                )
                values[name] = Unknown(f"var.{name}")
                continue
            values[name] = self._checked(name, found, kind, settings)
        return values

    def _checked(self, name: str, given: _Given, kind: VariableType, settings: Mapping[str, Any]) -> Template:
        """A value as its declaration allows it; Unknown, which has been said, for a wrong one."""
        given = replace(given, value=kind.completed(given.value))
        if holds_open(given.value):
            if not is_known(given.value) and not hasattr(given.value, "evaluate"):
                return given.value
            return Input(given.value, name, given.place, settings.get("sensitive") is True,
                         lambda value: _problem(value, kind, settings))  # fmt: skip
        problem = _problem(reveal(given.value), kind, settings)
        is_hidden = settings.get("sensitive") is True
        if problem and (is_hidden or is_sensitive(given.value)):
            problem = SECRET_PROBLEM
        if problem:
            self._found.error(
                f"the variable {name} {problem[0]}", advice=problem[1], place=given.place, code=codes.VARIABLE
            )
            return Unknown(f"var.{name}")
        return Sensitive(reveal(given.value)) if is_hidden else given.value

    def _value(
        self, name: str, entry: Entry, flags: Mapping[str, str], environ: Mapping[str, str], chosen: Section
    ) -> Value:
        settings = _settings(entry.node)
        kind = type_of(entry)
        given = self._given(name, kind, entry, settings, flags, environ, chosen)
        if given is None:
            return Unknown(f"var.{name}")
        if not is_known(given.value):
            return given.value
        return self._checked(name, given, kind, settings)

    def _given(
        self, name: str, kind: VariableType, entry: Entry, settings: Mapping[str, Any],
        flags: Mapping[str, str], environ: Mapping[str, str], chosen: Section,
    ) -> _Given | None:  # fmt: skip
        from_env = settings.get("from_env")
        if name in flags:
            return self._from_text(flags[name], f"--var {name}", kind)
        for variable in (PREFIX + name, from_env):
            if isinstance(variable, str) and variable in environ:
                return self._from_text(environ[variable], variable, kind)
        is_hidden = settings.get("sensitive") is True
        if name in chosen:
            return self._from_node(chosen[name].source, chosen[name].node, kind, is_hidden)
        node = entry.node.values.get("default") if isinstance(entry.node, nodes.Mapping) else None
        if node is not None:
            return self._from_node(entry.source, node, kind, is_hidden)
        ways = f"give --var {name}=..., set {PREFIX}{name}" + (f" or {from_env}" if from_env else "")
        self._found.error(
            f"the variable {name} has no value",
            advice=f"{ways}, or add a default",
            place=entry.place,
            code=codes.VARIABLE,
        )
        return None

    def _from_node(self, source: Source, node: nodes.Node, kind: VariableType, is_hidden: bool) -> _Given:
        self._builder.begin(source, None)
        if is_hidden:
            hide_all(node, source)
        return _Given(self._builder.build(node, kind.shape), source.place(node.position))

    def _from_text(self, text: str, origin: str, kind: VariableType) -> _Given | None:
        """A value from a command line or the environment: text as it is, anything else as YAML."""
        place = Place(origin, 1, 1)
        if kind.is_text:
            return _Given(text, place)
        source = Source(origin, text, is_secret=True)
        if len(text) > _MAX_LENGTH:
            self._found.error(f"{origin} is too long", place=place, code=codes.VARIABLE)
            return None
        problems = len(self._found)
        node = parse(source, self._found, _LIMITS)
        if node is None:
            if len(self._found) == problems:
                self._found.error(f"{origin} is empty", place=place, code=codes.VARIABLE)
            return None
        return _Given(plain_value(node, kind.shape), place)


def _settings(node: nodes.Node) -> Mapping[str, Any]:
    """What a variable's declaration says beside its default; wrong parts have been reported with the file."""
    if not isinstance(node, nodes.Mapping):
        return {}
    shape = read_type(node.values.get("type")).shape
    settings: dict[str, Any] = {}
    for key, part in node.values.items():
        if key == "enum" and isinstance(part, nodes.Sequence):
            settings[key] = [plain_value(item, shape) for item in part.items]
        elif key not in ("default", "type", "validation"):
            settings[key] = plain_value(part, _TEXT if key in ("pattern", "from_env") else ANY)
    return settings


_TEXT = Shape({"type": "string"})


def type_of(entry: Entry) -> VariableType:
    """The type that a variable declares."""
    return read_type(entry.node.values.get("type") if isinstance(entry.node, nodes.Mapping) else None)


def _problem(value: Value, kind: VariableType, settings: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with a variable's value and what to do, or None."""
    if value is None and settings.get("nullable") is True:
        return None
    if problem := kind.problem(value):
        return problem
    allowed = settings.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        texts = [one for one in allowed if isinstance(one, str)]
        advice = did_you_mean(str(value), texts) or "use one of: " + ", ".join(map(str, allowed))
        return f"cannot be {str(value)[:60]!r}", advice
    pattern = settings.get("pattern")
    if isinstance(pattern, str):
        try:
            matches = searched(pattern, str(value)) is not None
        except PatternError as error:
            return f"has a pattern that cannot be used: {error}", error.advice
        if not matches:
            return f"cannot be {str(value)[:60]!r}", f"it must match {pattern}"
    return None
