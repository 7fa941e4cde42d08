"""Texts with ``${…}`` in them: read once, evaluated as often as needed."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from reconciler import codes
from reconciler.address import Address
from reconciler.config.names import Names, NoSuchStep, Problem, written_part
from reconciler.config.scanner import ExpressionSyntaxError, Inner, scan
from reconciler.config.source import Position, Source
from reconciler.config.stack import Scope, Template
from reconciler.config.uses import PLAIN_ROOTS, Use, plain_use
from reconciler.diagnostics import Diagnostic, Diagnostics, Place
from reconciler.errors import InvalidConfiguration
from reconciler.values import (
    Sensitive,
    Unknown,
    UnknownValueError,
    Value,
    is_sensitive,
    leaves,
    reveal,
    transform,
)

if TYPE_CHECKING:
    from reconciler.config import jinja


@cache
def _jinja() -> "type[jinja.Compiled]":
    """Jinja2 costs more to load than a stack of plain references to read: it is loaded when first needed."""
    compiled: type[jinja.Compiled] = importlib.import_module("reconciler.config.jinja").Compiled
    return compiled


MAX_PROBLEMS = 1_000
"""When so many have been found, no more are looked for."""

_MAX_TEXT = 1_000_000
MAX_PARTS = 100_000
"""How many single values one value may hold. Beyond that, lists of lists that are each used many times would
grow without bound."""


class EvaluationError(Exception):
    """An expression has no value. ``advice`` says what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


@dataclass(slots=True)
class Code:
    """One ``${…}``: what it uses, and how to run it; ``run`` is None for a plain reference."""

    text: str
    uses: tuple[Use, ...]
    run: Callable[[Mapping[str, Value]], Value] | None = None


@dataclass(slots=True)
class Parsed:
    """A text's parts. ``problems`` says what is wrong; there are no parts then."""

    parts: tuple[str | Code, ...]
    problems: tuple[Problem, ...] = ()
    references: frozenset[Address] = field(default_factory=frozenset)
    constant: tuple[Value, bool] | None = None
    """Its value and whether that is sensitive, once it has been evaluated and rests on no resource."""


class StackExpression:
    """An expression that rests on resources; see ``stack.Expression``."""

    __slots__ = ("_at", "_file", "_names", "_parsed", "address", "source")

    def __init__(
        self, source: str, parsed: Parsed, names: Names, file: Source, at: Position, address: str | None
    ) -> None:
        self.source = source
        self.address = address
        self._parsed = parsed
        self._names = names
        self._file = file
        self._at = at

    def __repr__(self) -> str:
        return self.source

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self._file.place(self._at, self.source)

    @property
    def references(self) -> frozenset[Address]:
        """The resources and data that it refers to."""
        return self._parsed.references

    @property
    def plain(self) -> Use | None:
        """The chain of names that it is, if it is nothing else."""
        part = self._parsed.parts[0]
        return (
            part.uses[0] if len(self._parsed.parts) == 1 and isinstance(part, Code) and not part.run else None
        )

    @property
    def uses(self) -> tuple[Use, ...]:
        """The chains of names in it."""
        return tuple(use for part in self._parsed.parts if isinstance(part, Code) for use in part.uses)

    def known_values(self) -> Iterator[Template]:
        """What the names in it that are no resources stand for: variables, locals, secrets."""
        for use in self.uses:
            if use.root == "local":
                yield written_part(self._names.locals, use.steps)
            elif use.address is None and use.root in PLAIN_ROOTS:
                try:
                    yield self._names.value(use, no_scope)
                except NoSuchStep:
                    continue  # said when the expression was read, or when it is evaluated

    def evaluate(self, scope: Scope) -> Value:
        """Its value; raises InvalidConfiguration."""
        try:
            return evaluate(self._parsed, self._names, scope)
        except EvaluationError as error:
            summary = f"{self.source}: {error}"
            found = Diagnostic(summary, error.advice, self.place, self.address, code=codes.EXPRESSION)
            raise InvalidConfiguration([found]) from None


def evaluate(parsed: Parsed, names: Names, scope: Scope) -> Value:
    """The value of a text's parts: of one single expression as it is, otherwise the parts as one text.

    Raises EvaluationError.
    """
    if len(parsed.parts) == 1:
        part = parsed.parts[0]
        return part if isinstance(part, str) else _run(part, names, scope)
    texts, secret = [], False
    for part in parsed.parts:
        value = part if isinstance(part, str) else _run(part, names, scope)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Sensitive):
            secret, value = True, value.value
        texts.append(_text(value))
    if sum(map(len, texts)) > _MAX_TEXT:
        raise EvaluationError(f"the text would have more than {_MAX_TEXT:,} characters")
    return Sensitive("".join(texts)) if secret else "".join(texts)


