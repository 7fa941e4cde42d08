"""The embedded services of a stack's directory: emptied, filled and shown. Nothing else is touched."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reconciler import codes
from reconciler.config.plain_values import plain_value
from reconciler.config.shapes import ANY
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import Refused
from reconciler.operations.documents import read_mapping
from reconciler.operations.embedded import world_path
from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler.state.location import make_directory

Shown = Mapping[str, Mapping[str, list[dict[str, Any]]]]
"""The world: by service, by kind, the objects."""


def reset(directory: Path) -> None:
    """Empty the world; the state that was made against it stays as it is."""
    with _host(directory) as host:
        host.reset()


def seed(directory: Path, file: Path) -> None:
    """Add what a YAML or JSON file declares, ``{service: …}``, or nothing when any of it is wrong.

    Raises Refused, InvalidConfiguration and OSError.
    """
    node = read_mapping(file)
    document = plain_value(node, ANY) if node is not None else {}
    with _host(directory) as host:
        try:
            host.seed(document)
        except SeedError as error:
            raise Refused([Diagnostic(f"{file}: {error}", error.remedy, code=codes.DOCUMENT)]) from None


def show(directory: Path, service: str | None = None) -> Shown:
    """What there is in the world, of one service if it is named; raises Refused for an unknown one."""
    with _host(directory) as host:
        if service is not None and service not in host.emulators:
            advice = did_you_mean(service, host.emulators)
            raise Refused(
                [
                    Diagnostic(
                        f"there is no service {service!r} in the sandbox", advice, code=codes.NOTHING_FOUND
                    )
                ]
            )
        return host.show(service)


def prepared(directory: Path) -> Path:
    """The file of the world, with a directory for it to be in."""
    path = world_path(directory)
    make_directory(path.parent)
    return path


@contextmanager
def _host(directory: Path) -> Iterator[Host]:
    world = World(prepared(directory))
    try:
        yield Host(world)
    finally:
        world.close()
