"""Every kind of broken stack is told with place, line, caret and advice: see tests/golden/broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.config import load
from reconciler.errors import InvalidConfiguration
from reconciler.registry import Registry
from reconciler.views.diagnostics import render

_BROKEN = Path(__file__).parents[2] / "golden" / "broken"
_CASES = sorted(path.name for path in _BROKEN.iterdir())


@pytest.mark.parametrize("case", _CASES)
def test_a_broken_stack_is_explained(case: str, types: Registry, golden: Callable[[str, str], None]) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        load(_BROKEN / case, environment=None, types=types, environ={})
    golden(f"broken/{case}/expected.txt", render(caught.value.diagnostics))