def _text(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return str(value)
        case None:
            raise EvaluationError(
                "null cannot be part of a text", "give a default: ${... | default('', true)}"
            )
    kind = "a list" if isinstance(value, list) else "a mapping"
    raise EvaluationError(f"{kind} cannot be part of a text", "use | join(', ') or | tojson")


def _run(code: Code, names: Names, scope: Scope) -> Value:
    secret = False
    known: list[tuple[Use, Value]] = []
    for use in code.uses:
        try:
            value = _resolved(names.value(use, scope), scope)
        except NoSuchStep as error:
            if use.is_optional:
                known.append((Use(use.root, ()), {}))  # the name is there, what follows it is not
                continue
            raise EvaluationError(str(error), error.advice) from None
        unknown = _first_unknown(value)
        if unknown is not None and not use.is_optional:
            return unknown
        if code.run is None:
            return value
        secret = secret or is_sensitive(value)
        known.append((use, reveal(value)))
    if code.run is None:
        raise EvaluationError("it uses nothing")
    try:
        result = code.run(_context(known, names))
    except UnknownValueError as error:
        return error.unknown
    except ValueError as error:
        raise EvaluationError(
            "it cannot be evaluated with its sensitive values" if secret else str(error)
        ) from None
    return Sensitive(result) if secret else result


def _first_unknown(value: Value) -> Unknown | None:
    return next((leaf for leaf in leaves(value) if isinstance(leaf, Unknown)), None)


def _resolved(value: Value, scope: Scope) -> Value:
    """A value with the expressions inside it evaluated: a local may hold some."""
    if isinstance(value, str):
        return value
    return transform(value, lambda part: part.evaluate(scope) if isinstance(part, StackExpression) else part)


def _context(known: list[tuple[Use, Value]], names: Names) -> dict[str, Value]:
    """What a compiled expression sees: nested mappings that hold just what it uses."""
    context: dict[str, Value] = {}
    for use, value in known:
        if use.address is None:
            path = [use.root, *use.steps]
        else:
            prefix = ["data", use.address.type] if use.address.is_data else [use.address.type]
            path = [*prefix, use.address.name, *use.steps]
        _put(context, path, value)
    return context


def _put(context: dict[str, Value], path: list[str | int], value: Value) -> None:
    here: dict[str | int, Value] = context  # type: ignore[assignment]  # indexes stand as keys in here
    for step in path[:-1]:
        inside = here.setdefault(step, {})
        if not isinstance(inside, dict):
            return  # a shorter chain has put the whole value here
        here = inside
    if isinstance(value, dict) and isinstance(here.get(path[-1]), dict):
        value = {**here[path[-1]], **value}
    here[path[-1]] = value


class Reader:
    """Reads the texts of a stack; the same text is parsed and checked once."""

    def __init__(self, names: Names, found: Diagnostics, *, is_checking: bool = True) -> None:
        self.names = names
        self._found = found
        self._is_checking = is_checking
        self._parsed: dict[str, Parsed] = {}
        self.was_sensitive = False
        """Whether anything sensitive has been read since somebody set this to False."""

    def parse(self, text: str) -> Parsed:
        """What a text consists of, without evaluating it; keeps what is wrong with it."""
        parsed = self._parsed.get(text)
        if parsed is None:
            parsed = self._parsed[text] = self._parse(text)
        return parsed

    def uses(self, text: str) -> tuple[Use, ...]:
        """The chains of names in a text; what is wrong with it is not said."""
        return tuple(use for part in self.parse(text).parts if isinstance(part, Code) for use in part.uses)

    def forget(self) -> None:
        """Parse every text again, since what it uses has changed."""
        self._parsed.clear()

    def _parse(self, text: str) -> Parsed:
        parts: list[str | Code] = []
        problems: list[Problem] = []
        try:
            for part in scan(text):
                parts.append(self._code(part, problems) if isinstance(part, Inner) else part)
        except ExpressionSyntaxError as error:
            return Parsed((), (Problem(str(error), error.advice),))
        codes = [part for part in parts if isinstance(part, Code)]
        if self._is_checking:
            for code in codes:
                problems.extend(filter(None, map(self.names.problem, code.uses)))
        references = frozenset(
            address for code in codes for use in code.uses for address in self.names.addresses(use)
        )
        return Parsed(tuple(parts), tuple(problems), references)

    def _code(self, inner: Inner, problems: list[Problem]) -> Code:
        if not inner.text:
            raise ExpressionSyntaxError("the expression is empty", "write $${ for a literal ${", inner.offset)
        use = plain_use(inner.text, self.names.is_root)
        if use is not None:
            return Code(inner.text, (use,))
        compiled = _jinja()(inner.text, self.names.is_root)
        problems.extend(self.names.unknown_root(name) for name in compiled.unknown_roots)
        return Code(inner.text, compiled.uses, compiled.run)

    def read(self, text: str, file: Source, at: Position, address: str | None) -> Template:
        """The value of a text, or an expression where it rests on resources.

        What is wrong goes to the diagnostics; the value is Unknown then, which nothing else complains about.
        """
        if len(self._found) > MAX_PROBLEMS:
            return Unknown(text)
        parsed = self.parse(text)
        if parsed.problems:
            for problem in parsed.problems:
                self._found.error(
                    problem.summary,
                    advice=problem.advice,
                    place=file.place(at, text),
                    address=address,
                    code=problem.code or codes.EXPRESSION,
                )
            return Unknown(text)
        if parsed.references:
            return StackExpression(text, parsed, self.names, file, at, address)
        if parsed.constant is None:
            try:
                value = evaluate(parsed, self.names, no_scope)
            except EvaluationError as error:
                summary = f"the expression has no value: {error}"
                place = file.place(at, text)
                self._found.error(
                    summary, advice=error.advice, place=place, address=address, code=codes.EXPRESSION
                )
                return Unknown(text)
            parsed.constant = (value, is_sensitive(value))
        self.was_sensitive = self.was_sensitive or parsed.constant[1]
        return parsed.constant[0]


def no_scope(address: Address) -> Unknown:
    """The scope before there is any: every resource is unknown."""
    return Unknown(str(address))
