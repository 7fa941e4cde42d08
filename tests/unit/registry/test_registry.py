"""Providers are found by name, imported late, and blamed by name when they are broken."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, ClassVar

import pytest

from reconciler.builtin import BuiltinProvider
from reconciler.errors import ReconcilerError
from reconciler.provider import ResourceType
from reconciler.registry import GROUP, BrokenProvider, Registry
from reconciler.testing import MemoryFactory, MemoryService

PACKAGE = "the package acme-provider 1.2"


def offering(name: str, load: Callable[[], Any]) -> Registry:
    return Registry.installed({name: (PACKAGE, load)})


def raising(error: Exception) -> Callable[[], Any]:
    def load() -> Any:
        raise error

    return load


class Acme:
    """A provider class as a package may offer it, with what a test wants wrong."""

    name = "acme"
    settings_schema: ClassVar[dict[str, Any]] = {"type": "object"}

    @staticmethod
    def resource_types() -> dict[str, ResourceType]:
        return {"acme_door": ResourceType.from_schema("acme_door", {})}


class Misnamed(Acme):
    name = "other"


class Stranger(Acme):
    @staticmethod
    def resource_types() -> dict[str, ResourceType]:
        return {"github_door": ResourceType.from_schema("github_door", {})}


class Unreadable(Acme):
    @staticmethod
    def resource_types() -> dict[str, ResourceType]:
        raise FileNotFoundError("schemas/door.schema.json")


@pytest.fixture
def memory() -> Registry:
    return Registry({"memory": MemoryFactory(MemoryService())})


def test_types_are_found_by_their_names(memory: Registry) -> None:
    found = memory.type("memory_thing")
    assert found is not None
    assert (found.name, found.is_data) == ("memory_thing", False)
    looked_up = memory.data_type("memory_thing")
    assert looked_up is not None
    assert looked_up.is_data


@pytest.mark.parametrize("name", ["memory_nothing", "nothing_thing", "memory", "", "data.memory_thing"])
def test_a_name_that_nothing_has_is_none(memory: Registry, name: str) -> None:
    assert memory.type(name) is None


def test_a_managed_type_is_no_data_type(memory: Registry) -> None:
    assert memory.data_type("memory_note") is None


def test_the_built_in_provider_is_always_there(memory: Registry) -> None:
    assert memory.provider_names() == ("memory", "reconciler")
    assert memory.factory("reconciler") is BuiltinProvider
    assert Registry().type("reconciler_value") is not None


def test_the_names_of_types_are_listed_apart_from_those_of_data(memory: Registry) -> None:
    assert memory.type_names() == (
        "memory_member",
        "memory_note",
        "memory_part",
        "memory_thing",
        "reconciler_value",
    )
    assert memory.type_names(data=True) == ("memory_thing",)


def test_a_provider_is_imported_once_and_only_when_it_is_asked_for() -> None:
    loads: list[str] = []

    def load() -> Any:
        loads.append("acme")
        return Acme

    registry = offering("acme", load)
    assert registry.provider_names() == ("acme", "reconciler")
    assert registry.type("reconciler_value") is not None
    assert loads == []
    assert registry.type("acme_door") is not None
    assert registry.type("acme_window") is None
    found: Any = registry.factory("acme")
    assert found is Acme
    assert loads == ["acme"]


def test_no_package_can_take_the_place_of_the_built_in_provider() -> None:
    registry = offering("reconciler", raising(ImportError("must not be loaded")))
    assert registry.factory("reconciler") is BuiltinProvider


@pytest.mark.parametrize(
    ("load", "why"),
    [
        (raising(ImportError("No module named 'acme'")), "ImportError: No module named 'acme'"),
        (raising(SyntaxError("invalid syntax")), "SyntaxError: invalid syntax"),
        (raising(ValueError("bad table")), "ValueError: bad table"),
        (lambda: object(), "it lacks name, settings_schema, resource_types"),
        (lambda: Misnamed, "it calls itself 'other'"),
    ],
)
def test_a_broken_provider_is_an_error_that_names_its_package(load: Callable[[], Any], why: str) -> None:
    registry = offering("acme", load)
    with pytest.raises(BrokenProvider) as caught:
        registry.factory("acme")
    assert isinstance(caught.value, ReconcilerError)
    (problem,) = caught.value.diagnostics
    assert PACKAGE in problem.summary
    assert why in problem.summary
    assert problem.advice
    with pytest.raises(BrokenProvider):
        registry.type("acme_door")


@pytest.mark.parametrize(
    ("provider", "why"),
    [
        (Stranger, "its type 'github_door' does not begin with its name"),
        (Unreadable, "FileNotFoundError: schemas/door.schema.json"),
    ],
)
def test_a_provider_with_unusable_types_is_an_error_that_says_why(provider: Any, why: str) -> None:
    registry = offering("acme", lambda: provider)
    with pytest.raises(BrokenProvider, match="'acme'") as caught:
        registry.type("acme_door")
    assert why in str(caught.value)


def test_a_broken_provider_does_not_spoil_the_names_of_the_others() -> None:
    assert offering("acme", raising(ImportError("gone"))).type_names() == ("reconciler_value",)


def test_the_providers_of_installed_packages_are_found() -> None:
    offered = {entry.name for entry in entry_points(group=GROUP)}
    assert set(Registry.installed().provider_names()) == offered | {"reconciler"}


def test_a_provider_that_two_packages_offer_is_an_error_that_names_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Entry:
        name = "acme"

        def __init__(self, package: str) -> None:
            self.dist = type("Distribution", (), {"name": package, "version": "1"})

        def load(self) -> Any:
            return Acme

    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [Entry("one"), Entry("two")])
    with pytest.raises(BrokenProvider, match="package one 1, and also the package two 1,"):
        Registry.installed().factory("acme")


def test_values_alone_load_neither_packages_nor_an_http_client() -> None:
    program = (
        "import sys\n"
        "from reconciler.provider.context import Context\n"
        "from reconciler.registry import Registry\n"
        "registry = Registry.installed()\n"
        "assert registry.type('reconciler_value')\n"
        "provider = registry.factory('reconciler')({}, Context())\n"
        "provider.create('reconciler_value', {'input': 1})\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('httpx', 'tenacity')\n"
        "       or name.startswith(('importlib.metadata', 'reconciler_'))])\n"
    )
    # -S: what site-packages themselves import at the start is not ours.
    paths = "import sys; sys.path[:0] = " + repr(sys.path) + "\n"
    done = subprocess.run(
        [sys.executable, "-S", "-c", paths + program], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
