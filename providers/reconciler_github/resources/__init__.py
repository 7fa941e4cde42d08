"""GitHub's resource types, one module each."""

from collections.abc import Mapping

from reconciler_github.resources import (
    actions_secret,
    branch,
    branch_protection,
    issue_label,
    looked_up,
    repository,
    team,
    team_repository,
)
from reconciler_github.resources.kind import DataKind, Kind

KINDS: Mapping[str, Kind] = {
    kind.type: kind
    for kind in (
        repository.KIND,
        branch.KIND,
        issue_label.KIND,
        team.KIND,
        team_repository.KIND,
        branch_protection.KIND,
        actions_secret.KIND,
    )
}

DATA_KINDS: Mapping[str, DataKind] = {kind.type: kind for kind in looked_up.KINDS}
