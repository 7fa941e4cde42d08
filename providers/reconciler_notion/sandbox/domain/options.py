"""The options of select, multi_select and status properties.

A list of options replaces the earlier one: what it does not name is removed. Options are matched by id or by
name; the name and colour of one that is there cannot be changed, a new colour is refused and a new name is
ignored. Options of a status go to the first group, which like the others is fixed. Sources:
developers.notion.com/reference/update-data-source-properties ("If an existing option is omitted, it will be
removed"), makenotion/notion-sdk-js issues 192, 319; answers of api.notion.com.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler_notion.sandbox.domain.rich_text import SELECT_COLOURS
from reconciler_notion.sandbox.errors import invalid
from reconciler_notion.sandbox.fields import listing, nullable, one_of, record, text
from reconciler_notion.sandbox.store import Store

Option = dict[str, Any]

LONGEST_NAME = 100
_OPTION = record(
    {
        "id": text(),
        "name": text(LONGEST_NAME),
        "color": one_of(SELECT_COLOURS),
        "description": nullable(text()),
    }
)
OPTIONS = record({"options": listing(_OPTION)})
STATUS = record({"options": listing(_OPTION), "groups": listing(lambda _path, _value: iter(()))})
_GROUPS = (("To-do", "gray"), ("In progress", "blue"), ("Complete", "green"))
_STATUSES = (("Not started", "default"), ("In progress", "blue"), ("Done", "green"))


def matching(options: Sequence[Option], given: Mapping[str, Any]) -> Option | None:
    """The option that a request names, by id or else by name."""
    if "id" in given:
        return next((each for each in options if each["id"] == given["id"]), None)
    return next((each for each in options if each["name"] == given.get("name")), None)


def new_option(store: Store, options: Sequence[Option], given: Mapping[str, Any]) -> Option:
    """An option that was not there, with a colour that no other one has, as long as there are such."""
    name = given.get("name")
    if not name:
        raise invalid("Select option name must not be empty.")
    if "," in name:
        raise invalid(f"Invalid select option, commas not allowed: {name}")
    used = {each["color"] for each in options}
    free = [colour for colour in SELECT_COLOURS if colour not in used] or SELECT_COLOURS
    return {
        "id": store.new_id(),
        "name": name,
        "color": given.get("color") or free[0],
        "description": given.get("description"),
    }


def replaced(store: Store, before: Sequence[Option], given: Sequence[Mapping[str, Any]]) -> list[Option]:
    """The options after a request's list of them."""
    after: list[Option] = []
    for each in given:
        found = matching(before, each)
        if found is None:
            made = new_option(store, [*before, *after], each)
        else:
            if each.get("color", found["color"]) != found["color"]:
                raise invalid(f"Cannot update color of select with name: {found['name']}")
            made = {**found, **({"description": each["description"]} if "description" in each else {})}
        if any(other["name"] == made["name"] for other in after):
            raise invalid(f"Select option names must be unique: {made['name']}")
        after.append(made)
    return after


def new_status(store: Store, given: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
    """The configuration of a new status property: three fixed groups, and three options if none are given."""
    options = replaced(store, [], given or [{"name": name, "color": colour} for name, colour in _STATUSES])
    ids = [each["id"] for each in options]
    members = [ids, [], []] if given else [[id_] for id_ in ids]
    groups = [
        {"id": store.new_id(), "name": name, "color": colour, "option_ids": list(each)}
        for (name, colour), each in zip(_GROUPS, members, strict=True)
    ]
    return {"options": options, "groups": groups}


def changed_status(
    store: Store, before: Mapping[str, Any], given: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The configuration of a status property after a list of options."""
    options = replaced(store, before["options"], given)
    ids = [each["id"] for each in options]
    groups = [
        {**group, "option_ids": [id_ for id_ in group["option_ids"] if id_ in ids]}
        for group in before["groups"]
    ]
    grouped = {id_ for group in groups for id_ in group["option_ids"]}
    groups[0]["option_ids"] += [id_ for id_ in ids if id_ not in grouped]
    return {"options": options, "groups": groups}
