"""@notionhq/client, as npm has it, works against the emulator behind a socket."""

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from reconciler_notion.sandbox import NotionEmulator
from tests.contract.node_clients import methods_called_by

METHODS = {
    "blocks.children.append",
    "blocks.children.list",
    "blocks.delete",
    "blocks.update",
    "comments.create",
    "comments.list",
    "dataSources.listTemplates",
    "dataSources.query",
    "dataSources.retrieve",
    "dataSources.update",
    "databases.create",
    "databases.retrieve",
    "databases.update",
    "pages.create",
    "pages.properties.retrieve",
    "pages.retrieve",
    "pages.update",
    "search",
    "users.list",
    "users.me",
    "users.retrieve",
    "views.create",
    "views.delete",
    "views.list",
}
"""The client's methods that ordinary work calls; each is a call of its own to the API."""


def test_notionhq_client_does_ordinary_work() -> None:
    host = Host(World(), {"notion": NotionEmulator})
    with running(host) as origin:
        notion = host.connections(origin)["notion"]
        called = methods_called_by(
            "notion.mjs", "@notionhq/client", notion["base_url"], notion["token"], notion["root_page"]
        )
    assert set(called) == METHODS
    answered = host.requests()["notion"]
    assert len(answered) == len(METHODS)
    assert not [call for call in answered if "unknown" in call]
