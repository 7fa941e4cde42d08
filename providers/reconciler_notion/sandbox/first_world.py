"""What is there before anybody has done anything: a workspace, its people, a bot, and two pages."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.pages import new_page
from reconciler_notion.sandbox.domain.tree import WORKSPACE, Place
from reconciler_notion.sandbox.ids import new_id, normal_id
from reconciler_notion.sandbox.limits import BURST, REQUESTS_PER_SECOND
from reconciler_notion.sandbox.rest.routes import CAPABILITIES
from reconciler_notion.sandbox.store import Store

TOKEN = "ntn_sandbox"  # noqa: S105 (it opens nothing but the sandbox)
READ_ONLY_TOKEN = "ntn_sandbox_read_only"  # noqa: S105 (as above)
BOT = "reconciler sandbox"
PEOPLE = ("Alice", "Bob", "Carol")
ROOT_PAGE, PRIVATE_PAGE = "Sandbox", "Private notes"
_READING = ("read_content", "read_comments", "read_users")


def begin(store: Store) -> None:
    """Make the first world, unless the store has one already."""
    with store.world.transaction():
        if store.get("workspace", "workspace") is not None:
            return
        people = [create_person(store, {"name": name}) for name in PEOPLE]
        bot = create_user(store, {"type": "bot", "name": BOT})
        store.put(
            "workspace",
            "workspace",
            {
                "id": new_id("workspace"),
                "name": "Acme",
                "bot_id": bot["id"],
                "root_page_id": None,
                "requests_per_second": REQUESTS_PER_SECOND,
                "burst": BURST,
                "search_lag_s": 0,
            },
        )
        create_token(store, TOKEN, CAPABILITIES)
        create_token(store, READ_ONLY_TOKEN, _READING)
        root = create_top_page(store, people[0]["id"], ROOT_PAGE, shared=True)
        create_top_page(store, people[0]["id"], PRIVATE_PAGE, shared=False)
        store.put("workspace", "workspace", {**store.workspace(), "root_page_id": root["id"]})


def create_user(store: Store, declared: dict[str, Any]) -> Document:
    """A person or bot; raises ``ValueError`` if its id is taken."""
    id_ = chosen_id(store, declared.get("id"))
    user = {
        "id": id_,
        "type": declared["type"],
        "name": declared["name"],
        "email": declared.get("email"),
        "avatar_url": declared.get("avatar_url"),
    }
    store.save("user", user)
    return user


def create_person(store: Store, declared: dict[str, Any]) -> Document:
    """A person, with an e-mail address made of the name if none is given."""
    email = declared.get("email") or f"{declared['name'].lower().replace(' ', '.')}@example.com"
    return create_user(store, {**declared, "type": "person", "email": email})


def create_token(store: Store, token: str, capabilities: tuple[str, ...]) -> None:
    """A secret of the integration; raises ``ValueError`` for a capability that there is not."""
    unknown = [each for each in capabilities if each not in CAPABILITIES]
    if unknown:
        raise ValueError(f"{unknown[0]} is no capability: {', '.join(CAPABILITIES)}")
    bot_id = store.workspace()["bot_id"]
    store.put("token", token, {"token": token, "bot_id": bot_id, "capabilities": list(capabilities)})


def create_top_page(store: Store, user_id: str, title: str, *, shared: bool) -> Document:
    """A page at the top of the workspace, shared with the integration or not."""
    place = Place(WORKSPACE, WORKSPACE, float(store.next_id()))
    said: list[dict[str, Any]] = [{"text": {"content": title}}] if title else []
    page = new_page(store, None, place, user_id, {"title": said}, {})
    page["shared"] = shared
    store.save("page", page)
    return page


def chosen_id(store: Store, given: object) -> str:
    """The id that a seed asks for, or a new one; raises ``ValueError`` if it is no UUID or is taken."""
    if given is None:
        return store.new_id()
    id_ = normal_id(given)
    if id_ is None:
        raise ValueError(f"{given} is no UUID")
    if any(store.get(kind, id_) for kind in ("user", "page", "database", "data_source", "block")):
        raise ValueError(f"{id_} is the id of another object")
    return id_
