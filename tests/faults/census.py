"""Counting what is in the services, by kind and by what people call it: ids and times are left aside."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Found = dict[str, Any]
World = Mapping[str, Mapping[str, Sequence[Found]]]
Census = Counter[tuple[str, ...]]
"""How many there are of each ``(service, kind, name, …)``."""

_NOT_COUNTED = frozenset(
    (
        ("slack", "messages"),  # what Slack says about itself, twice when the same topic is set twice
        ("notion", "users"),
        ("notion", "comments"),
        ("github", "users"),
        ("github", "organizations"),
        ("anykrowd", "currencies"),
        ("anykrowd", "roles"),
        ("anykrowd", "events"),
    )
)
_FIELDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("slack", "team"): ("name",),
    ("slack", "users"): ("name",),
    ("slack", "channels"): ("name", "is_archived"),
    ("slack", "usergroups"): ("handle", "is_enabled"),
    ("slack", "bookmarks"): ("channel", "title"),
    ("slack", "pins"): ("channel", "text"),
    ("notion", "pages"): ("parent", "title", "in_trash"),
    ("notion", "databases"): ("parent", "title", "in_trash"),
    ("notion", "data_sources"): ("parent", "title"),
    ("notion", "views"): ("parent", "name", "type"),
    ("notion", "blocks"): ("parent", "type", "text"),
    ("github", "memberships"): ("organization", "user"),
    ("github", "repositories"): ("owner", "name", "archived"),
    ("github", "branches"): ("repository", "ref"),
    ("github", "labels"): ("repository", "name"),
    ("github", "milestones"): ("repository", "title"),
    ("github", "branch_protection_rules"): ("repository", "pattern"),
    ("github", "teams"): ("organization", "slug"),
    ("github", "team_memberships"): ("team", "user"),
    ("github", "team_repositories"): ("team", "repository", "permission"),
    ("github", "collaborators"): ("repository", "user"),
    ("github", "invitations"): ("repository", "user"),
    ("github", "actions_secrets"): ("repository", "name"),
    ("github", "actions_variables"): ("repository", "name"),
    ("anykrowd", "users"): ("external_id",),
    ("anykrowd", "staff_members"): ("external_id", "first_name", "last_name"),
    ("anykrowd", "wallets"): ("external_id", "currency", "current_balance"),
    ("anykrowd", "transactions"): ("external_id", "currency", "type", "direction", "amount"),
}
_HISTORY = (("anykrowd", "transactions"), ("anykrowd", "users"))
"""What only ever grows, so that going back and forth leaves traces in it."""


def take(world: World, *, with_history: bool = True) -> Census:
    """Count a world. ``with_history`` counts what was thrown away too, who has left, and every payment."""
    titles = {
        found["id"]: found["title"]
        for kind in ("pages", "databases", "data_sources")
        for found in world["notion"][kind]
    }
    past = {
        *(
            found["id"]
            for kind in ("pages", "databases")
            for found in world["notion"][kind]
            if found["in_trash"]
        ),
        *(found["name"] for found in world["slack"]["channels"] if found["is_archived"]),
    }
    census: Census = Counter()
    for service, kinds in world.items():
        for kind, objects in kinds.items():
            if (service, kind) in _NOT_COUNTED:
                continue
            for found in objects:
                told = {**found, **_notion(found, titles)} if service == "notion" else found
                if not with_history and ((service, kind) in _HISTORY or _is_past(kind, found, past)):
                    continue
                if kind == "blocks" and told["in_trash"]:
                    continue  # content is written anew as often as it takes
                name = (service, kind, *(str(told.get(field)) for field in _FIELDS[service, kind]))
                census[name] += 1
                census.update((*name, part) for part in _parts(service, kind, found))
    return census


def _is_past(kind: str, found: Found, past: Collection[str]) -> bool:
    """Whether it is only there because its service deletes nothing for good."""
    return bool(
        found.get("in_trash")
        or _holder(found) in past
        or (kind in ("bookmarks", "pins") and found["channel"] in past)
        or (kind == "channels" and found["is_archived"])
        or (kind == "usergroups" and not found["is_enabled"])
        or (kind == "staff_members" and not found["roles"])
        or (kind == "wallets" and not float(found["current_balance"]))
    )


def _parts(service: str, kind: str, found: Found) -> list[str]:
    """What is inside an object and can be doubled or lost by itself."""
    match (service, kind):
        case ("slack", "channels"):
            return list(found["members"])
        case ("slack", "usergroups"):
            return [*found["users"], *found["channels"]]
        case ("notion", "data_sources"):
            return [f"{name} ({each['type']})" for name, each in found["properties"].items()]
        case ("anykrowd", "staff_members"):
            return [role["role"] for role in found["roles"]]
    return []


def _notion(found: Found, titles: Mapping[str, str]) -> Found:
    holder = _holder(found)
    texts = found.get(found.get("type", ""), {})
    spoken = texts.get("rich_text", ()) if isinstance(texts, dict) else ()
    return {
        "parent": titles.get(holder, holder),
        "text": "".join(piece["plain_text"] for piece in spoken),
    }


def _holder(found: Found) -> str:
    """The id of what something in Notion is in."""
    parent = found.get("parent")
    return str(parent.get(parent.get("type", ""), "")) if isinstance(parent, dict) else ""


def is_in_a_channel(name: tuple[str, ...]) -> bool:
    """Whether it is somebody in a Slack channel, who says nothing of a story that took another turn.

    Whom a call without an answer invited stays there if the files name them no more, since nothing tells them
    from those who were there before; and who unarchives a channel comes into it, if it was archived at all.
    Those who are declared the plan after it looks for.
    """
    return name[:2] == ("slack", "channels") and len(name) > 2 + len(_FIELDS["slack", "channels"])


@dataclass(frozen=True)
class Comparison:
    """What there is too much of, what nobody knows of, and what is missing."""

    duplicates: Census
    orphans: Census
    lost: Census

    def without(self, is_left_out: Callable[[tuple[str, ...]], bool]) -> "Comparison":
        """The same but for some names."""
        parts = (self.duplicates, self.orphans, self.lost)
        return Comparison(
            *(Counter({name: n for name, n in part.items() if not is_left_out(name)}) for part in parts)
        )

    def lines(self) -> Iterator[str]:
        """One line for each kind of thing that is wrong."""
        for what in ("duplicates", "orphans", "lost"):
            for name, number in sorted(getattr(self, what).items()):
                yield f"{what}: {number} of {' / '.join(name)}"


def compare(found: Census, expected: Census) -> Comparison:
    """Hold a count against that of the same story without a fault."""
    more = found - expected
    return Comparison(
        Counter({name: number for name, number in more.items() if name in expected}),
        Counter({name: number for name, number in more.items() if name not in expected}),
        expected - found,
    )
