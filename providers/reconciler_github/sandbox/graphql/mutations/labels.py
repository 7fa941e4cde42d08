"""Create, change and delete labels.

Source: docs.github.com/en/graphql/reference/mutations (createLabel, updateLabel, deleteLabel).
"""

from typing import Any

from reconciler_github.sandbox.domain.labels import create_label, delete_label, update_label
from reconciler_github.sandbox.graphql.mutations.steps import (
    Input,
    mutation,
    part_to_change,
    repository_to_change,
)
from reconciler_github.sandbox.graphql.resolvers.fields import Fields
from reconciler_github.sandbox.graphql.session import Session


def _create(session: Session, given: Input) -> dict[str, Any]:
    repository = repository_to_change(session, given["repositoryId"], "push", "createLabel")
    label = create_label(session.store, repository, given["name"], given["color"], given.get("description"))
    return {"label": label}


def _update(session: Session, given: Input) -> dict[str, Any]:
    label, _ = part_to_change(session, given["id"], "Label", "push", "updateLabel")
    changed = update_label(
        session.store, label, given.get("name"), given.get("color"), given.get("description")
    )
    return {"label": changed}


def _delete(session: Session, given: Input) -> dict[str, Any]:
    label, _ = part_to_change(session, given["id"], "Label", "push", "deleteLabel")
    delete_label(session.store, label)
    return {}


FIELDS: Fields = {
    "Mutation": {
        "createLabel": mutation(_create),
        "deleteLabel": mutation(_delete),
        "updateLabel": mutation(_update),
    }
}
