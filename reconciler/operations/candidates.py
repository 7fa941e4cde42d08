"""What a word that is being typed may become: addresses, states of the past, outputs.

Whoever asks is in the middle of typing: all of it is read from files, and no service is called. A stack whose
state is not there, or whose name cannot be read, has none of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.config.outline import outline
from reconciler.errors import DiagnosedError
from reconciler.operations.rollback import ended
from reconciler.operations.workspace import Setting, load
from reconciler.state.ledger import Ledger
from reconciler.state.location import state_path
from reconciler.state.sqlite import SqliteLedger

Candidate = tuple[str, str]
"""A word, and what it is about; empty where there is nothing to say."""

_MOST_SERIALS = 100


def addresses(setting: Setting) -> list[Candidate]:
    """What the files declare, if nothing is wrong with them, and what is recorded. Raises StateError."""
    found: dict[str, str] = {}
    try:
        stack = load(setting, asks_services=False)
        found |= {str(address): "declared" for address in (*stack.resources, *stack.data)}
    except DiagnosedError:
        pass  # whoever is about to mend the files can be helped with what is recorded
    return list((found | dict(recorded(setting))).items())


def recorded(setting: Setting) -> list[Candidate]:
    """The addresses of all recorded objects. Raises StateError."""
    with _ledger(setting) as ledger:
        return [(str(address), "recorded") for address in ledger.objects()] if ledger else []


def states(setting: Setting) -> list[Candidate]:
    """The states of the past: by name, as a run left them, and the latest by serial. Raises StateError."""
    with _ledger(setting) as ledger:
        if ledger is None:
            return []
        found = [(name.name, f"serial {name.serial}") for name in ledger.names().values()]
        found += [
            (run.id, f"{run.command}, {run.started:%Y-%m-%d %H:%M}, {run.who}")
            for run in reversed(ended(ledger))
        ]
        latest = sorted(ledger.snapshots(), key=lambda snapshot: -snapshot.serial)[:_MOST_SERIALS]
        return found + [(str(one.serial), f"{one.action} {one.address}") for one in latest]


def names(setting: Setting) -> list[Candidate]:
    """The names that somebody gave to snapshots. Raises StateError."""
    with _ledger(setting) as ledger:
        named = ledger.names().values() if ledger else ()
        return [(name.name, f"serial {name.serial}") for name in named]


def deferred(setting: Setting) -> list[Candidate]:
    """What is in the queue, and the word for all of it. Raises StateError."""
    with _ledger(setting) as ledger:
        queue = [(str(entry.address), entry.action) for entry in ledger.deferred()] if ledger else []
    return [*queue, ("all", "the whole queue")] if queue else []


def outputs(setting: Setting) -> list[Candidate]:
    """The outputs that the last run recorded. Raises StateError."""
    with _ledger(setting) as ledger:
        return [(name, "") for name in ledger.outputs()] if ledger else []


@contextmanager
def _ledger(setting: Setting) -> Iterator[Ledger | None]:
    """The state, for which no more of the files must be right than the stack's name."""
    name = outline(setting.directory).name
    if not name:
        yield None
        return
    ledger = SqliteLedger.open(
        state_path(setting.directory, name, setting.environment, setting.realm),
        stack=name,
        environment=setting.environment,
        realm=setting.realm,
        clock=setting.clock,
        read_only=True,
    )
    try:
        yield ledger
    finally:
        ledger.close()
