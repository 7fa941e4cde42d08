"""Which fields ask for scopes of the token, and what is said when they are missing.

Source: recorded errors of the type INSUFFICIENT_SCOPES in public issue threads; docs.github.com, "Scopes for
OAuth apps".
"""

from typing import Any

from reconciler_github.sandbox.graphql.measure import Measure
from reconciler_github.sandbox.viewer import Viewer

_TEAM = ("read:org", "read:discussion")
_OF_FIELDS = {
    ("Organization", "team"): ("read:org",),
    ("Organization", "teams"): ("read:org",),
    ("User", "email"): ("user:email", "read:user"),
}
_WRITES = ("public_repo",)


def missing_scopes(viewer: Viewer, measured: Measure) -> list[dict[str, Any]]:
    """An error for each field that the token's scopes do not cover."""
    errors = []
    for type_name, node in measured.fields:
        name = node.name.value
        if name.startswith("__"):
            continue
        if type_name == "Team":
            needed: tuple[str, ...] = _TEAM
        elif type_name == "Mutation":
            needed = _WRITES
        else:
            needed = _OF_FIELDS.get((type_name, name), ())
        if not needed or viewer.has_scope(*needed):
            continue
        location = node.loc.source.get_location(node.loc.start) if node.loc else None
        errors.append(
            {
                "type": "INSUFFICIENT_SCOPES",
                "locations": [{"line": location.line, "column": location.column}] if location else [],
                "message": (
                    "Your token has not been granted the required scopes to execute this query. "
                    f"The '{name}' field requires one of the following scopes: {list(needed)}, "
                    f"but your token has only been granted the: {sorted(viewer.scopes)} scopes. "
                    "Please modify your token's scopes at: https://github.com/settings/tokens."
                ),
            }
        )
    return errors
