"""The state alone, opened: for commands that ask no service and need nothing of the stack but its name.

They work while the stack's files are broken too, as long as it can be told whose state is meant.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

from reconciler.config.document import Document, read_document
from reconciler.config.nodes import Scalar
from reconciler.config.stack import ApplySettings, Stack
from reconciler.diagnostics import Diagnostics
from reconciler.errors import InvalidConfiguration
from reconciler.operations.workspace import Setting, Workspace, at_work, check_may_write, load, path_of
from reconciler.state.location import state_path
from reconciler.state.lock import lock
from reconciler.state.who import who_runs

Tell = Callable[[str], None]
"""Takes a sentence about what was assumed, for the user to read."""


@contextmanager
def books(setting: Setting, tell: Tell) -> Iterator[Workspace]:
    """The state as it is now, to be looked at. Raises InvalidConfiguration and StateError."""
    with at_work(setting, stack_of(setting, tell), read_only=True) as workspace:
        yield workspace


@contextmanager
def books_for(command: str, setting: Setting, tell: Tell) -> Iterator[Workspace]:
    """The state, locked for a command and open for writing.

    Raises InvalidConfiguration and StateError; StateLocked while somebody else writes, and Refused with
    ``--offline``.
    """
    check_may_write(command, setting)
    stack = stack_of(setting, tell)
    who = who_runs(setting.environ)
    with (
        lock(path_of(setting, stack), who=who, command=command, clock=setting.clock),
        at_work(setting, stack, read_only=False) as workspace,
    ):
        yield workspace


def stack_of(setting: Setting, tell: Tell) -> Stack:
    """The stack; where its files are broken, one that has nothing but its name, if it has a state.

    Raises InvalidConfiguration when nothing tells the name.
    """
    try:
        return load(setting, asks_services=False)
    except InvalidConfiguration:
        name, reason = _name(setting)
        if not name or not _path(setting, name).exists():
            raise
        tell(
            "The stack's files have mistakes (`reconciler validate` shows them); "
            f"this is the state of the stack {name!r}, {reason}."
        )
        return _with_name_alone(setting, name)


def _name(setting: Setting) -> tuple[str, str]:
    document = Document(setting.directory)
    read_document(document, Diagnostics())
    entry = document.single.get("stack")
    if entry is not None and isinstance(entry.node, Scalar) and entry.node.text:
        return entry.node.text, "as reconciler.yaml calls it"
    ending = f".{quote(setting.environment, safe='')}.db"
    there = [file for file in _path(setting, "any").parent.glob("*.db") if file.name.endswith(ending)]
    if len(there) == 1:
        name = unquote(there[0].name.removesuffix(ending))
        return name, f"the only one that is kept here for the environment {setting.environment!r}"
    return "", ""


def _path(setting: Setting, name: str) -> Path:
    return state_path(setting.directory, name, setting.environment, setting.realm)


def _with_name_alone(setting: Setting, name: str) -> Stack:
    return Stack(
        name=name,
        environment=setting.environment,
        directory=setting.directory,
        providers={},
        resources={},
        data={},
        outputs={},
        apply=ApplySettings(),
        variables={},
        digest=str,
        secrets=tuple,
        expression=lambda text, address=None: text,
    )
