"""Texts with ``${…}`` in them: read once, evaluated as often as needed."""

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from reconciler import codes
from reconciler.address import Address
from reconciler.config.blocks import NOTHING
from reconciler.config.names import Absent, Names, NoSuchStep, Problem
from reconciler.config.scanner import ExpressionSyntaxError, Inner, scan
from reconciler.config.source import Position, Source
from reconciler.config.stack import Scope, Template
from reconciler.config.uses import PLAIN_ROOTS, VALUE_ROOTS, Steps, Use, chain_of, plain_use
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


@dataclass(frozen=True, slots=True)
class Code:
    """One ``${…}``: what it uses, and how to run it; ``run`` is None for a plain reference."""

    text: str
    uses: tuple[Use, ...]
    run: Callable[[Mapping[str, Value]], Value] | None = None


@dataclass(slots=True)
class Parsed:
    """A text's parts, as one module and one turn of a ``for_each`` sees them.

    ``problems`` says what is wrong; there are no parts then.
    """

    parts: tuple[str | Code, ...]
    problems: tuple[Problem, ...] = ()
    rests_on_resources: bool = False
    constant: tuple[Value] | None = None
    """Its value, once it has been evaluated and rests on no resource."""
    references: frozenset[Address] | None = None
    """What it refers to, once somebody has asked."""

    @property
    def codes(self) -> Iterator[Code]:
        """The expressions among the parts."""
        return (part for part in self.parts if isinstance(part, Code))


@dataclass(slots=True)
class Texts:
    """What the texts of a stack consist of, whichever module uses them: each is read and compiled once."""

    is_root: Callable[[str], bool]
    unknown_root: Callable[[str], Problem]
    _known: dict[str, tuple[Parsed, bool]] = field(default_factory=dict)

    def read(self, text: str) -> tuple[Parsed, bool]:
        """A text as it is written, and whether it speaks of ``each``."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._read(text)
        return known

    def _read(self, text: str) -> tuple[Parsed, bool]:
        parts: list[str | Code] = []
        problems: list[Problem] = []
        try:
            for part in scan(text):
                parts.append(self._code(part, problems) if isinstance(part, Inner) else part)
        except ExpressionSyntaxError as error:
            return Parsed((), (Problem(str(error), error.advice),)), False
        parsed = Parsed(tuple(parts), tuple(problems))
        every = (inner for code in parsed.codes for use in code.uses for inner in use.inner())
        return parsed, any(use.root == "each" for use in every)

    def _code(self, inner: Inner, problems: list[Problem]) -> Code:
        if not inner.text:
            raise ExpressionSyntaxError("the expression is empty", "write $${ for a literal ${", inner.offset)
        use = plain_use(inner.text, self.is_root)
        if use is not None:
            return Code(inner.text, (use,))
        compiled = _jinja()(inner.text, self.is_root)
        problems.extend(self.unknown_root(name) for name in compiled.unknown_roots)
        return Code(inner.text, compiled.uses, compiled.run)


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
        found = self._parsed.references
        if found is None:
            found = self._parsed.references = self._referred()
        return found

    def _referred(self) -> frozenset[Address]:
        found: set[Address] = set()
        self._parsed.references = NOTHING  # for outputs of modules that need each other
        for use in self.uses:
            try:
                found.update(self._names.addresses(use))
            except NoSuchStep:
                continue  # said by ``absences``, or when it is evaluated
        return frozenset(found)

    @property
    def plain(self) -> Use | None:
        """The chain of names that it is, if it is nothing else."""
        part = self._parsed.parts[0]
        return (
            part.uses[0] if len(self._parsed.parts) == 1 and isinstance(part, Code) and not part.run else None
        )

    def steps_of(self, use: Use) -> Steps:
        """The steps of a use from the resource's attributes on."""
        target = self._names.target(use)
        return target[1] if target is not None else ()

    @property
    def is_of_part(self) -> bool:
        """Whether the same text may mean something else elsewhere: it uses a module, or stands in one."""
        is_inside = bool(self._names.module) or self._names.each is not None
        return is_inside or any(use.root == "module" for use in self.uses)

    @property
    def target(self) -> tuple[Address, Steps] | None:
        """The one resource that it names and the steps into it, if it is nothing else."""
        use = self.plain
        return self._names.target(use) if use is not None else None

    @property
    def keys(self) -> Iterable[str] | None:
        """If it names a resource or module with ``for_each`` as such: the keys of it."""
        use = self.plain
        block = self._names.named_block(use) if use is not None else None
        return [key for key in block.things if key is not None] if block is not None else None

    def inside(self, steps: str, reader: "Reader") -> Template:
        """Of an expression that is nothing but a chain of names: the chain with more steps, ``["key"]``."""
        text = f"{self.source.removesuffix('}')}{steps}}}"
        return reader.read(text, self._file, self._at, self.address, self._names)

    @property
    def uses(self) -> tuple[Use, ...]:
        """The chains of names in it."""
        return tuple(use for code in self._parsed.codes for use in code.uses)

    @property
    def recorded(self) -> str:
        """The text for the state: with whole addresses, and without what only its module or turn knows.

        It is as written where the expression computes something of that.
        """
        if not self.is_of_part:
            return self.source
        texts = [self._recorded(part) if isinstance(part, Code) else part.replace("${", "$${")
                 for part in self._parsed.parts]  # fmt: skip
        known = [text for text in texts if text is not None]
        return "".join(known) if len(known) == len(texts) else self.source

    def _recorded(self, code: Code) -> str | None:
        use = code.uses[0] if code.uses else None
        if code.run is not None or use is None:
            return None
        if use.root in VALUE_ROOTS or use.root == "module":
            try:
                written = self._names.written(use)
            except NoSuchStep:
                return None
            if isinstance(written, StackExpression):
                return written.recorded
            return written.replace("${", "$${") if isinstance(written, str) else None
        target = self._names.target(use)
        return f"${{{chain_of(*target)}}}" if target is not None else None

    def absences(self) -> Iterator[Problem]:
        """What it names that is not there, now that it is known what everything comes to."""
        for code in self._parsed.codes:
            for use in code.uses:
                if code.run is None and (problem := self._names.absence(use)) is not None:
                    yield problem

    def known_values(self) -> Iterator[Template]:
        """What the names in it that are no resources stand for: variables, locals, secrets, outputs."""
        for use in self.uses:
            if use.root in VALUE_ROOTS or use.root == "module":
                try:
                    yield self._names.written(use)
                except NoSuchStep:
                    continue  # as above
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
    absent: list[Use] = []
    for use in code.uses:
        try:
            value = _resolved(names.value(use, scope), scope)
        except NoSuchStep as error:
            if use.is_optional or (code.run is not None and isinstance(error, Absent)):
                absent.append(use)
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
        result = code.run(_context(known, absent))
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
    return transform(value, lambda part: part.evaluate(scope) if hasattr(part, "evaluate") else part)


