"""Labels and milestones of a repository.

Source: docs.github.com/en/graphql/reference/objects (Label, Milestone).
"""

from typing import Any
from urllib.parse import quote

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.graphql.connections import Listing, page
from reconciler_github.sandbox.graphql.resolvers.fields import Fields, addressed, found, id_of, stored, upper
from reconciler_github.sandbox.graphql.resolvers.repositories import full_name
from reconciler_github.sandbox.graphql.session import Info, Session


def _labels(repository: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    labels = info.context.store.find("label", repository_id=repository["id"])
    query = (arguments.get("query") or "").lower()
    labels = [label for label in labels if query in f"{label['name']} {label['description'] or ''}".lower()]
    keys = {"CREATED_AT": _by_age, "NAME": lambda label: [label["name_key"], label["id"]]}
    return page(info, Listing(labels, _by_age).ordered(arguments.get("orderBy"), keys), arguments)


def _milestones(repository: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    milestones = info.context.store.find("milestone", repository_id=repository["id"])
    query, states = (arguments.get("query") or "").lower(), arguments.get("states")
    wanted = [
        milestone
        for milestone in milestones
        if query in milestone["title"].lower() and (not states or milestone["state"].upper() in states)
    ]
    keys = {
        "CREATED_AT": lambda each: [each["created_at"], each["number"]],
        "DUE_DATE": lambda each: [each["due_on"] or "", each["number"]],
        "NUMBER": _by_number,
        "UPDATED_AT": lambda each: [each["updated_at"], each["number"]],
    }
    return page(info, Listing(wanted, _by_number).ordered(arguments.get("orderBy"), keys), arguments)


def _milestone(repository: Document, info: Info, number: int) -> Document | None:
    milestones = info.context.store.find("milestone", repository_id=repository["id"])
    return next((each for each in milestones if each["number"] == number), None)


def _by_age(label: Document) -> list[Any]:
    return [label["created_at"], label["id"]]


def _by_number(milestone: Document) -> list[Any]:
    return [milestone["number"]]


def _repository(session: Session, source: Document) -> Document:
    return session.document("repository", source["repository_id"])


FIELDS: Fields = {
    "Repository": {
        "label": lambda source, info, name: info.context.store.label(source["id"], name),
        "labels": _labels,
        "milestone": _milestone,
        "milestones": _milestones,
    },
    "Label": {
        "color": stored("color"),
        "createdAt": stored("created_at"),
        "description": stored("description"),
        "id": id_of("label"),
        "isDefault": stored("default"),
        "name": stored("name"),
        "repository": found(_repository),
        "updatedAt": stored("updated_at"),
        **addressed(
            lambda session, label: (
                f"/{full_name(session, _repository(session, label))}/labels/{quote(label['name'], safe='')}"
            )
        ),
    },
    "Milestone": {
        "closed": found(lambda _, milestone: milestone["state"] == "closed"),
        "closedAt": stored("closed_at"),
        "createdAt": stored("created_at"),
        "creator": found(
            lambda session, milestone: (
                None if milestone["creator_id"] is None else session.account(milestone["creator_id"])
            )
        ),
        "description": stored("description"),
        "dueOn": stored("due_on"),
        "id": id_of("milestone"),
        "number": stored("number"),
        "repository": found(_repository),
        "state": upper("state"),
        "title": stored("title"),
        "updatedAt": stored("updated_at"),
        **addressed(
            lambda session, milestone: (
                f"/{full_name(session, _repository(session, milestone))}/milestone/{milestone['number']}"
            )
        ),
    },
}
