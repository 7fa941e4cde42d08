"""The search for canaries finds what it is there to find; and no recording in the tree holds a credential."""

import base64
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.functional.canaries import Canaries

TREE = Path(__file__).parents[1]

LIKE_A_TOKEN = re.compile(
    r"xox[abeoprs]-[\w-]{10,}|gh[opsur]_\w{20,}|github_pat_\w{20,}|\bsecret_\w{30,}|\bntn_\w{30,}"
    r"|\b(?:Bearer|Basic|token) [\w+/=.-]{16,}|://[^/\s:@]+:[^/\s@]+@"
)


@pytest.mark.parametrize(
    "write",
    [
        str,
        str.upper,
        repr,
        json.dumps,
        html.escape,
        lambda text: quote(text, safe=""),
        lambda text: json.dumps(json.dumps(text)),
        lambda text: text.encode().hex(),
        lambda text: text.split("-")[0],
        lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
        lambda text: base64.b64encode(f"u:{text}".encode()).decode(),
        lambda text: base64.urlsafe_b64encode(f"{text} ".encode()).decode(),
    ],
)
def test_a_canary_is_found_however_it_is_written(write: Callable[[str], str]) -> None:
    canaries = Canaries()
    canary, other = canaries("here", "-\"é'&/-"), canaries("elsewhere")
    assert canaries.seen_in(f"before {write(canary)} after".encode()) == {"here"}
    assert canaries.seen_in(other.encode()) == {"elsewhere"}
    assert not canaries.seen_in(b"nothing of the kind")


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-123456789012-abc",
        "ghp_" + "a" * 36,
        "ntn_" + "4" * 40,
        "Bearer abcdefgh12345678",
        "https://a:b@c.example",
    ],
)
def test_what_looks_like_a_token_is_known_for_one(text: str) -> None:
    assert LIKE_A_TOKEN.search(text)


def test_no_recording_holds_anything_like_a_token() -> None:
    recordings = [
        file
        for folder in ("cassettes", "recordings", "golden")
        for file in TREE.rglob(f"{folder}/**/*")
        if file.is_file()
    ]
    assert recordings
    found = {
        str(file.relative_to(TREE)): match[0]
        for file in recordings
        if (match := LIKE_A_TOKEN.search(file.read_text(encoding="utf-8", errors="replace")))
    }
    assert not found
