"""The changes of a plan in the order in which they are shown: by service, by module, by what happens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconciler.address import Address
from reconciler.graph import in_order, with_wishes
from reconciler.plan.change import Change
from reconciler.views.plan_summary import counts, kind

SYMBOLS = {
    "read": "<=",
    "import": "=",
    "take over": "=",
    "move": ">",
    "forget": ".",
    "create": "+",
    "update": "~",
    "replace": "-/+",
    "destroy": "-",
}
"""What stands for each group of changes, the most dangerous last."""

_ORDER = {name: place for place, name in enumerate(SYMBOLS)}

DANGERS = ("replace", "destroy")
"""What is never left out of a list."""


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one service in one module (empty outside of all), the most dangerous last."""

    service: str
    module: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """The groups of one service: a provider's key in the stack, so that a second account is another."""

    name: str
    groups: tuple[Group, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """All its changes."""
        return tuple(change for group in self.groups for change in group.changes)


def services_of(changes: Iterable[Change]) -> list[Service]:
    """The changes by service and module: a service after those that it rests on, else by the alphabet."""
    found: dict[str, dict[str, list[Change]]] = {}
    services: dict[Address, str] = {}
    every = list(changes)
    for change in every:
        module = ".".join(map(str, change.address.module))
        found.setdefault(change.provider, {}).setdefault(module, []).append(change)
        services[change.address] = change.provider
    pairs = ((one.provider, services.get(other)) for one in every for other in one.depends_on)
    wishes = dict.fromkeys((one, other) for one, other in pairs if other is not None and other != one)
    names: dict[str, set[str]] = {name: set() for name in sorted(found)}
    return [
        Service(
            name,
            tuple(Group(name, module, ordered(inside)) for module, inside in sorted(found[name].items())),
        )
        for name in in_order(with_wishes(names, list(wishes)))
    ]


def ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """By what happens, the most dangerous last; among equals the plan's own order stays."""
    return tuple(sorted(changes, key=danger))


def most_dangerous_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The other way round, for a page, which is read from its top."""
    return tuple(sorted(changes, key=lambda change: -danger(change)))


def danger(change: Change) -> int:
    """How dangerous a change is, as a rank."""
    return _ORDER[kind(change)]


def dangers(changes: Iterable[Change]) -> list[Change]:
    """What is destroyed or replaced."""
    return [change for change in changes if kind(change) in DANGERS]


def counted(changes: Sequence[Change]) -> str:
    """``3 to create, 1 to destroy``: without what there is none of."""
    return ", ".join(f"{count:,} to {name}" for name, count in counts(changes).items() if count)


def title(group: Group, services: Sequence[Service], changes: Sequence[Change]) -> str:
    """``github, module.squad["red"]: 2 to create``; the service only where there are several.

    ``changes`` are those of the group that stand below the title.
    """
    service = group.service if len(services) > 1 or not group.module else ""
    return f"{', '.join(filter(None, (service, group.module)))}: {counted(changes)}"
