"""What the files of a stack come to: typed, checked, every value knowing its place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from reconciler.address import Address
from reconciler.config.sections import Condition, Sections
from reconciler.diagnostics import Place
from reconciler.values import Unknown, Value

OnFailure = Literal["stop", "rollback", "continue"]
"""When a step fails: start no others, undo what the run has done, or go on with what can go on."""

ValuePath = tuple[str | int, ...]
"""The way into an attribute's value: keys and indexes."""

Scope = Callable[[Address], Mapping[str, Value] | Unknown]
"""What an expression sees of another resource: its attributes, or that they are unknown as a whole."""


class Expression(Protocol):
    """A ``${…}`` that refers to resources or data, and so has a value only while a plan is made.

    Everything else (variables, locals, environment, secrets) has been put in its place when the stack was
    read; a part that is sensitive makes the whole value Sensitive.
    """

    source: str
    """The text as written, ``${…}`` included."""

    @property
    def recorded(self) -> str:
        """The text that the state keeps: as written, but with whole addresses."""
        ...

    @property
    def place(self) -> Place:
        """Where it is written."""
        ...

    @property
    def references(self) -> frozenset[Address]:
        """The resources and data that it refers to."""
        ...

    def evaluate(self, scope: Scope) -> Value:
        """Its value; Unknown if it rests on something unknown, Sensitive if on something sensitive.

        Raises InvalidConfiguration when it cannot be evaluated (no such attribute, a filter's error).
        """
        ...


Template = Value
"""A value in which any part may also be an Expression."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """What replaces a resource when it changes: resources, or one attribute of them."""

    text: str
    """As it is written."""
    addresses: frozenset[Address]
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """How the engine may treat a resource. ``ignore_changes`` is ``("*",)`` for all attributes."""

    prevent_destroy: bool = False
    ignore_changes: tuple[str, ...] = ()
    on_exists: Literal["fail", "adopt"] = "fail"
    on_destroy: str | None = None
    create_before_destroy: bool = False
    replace_triggered_by: tuple[Trigger, ...] = ()
    preconditions: tuple[Condition, ...] = ()
    """Asked before it is planned, or before its step begins."""
    postconditions: tuple[Condition, ...] = ()
    """Asked when its step is done, or earlier where that is known."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Both."""
        return (*self.preconditions, *self.postconditions)


@dataclass(frozen=True, slots=True)
class ResourceHealth:
    """What must be so for a resource to be healthy: live attributes, and a page that answers with a 2xx."""

    expect: Mapping[str, Value] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declared resource, or one entry under ``data``."""

    address: Address
    provider: str
    """The key of its provider's configuration: ``github``, or ``github.enterprise``."""
    attributes: Mapping[str, Template]
    references: frozenset[Address]
    """What its expressions refer to."""
    depends_on: frozenset[Address]
    lifecycle: Lifecycle
    place_of: Callable[[ValuePath], Place]
    """The place of an attribute's value; of the resource's name for the empty path."""
    expect: Mapping[str, Value] = field(default_factory=dict)
    """For data: the attributes that must have these values."""
    health: ResourceHealth | None = None
    """For a resource: what ``drift`` asks for beyond its attributes."""
    sources: Mapping[ValuePath, str] = field(default_factory=dict)
    """The ``${…}`` text behind each value that has been put in its place and is sensitive."""
    timeouts: Mapping[str, float] = field(default_factory=dict)
    """By ``create``, ``update``, ``delete`` or ``read``: the seconds that a call for it may take."""
    left_alone: Mapping[str, Value] = field(default_factory=dict)
    """Attributes that must stay as they are, sealed: a rollback's secrets that nobody can tell any more."""


@dataclass(frozen=True, slots=True)
class ProviderConfiguration:
    """A provider as the stack configures it; ``settings`` are known when the stack has been read."""

    key: str
    name: str
    settings: Mapping[str, Value]
    depends_on: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Output:
    """One declared output."""

    value: Template
    references: frozenset[Address]
    is_sensitive: bool
    place: Place
    description: str = ""


@dataclass(frozen=True, slots=True)
class ApplySettings:
    """The stack's defaults for apply; ``max_deletes`` counts deletions and replacements."""

    parallelism: int = 10
    max_deletes: int | None = None
    on_failure: OnFailure = "stop"


class ReadAgain(Protocol):
    """Reads a recorded ``${…}`` text with a stack's variables and secrets."""

    def __call__(self, text: str, address: Address | None = None) -> Template:
        """Its value, as the resource at the address sees it; raises InvalidConfiguration."""
        ...


@dataclass(frozen=True)
class Stack:
    """A stack in one environment."""

    name: str
    environment: str
    directory: Path
    providers: Mapping[str, ProviderConfiguration]
    resources: Mapping[Address, Declaration]
    data: Mapping[Address, Declaration]
    outputs: Mapping[str, Output]
    apply: ApplySettings
    variables: Mapping[str, Value]
    """The variables' values in this environment, Sensitive where declared so."""
    digest: Callable[[], str]
    """A hash of what the files declare and of the variables: the same for the very same configuration."""
    secrets: Callable[[], Iterable[Value]]
    """All that must not be shown, as far as it is known when the stack has been read; revealed."""
    expression: "ReadAgain"
    """Reads a recorded ``${…}`` text again."""
    sections: Sections = field(default_factory=Sections)
    """What has moved, what is let go of, what is taken over, and what must hold."""
