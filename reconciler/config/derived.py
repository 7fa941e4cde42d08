"""Expressions made of other expressions."""

from collections.abc import Callable
from dataclasses import dataclass

from reconciler import codes
from reconciler.address import Address
from reconciler.config.blocks import NOTHING
from reconciler.config.expressions import StackExpression, evaluated
from reconciler.config.stack import Scope, Template
from reconciler.config.walking import NoSuchStep, walk
from reconciler.diagnostics import Diagnostic, Place
from reconciler.errors import InvalidConfiguration
from reconciler.values import Sensitive, Unknown, Value, is_known, is_sensitive, leaves, reveal


@dataclass(frozen=True, slots=True)
class Element:
    """What an expression's mapping has under a key."""

    inner: StackExpression
    key: str

    @property
    def source(self) -> str:
        """The text as written, and the key."""
        return f"{self.inner.source}[{self.key!r}]"

    @property
    def place(self) -> Place:
        """Where the whole is written."""
        return self.inner.place

    @property
    def recorded(self) -> str:
        """As written: only expressions are recorded, and what they rest on as they have it."""
        return self.source

    @property
    def references(self) -> frozenset[Address]:
        """What the whole refers to."""
        return self.inner.references

    def evaluate(self, scope: Scope) -> Value:
        """Its value; raises InvalidConfiguration."""
        try:
            return walk(self.inner.evaluate(scope), (self.key,), self.inner.source, scope)
        except NoSuchStep as error:
            found = Diagnostic(str(error), error.advice, self.place, code=codes.EXPRESSION)
            raise InvalidConfiguration([found]) from None


SECRET_PROBLEM = ("has a value that its declaration does not allow", "it is sensitive, so it is not shown")
"""What is wrong with a value that must not be shown, and what to do."""


@dataclass(frozen=True, slots=True)
class Input:
    """A variable of a module whose value a plan tells; it is held to the declaration then."""

    inner: Template
    name: str
    place: Place
    is_hidden: bool
    problem: Callable[[Value], tuple[str, str] | None]

    @property
    def source(self) -> str:
        """The variable's name."""
        return f"var.{self.name}"

    @property
    def recorded(self) -> str:
        """As written: only expressions are recorded, and what they rest on as they have it."""
        return self.source

    @property
    def references(self) -> frozenset[Address]:
        """What it rests on."""
        return references_of(self.inner)

    def evaluate(self, scope: Scope) -> Value:
        """Its value; raises InvalidConfiguration."""
        value = evaluated(self.inner, scope)
        if not is_known(value):
            return value
        clear = reveal(value)
        problem = self.problem(clear)
        if problem:
            if self.is_hidden or is_sensitive(value):
                problem = SECRET_PROBLEM
            summary = f"the variable {self.name} {problem[0]}"
            raise InvalidConfiguration([Diagnostic(summary, problem[1], self.place, code=codes.VARIABLE)])
        return Sensitive(clear) if self.is_hidden else value


@dataclass(frozen=True, slots=True)
class Hidden:
    """An output of a module that must not be shown once it is known."""

    inner: Template
    source: str
    place: Place
    is_hidden: bool = True

    @property
    def recorded(self) -> str:
        """As written."""
        return self.source

    @property
    def references(self) -> frozenset[Address]:
        """What it rests on."""
        return references_of(self.inner)

    def evaluate(self, scope: Scope) -> Value:
        """Its value; raises InvalidConfiguration."""
        value = evaluated(self.inner, scope)
        return Sensitive(reveal(value)) if is_known(value) else Unknown(self.source)


def references_of(template: Template) -> frozenset[Address]:
    """What the expressions in a value refer to."""
    return NOTHING.union(*(part.references for part in leaves(template) if hasattr(part, "evaluate")))
