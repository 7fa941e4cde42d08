"""Every code happens to a user in some way: each has its scenario, and no scenario is without a code."""

import pytest
from jsonschema import Draft202012Validator

from reconciler.config.schemas import schema
from tests.unit.codes import (
    file_scenarios,
    run_scenarios,
    saved_scenarios,
    service_scenarios,
    state_scenarios,
)
from tests.unit.codes.bench import Bench, Scenario, errors_in, logged, printed
from tests.unit.codes.every_code import CODES

SCENARIOS: dict[str, Scenario] = {
    **file_scenarios.makes,
    **run_scenarios.makes,
    **saved_scenarios.makes,
    **state_scenarios.makes,
    **service_scenarios.SCENARIOS,
}
ERROR = Draft202012Validator(schema("error.schema.json"))
LINE = Draft202012Validator(schema("log.schema.json"))


def test_each_code_has_a_scenario_and_each_scenario_a_code() -> None:
    assert set(SCENARIOS) == set(CODES)


@pytest.mark.parametrize("code", SCENARIOS)
def test_each_happens_and_programs_are_told_why_and_what_to_do(code: str, bench: Bench) -> None:
    result = SCENARIOS[code](bench)
    assert result.code in (1, 3, 5, 64, 130)
    told = [one for one in logged(result) if one.get("code") == code]
    assert told, (result.out, result.err)
    for line in told:
        LINE.validate(line)
        assert line["cause"]
        assert line["remedy"]
    documents = printed(result)
    for document in documents:
        if "diagnostics" in document:
            ERROR.validate(document)
    if documents:
        assert code in [one["code"] for one in errors_in(documents)]
