"""Who is meant: people by id, by e-mail address or by name.

A name is somebody's user name (``name``), else their display name, else their full name, in any case.
Sources: docs.slack.dev/reference/objects/user-object; …/methods/users.lookupByEmail, users.list.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from reconciler.errors import Call, Forbidden, NotFound, Rejected
from reconciler_slack import codes
from reconciler_slack.client import Client

FEW = 3
"""Up to so many people are asked for one by one; for more, the list of all is read."""

User = Mapping[str, Any]
"""A user object as Slack tells it."""

_ID = re.compile(r"[UW][A-Z0-9]{7,}")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


def is_id(text: str) -> bool:
    """Whether a text is a user's id."""
    return _ID.fullmatch(text) is not None


def plain(text: str) -> str:
    """A person as written, without what means nothing: ``@``, a mention's brackets, an address's case."""
    text = text.strip()
    if found := _MENTION.fullmatch(text):
        return found[1]
    text = text.removeprefix("@")
    return text.lower() if "@" in text else text


def plain_list(texts: Any) -> Any:
    """A list of people, each once; what is no list is left to the schema."""
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return texts
    return list(dict.fromkeys(plain(text) for text in texts))


def resolve(client: Client, texts: Iterable[str]) -> dict[str, str]:
    """The ids of all these people. Raises Rejected for those who are not there, and ProviderError."""
    ids: dict[str, str] = {}
    asked: list[str] = []
    for text in dict.fromkeys(texts):
        known = text if is_id(text) else client.identities.person(text)
        if known is None:
            asked.append(text)
        else:
            ids[text] = known
    wrong: list[str] = []
    for text, users in (look_up(client, asked) if asked else {}).items():
        active = [user for user in users if not user.get("deleted")]
        if len(active) == 1:
            ids[text] = active[0]["id"]
            client.identities.learn_person(text, ids[text])
        else:
            wrong.append(_wrong(text, users, active))
    if wrong:
        raise Rejected(
            "; ".join(wrong),
            call=Call("slack", "look up people"),
            remedy="write each person's e-mail address, user name or id as Slack has it",
        )
    return ids


def look_up(client: Client, texts: Collection[str]) -> dict[str, Sequence[User]]:
    """Who answers to each text, deactivated people too; asks Slack in any case. Raises ProviderError."""
    if len(texts) > FEW or any(not is_id(text) and "@" not in text for text in texts):
        everybody = list(client.items("users.list", "members"))
        _check_addresses(texts, everybody)
        return {text: _matching(text, everybody) for text in texts}
    return {text: _one(client, text) for text in texts}


def _one(client: Client, text: str) -> Sequence[User]:
    try:
        if is_id(text):
            return [client.ask("users.info", user=text)["user"]]
        return [client.ask("users.lookupByEmail", email=text)["user"]]
    except NotFound:
        return []


def _check_addresses(texts: Iterable[str], everybody: Sequence[User]) -> None:
    """Without its scope Slack leaves addresses out, and nobody would have the one that is looked for."""
    if any("@" in text for text in texts) and not any(
        (user.get("profile") or {}).get("email") for user in everybody
    ):
        raise Forbidden(
            "Slack tells this token no e-mail addresses",
            call=Call("slack", "users.list"),
            remedy="give the app the scope users:read.email and install it again",
            code=codes.MISSING_SCOPE,
        )


def _matching(text: str, everybody: Sequence[User]) -> Sequence[User]:
    if is_id(text):
        return [user for user in everybody if user["id"] == text]
    wanted = text.casefold()
    for name in _EMAIL if "@" in text else _NAMES:
        if found := [user for user in everybody if name(user).casefold() == wanted]:
            return [user for user in found if not user.get("deleted")] or found
    return []


def _profile(name: str) -> Callable[[User], str]:
    return lambda user: (user.get("profile") or {}).get(name) or ""


_EMAIL: tuple[Callable[[User], str], ...] = (_profile("email"),)
_NAMES: tuple[Callable[[User], str], ...] = (
    lambda user: user.get("name") or "",
    _profile("display_name"),
    lambda user: user.get("real_name") or "",
    _profile("real_name"),
)


def _wrong(text: str, users: Sequence[User], active: Sequence[User]) -> str:
    if len(active) > 1:
        return f"several people are called {text}: {', '.join(user['id'] for user in active)}"
    return f"{text} is deactivated" if users else f"there is nobody called {text}"
