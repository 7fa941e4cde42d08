"""Texts with ``${…}`` in them: read once, evaluated as often as needed."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler import codes
from reconciler.address import Address
from reconciler.config.blocks import NOTHING
from reconciler.config.name_problems import Problem, absence
from reconciler.config.names import Names
from reconciler.config.source import Position, Source
from reconciler.config.stack import Scope, Template
from reconciler.config.uses import PLAIN_ROOTS, VALUE_ROOTS, Steps, Use, chain_of
from reconciler.config.walking import Absent, NoSuchStep, UndefinedPartError
from reconciler.diagnostics import Diagnostic, Place
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
    files: tuple["Code", ...] = ()
    """What it reads of files, each as an expression of its own."""


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
        """The steps of a use from the resource's attributes on; of one that is not there, too."""
        if (target := self._names.target(use)) is not None:
            return target[1]
        block = self._names.block(use)
        return use.static_steps[1:] if block is not None and block.is_each else use.static_steps

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

    def inside(self, *steps: str | int) -> "StackExpression":
        """Of an expression that is nothing but a chain of names: the chain with more steps."""
        if not steps:
            return self
        (code,) = self._parsed.codes
        (use,) = code.uses
        text = code.text + "".join(f"[{json.dumps(step, ensure_ascii=False)}]" for step in steps)
        inner = Parsed((Code(text, (replace(use, steps=(*use.steps, *steps)),)),), (), True)
        return StackExpression(f"${{{text}}}", inner, self._names, self._file, self._at, self.address)

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
                written, rest = self._names.written_and_rest(use)
            except NoSuchStep:
                return None
            if isinstance(written, StackExpression):
                return written.inside(*rest).recorded if not rest or written.plain else None
            return written.replace("${", "$${") if isinstance(written, str) else None
        target = self._names.target(use)
        return f"${{{chain_of(*target)}}}" if target is not None else None

    def absences(self) -> Iterator[Problem]:
        """What it names that is not there, now that it is known what everything comes to."""
        for code in self._parsed.codes:
            for use in code.uses:
                if code.run is None and (problem := absence(self._names, use)) is not None:
                    yield problem

    def known_values(self) -> Iterator[Template]:
        """What in it is no resource: variables, locals, secrets, outputs and files, as far as it is known."""
        for code in self._parsed.codes:
            for file in code.files:
                try:
                    yield _run(file, self._names, no_scope)
                except EvaluationError:
                    continue  # said when the whole is evaluated
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
        except RecursionError:  # locals are ordered, but inputs and outputs may lead back to themselves
            summary = f"{self.source}: it needs itself, by way of what modules are given and give"
            advice = "let one of the inputs or outputs on the way rest on something else"
            found = Diagnostic(summary, advice, self.place, self.address, code=codes.CIRCLE)
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
    missing: list[NoSuchStep] = []
    for use in code.uses:
        try:
            value = names.value(use, scope)
            if use.is_optional or _first_unknown(value) is None:  # one is enough: a mapping may be long
                value = evaluated(value, scope)
        except NoSuchStep as error:
            if use.is_optional or (code.run is not None and isinstance(error, Absent)):
                absent.append(use)
                if not use.is_optional:
                    missing.append(error)
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
        if missing and isinstance(error, UndefinedPartError):
            raise EvaluationError(str(missing[0]), missing[0].advice) from None
        raise EvaluationError(
            "it cannot be evaluated with its sensitive values" if secret else str(error)
        ) from None
    return Sensitive(result) if secret else result


def _first_unknown(value: Value) -> Unknown | None:
    return next((leaf for leaf in leaves(value) if isinstance(leaf, Unknown)), None)


def evaluated(value: Template, scope: Scope) -> Value:
    """A value with the expressions inside it evaluated; raises InvalidConfiguration."""
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


def no_scope(address: Address) -> Unknown:
    """The scope before there is any: every resource is unknown."""
    return Unknown(str(address))
