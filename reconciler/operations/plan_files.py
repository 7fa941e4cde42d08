"""Files of saved plans: written all at once, for their owner alone; read with every doubt."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from reconciler import codes
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations.workspace import Setting, Workspace
from reconciler.plan.file import FORMAT, FORMAT_VERSION, is_signed, read_document
from reconciler.plan.saved import SavedPlan
from reconciler.state.location import flush_directory, make_file_beside

_LARGEST = 1 << 30
"""Bytes; a plan of 100,000 resources has a tenth of that."""
_BEGINNING = f'{{"format": "{FORMAT}"'
_PLAN_AGAIN = "make the plan again: `reconciler plan --out FILE`"


def write(file: Path, document: Mapping[str, Any]) -> None:
    """Write a document so that the file has all of it or is as it was; only its owner may read it (0600).

    Raises OSError.
    """
    made = make_file_beside(file)
    try:
        with made.open("w", encoding="ascii") as stream:
            json.dump(document, stream)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        made.replace(file)
    except BaseException:
        with suppress(OSError):
            made.unlink()
        raise
    flush_directory(file.parent)


def read(file: Path, setting: Setting) -> Mapping[str, Any]:
    """The document in a file, of which nothing is certain yet but its format and for what it says it is.

    Raises Refused for one that is no plan, is cut short, was saved by a newer version, or for another
    environment or realm; and OSError.
    """
    with file.open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    text = content.decode("utf-8", "replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        if text.startswith(_BEGINNING):
            _refuse(f"{file} ends before the plan does", _PLAN_AGAIN, codes.PLAN_CUT_SHORT)
        document = None
    version = document.get("format_version") if isinstance(document, dict) else None
    if not isinstance(document, dict) or document.get("format") != FORMAT or not isinstance(version, int):
        advice = "give a file that `reconciler plan --out FILE` has written"
        _refuse(f"{file} is no saved plan", advice, codes.NOT_A_PLAN)
    if version > FORMAT_VERSION:
        _refuse(
            f"{file} has version {version} of the format, and this reconciler knows up to {FORMAT_VERSION}",
            "install the version of reconciler that saved it, or make the plan again",
            codes.PLAN_TOO_NEW,
        )
    _check_subject("environment", document, setting.environment, "--environment NAME, as it was planned with")
    if document.get("realm") != setting.realm:
        made_for, here = ("the sandbox", "the real services")
        if setting.is_sandbox:
            made_for, here = here, made_for
        _refuse(
            f"the plan was saved for {made_for}, and this is for {here}",
            "give --sandbox, or leave it out, as when the plan was made",
            codes.OTHER_SUBJECT,
        )
    return document


def given_variables(document: Mapping[str, Any]) -> dict[str, str]:
    """The variables that the command line gave when the plan was made, without those that are secret."""
    given = document.get("given")
    return {str(name): str(text) for name, text in given.items()} if isinstance(given, dict) else {}


def verified(document: Mapping[str, Any], workspace: Workspace) -> SavedPlan:
    """The plan in a document, once it is certain that it is as it was saved, and of this state.

    Raises Refused.
    """
    ledger = workspace.ledger
    _check_subject("stack", document, workspace.stack.name, "-C DIR to name the directory of its stack")
    if not ledger.lineage or document.get("lineage") != ledger.lineage:
        _refuse(
            "the plan was made from another state than the one that is here"
            if ledger.lineage
            else "the plan was made from a state that is not here",
            "use it where it was made, or make it again here",
            codes.OTHER_LINEAGE,
        )
    if not is_signed(document, ledger.sealer):
        _refuse("the plan is not as it was saved: its signature is wrong", _PLAN_AGAIN, codes.PLAN_ALTERED)
    return read_document(document)


def _check_subject(what: str, document: Mapping[str, Any], here: str, advice: str) -> None:
    said = document.get(what)
    if said != here:
        _refuse(
            f"the plan was saved for the {what} {said!r}, and this is {here!r}",
            f"give {advice}",
            codes.OTHER_SUBJECT,
        )


def _refuse(summary: str, advice: str, code: str) -> NoReturn:
    raise Refused([Diagnostic(summary, advice, code=code)])
