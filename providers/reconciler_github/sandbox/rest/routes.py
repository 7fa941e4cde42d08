"""What a REST operation is here: a function from a call to an answer, under GitHub's own path template."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import Refusal, not_found
from reconciler_github.sandbox.store import Store
from reconciler_github.sandbox.viewer import Viewer

_MOST_PER_PAGE = 100
_PER_PAGE = 30


class Moved(Exception):
    """The repository has another name now; the answer is a redirect to its place by id."""

    def __init__(self, repository: Document, old_path: str) -> None:
        super().__init__(old_path)
        self.repository = repository
        self.old_path = old_path


@dataclass(frozen=True)
class Answer:
    """What goes back: ``body`` is a JSON value, or nothing at all (204)."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One authenticated request. ``api`` is the API's root URL as the client sees it, no slash at its end."""

    store: Store
    viewer: Viewer
    api: str
    path: str
    query: Mapping[str, str]
    raw_body: bytes
    accept: str = ""

    def body(self) -> dict[str, Any]:
        """The request's JSON object; an empty body is an empty object."""
        if not self.raw_body.strip():
            return {}
        try:
            found = json.loads(self.raw_body)
        except ValueError as problem:
            raise Refusal(400, "Problems parsing JSON") from problem
        if not isinstance(found, dict):
            raise Refusal(400, "Body should be a JSON object")
        return found

    def organisation(self, login: str) -> Document:
        """The organisation of this login; raises ``Refusal`` 404."""
        found = self.store.account(login, "Organization")
        if found is None:
            raise not_found()
        return found

    def user(self, login: str) -> Document:
        """The user of this login; raises ``Refusal`` 404."""
        found = self.store.account(login, "User")
        if found is None:
            raise not_found()
        return found

    def team(self, org: str, slug: str) -> Document:
        """A team that the viewer may see: members see all but others' secret ones; raises ``Refusal`` 404."""
        organisation = self.organisation(org)
        team = self.store.team(organisation["id"], slug)
        role = self.viewer.role_in(organisation["id"])
        if team is None or role is None or not self.viewer.has_scope("read:org", "repo"):
            raise not_found()
        in_team = self.store.get("team_membership", f"{team['id']}:{self.viewer.user['id']}")
        if team["privacy"] == "secret" and role != "admin" and in_team is None:
            raise not_found()
        return team

    def repository(self, owner: str, name: str, permission: str = "pull", write: bool = False) -> Document:
        """A repository on which the viewer has this permission.

        Raises ``Refusal`` 404 or 403, and ``Moved`` if it has been renamed. ``write`` refuses archived ones.
        """
        found = self.store.repository(owner, name)
        if found is None:
            renamed = self.store.renamed(owner, name)
            if renamed is None or not self.viewer.may_see(renamed):
                raise not_found()
            raise Moved(renamed, f"/repos/{owner}/{name}")
        if write:
            self.viewer.require_write(found, permission)
        else:
            self.viewer.require(found, permission)
        return found

    def full_name(self, repository: Document) -> str:
        """``owner/name`` of a repository."""
        return f"{self.store.require('account', repository['owner_id'])['login']}/{repository['name']}"


Operation = Callable[..., Answer]


class Routes:
    """The operations of one resource, by method and path template."""

    def __init__(self) -> None:
        self.operations: list[tuple[str, str, Operation]] = []

    def add(self, method: str, template: str) -> Callable[[Operation], Operation]:
        """Register a function whose arguments are the call and the template's parameters."""

        def register(operation: Operation) -> Operation:
            self.operations.append((method, template, operation))
            return operation

        return register


def ok(body: Any) -> Answer:
    """200 with a body."""
    return Answer(200, body)


def created(body: Any) -> Answer:
    """201 with a body."""
    return Answer(201, body)


def no_content() -> Answer:
    """204."""
    return Answer(204)


def page(
    call: Call,
    items: Sequence[Any],
    show: Callable[[Any], Any],
    within: str | None = None,
    default: int = _PER_PAGE,
    most: int = _MOST_PER_PAGE,
) -> Answer:
    """One page of a list with its ``Link`` header; ``within`` names the key of lists that are wrapped.

    Source: docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api.
    """
    per_page = min(_positive(call.query.get("per_page"), default), most)
    number = _positive(call.query.get("page"), 1)
    last = max(1, math.ceil(len(items) / per_page))
    shown = [show(item) for item in items[(number - 1) * per_page : number * per_page]]
    targets: dict[str, int] = {}
    if number > 1:
        targets["prev"] = min(number - 1, last)
    if number < last:
        targets |= {"next": number + 1, "last": last}
    if number > 1:
        targets["first"] = 1
    body = shown if within is None else {"total_count": len(items), within: shown}
    return Answer(200, body, {"Link": _link(call, targets)} if targets else {})


def _link(call: Call, targets: Mapping[str, int]) -> str:
    kept = {key: value for key, value in call.query.items() if key != "page"}
    return ", ".join(
        f'<{call.api}{call.path}?{urlencode({**kept, "page": number})}>; rel="{rel}"'
        for rel, number in targets.items()
    )


def _positive(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) > 0 else default


def flatten(resources: Iterable[Routes]) -> list[tuple[str, str, Operation]]:
    """All operations of some resources."""
    return [operation for resource in resources for operation in resource.operations]
