"""What the services themselves publish, to hold providers and emulators against.

It is no part of this repository: it lies in ``../shared/contract`` beside the checkout, or where
``$RECONCILER_CONTRACT_DATA`` says, in a folder for each service.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


def place_of(service: str) -> Path:
    """Where a service's folder is, or would be."""
    return Path(os.environ.get("RECONCILER_CONTRACT_DATA", ROOT.parent / "shared" / "contract")) / service


def contract_folder(service: str) -> Path:
    """A service's folder. Without it the test is skipped and says so; in CI it fails."""
    return _present(place_of(service))


def contract_file(service: str, name: str) -> Path:
    """A file of a service's folder. Without it the test is skipped and says so; in CI it fails."""
    return _present(place_of(service) / name)


def contract_document(service: str, name: str) -> dict[str, Any]:
    """The JSON document in such a file."""
    document: dict[str, Any] = json.loads(contract_file(service, name).read_text(encoding="utf-8"))
    return document


def _present(path: Path) -> Path:
    if not path.exists():
        missing = f"what the service publishes is not here: {path}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path
