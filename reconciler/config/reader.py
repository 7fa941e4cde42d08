"""Reads texts with ``${…}`` in them, as one module sees them; each is compiled once in a stack."""

import importlib
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from reconciler import codes
from reconciler.config.expressions import Code, EvaluationError, Parsed, StackExpression, evaluate, no_scope
from reconciler.config.name_problems import Problem, problem_of, unknown_root
from reconciler.config.names import Names
from reconciler.config.scanner import ExpressionSyntaxError, Inner, scan
from reconciler.config.source import Position, Source
from reconciler.config.stack import Template
from reconciler.config.uses import Use, plain_use
from reconciler.config.walking import NoSuchStep
from reconciler.diagnostics import Diagnostics
from reconciler.values import Unknown

if TYPE_CHECKING:
    from reconciler.config import jinja


@cache
def _jinja() -> "type[jinja.Compiled]":
    """Jinja2 costs more to load than a stack of plain references to read: it is loaded when first needed."""
    compiled: type[jinja.Compiled] = importlib.import_module("reconciler.config.jinja").Compiled
    return compiled


MAX_PROBLEMS = 1_000
"""When so many have been found, no more are looked for."""


@dataclass(slots=True)
class Texts:
    """What the texts of a stack consist of, whichever module uses them: each is read and compiled once."""

    names: Names
    """Of the stack: which names an expression may begin with is the same everywhere."""
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
        use = plain_use(inner.text, self.names.is_root)
        if use is not None:
            return Code(inner.text, (use,))
        compiled = _jinja()(inner.text, self.names.is_root)
        problems.extend(unknown_root(self.names, name) for name in compiled.unknown_roots)
        files = tuple(Code(inner.text, part.uses, part.run) for part in compiled.files)
        return Code(inner.text, compiled.uses, compiled.run, files)


class Reader:
    """Reads texts as one module sees them; the same text is bound to its names and checked once."""

    def __init__(
        self, names: Names, found: Diagnostics, texts: Texts | None = None, *, is_checking: bool = True
    ) -> None:
        self.names = names
        self._found = found
        self.texts = texts or Texts(names)
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
                    filter(None, (problem_of(names, use) for each in part.uses for use in each.inner()))
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
