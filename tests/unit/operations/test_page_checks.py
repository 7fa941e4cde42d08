"""The page that a stack names beside a provider's own health."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.health.states import State
from reconciler.operations.asking import ask, demand_of
from tests.unit.operations.desk import Desk
from tests.web_page import Page, served


@pytest.fixture
def page() -> Iterator[Page]:
    with served() as page:
        yield page


def stack(url: str) -> str:
    health = f'{{url: "{url}"}}' if url else "{}"
    return f"providers:\n  memory: {{token: memory-token, health: {health}}}\n"


def test_a_page_that_answers_leaves_the_provider_ready_and_gets_no_credential(desk: Desk, page: Page) -> None:
    with desk.open(stack(page.url)) as workspace:
        assert ask(workspace, ["memory"])[0].state is State.READY
    (sent,) = page.headers
    assert not {name.lower() for name in sent} & {"authorization", "cookie"}
    assert "memory-token" not in str(sent)


@pytest.mark.parametrize(
    ("status", "state"), [(204, State.READY), (302, State.DOWN), (401, State.DOWN), (503, State.DOWN)]
)
def test_only_a_2xx_counts_as_an_answer(desk: Desk, page: Page, status: int, state: State) -> None:
    page.status = status
    with desk.open(stack(page.url)) as workspace:
        (found,) = ask(workspace, ["memory"])
    assert found.state is state
    assert "hidden" not in str(found.health.error)


def test_the_environment_goes_before_the_yaml_and_never_into_the_sandbox(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.environ["MEMORY_HEALTH_CHECK_URL"] = "https://status.example/"
    with desk.open(stack("http://127.0.0.1:1/")) as workspace:
        assert demand_of(workspace, "memory").url == "https://status.example/"
