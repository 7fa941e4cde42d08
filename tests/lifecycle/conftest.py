"""The lab that every lifecycle test works in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lifecycle.lab import Lab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path)
    yield lab
    lab.ledger.close()
