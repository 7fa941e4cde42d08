"""What is adopted: objects on the way in, resources on the way out, and what is said of the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.address import Address
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object that may be adopted.

    ``name`` and ``key`` are those that its resource is to have, if somebody has chosen them; ``import_id``
    too.
    """

    type: ResourceType
    object: Object
    name: str = ""
    key: str | None = None
    import_id: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A resource of the stack that new ones may refer to, with its attributes as far as they are known."""

    address: Address
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An object that is not adopted, and why. ``name`` is what people call it, where ``id`` is not that."""

    type: str
    id: str
    reason: str
    name: str = ""

    def __str__(self) -> str:
        called = f"{self.name} ({self.id})" if self.name and self.name not in self.id else self.id
        return f"{self.type} {called}"


@dataclass(frozen=True, slots=True)
class ToFill:
    """A secret that the user must set: what ``${secret.NAME}`` an attribute has."""

    name: str
    address: Address
    attribute: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """One entry of ``imports``."""

    to: Address
    id: str


@dataclass(frozen=True)
class Resource:
    """One resource to be written; ``provider`` is the key of its provider's configuration.

    ``attributes`` are in the order in which they are written; ``members`` are the objects that it stands
    for, by key; one without a key for a resource without ``for_each``. ``comments`` go above it.
    """

    provider: str
    type: ResourceType
    name: str
    attributes: Mapping[str, Any]
    members: Mapping[str | None, Candidate]
    for_each: Any = None
    ignored: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ground:
    """What is there already: the stack's own resources, and what no file may show.

    ``provider`` is the key of the provider's configuration. ``taken`` are names of resources by type, and
    ``owned`` the objects (type and natural key) that the stack declares without having them in its state,
    with the address of each; ``recorded`` are those in its state. ``shows_secret`` tells of a value whether
    it does.
    """

    provider: str
    types: Mapping[str, ResourceType]
    known: tuple[Known, ...] = ()
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owned: Mapping[tuple[str, str], Address] = field(default_factory=dict)
    recorded: Mapping[tuple[str, str], Address] = field(default_factory=dict)
    shows_secret: Callable[[Any], bool] = lambda value: False


@dataclass(frozen=True)
class Generated:
    """The YAML, and what it comes to."""

    text: str
    resources: tuple[Resource, ...]
    imports: tuple[Adopted, ...]
    left_out: tuple[LeftOut, ...]
    to_fill: tuple[ToFill, ...]
