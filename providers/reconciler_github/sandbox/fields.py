"""Checks of request bodies, with GitHub's words for what is wrong.

Source: the answers of api.github.com to ill-typed bodies: 422, ``Invalid request.`` and one line a problem.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler_github.sandbox.errors import invalid_request

Spec = Mapping[str, str | Sequence[str]]
"""Field to its type (``boolean``, ``string``, ``integer``, ``array``, ``object``, with ``?`` if null may be
given), or to the texts it may be."""

_TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "string": (str,),
    "integer": (int,),
    "array": (list,),
    "object": (dict,),
}


def checked(body: Mapping[str, Any], spec: Spec, required: Sequence[str] = ()) -> dict[str, Any]:
    """The documented fields of a body; others are ignored, as GitHub does.

    Raises ``Refusal`` 422 for what is missing or of the wrong type.
    """
    problems = [f'"{name}" wasn\'t supplied.' for name in required if name not in body]
    found = {name: body[name] for name in spec if name in body}
    for name, value in found.items():
        expected = spec[name]
        if isinstance(expected, str):
            if not _is_of_type(value, expected):
                problems.append(f"For 'properties/{name}', {_shown(value)} is not {_named(expected)}.")
        elif value not in expected:
            problems.append(
                f'No subschema in "anyOf" matched. {_shown(value)} is not a member of {list(expected)}.'
            )
    if problems:
        raise invalid_request("\n".join(problems))
    return found


def _is_of_type(value: object, expected: str) -> bool:
    if value is None:
        return expected.endswith("?")
    kind = expected.removesuffix("?")
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _named(expected: str) -> str:
    kind = expected.removesuffix("?")
    article = "an" if kind[0] in "aio" else "a"
    return f"{article} {kind}" + (" or null" if expected.endswith("?") else "")


def _shown(value: object) -> str:
    if value is None:
        return "nil"
    return f'"{value}"' if isinstance(value, str) else str(value)
