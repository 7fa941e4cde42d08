"""Create and change repositories, their topics and the teams that use them.

Source: docs.github.com/en/graphql/reference/mutations (createRepository, updateRepository, archiveRepository,
unarchiveRepository, updateTopics, updateTeamsRepository).
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.repositories import create_repository, set_topics, update_repository
from reconciler_github.sandbox.domain.teams import grant
from reconciler_github.sandbox.errors import Refusal
from reconciler_github.sandbox.graphql.mutations.steps import (
    Input,
    mutation,
    node_of_type,
    repository_to_change,
)
from reconciler_github.sandbox.graphql.refusals import not_permitted, unresolved_node
from reconciler_github.sandbox.graphql.resolvers.fields import Fields
from reconciler_github.sandbox.graphql.session import PERMISSIONS, Session

_SETTINGS = {
    "description": "description",
    "hasDiscussionsEnabled": "has_discussions",
    "hasIssuesEnabled": "has_issues",
    "hasProjectsEnabled": "has_projects",
    "hasWikiEnabled": "has_wiki",
    "homepageUrl": "homepage",
    "name": "name",
    "template": "is_template",
}
_REST_PERMISSIONS = {name: permission for permission, name in PERMISSIONS.items()}


def _settings(given: Input) -> dict[str, Any]:
    return {key: given[name] for name, key in _SETTINGS.items() if name in given}


def _create(session: Session, given: Input) -> dict[str, Any]:
    owner = _owner(session, given)
    settings = {key: value for key, value in _settings(given).items() if key != "name"}
    settings["visibility"] = given["visibility"].lower()
    repository = create_repository(session.store, owner, given["name"], settings)
    if "teamId" in given:
        grant(session.store, node_of_type(session, given["teamId"], "Team"), repository, None)
    return {"repository": repository}


def _owner(session: Session, given: Input) -> Document:
    """The account that the repository will belong to, where the viewer may create repositories."""
    viewer = session.viewer
    if "ownerId" not in given:
        return viewer.user
    owner = session.node(given["ownerId"])
    if owner["__typename"] not in ("Organization", "User"):
        raise unresolved_node(given["ownerId"])
    if owner["__typename"] == "User":
        allowed = owner["id"] == viewer.user["id"]
    else:
        role = session.role_in(owner["id"])
        allowed = role == "admin" or (
            role == "member" and owner["settings"]["members_can_create_repositories"]
        )
    if not allowed:
        raise not_permitted(viewer.user["login"], "createRepository")
    return session.store.require("account", owner["id"])


def _update(session: Session, given: Input) -> dict[str, Any]:
    repository = repository_to_change(session, given["repositoryId"], "admin", "updateRepository")
    return {"repository": update_repository(session.store, repository, _settings(given))}


def _archive(session: Session, given: Input) -> dict[str, Any]:
    repository = repository_to_change(session, given["repositoryId"], "admin", "archiveRepository")
    return {"repository": update_repository(session.store, repository, {"archived": True})}


def _unarchive(session: Session, given: Input) -> dict[str, Any]:
    text = given["repositoryId"]
    repository = repository_to_change(session, text, "admin", "unarchiveRepository", even_archived=True)
    return {"repository": update_repository(session.store, repository, {"archived": False})}


def _update_topics(session: Session, given: Input) -> dict[str, Any]:
    """Replace all topics; names that are no topics are named in the payload, and nothing is changed."""
    repository = repository_to_change(session, given["repositoryId"], "maintain", "updateTopics")
    names = given["topicNames"]
    try:
        return {"repository": set_topics(session.store, repository, names), "invalidTopicNames": None}
    except Refusal as refusal:
        refused = [str(problem) for problem in refusal.errors or ()]
        wrong = [
            name for name in names if any(text.startswith(f"{name.lower()} is invalid") for text in refused)
        ]
        if not wrong:
            raise
        return {"repository": None, "invalidTopicNames": wrong}


def _update_teams(session: Session, given: Input) -> dict[str, Any]:
    """Give teams a permission on a repository."""
    repository = repository_to_change(session, given["repositoryId"], "admin", "updateTeamsRepository")
    teams = [node_of_type(session, text, "Team") for text in given["teamIds"]]
    for team in teams:
        grant(session.store, team, repository, _REST_PERMISSIONS[given["permission"]])
    return {"repository": repository, "teams": teams}


FIELDS: Fields = {
    "Mutation": {
        "archiveRepository": mutation(_archive),
        "createRepository": mutation(_create),
        "unarchiveRepository": mutation(_unarchive),
        "updateRepository": mutation(_update),
        "updateTeamsRepository": mutation(_update_teams),
        "updateTopics": mutation(_update_topics),
    }
}
