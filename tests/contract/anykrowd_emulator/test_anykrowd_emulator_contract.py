"""Every request of the tour, and every answer of the emulator, fits the description of anyKrowd's API."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler_anykrowd.sandbox.emulator import OPERATIONS

WRONG: Mapping[str, Any] = {
    "string": 5,
    "integer": "5",
    "number": "5",
    "boolean": "true",
    "array": {},
    "object": [],
}
"""For each type a value of another one."""


def test_the_emulator_offers_just_the_operations_of_the_description(description: Any) -> None:
    assert {f"{method} {path}" for method, path, _ in OPERATIONS} == set(description.operations)


def test_requests_and_answers_fit_the_description(exchanges: list[Any], description: Any) -> None:
    problems = {problem for exchange in exchanges for problem in description.problems(exchange)}
    assert not problems, "\n".join(sorted(problems))


def test_the_tour_visits_every_operation_and_every_status(exchanges: list[Any], description: Any) -> None:
    done = {description.find(exchange) for exchange in exchanges if exchange.status == 200}
    assert done == set(description.operations)
    documented = {status for each in description.operations.values() for status in each["responses"]}
    assert documented - {str(exchange.status) for exchange in exchanges} == {"500"}


def test_the_tour_sends_every_key_and_parameter_of_the_description(
    exchanges: list[Any], description: Any
) -> None:
    for name, operation in description.operations.items():
        mine = [each for each in exchanges if description.find(each) == name and each.status == 200]
        declared = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        assert declared == {key for each in mine for key in each.query}, name
        objects = [
            found
            for each in mine
            for found in description.objects(description.body_schema(name) or {}, each.request, name)
        ]
        sent = {(place, key) for each, _, place in objects for key in each}
        assert sent == {(place, key) for _, fields, place in objects for key in fields}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda role: role | {"colour": "red"}, "undocumented key answer.colour"),
        (lambda role: {key: role[key] for key in role if key != "rights"}, "missing key answer.rights"),
        (lambda role: role | {"full_rights": 1}, "answer ['full_rights']"),
        (lambda role: role | {"rights": ["sell"]}, "answer ['rights']"),
    ],
)
def test_a_wrong_answer_is_noticed(exchanges: list[Any], description: Any, change: Any, said: str) -> None:
    role = next(each for each in exchanges if "/roles/show/" in each.path and each.status == 200)
    wrong = replace(role, response=change(role.response))
    assert any(said in problem for problem in description.problems(wrong))


def test_a_wrong_request_is_noticed(exchanges: list[Any], description: Any) -> None:
    topup = next(each for each in exchanges if each.path.endswith("users/topup") and each.status == 200)
    for request in ({**topup.request, "note": "x"}, {**topup.request, "amount": "1"}, None):
        assert description.problems(replace(topup, request=request))
    assert description.problems(replace(topup, query={"dry_run": "1"}))


def test_what_the_description_does_not_allow_is_refused(
    exchanges: list[Any], description: Any, host: Any, visit: Any
) -> None:
    """Each accepted body of the tour again, with one key missing or of another type each time."""
    before = host.show()
    host.emulators["anykrowd"].store.put("usage", visit.key, {"used": 0, "reset": 2_000_000_000})
    tried = 0
    for exchange in list(exchanges):
        schema = description.body_schema(description.find(exchange))
        if schema is None or exchange.status != 200:
            continue
        for wrong in spoilt(description, schema, exchange.request):
            if any(description.validate(schema, wrong, "request")):
                visit("POST", exchange.path.removeprefix("/apix/v1"), 400, wrong)
                tried += 1
    assert tried > 40
    assert host.show() == before


def spoilt(description: Any, schema: Any, value: Any) -> Iterator[Any]:
    """The value with one thing wrong in it, in all ways."""
    schema = description.resolve(schema)
    if "type" in schema:
        yield WRONG[schema["type"]]
    else:
        yield from ({}, None)
    if isinstance(value, list):
        for number, each in enumerate(value):
            for wrong in spoilt(description, schema["items"], each):
                yield [*value[:number], wrong, *value[number + 1 :]]
    if isinstance(value, dict):
        for key, each in value.items():
            yield {name: value[name] for name in value if name != key}
            for wrong in spoilt(description, schema["properties"][key], each):
                yield {**value, key: wrong}


def test_lists_begin_where_the_description_says(visit: Any, description: Any) -> None:
    for name, operation in description.operations.items():
        defaults = {
            each["name"]: str(each["schema"]["default"])
            for each in operation.get("parameters", [])
            if "default" in each["schema"]
        }
        if defaults and "{" not in name:
            path = name.removeprefix("GET /apix/v1")
            plain, explicit = visit("GET", path, 200), visit("GET", path, 200, **defaults)
            assert plain["data"] == explicit["data"]
            assert plain["meta"]["per_page"] == explicit["meta"]["per_page"]


def test_whole_numbers_may_be_written_with_a_point(visit: Any, description: Any) -> None:
    currency = visit("GET", "/currencies/list", 200)["data"][0]["id"]
    body = {"external_id": "visitor-1", "currency_id": float(currency), "amount": 1.0}
    assert not list(description.validate(description.body_schema("POST /apix/v1/users/topup"), body, ""))
    assert visit("POST", "/users/topup", 200, body)["amount"] == "1.00"
