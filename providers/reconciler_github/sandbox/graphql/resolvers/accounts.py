"""Organisations, users, and who is in an organisation.

Source: docs.github.com/en/graphql/reference/objects (Organization, User).
"""

from collections.abc import Iterable
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.accounts import members
from reconciler_github.sandbox.graphql.connections import Listing, page
from reconciler_github.sandbox.graphql.resolvers.fields import (
    Fields,
    Resolver,
    addressed,
    avatar,
    found,
    id_of,
    stored,
)
from reconciler_github.sandbox.graphql.resolvers.repositories import repositories_page, repository_called
from reconciler_github.sandbox.graphql.resolvers.teams import team_called, teams_page
from reconciler_github.sandbox.graphql.session import Info, Session, typed


def _members(organisation: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    """Only members see who is a member: nobody in this world has made their membership public."""
    session = info.context
    seen = session.role_in(organisation["id"]) is not None
    users = members(session.store, organisation) if seen else []

    def role(user: Document) -> dict[str, Any]:
        membership = session.store.require("membership", f"{organisation['id']}:{user['id']}")
        return {"role": membership["role"].upper()}

    listing = Listing(sorted(users, key=_by_id), _by_id, edge=role, node=lambda user: typed("account", user))
    return page(info, listing, arguments)


def _owned(owner: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    session = info.context
    repositories = session.store.find("repository", owner_id=owner["id"])
    if owner["type"] == "User":
        repositories += [
            session.store.require("repository", direct["repository_id"])
            for direct in session.store.find("collaborator", user_id=owner["id"])
        ]
    session.keep("repository", repositories)
    return repositories_page(info, repositories, arguments)


def _repository(
    owner: Document,
    info: Info,
    name: str,
    *,
    followRenames: bool = True,  # noqa: N803 (GraphQL's name)
) -> Document:
    return repository_called(info.context, owner["login"], name, follow_renames=followRenames)


def _organizations(user: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    """The organisations of a user that the viewer knows them to be in."""
    session = info.context
    memberships = session.store.find("membership", user_id=user["id"])
    accounts = [
        session.account(each["organization_id"])
        for each in memberships
        if each["state"] == "active" and session.role_in(each["organization_id"]) is not None
    ]
    return page(info, Listing(sorted(accounts, key=_by_id), _by_id), arguments)


def _organization(user: Document, info: Info, login: str) -> Document | None:
    session = info.context
    organisation = session.store.account(login, "Organization")
    if organisation is None or session.role_in(organisation["id"]) is None:
        return None
    membership = session.store.get("membership", f"{organisation['id']}:{user['id']}")
    return typed("account", organisation) if membership and membership["state"] == "active" else None


def _teams(organisation: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    teams: Iterable[Document] = info.context.store.find("team", organization_id=organisation["id"])
    return teams_page(info, teams, arguments)


def _no_rulesets(_source: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    """This world keeps no rulesets yet, so that every page of them is empty."""
    empty: Listing[Document] = Listing([], _by_id)
    return page(info, empty, arguments)


def _by_id(document: Document) -> list[Any]:
    return [document["id"]]


def _setting(key: str) -> Resolver:
    return lambda source, _info: source["settings"][key]


def _may_create_repositories(session: Session, organisation: Document) -> bool:
    role = session.role_in(organisation["id"])
    allowed = organisation["settings"]["members_can_create_repositories"]
    return role == "admin" or (role == "member" and allowed)


_OF_BOTH: dict[str, Resolver] = {
    "avatarUrl": avatar,
    "createdAt": stored("created_at"),
    "databaseId": stored("id"),
    "id": id_of("account"),
    "location": stored("location"),
    "login": stored("login"),
    "name": stored("name"),
    "repositories": _owned,
    "repository": _repository,
    "twitterUsername": stored("twitter_username"),
    "updatedAt": stored("updated_at"),
    "websiteUrl": found(lambda _, account: account["blog"] or None),
    **addressed(lambda _, account: f"/{account['login']}"),
}

FIELDS: Fields = {
    "Organization": {
        **_OF_BOTH,
        "description": stored("description"),
        "email": stored("email"),
        "membersCanForkPrivateRepositories": _setting("members_can_fork_private_repositories"),
        "membersWithRole": _members,
        "organizationBillingEmail": found(
            lambda session, account: (
                account["settings"]["billing_email"] if session.role_in(account["id"]) == "admin" else None
            )
        ),
        "rulesets": _no_rulesets,
        "team": lambda source, info, slug: team_called(info.context, source, slug),
        "teams": _teams,
        "viewerCanAdminister": found(lambda session, account: session.role_in(account["id"]) == "admin"),
        "viewerCanCreateRepositories": found(_may_create_repositories),
        "viewerCanCreateTeams": found(lambda session, account: session.role_in(account["id"]) is not None),
        "viewerIsAMember": found(lambda session, account: session.role_in(account["id"]) is not None),
        "webCommitSignoffRequired": _setting("web_commit_signoff_required"),
    },
    "User": {
        **_OF_BOTH,
        "bio": stored("bio"),
        "company": stored("company"),
        "email": found(lambda _, account: account["email"] or ""),
        "isSiteAdmin": stored("site_admin"),
        "isViewer": found(lambda session, account: account["id"] == session.viewer.user["id"]),
        "organization": _organization,
        "organizations": _organizations,
    },
    "App": {
        "databaseId": stored("id"),
        "id": stored("node_id"),
        "name": stored("name"),
        "slug": stored("slug"),
    },
    "Repository": {"rulesets": _no_rulesets},
}
