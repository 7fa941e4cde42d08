"""Reads a Terraform state, format version 4: which objects it knows, under which addresses.

Source: the format is Terraform's own (internal/states/statefile/version4.go) and promised to nobody. Only
what is needed to find the objects again is read; the values are never used for anything else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler import codes
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused

VERSION = 4
_PULL = "give the file that `terraform state pull` prints"
_PROVIDER = re.compile(r'provider\["([^"]+)"\](?:\.([A-Za-z_][\w-]*))?')
_MODULE = re.compile(r"module\.([\w-]+)(?:\[(\"(?:[^\"\\]|\\.)*\"|\d+)\])?")


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of a managed resource.

    ``provider`` is the address of its source, ``registry.terraform.io/integrations/github``; ``modules``
    are the modules around it, each with its key, and ``key`` its own; of ``count`` it is the number as
    text.
    """

    type: str
    name: str
    key: str | None
    modules: tuple[tuple[str, str | None], ...]
    provider: str
    attributes: Mapping[str, Any]

    @property
    def address(self) -> str:
        """As Terraform writes it."""
        around = "".join(f"module.{name}{_index(key)}." for name, key in self.modules)
        return f"{around}{self.type}.{self.name}{_index(self.key)}"


def read_state(text: str, name: str) -> list[Instance]:
    """The instances of all managed resources, in the order of the file; ``name`` is what messages call it.

    Raises Refused for what is no Terraform state of version 4.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        raise _refused(f"{name} is nested too deeply to be a Terraform state", _PULL) from None
    except ValueError as error:
        raise _unreadable(name, text, error) from None
    if not isinstance(document, dict):
        raise _refused(f"{name} is no Terraform state", _PULL)
    _check(document, name)
    try:
        return [
            instance
            for resource in document["resources"]
            if resource["mode"] == "managed"
            for instance in _instances(resource)
        ]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _refused(
            f"{name} is no whole Terraform state: {type(error).__name__} {error}",
            _PULL,
        ) from None


def _check(document: Mapping[str, Any], name: str) -> None:
    if "encrypted_data" in document or "encryption_version" in document:
        raise _refused(
            f"{name} is encrypted", "let OpenTofu decrypt it: `tofu state pull > FILE`, and give that file"
        )
    if "planned_values" in document or "resource_changes" in document:
        raise _refused(f"{name} is a plan, and no state", "give the state: `terraform state pull > FILE`")
    if "format_version" in document and "values" in document:
        raise _refused(
            f"{name} is what `terraform show -json` prints, and no state",
            "give the state itself: `terraform state pull > FILE`",
        )
    version = document.get("version")
    if version != VERSION or "terraform_version" not in document:
        is_state = isinstance(version, int) and ("serial" in document or "modules" in document)
        summary = (
            f"{name} is a Terraform state of version {version}, and only {VERSION} is read"
            if is_state
            else f"{name} is no Terraform state"
        )
        advice = (
            "let Terraform 0.12 or later write it anew: `terraform state pull > FILE`" if is_state else _PULL
        )
        raise _refused(summary, advice)
    if not isinstance(document.get("resources"), list):
        raise _refused(f"{name} is no whole Terraform state", "it has no list `resources`")


def _instances(resource: Mapping[str, Any]) -> Iterator[Instance]:
    found = _PROVIDER.search(resource["provider"])
    modules = tuple(
        (module[1], json.loads(module[2]) if module[2] is not None else None)
        for module in _MODULE.finditer(resource.get("module", ""))
    )
    for instance in resource["instances"]:
        if instance.get("deposed"):
            continue  # what is left of a replacement, not what the address stands for
        key = instance.get("index_key")
        yield Instance(
            resource["type"],
            resource["name"],
            None if key is None else str(key),
            tuple((name, None if around is None else str(around)) for name, around in modules),
            found[1] if found else str(resource["provider"]),
            dict(instance.get("attributes") or instance.get("attributes_flat") or {}),
        )


def _index(key: str | None) -> str:
    if key is None:
        return ""
    return f"[{key}]" if key.isdigit() else f"[{json.dumps(key, ensure_ascii=False)}]"


def _unreadable(name: str, text: str, error: ValueError) -> Refused:
    if text.startswith("PK\x03\x04"):
        return _refused(
            f"{name} is a saved plan, and no state", "give the state: `terraform state pull > FILE`"
        )
    if re.match(r"\s*(resource|terraform|provider|variable|module|data|output|locals)\b[^:]*\{", text):
        return _refused(
            f"{name} is Terraform's configuration, and no state",
            "give the state: `terraform state pull > FILE`",
        )
    return _refused(f"{name} is not JSON: {error}", _PULL)


def _refused(summary: str, advice: str) -> Refused:
    return Refused([Diagnostic(summary, advice, code=codes.DOCUMENT)])
