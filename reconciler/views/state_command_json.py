"""What was done to the state alone, as JSON: ``schemas/state-command.schema.json``."""

from collections.abc import Iterable
from typing import Any

from reconciler.address import Address
from reconciler.state.books import Moved, Pushed, Removal

Json = dict[str, Any]


def moved_document(moved: Moved) -> Json:
    """An object got another address."""
    return {
        "command": "mv",
        "run": moved.run,
        "serial": moved.serial,
        "from": str(moved.old),
        "to": str(moved.after.address),
        "id": moved.after.id,
        "rewritten": _texts(moved.rewritten),
    }


def removal_document(removal: Removal) -> Json:
    """Objects were forgotten."""
    return {
        "command": "rm",
        "run": removal.run,
        "serial": removal.serial,
        "forgotten": [
            {"address": str(one.address), "id": one.id, "import": one.import_command}
            for one in removal.forgotten
        ],
        "rewritten": _texts(removal.rewritten),
    }


def pushed_document(pushed: Pushed) -> Json:
    """A state became what a document says."""
    return {
        "command": "push",
        "run": pushed.run,
        "serial": pushed.serial,
        "added": _texts(pushed.added),
        "changed": _texts(pushed.changed),
        "forgotten": _texts(pushed.removed),
        "outputs_changed": pushed.outputs_changed,
        "recovered": pushed.has_recovered,
        "secrets_unknown": _texts(pushed.secrets_unknown),
        "names_lost": list(pushed.names_lost),
    }


def unlocked_document() -> Json:
    """Nobody holds the lock."""
    return {"command": "unlock", "locked": False}


def _texts(addresses: Iterable[Address]) -> list[str]:
    return sorted(map(str, addresses))
