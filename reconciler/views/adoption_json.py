"""What ``import --all`` and ``import --tfstate`` found, as JSON: ``schemas/adoption.schema.json``."""

from typing import Any

from reconciler.adoption.found import Generated
from reconciler.errors import ProviderError


def adoption_document(
    provider: str,
    generated: Generated,
    *,
    found: int,
    file: str | None,
    unlisted: dict[str, str],
    failed: dict[str, ProviderError],
    skipped: list[tuple[str, str]],
    notes: list[tuple[str, str]],
) -> dict[str, Any]:
    """The whole report; ``file`` is where the YAML was written, or None, and then it is in ``yaml``."""
    return {
        "provider": provider,
        "file": file,
        "yaml": generated.text if file is None else None,
        "found": found,
        "resources": [
            {
                "address": f"{one.type.name}.{one.name}",
                "instances": None if None in one.members else sorted(str(key) for key in one.members),
            }
            for one in generated.resources
        ],
        "imports": [{"to": str(one.to), "id": one.id} for one in generated.imports],
        "left_out": [
            {"type": one.type, "id": one.id, "name": one.name, "reason": one.reason}
            for one in generated.left_out
        ],
        "to_fill": [
            {"secret": one.name, "address": str(one.address), "attribute": one.attribute}
            for one in generated.to_fill
        ],
        "unlisted": [{"type": name, "reason": reason} for name, reason in unlisted.items()],
        "failed": [
            {"type": name, "code": error.code, "cause": error.cause, "remedy": error.remedy}
            for name, error in failed.items()
        ],
        "skipped": [{"address": address, "reason": reason} for address, reason in skipped],
        "notes": [{"address": address, "note": note} for address, note in notes],
    }
