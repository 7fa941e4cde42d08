"""The emulator's world: which documents it keeps, and how to find them.

REST and GraphQL both stand on this store and on the deeds in ``domain/``; neither keeps anything of its own.
All documents are JSON objects; times are ISO text in UTC (``2026-01-02T03:04:05Z``); ids are database ids
(numbers). Names are compared without regard to case where GitHub does so; the ``*_key`` fields hold the
lowered name. Each kind below is followed by its key and its fields; those marked * are indexed.

- ``account`` (key: id): users and organisations, who share one set of logins: id, type* (``User``,
  ``Organization``), login, login_key*, name, email, bio, description, company, blog, location,
  twitter_username, site_admin, created_at, updated_at; organisations also ``settings``: the fields that
  PATCH /orgs/{org} takes
- ``token`` (key: the token): token, user_id*, scopes (list of text)
- ``usage`` (key: ``<token>:<resource>``): rate limit: used, reset (epoch seconds); resource core or graphql
- ``membership`` (key: ``<org id>:<user id>``): organization_id*, user_id*, role (admin, member), state
  (active, pending)
- ``repository`` (key: id): id, owner_id*, name, name_key*, description, homepage, private, visibility
  (public, private, internal), is_template, archived, has_issues, has_projects, has_wiki, has_discussions,
  has_downloads, default_branch, topics (list), allow_merge_commit, allow_squash_merge, allow_rebase_merge,
  allow_auto_merge, allow_update_branch, allow_forking, delete_branch_on_merge, merge_commit_title,
  merge_commit_message, squash_merge_commit_title, squash_merge_commit_message, web_commit_signoff_required,
  security_and_analysis (feature -> enabled, disabled), vulnerability_alerts, automated_security_fixes,
  license (key or null), template_id, created_at, updated_at, pushed_at
- ``redirect`` (key: ``<owner>/<name>`` lowered): repository_id*: where a renamed repository went
- ``ref`` (key: ``<repository id>:<ref>``): repository_id*, ref (``refs/heads/main``), sha. A branch is a
  ref below ``refs/heads/``
- ``commit`` (key: ``<repository id>:<sha>``): repository_id*, sha, tree, message, author_id, date, parents
  (list), files (path -> blob sha)
- ``blob`` (key: ``<repository id>:<sha>``): repository_id*, sha, content (base64)
- ``label`` (key: id): id, repository_id*, name, name_key*, color, description, default, created_at,
  updated_at
- ``milestone`` (key: id): id, repository_id*, number, title, description, state, due_on, creator_id,
  created_at, updated_at, closed_at
- ``protection`` (key: id): a branch protection rule, see ``domain/protection.py``: id, repository_id*,
  pattern, creator_id, and the settings by GraphQL's names in snake case
- ``team`` (key: id): id, organization_id*, name, slug*, description, privacy (secret, closed),
  notification_setting, permission (pull, push: the default), parent_id*, created_at, updated_at
- ``team_membership`` (key: ``<team id>:<user id>``): team_id*, user_id*, role (member, maintainer), state
- ``grant`` (key: ``<team id>:<repo id>``): team_id*, repository_id*, permission (pull, triage, push,
  maintain, admin)
- ``collaborator`` (key: ``<repo id>:<user id>``): repository_id*, user_id*, permission (as above): a direct
  grant
- ``invitation`` (key: id): id, repository_id*, invitee_id*, inviter_id, permission, created_at
- ``secret`` (key: ``<scope>:<NAME>``): scope* (``repository:<id>``, ``organization:<id>``), name,
  encrypted_value, key_id, visibility, selected_repository_ids, created_at, updated_at
- ``variable`` (key: ``<scope>:<NAME>``): scope*, name, value, visibility, selected_repository_ids,
  created_at, updated_at

GraphQL's part is ``answer`` in the package ``graphql``; authentication is the application's, and the points
that are used are kept by ``limits``.

Node ids are made by ``node_id_of(kind, document)`` and read back by ``Store.node``; REST and GraphQL give the
same ones.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reconciler.sandbox.world import Document, World
from reconciler_github.sandbox.node_ids import node_id, parse_node_id

SERVICE = "github"
INDEXES: dict[str, tuple[str, ...]] = {
    "account": ("type", "login_key"),
    "token": ("user_id",),
    "usage": (),
    "membership": ("organization_id", "user_id"),
    "repository": ("owner_id", "name_key"),
    "redirect": ("repository_id",),
    "ref": ("repository_id",),
    "commit": ("repository_id",),
    "blob": ("repository_id",),
    "label": ("repository_id", "name_key"),
    "milestone": ("repository_id",),
    "protection": ("repository_id",),
    "team": ("organization_id", "slug", "parent_id"),
    "team_membership": ("team_id", "user_id"),
    "grant": ("team_id", "repository_id"),
    "collaborator": ("repository_id", "user_id"),
    "invitation": ("repository_id", "invitee_id"),
    "secret": ("scope",),
    "variable": ("scope",),
}

_PREFIXES = {
    "U": "account",
    "O": "account",
    "R": "repository",
    "REF": "ref",
    "C": "commit",
    "LA": "label",
    "MI": "milestone",
    "BPR": "protection",
    "T": "team",
}


def node_id_of(kind: str, document: Mapping[str, Any]) -> str:
    """The node id of a document; raises ``LookupError`` for kinds that are no nodes here."""
    match kind:
        case "account":
            return node_id("O" if document["type"] == "Organization" else "U", document["id"])
        case "repository":
            return node_id("R", document["id"])
        case "ref":
            return node_id("REF", document["repository_id"], document["ref"])
        case "commit":
            return node_id("C", document["repository_id"], document["sha"])
        case "label" | "milestone" | "protection":
            prefix = {"label": "LA", "milestone": "MI", "protection": "BPR"}[kind]
            return node_id(prefix, document["repository_id"], document["id"])
        case "team":
            return node_id("T", document["organization_id"], document["id"])
        case _:
            raise LookupError(f"{kind} documents have no node id")


def timestamp(moment: datetime) -> str:
    """A time as GitHub writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Store:
    """The documents above, on the shelf ``github`` of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = world.shelf(SERVICE, INDEXES)
        self.put, self.get, self.find = self.shelf.put, self.shelf.get, self.shelf.find
        self.count, self.delete, self.delete_all = self.shelf.count, self.shelf.delete, self.shelf.delete_all
        self.next_id = self.shelf.next_id

    def now(self) -> str:
        """The world's time, as GitHub writes it."""
        return timestamp(self.world.now())

    def require(self, kind: str, key: str | int) -> Document:
        """A document that another one points to; its absence would be a defect of the emulator."""
        document = self.get(kind, key)
        if document is None:
            raise LookupError(f"the world has no {kind} {key}")
        return document

    def account(self, login: str, type_: str | None = None) -> Document | None:
        """The user or organisation with this login, if it is of the type asked for."""
        for found in self.find("account", login_key=login.lower()):
            if type_ in (None, found["type"]):
                return found
        return None

    def repository(self, owner_login: str, name: str) -> Document | None:
        """The repository of this very name; renamed ones are ``renamed``."""
        owner = self.account(owner_login)
        if owner is None:
            return None
        found = self.find("repository", name_key=name.lower(), owner_id=owner["id"])
        return found[0] if found else None

    def renamed(self, owner_login: str, name: str) -> Document | None:
        """The repository that once had this name."""
        redirect = self.get("redirect", f"{owner_login}/{name}".lower())
        return self.get("repository", redirect["repository_id"]) if redirect else None

    def label(self, repository_id: int, name: str) -> Document | None:
        """The label of a repository, without regard to case."""
        found = self.find("label", repository_id=repository_id, name_key=name.lower())
        return found[0] if found else None

    def team(self, organization_id: int, slug: str) -> Document | None:
        """The team of an organisation with this slug."""
        found = self.find("team", slug=slug.lower(), organization_id=organization_id)
        return found[0] if found else None

    def refs(self, repository_id: int, prefix: str = "refs/heads/") -> list[Document]:
        """Refs whose full name begins with this, sorted by name as GitHub lists them."""
        found = self.find("ref", repository_id=repository_id)
        return sorted(
            (ref for ref in found if ref["ref"].startswith(prefix)), key=lambda ref: str(ref["ref"])
        )

    def node(self, text: str) -> tuple[str, Document] | None:
        """The kind and document behind a node id, or nothing."""
        try:
            prefix, path = parse_node_id(text)
        except ValueError:
            return None
        kind = _PREFIXES.get(prefix)
        if kind is None:
            return None
        by_path = kind in ("ref", "commit")
        document = self.get(kind, ":".join(str(part) for part in path) if by_path else path[-1])
        if document is None or node_id_of(kind, document) != text:
            return None
        return kind, document
