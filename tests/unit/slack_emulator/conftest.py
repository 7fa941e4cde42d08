"""An emulated Slack whose clock stands still until a test moves it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_slack.sandbox import SlackEmulator
from reconciler_slack.sandbox.first_world import TOKEN, USER_TOKEN
from tests.still_clock import Clock


class Slack:
    """Calls the emulator with one token."""

    def __init__(self, host: Host, client: httpx.Client, token: str = TOKEN) -> None:
        self.host = host
        self.client = client
        self.token = token

    def send(self, method: str, verb: str = "POST", **options: Any) -> httpx.Response:
        """One request, as httpx would make it."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.request(verb, f"/slack/api/{method}", headers=headers, **options)

    def __call__(self, method: str, **arguments: Any) -> dict[str, Any]:
        """The answer to a call with a form; it has to succeed."""
        answer: dict[str, Any] = self.send(method, data=arguments).json()
        assert answer["ok"], answer
        return answer

    def error(self, method: str, **arguments: Any) -> str:
        """The error code of a call that is refused."""
        answer = self.send(method, data=arguments).json()
        assert not answer["ok"], answer
        return str(answer["error"])

    def as_(self, user: str, *scopes: str) -> "Slack":
        """The same Slack through a token of somebody else, with these scopes or the usual ones."""
        token = f"token-of-{user}-{'-'.join(scopes)}"
        declared = {"token": token, "user": user, **({"scopes": list(scopes)} if scopes else {})}
        self.host.seed({"slack": {"tokens": [declared]}})
        return Slack(self.host, self.client, token)

    def user(self, name: str) -> str:
        """A user's id."""
        return str(
            next(each["id"] for each in self.host.show("slack")["slack"]["users"] if each["name"] == name)
        )

    def channel(self, name: str) -> str:
        """A channel's id."""
        channels = self.host.show("slack")["slack"]["channels"]
        return str(next(each["id"] for each in channels if each["name"] == name))

    def create(self, name: str = "results", **arguments: Any) -> str:
        """The id of a new channel."""
        return str(self("conversations.create", name=name, **arguments)["channel"]["id"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def host(clock: Clock) -> Host:
    return Host(World(clock=clock), {"slack": SlackEmulator})


@pytest.fixture
def slack(host: Host) -> Iterator[Slack]:
    """Slack through the app's bot token."""
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1") as client:
        yield Slack(host, client)


@pytest.fixture
def owner(slack: Slack) -> Slack:
    """Slack through the token of the workspace's owner."""
    return Slack(slack.host, slack.client, USER_TOKEN)
