"""Which property that is there is which that is declared, whatever they are called.

A property keeps its id, and its values, when it gets another name. So a declared property is looked for under
its name; else, by the ids that state remembers, under the name that somebody gave it by hand; else it may be
one that was declared under another name.
"""

from collections import defaultdict
from collections.abc import Mapping

from reconciler.errors import Call, Rejected
from reconciler_notion.properties import Configs

Names = Mapping[str, str]


def matched(found: Configs, declared: Configs, ids_before: Names, renamed: Names | None) -> dict[str, str]:
    """For each declared property that is there, the name that it has there.

    ``ids_before`` are the ids of what was declared the last time, by name. ``renamed`` is what the author
    says, old name to new; without it, one that is declared no more and one that is declared anew are taken
    for the same if they are the only ones of their type. Raises Rejected where there are more.
    """
    names = {config["id"]: name for name, config in found.items()}
    matches = {name: name for name in declared if name in found}
    title = next((name for name, config in found.items() if config["type"] == "title"), None)
    for name, config in declared.items():
        former = names.get(ids_before.get(name, ""))
        if name in matches:
            continue
        if config["type"] == "title" and title is not None and title not in matches:
            matches[name] = title
        elif former is not None and former not in declared:
            matches[name] = former
    for old, new in (renamed or {}).items():
        if new in declared and new not in matches and old in found and old not in declared:
            matches[new] = old
    if renamed is None:
        matches |= _guessed(found, declared, ids_before, matches)
    return matches


def _guessed(found: Configs, declared: Configs, ids_before: Names, matches: Names) -> dict[str, str]:
    names = {config["id"]: name for name, config in found.items()}
    taken = set(matches.values())
    vanished: defaultdict[str, list[str]] = defaultdict(list)
    for old, identifier in ids_before.items():
        name = names.get(identifier)
        if old not in declared and name is not None and name not in taken:
            vanished[found[name]["type"]].append(name)
    appeared: defaultdict[str, list[str]] = defaultdict(list)
    for name, config in declared.items():
        if name not in matches:
            appeared[config["type"]].append(name)
    guessed: dict[str, str] = {}
    for kind, old_names in vanished.items():
        new_names = appeared[kind]
        if new_names and len(old_names) + len(new_names) > 2:
            raise _ambiguous(kind, old_names, new_names)
        guessed.update(zip(new_names, old_names, strict=False))
    return guessed


def _ambiguous(kind: str, old: list[str], new: list[str]) -> Rejected:
    return Rejected(
        f"of the type {kind}, {', '.join(map(repr, old))} is declared no more and "
        f"{', '.join(map(repr, new))} is new: which is which cannot be told",
        call=Call("notion", "update a notion_database"),
        remedy=f"say it: renamed_properties: {{{old[0]}: {new[0]}}}, or {{}} if none was renamed",
    )
