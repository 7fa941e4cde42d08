"""What each resource module offers: the same functions, so that who has seen one has seen all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.provider.objects import Attributes, Object
from reconciler_github.client import Client
from reconciler_github.questions import Questions, RepositoryQuestion, Subject, TeamQuestion, Tell

TellAll = Callable[[], Iterable[Object]]
"""All objects of a type in one repository or team, once everything is answered; raises ProviderError."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of managed object.

    ``ask`` notes what must be known about an object and gives back what will say what it means;
    ``ask_by_id`` does so for an object that was not found where it used to be.
    ``list_in_repository`` or ``list_in_team`` note that all objects in one of those must be known.
    """

    type: str
    ask: Callable[[Subject, Questions], Tell]
    create: Callable[[Client, Attributes], Object]
    update: Callable[[Client, Object, Attributes, frozenset[str]], Object]
    delete: Callable[[Client, Object, str], None]
    normalise: Callable[[Attributes], Attributes]
    ask_by_id: Callable[[Subject, Questions], Tell] | None = None
    list_in_repository: Callable[[Client, RepositoryQuestion], TellAll] | None = None
    list_in_team: Callable[[Client, TeamQuestion], TellAll] | None = None


@dataclass(frozen=True, slots=True)
class DataKind:
    """One type of object that is only looked up."""

    type: str
    ask: Callable[[Subject, Questions], Tell]
