"""Whatever is in the files, a stack is read or refused; nothing else happens."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.config import load
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration
from reconciler.registry import Registry
from reconciler.views.diagnostics import render
from tests.unit.config.forge import Forge

TYPES = Registry({"forge": Forge()})

_PIECES = st.sampled_from(
    [
        *(
            "stack: a",
            "resources",
            "forge_repository",
            "data",
            "locals",
            "variables",
            "environments",
            "apply",
        ),
        *("providers", "outputs", "include", "requires", "state", "value", "name", "default", "depends_on"),
        *(": ", ":", "\n", "\n  ", "\n    ", "\n      ", "- ", "{", "}", "[", "]", ", ", "&a ", "*a", "<<: "),
        *("${", "}", "var.", "local.a", "env.X", "secret.X", "forge_repository.a.", "id", "data.forge_user."),
        *(
            '"',
            "'",
            "|",
            ">",
            "#",
            "!!str ",
            "!x ",
            "%",
            "@",
            "\t",
            "5",
            "~",
            "true",
            "1e5",
            "$${",
            "\\",
            "é",
        ),
        *("a", "b", "? ", " | ", "lifecycle"),
    ]
)
_SCALARS = st.sampled_from(
    [None, True, 5, 1.5, "a", "", "${var.a}", "${local.a | x}", "${forge_repository.a.id}", "${", "*", "../*"]
)
_SECTIONS = ("stack", "resources", "data", "variables", "locals", "providers", "outputs", "environments",
             "apply", "include", "requires", "state")  # fmt: skip
_KEYS = ("forge_repository", "forge_user", "a", "b", "name", "provider", "value", "lifecycle", "depends_on",
         "default", "type", "forge", "token", "expect", "ignore_changes", "variables", "apply")  # fmt: skip
_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=20,
)


def read(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "reconciler.yaml").write_bytes(content)
        problems: tuple[Diagnostic, ...] = ()
        try:
            digest = load(directory, environment=None, types=TYPES, environ={}).digest()
        except InvalidConfiguration as error:
            problems, digest = error.diagnostics, ""
    assert digest or render(problems).startswith("error[RC-CONF-")


@given(st.binary(max_size=200))
@settings(deadline=None, derandomize=True)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read(content)


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_any_pieces_of_a_stack_are_read_or_refused(text: str) -> None:
    read(text.encode())


@given(st.dictionaries(st.sampled_from(_SECTIONS), _TREES, max_size=6))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_any_tree_is_read_or_refused(tree: object) -> None:
    read(json.dumps(tree).encode())
