"""What expressions can do beyond Jinja2: the few filters that it lacks, and ``file``.

Each is the same at every run, bounded, and told of in ``docs/language.md``.
"""

import base64
import hashlib
import itertools
import json
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from reconciler.config.parse import Limits, parse
from reconciler.config.plain_values import plain_value
from reconciler.config.searching import SEARCHING
from reconciler.config.shapes import ANY
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostics

MAX_FILE = 2**20
"""Bytes of a file that an expression reads."""
_MAX_ITEMS = 100_000
_LIMITS = Limits(depth=32, nodes=_MAX_ITEMS)


def _from_json(text: str) -> Any:
    try:
        return json.loads(_text(text, "from_json"))
    except RecursionError:
        raise ValueError("from_json: it is nested too deep") from None
    except ValueError as error:
        raise ValueError(f"from_json: it is no JSON: {error}") from None


def _from_yaml(text: str) -> Any:
    found = Diagnostics()
    node = parse(Source("text", _text(text, "from_yaml"), is_secret=True), found, _LIMITS)
    if found.has_errors:
        problem = next(iter(found))
        raise ValueError(f"from_yaml: {problem.summary} (line {problem.place.line if problem.place else 1})")
    return None if node is None else plain_value(node, ANY)


def _merge(value: Mapping[str, Any], *others: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for one in (value, *others):
        if not isinstance(one, Mapping):
            raise ValueError("merge takes mappings")
        merged.update(one)
    return merged


def _flatten(value: Iterable[Any]) -> list[Any]:
    flat = list(itertools.islice(_parts(value), _MAX_ITEMS + 1))
    if len(flat) > _MAX_ITEMS:
        raise ValueError(f"flatten: the list would have more than {_MAX_ITEMS:,} items")
    return flat


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        yield value
        return
    for part in value:
        yield from _parts(part)


def _zipmap(keys: Iterable[str], values: Iterable[Any]) -> dict[str, Any]:
    names, parts = list(keys), list(values)
    if len(names) != len(parts):
        raise ValueError(f"zipmap: there are {len(names)} keys and {len(parts)} values")
    return dict(zip(names, parts, strict=True))


def _base64_encode(text: str) -> str:
    return base64.b64encode(_text(text, "base64_encode").encode()).decode("ascii")


def _base64_decode(text: str) -> str:
    try:
        return base64.b64decode(_text(text, "base64_decode"), validate=True).decode("utf-8")
    except ValueError:
        raise ValueError("base64_decode: it is no text in Base64") from None


def _sha256(text: str) -> str:
    return hashlib.sha256(_text(text, "sha256").encode("utf-8", errors="surrogatepass")).hexdigest()


def _slugify(text: str) -> str:
    plain = unicodedata.normalize("NFKD", _text(text, "slugify")).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} takes a text")
    return value


@pass_context
def _file(context: Context, name: str) -> str:
    """The text of a file of the stack, or of the module that the expression stands in."""
    root = Path(str(context["path"])).resolve()
    parts = _text(name, "file").replace("\\", "/").split("/")
    if os.path.isabs(name) or ".." in parts or "\0" in name:
        raise ValueError(f"file({name!r}) could leave the directory {root.name}: write a path below it")
    if any(part.startswith(".") and part != "." for part in parts):
        raise ValueError(f"file({name!r}) is hidden: secrets and state are kept in such files")
    path = (root / name).resolve()
    if not path.is_relative_to(root) or any(part.startswith(".") for part in path.relative_to(root).parts):
        raise ValueError(
            f"file({name!r}) is a link that leaves the directory {root.name}, or to what is hidden"
        )
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ValueError(f"file({name!r}) is no regular file")
        with path.open("rb") as opened:
            content = opened.read(MAX_FILE + 1)
        if len(content) > MAX_FILE:
            raise ValueError(f"file({name!r}) is larger than 1 MB")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"file({name!r}) cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"file({name!r}) is not UTF-8") from None


FILTERS: Mapping[str, Callable[..., Any]] = {
    "base64_decode": _base64_decode,
    "base64_encode": _base64_encode,
    "flatten": _flatten,
    "from_json": _from_json,
    "from_yaml": _from_yaml,
    "merge": _merge,
    **SEARCHING,
    "sha256": _sha256,
    "slugify": _slugify,
    "zipmap": _zipmap,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {"file": _file}
"""Those that ask for the directory, which they get as ``path``."""
