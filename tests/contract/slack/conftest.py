"""The provider over the emulated Slack in this process, and Slack's own documentation."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.provider import Lookup, Object, Wanted
from reconciler.provider.context import Context
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler.testing import FakeClock
from reconciler_slack.provider import SlackProvider
from reconciler_slack.sandbox import SlackEmulator
from tests.contract.recorder import Recorder
from tests.contract_data import contract_document, contract_folder


def failure(status: int) -> dict[str, Any]:
    """Slack's answer when it fails."""
    return {"ok": False, "error": "internal_error"}


@dataclass
class Lab:
    """An emulated Slack, and a provider that talks to it."""

    host: Host
    clock: FakeClock
    recorder: Recorder
    settings: dict[str, Any]
    provider: SlackProvider
    providers: list[SlackProvider] = field(default_factory=list)

    def connect(self, **settings: Any) -> SlackProvider:
        """Another provider for the same Slack."""
        context = Context(clock=self.clock, transport=self.recorder)
        self.providers.append(SlackProvider({**self.settings, **settings}, context))
        return self.providers[-1]

    def methods(self) -> list[str]:
        """The methods called so far, in order."""
        return [request.url.path.rpartition("/")[2] for request in self.recorder.requests]

    def behind(self, method: str, token: str = "", **arguments: Any) -> Any:
        """A call that somebody else makes: the owner, unless a token is given."""
        headers = {"Authorization": f"Bearer {token or self.settings['user_token']}"}
        with httpx.Client(transport=self.host.transport(), headers=headers) as client:
            answer = client.post(f"{self.settings['base_url']}/{method}", data=arguments).json()
        assert answer["ok"], answer
        return answer

    def user_id(self, name: str) -> str:
        """The id of somebody of the emulated workspace."""
        users = self.host.show("slack")["slack"]["users"]
        return str(next(user["id"] for user in users if user["name"] == name))


def make_lab() -> Lab:
    clock = FakeClock()
    host = Host(World(clock=clock.now), factories={"slack": SlackEmulator}, sleep=clock.sleep)
    recorder = Recorder(host.transport(), failure)
    settings = dict(host.connections()["slack"])
    settings.pop("team", None)
    provider = SlackProvider(settings, Context(clock=clock, transport=recorder))
    return Lab(host, clock, recorder, settings, provider, [provider])


@pytest.fixture
def lab() -> Iterator[Lab]:
    lab = make_lab()
    yield lab
    for provider in lab.providers:
        provider.close()


@pytest.fixture(scope="session")
def slack_data() -> Path:
    return contract_folder("slack")


@pytest.fixture(scope="session")
def documented_methods() -> dict[str, Any]:
    return contract_document("slack", "slack.methods.json")


def take_tour(lab: Lab) -> None:
    """Make every kind of call that the provider can make."""
    provider = lab.provider
    provider.health()

    def made(type_name: str, **attributes: Any) -> Object:
        return provider.create(type_name, attributes)

    def changed(prior: Object, **attributes: Any) -> Object:
        desired = {**prior.attributes, **attributes}
        return provider.update(prior, desired, frozenset(attributes))

    tour = made("slack_channel", name="tour", topic="a", purpose="b")
    hidden = made("slack_channel", name="hidden", is_private=True, archived=True)
    tour = changed(tour, name="tour2", topic="c", purpose="d")
    tour = changed(changed(tour, archived=True), archived=False)
    random = provider.find({"": Wanted("data.slack_channel", {"name": "random"})})[""]
    assert isinstance(random, tuple)
    (joined,) = random
    changed(Object("slack_channel", joined.id, joined.attributes), topic="joined first")
    room = made("slack_channel", name="room")
    people = made("slack_channel_members", channel=room.id, users=["alice@example.com"], mode="exclusive")
    people = changed(people, users=["bob", "carol"])
    group = made(
        "slack_usergroup",
        handle="crew",
        name="Crew",
        description="x",
        channels=["tour2"],
        additional_channels=["general"],
        users=["alice@example.com", "bob@example.com"],
        enable_section=True,
    )
    group = changed(group, name="Crew 2", handle="crew2", users=["carol"], channels=[])
    group = changed(changed(group, enabled=False), enabled=True)
    link = made("slack_bookmark", channel=tour.id, title="t", link="https://example.com", emoji="rocket")
    link = changed(link, title="u", link="https://example.com/2", emoji=":eyes:")
    all_of_them = [tour, hidden, people, group, link]
    provider.read({one.id + one.type: Lookup(one.type, one.id, one.attributes) for one in all_of_them})
    provider.find({"u": Wanted("data.slack_user", {"email": "alice@example.com"})})
    provider.find({"u": Wanted("data.slack_user", {"name": "alice"})})
    provider.find({"u": Wanted("data.slack_user", {"id": lab.user_id("alice")})})
    for type_name in ("slack_channel", "slack_channel_members", "slack_usergroup", "slack_bookmark"):
        list(provider.list(type_name))
    provider.delete(link, "delete")
    provider.delete(people, "delete")
    provider.delete(group, "disable")
    provider.delete(tour, "archive")


@pytest.fixture(scope="session")
def toured() -> list[httpx.Request]:
    """The requests of a tour through all that the provider can do."""
    lab = make_lab()
    take_tour(lab)
    lab.provider.close()
    return lab.recorder.requests
