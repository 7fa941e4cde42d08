"""Seed files: one's own organisation, users, teams and repositories.

``{organization: {login, name, …settings}, users: [{login, name, email, role}],
tokens: [{token, user, scopes}], teams: [{name, description, privacy, parent, members: {login: role},
repositories: {name: permission}}], repositories: [{name, …settings, topics,
labels: [{name, color, description}], branches: [name, …], collaborators: {login: permission}}]}``.

A user's role in the organisation is ``admin``, ``member`` (the default) or ``none``. A repository that names
branches has a first commit.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.seeds import place
from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain import git, teams
from reconciler_github.sandbox.domain.accounts import (
    ALL_SCOPES,
    create_account,
    create_token,
    set_membership,
    update_organisation,
)
from reconciler_github.sandbox.domain.labels import create_label, update_label
from reconciler_github.sandbox.domain.repositories import (
    DEFAULTS,
    create_repository,
    initialise,
    set_topics,
    update_repository,
)
from reconciler_github.sandbox.errors import Refusal
from reconciler_github.sandbox.first_world import ADMIN, OWNER, ensure_organisation, require_user
from reconciler_github.sandbox.store import Store
from reconciler_github.sandbox.viewer import PERMISSIONS

_SECTIONS = ("organization", "users", "tokens", "repositories", "teams")


def plant(store: Store, document: Mapping[str, Any]) -> None:
    """Add what a seed declares to the world; raises ``SeedError`` for the first thing that is wrong."""
    for section in document:
        if section not in _SECTIONS:
            raise SeedError(f"github.{section}", "is not known", f"use one of: {', '.join(_SECTIONS)}")
    declared = document.get("organization", {})
    with _at("github.organization"):
        organisation = ensure_organisation(store, declared.get("login", OWNER))
        organisation = update_organisation(store, organisation, declared)
    for number, user in enumerate(document.get("users", [])):
        with _at(f"github.users[{number}]"):
            _plant_user(store, organisation, user)
    for number, token in enumerate(document.get("tokens", [])):
        with _at(f"github.tokens[{number}]"):
            owner = require_user(store, token["user"])
            create_token(store, token["token"], owner, token.get("scopes", ALL_SCOPES))
    for number, repository in enumerate(document.get("repositories", [])):
        with _at(f"github.repositories[{number}]"):
            _plant_repository(store, organisation, repository)
    for number, team in enumerate(document.get("teams", [])):
        with _at(f"github.teams[{number}]"):
            _plant_team(store, organisation, team)


def _plant_user(store: Store, organisation: Document, declared: Mapping[str, Any]) -> None:
    login, role = declared["login"], declared.get("role", "member")
    user = store.account(login, "User") or create_account(store, "User", login, declared)
    if role != "none":
        set_membership(store, organisation, user, role)


def _plant_repository(store: Store, organisation: Document, declared: Mapping[str, Any]) -> None:
    settings = {key: declared[key] for key in declared if key in DEFAULTS and key != "topics"}
    later = {key: settings.pop(key) for key in ("archived",) if key in settings}
    repository = create_repository(store, organisation, declared["name"], settings)
    branches = declared.get("branches", [])
    if branches:
        repository = initialise(store, repository, require_user(store, ADMIN))
        first = store.refs(repository["id"])[0]["sha"]
        for branch in branches:
            if branch != repository["default_branch"]:
                git.create_ref(store, repository, f"refs/heads/{branch}", first)
        repository = store.require("repository", repository["id"])
    if "topics" in declared:
        repository = set_topics(store, repository, declared["topics"])
    for label in declared.get("labels", []):
        earlier = store.label(repository["id"], label["name"])
        if earlier is None:
            create_label(store, repository, label["name"], label.get("color"), label.get("description"))
        else:
            update_label(store, earlier, label["name"], label.get("color"), label.get("description"))
    for login, permission in declared.get("collaborators", {}).items():
        if permission not in PERMISSIONS:
            raise ValueError(f"{permission} is no permission: {', '.join(PERMISSIONS)}")
        user = require_user(store, login)
        document = {"repository_id": repository["id"], "user_id": user["id"], "permission": permission}
        store.put("collaborator", f"{repository['id']}:{user['id']}", document)
    if later:
        update_repository(store, repository, later)


def _plant_team(store: Store, organisation: Document, declared: Mapping[str, Any]) -> None:
    fields = {key: declared[key] for key in ("description", "privacy", "permission") if key in declared}
    if "parent" in declared:
        parent = store.team(organisation["id"], teams.slug_of(declared["parent"]))
        if parent is None:
            raise LookupError(f"there is no team {declared['parent']} before this one")
        fields |= {"parent_id": parent["id"], "privacy": "closed"}
    team = teams.create_team(store, organisation, None, declared["name"], fields)
    for login, role in declared.get("members", {}).items():
        teams.set_team_membership(store, team, require_user(store, login), role)
    for name, permission in declared.get("repositories", {}).items():
        repository = store.repository(organisation["login"], name)
        if repository is None:
            raise LookupError(f"there is no repository {name}")
        teams.grant(store, team, repository, permission)


def _at(path: str) -> AbstractContextManager[None]:
    """Say where in the seed something is wrong."""
    return place(path, Refusal, _words)


def _words(refusal: Refusal) -> str:
    details = "; ".join(str(each) for each in refusal.errors or [])
    return f"{refusal.message} {details}".strip()
