"""Every request of the tour, and every answer of the emulator, fits the description of Notion's API."""

from dataclasses import replace

from reconciler_notion.sandbox.emulator import OPERATIONS
from tests.contract.notion_emulator.description import Description, Exchange

OLD_VERSION_ONLY = {"POST /v1/databases/{database_id}/query"}
"""Operations of the version of 2022, which the description does not have."""


def offered() -> set[str]:
    return {f"{method} {template}" for method, template, _, _ in OPERATIONS}


def test_requests_and_answers_fit_the_description(
    exchanges: list[Exchange], description: Description
) -> None:
    problems = [problem for exchange in exchanges for problem in description.problems(exchange)]
    assert not problems, "\n".join(sorted(set(problems)))


def test_the_emulator_has_every_operation_of_the_description_and_no_other(
    description: Description,
) -> None:
    assert offered() - OLD_VERSION_ONLY == set(description.operations)


def test_the_tour_visits_every_operation(exchanges: list[Exchange], description: Description) -> None:
    visited = {
        description.find(exchange.method, exchange.path) for exchange in exchanges if exchange.status < 300
    }
    assert offered() - OLD_VERSION_ONLY - visited == set()


def test_a_wrong_key_in_an_answer_is_noticed(exchanges: list[Exchange], description: Description) -> None:
    page = next(each for each in exchanges if each.method == "POST" and each.path == "/v1/pages")
    wrong = replace(page, request=None, response={**page.response, "colour": "red"})
    assert description.problems(wrong)


def test_a_wrong_key_in_a_request_is_noticed(exchanges: list[Exchange], description: Description) -> None:
    page = next(each for each in exchanges if each.method == "POST" and each.path == "/v1/pages")
    assert description.problems(replace(page, request={**page.request, "colour": "red"}))
