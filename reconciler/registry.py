"""Which providers there are: the built-in one, and those that installed packages offer.

A package offers one by an entry point in the group ``reconciler.providers``, named like the prefix of its
resource types. A provider is imported when it is first asked for, and the list of installed ones is read only
when something other than the built-in provider is, so that a stack of plain values pays for neither.
"""

import importlib
import threading
from collections.abc import Callable, Mapping
from typing import Any

from reconciler import codes
from reconciler.builtin import BuiltinProvider
from reconciler.diagnostics import Diagnostic
from reconciler.errors import DiagnosedError
from reconciler.provider.facts import ResourceType
from reconciler.provider.protocol import ProviderFactory

GROUP = "reconciler.providers"

Source = tuple[str, Callable[[], Any]]
"""Who offers a provider, in words (``the package acme-provider 1.2``), and how it is imported."""

_IMPORT_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What a package that somebody else wrote may raise while it is imported."""


class BrokenProvider(DiagnosedError):
    """An installed package offers a provider that cannot be used; the diagnostic names the package."""


class Registry:
    """Providers and resource types by name. Several threads may ask.

    ``factories`` are providers by name, for tests; the built-in provider is always there as well.
    Asking for a provider whose package cannot be used raises BrokenProvider.
    """

    def __init__(self, factories: Mapping[str, ProviderFactory] | None = None) -> None:
        self._lock = threading.RLock()
        self._factories: dict[str, ProviderFactory] = {BuiltinProvider.name: BuiltinProvider}
        self._types: dict[str, Mapping[str, ResourceType]] = {}
        self._sources: Mapping[str, Source] | None = {}
        for name, factory in (factories or {}).items():
            self._factories[name] = _checked(name, factory, "the caller")

    @classmethod
    def installed(cls, sources: Mapping[str, Source] | None = None) -> "Registry":
        """The providers of the installed packages; ``sources`` stand in for those in tests."""
        registry = cls()
        registry._sources = sources
        return registry

    def provider_names(self) -> tuple[str, ...]:
        """The names of all providers, sorted; imports none of them."""
        return tuple(sorted({*self._factories, *self._installed()}))

    def factory(self, provider_name: str) -> ProviderFactory | None:
        """The provider of this name, or None; raises BrokenProvider."""
        if (known := self._factories.get(provider_name)) is not None:
            return known
        with self._lock:
            if provider_name not in self._factories:
                source = self._installed().get(provider_name)
                if source is None:
                    return None
                self._factories[provider_name] = _loaded(provider_name, *source)
            return self._factories[provider_name]

    def type(self, name: str) -> ResourceType | None:
        """The managed resource type of this name, or None; raises BrokenProvider."""
        return self._types_of(name.partition("_")[0]).get(name)

    def data_type(self, name: str) -> ResourceType | None:
        """The data type of this name (without ``data.``), or None; raises BrokenProvider."""
        return self._types_of(name.partition("_")[0]).get(f"data.{name}")

    def type_names(self, *, data: bool = False) -> tuple[str, ...]:
        """The names of all managed types, or of all data types (without ``data.``), sorted.

        Imports every provider, so it is for advice about a misspelt name; what cannot be used is left out.
        """
        names: list[str] = []
        for provider_name in self.provider_names():
            try:
                names.extend(self._types_of(provider_name))
            except BrokenProvider:
                continue  # it is reported when it is used; a misspelt name elsewhere is not its fault
        if data:
            return tuple(sorted(name.removeprefix("data.") for name in names if name.startswith("data.")))
        return tuple(sorted(name for name in names if not name.startswith("data.")))

    def _types_of(self, provider_name: str) -> Mapping[str, ResourceType]:
        if (known := self._types.get(provider_name)) is not None:
            return known
        factory = self.factory(provider_name)
        types = _types_offered(factory) if factory else {}
        self._types[provider_name] = types
        return types

    def _installed(self) -> Mapping[str, Source]:
        with self._lock:
            if self._sources is None:
                self._sources = _entry_points()
            return self._sources


def _entry_points() -> Mapping[str, Source]:
    # Imported here because reading what is installed costs more than planning a small stack.
    metadata = importlib.import_module("importlib.metadata")
    found: dict[str, Source] = {}
    for entry in metadata.entry_points(group=GROUP):
        owner = f"the package {entry.dist.name} {entry.dist.version}" if entry.dist else "a package"
        if entry.name in found and found[entry.name][0] != owner:
            found[entry.name] = _claimed_twice(entry.name, found[entry.name][0], owner)
        else:
            found[entry.name] = (owner, entry.load)
    return found


def _claimed_twice(name: str, first: str, second: str) -> Source:
    def refuse() -> Any:
        raise ImportError("only one package may offer it; uninstall the other")

    return f"{first}, and also {second},", refuse


def _loaded(name: str, owner: str, load: Callable[[], Any]) -> ProviderFactory:
    try:
        return _checked(name, load(), owner)
    except _IMPORT_ERRORS as error:
        raise _broken(name, owner, f"{type(error).__name__}: {error}") from error


def _checked(name: str, factory: Any, owner: str) -> ProviderFactory:
    missing = [part for part in ("name", "settings_schema", "resource_types") if not hasattr(factory, part)]
    if missing or not callable(factory):
        raise _broken(name, owner, f"it lacks {', '.join(missing) or 'a constructor'}")
    if factory.name != name or "_" in name:
        raise _broken(
            name, owner, f"it calls itself {factory.name!r}; the name must be that of its types' prefix"
        )
    checked: ProviderFactory = factory
    return checked


def _types_offered(factory: ProviderFactory) -> Mapping[str, ResourceType]:
    owner = f"the module {getattr(factory, '__module__', 'it comes from')}"
    try:
        types = factory.resource_types()
    except _IMPORT_ERRORS as error:
        raise _broken(factory.name, owner, f"{type(error).__name__}: {error}") from error
    strangers = [name for name in types if not name.removeprefix("data.").startswith(f"{factory.name}_")]
    if strangers:
        raise _broken(factory.name, owner, f"its type {strangers[0]!r} does not begin with its name")
    return types


def _broken(name: str, owner: str, why: str) -> BrokenProvider:
    return BrokenProvider(
        [
            Diagnostic(
                f"the provider {name!r} that {owner} offers cannot be used: {why}",
                "update or uninstall that package, or tell its authors",
                code=codes.BROKEN_PROVIDER,
            )
        ]
    )
