"""A hash of what a stack declares: the same for the very same configuration, however it is laid out."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from reconciler.config.sections import Sections
from reconciler.config.stack import ApplySettings, Declaration, Output, ProviderConfiguration, ValuePath
from reconciler.values import Sensitive, Unknown, Value

_VERSION = 1

SecretTexts = dict[str, Mapping[ValuePath, str]]
"""By provider or output: the ``${…}`` behind each sensitive value, by its path."""


def stack_digest(
    name: str,
    environment: str,
    variables: Mapping[str, Value],
    providers: Mapping[str, ProviderConfiguration],
    declarations: list[Declaration],
    outputs: Mapping[str, Output],
    apply: ApplySettings,
    secret_texts: SecretTexts,
    sections: Sections,
) -> str:
    """The digest, in hexadecimal.

    Secrets are in it by the expression that names them, not by value: what is kept of it could be guessed.
    """
    document = {
        "version": _VERSION,
        "stack": name,
        "environment": environment,
        "variables": variables,
        "providers": {key: [one.settings, list(one.depends_on)] for key, one in providers.items()},
        "declarations": {str(one.address): _declaration(one) for one in declarations},
        "outputs": {key: [one.value, one.is_sensitive] for key, one in outputs.items()},
        "secrets": {key: _texts(one) for key, one in secret_texts.items() if one},
        "apply": [apply.parallelism, apply.max_deletes],
    }
    if not sections.is_empty:
        document["sections"] = _sections(sections)
    return _hashed(document)


def declaration_digest(one: Declaration) -> str:
    """The same of one declaration: another one when anything in it is declared otherwise."""
    return _hashed(_declaration(one))


def _hashed(document: Any) -> str:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_part)
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def _declaration(one: Declaration) -> list[Any]:
    lifecycle = one.lifecycle
    more = [
        lifecycle.create_before_destroy,
        [trigger.text for trigger in lifecycle.replace_triggered_by],
        *(
            [[one.assertion, one.message] for one in conditions]
            for conditions in (lifecycle.preconditions, lifecycle.postconditions)
        ),
    ]
    return [
        one.provider,
        one.attributes,
        sorted(map(str, one.depends_on)),
        [lifecycle.prevent_destroy, lifecycle.ignore_changes, lifecycle.on_exists, lifecycle.on_destroy],
        one.expect,
        _texts(one.sources),
        *([more] if any(more) else []),
    ]


def _sections(sections: Sections) -> list[Any]:
    return [
        [[str(move.way.old), str(move.way.new)] for move in sections.moved],
        [[str(one.old), one.is_destroyed] for one in sections.removed],
        sorted([str(address), one.id] for address, one in sections.imports.items()),
        [[one.name, one.condition.assertion, one.condition.message, one.is_error] for one in sections.checks],
    ]


def _texts(sources: Mapping[ValuePath, str]) -> list[Any]:
    return sorted([list(map(str, path)), text] for path, text in sources.items())


def _part(part: Any) -> Any:
    """A part of a value that is not JSON."""
    if isinstance(part, Sensitive):
        return {"sensitive": True}
    if isinstance(part, Unknown):
        return {"unknown": part.because}
    known = list(part.known_values()) if hasattr(part, "known_values") else [getattr(part, "inner", None)]
    return {"expression": part.source, "known": known} if known else {"expression": part.source}