def _context(known: list[tuple[Use, Value]], absent: list[Use]) -> dict[str, Value]:
    """What a compiled expression sees: nested mappings that hold just what it uses.

    Of what is absent there is all but the last step, so that it is undefined.
    """
    context: dict[str, Value] = {}
    for use in absent:
        _put(context, _path(use)[:-1], {})
    for use, value in known:
        _put(context, _path(use), value)
    return context


def _path(use: Use) -> list[str | int]:
    if use.address is None:
        return [use.root, *use.static_steps]
    prefix = ["data", use.address.type] if use.address.is_data else [use.address.type]
    return [*prefix, use.address.name, *use.static_steps]


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
    """Reads texts as one module sees them; the same text is bound to its names and checked once."""

    def __init__(
        self, names: Names, found: Diagnostics, texts: Texts | None = None, *, is_checking: bool = True
    ) -> None:
        self.names = names
        self._found = found
        self.texts = texts or Texts(names.is_root, names.unknown_root)
        self._is_checking = is_checking
        self._parsed: dict[str, Parsed] = {}

    def uses(self, text: str) -> tuple[Use, ...]:
        """The chains of names in a text; what is wrong with it is not said."""
        parsed, _ = self.texts.read(text)
        return tuple(inner for code in parsed.codes for use in code.uses for inner in use.inner())

    def _bound(self, text: str, names: Names) -> Parsed:
        """What a text consists of, as these names see it."""
        parsed = self._parsed.get(text)
        if parsed is not None:
            return parsed
        written, is_of_each = self.texts.read(text)
        parsed = written if written.problems else _bind(written, names, is_checking=self._is_checking)
        if not is_of_each:
            self._parsed[text] = parsed
        return parsed

    def read(
        self, text: str, file: Source, at: Position, address: str | None, names: Names | None = None
    ) -> Template:
        """The value of a text, or an expression where it rests on resources.

        ``names`` are the reader's own, or those of one turn of a ``for_each``. What is wrong goes to the
        diagnostics; the value is Unknown then, which nothing else complains about.
        """
        if len(self._found) > MAX_PROBLEMS:
            return Unknown(text)
        names = names or self.names
        parsed = self._bound(text, names)
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
        if parsed.rests_on_resources:
            return StackExpression(text, parsed, names, file, at, address)
        if parsed.constant is None:
            try:
                parsed.constant = (evaluate(parsed, names, no_scope),)
            except EvaluationError as error:
                summary = f"the expression has no value: {error}"
                place = file.place(at, text)
                self._found.error(
                    summary, advice=error.advice, place=place, address=address, code=codes.EXPRESSION
                )
                return Unknown(text)
        return parsed.constant[0]


def _bind(written: Parsed, names: Names, *, is_checking: bool) -> Parsed:
    """A text with the names in brackets (``thing.all[each.key]``) put in their place, and checked."""
    problems: list[Problem] = []
    parts: list[str | Code] = []
    rests = False
    for part in written.parts:
        if isinstance(part, Code):
            if is_checking:
                problems.extend(
                    filter(None, (names.problem(use) for each in part.uses for use in each.inner()))
                )
            if not all(use.is_bound for use in part.uses):
                part = _bound_code(part, names)
            rests = rests or any(map(names.rests_on_resources, part.uses))
        parts.append(part)
    return Parsed(tuple(parts), tuple(problems), rests)


def _bound_code(code: Code, names: Names) -> Code:
    uses = tuple(use.bound(lambda inner: _step(inner, names)) for use in code.uses)
    if code.run is None and not uses[0].is_whole(code.uses[0]):
        compiled = _jinja()(code.text, names.is_root)  # which step it is, is known only when it is evaluated
        return _bound_code(Code(code.text, compiled.uses, compiled.run), names)
    return replace(code, uses=uses)


def _step(use: Use, names: Names) -> str | int | None:
    """The step that a name in brackets stands for, if it is known and may be shown."""
    if names.rests_on_resources(use):
        return None
    try:
        value = names.value(use, no_scope)
    except NoSuchStep:
        return None
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def no_scope(address: Address) -> Unknown:
    """The scope before there is any: every resource is unknown."""
    return Unknown(str(address))
