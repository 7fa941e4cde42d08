"""Stacks of a service that exists nowhere; see ``forge``."""

from pathlib import Path

import pytest

from reconciler.registry import Registry
from tests.unit.config.forge import Forge, Loader


@pytest.fixture(scope="session")
def types() -> Registry:
    return Registry({"forge": Forge()})


@pytest.fixture
def stack_of(tmp_path: Path, types: Registry) -> Loader:
    return Loader(tmp_path, types)
