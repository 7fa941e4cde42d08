"""``doctor``: the prerequisites of a whole stack, one after the other, each with how to mend it."""

from collections.abc import Iterator

from reconciler.config.stack import Stack
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration, StateError
from reconciler.health.prerequisites import Prerequisite, Verdict
from reconciler.operations.service_checks import service_checks
from reconciler.operations.unsettled import unsettled
from reconciler.operations.workspace import Setting, Workspace, at_work, load, path_of
from reconciler.state.lock import check_free


def examine(setting: Setting) -> Iterator[Prerequisite]:
    """Every prerequisite in the order in which they are needed: files, secrets, state, providers in sequence.

    Nothing is raised for what is wrong with the stack, and nothing is changed.
    """
    stack, wrong = _loaded(setting)
    if stack is None:
        yield from wrong
        return
    kinds = f"{len(stack.providers)} providers, {len(stack.resources)} resources, {len(stack.data)} data"
    yield Prerequisite("stack", "files", Verdict.FINE, kinds)
    if wrong:
        yield from wrong
    else:
        yield Prerequisite("stack", "secrets", Verdict.FINE, "all that it names are set")
    yield from _lock(setting, stack)
    try:
        with at_work(setting, stack, read_only=True) as workspace:
            yield from _state(workspace)
            yield from service_checks(workspace, can_ask=not wrong)
    except StateError as error:
        yield Prerequisite("state", "file", Verdict.WRONG, str(error), error.remedy, error.code)
        yield Prerequisite("providers", "health", Verdict.NOT_CHECKED, "it takes a state that can be used")


def _loaded(setting: Setting) -> tuple[Stack | None, list[Prerequisite]]:
    """The stack, without secrets if need be, and what is wrong with its files or its secrets."""
    try:
        return load(setting), []
    except InvalidConfiguration as invalid:
        problems = invalid.diagnostics
    try:
        return load(setting, asks_services=False), [_told("secrets", problem) for problem in problems]
    except InvalidConfiguration:
        return None, [_told("files", problem) for problem in problems]


def _told(check: str, problem: Diagnostic) -> Prerequisite:
    place = problem.place
    where = f"{place.file}:{place.line}: " if place is not None else ""
    return Prerequisite(
        "stack", check, Verdict.WRONG, f"{where}{problem.summary}", problem.advice, problem.code
    )


def _lock(setting: Setting, stack: Stack) -> Iterator[Prerequisite]:
    try:
        check_free(path_of(setting, stack), setting.clock)
    except StateError as error:
        yield Prerequisite("state", "lock", Verdict.WARNING, str(error), error.remedy, error.code)
    else:
        yield Prerequisite("state", "lock", Verdict.FINE, "nobody is writing it")


def _state(workspace: Workspace) -> Iterator[Prerequisite]:
    ledger = workspace.ledger
    if not path_of(workspace.setting, workspace.stack).exists():
        yield Prerequisite("state", "file", Verdict.FINE, "there is none yet; the first run makes it")
        return
    ledger.check()
    objects = len(ledger.objects())
    yield Prerequisite("state", "file", Verdict.FINE, f"whole: serial {ledger.serial:,}, {objects:,} objects")
    open_ones = list(unsettled(ledger.open_intents()))
    if not open_ones:
        yield Prerequisite("state", "journal", Verdict.FINE, "no run was cut off")
    for problem in open_ones:
        found = f"{problem.address}: {problem.summary}"
        yield Prerequisite("state", "journal", Verdict.WARNING, found, problem.advice, problem.code)
