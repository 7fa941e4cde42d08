"""Every request of the tour, and every answer of the emulator, fits GitHub's own description."""

from typing import Any, Protocol

from reconciler_github.sandbox.emulator import OPERATIONS


class Exchange(Protocol):
    method: str
    path: str
    status: int
    request: Any
    response: Any


class Description(Protocol):
    operations: list[tuple[str, str, Any, Any]]

    def find(self, exchange: Exchange) -> tuple[str, Any] | None: ...
    def problems(self, exchange: Exchange) -> list[str]: ...


UNDOCUMENTED_HERE = {
    "GET /",
    "GET /user/orgs",
    "GET /users/{username}/repos",
    "POST /repos/{template_owner}/{template_repo}/generate",
}
"""Operations that GitHub has but that are not in the part of its description that is at hand."""


def test_requests_and_answers_fit_the_description(
    exchanges: list[Exchange], description: Description
) -> None:
    problems = [problem for exchange in exchanges for problem in description.problems(exchange)]
    assert not problems, "\n".join(sorted(set(problems)))


def test_the_tour_visits_every_operation_of_the_emulator(
    exchanges: list[Exchange], description: Description
) -> None:
    found = [description.find(exchange) for exchange in exchanges]
    visited = {each[0] for each in found if each is not None}
    offered = {f"{method} {template}" for method, template, _ in OPERATIONS}
    assert offered - visited - UNDOCUMENTED_HERE == {"GET /orgs/{org}/teams/{team_slug}/invitations"}


def test_the_emulator_names_its_operations_as_the_description_does(description: Description) -> None:
    documented = {f"{method} {path}" for method, path, _, _ in description.operations}
    offered = {f"{method} {template}" for method, template, _ in OPERATIONS}
    assert offered - documented == UNDOCUMENTED_HERE


def test_a_wrong_key_in_an_answer_is_noticed(exchanges: list[Exchange], description: Description) -> None:
    label = next(each for each in exchanges if each.path.endswith("/labels/epic") and each.method == "GET")
    wrong = type(label)(label.method, label.path, label.status, None, {**label.response, "colour": "red"})  # type: ignore[call-arg]  # a protocol has no constructor
    assert any("colour" in problem for problem in description.problems(wrong))
