"""Variables: what their types allow and complete, what validates them, and who gives their values."""

from textwrap import dedent
from typing import Any

import pytest

from reconciler.config import load
from reconciler.errors import InvalidConfiguration, Refused
from tests.lifecycle.lab import Lab

TEAMS = (
    "type: {list: {object: "
    "{name: text, size: {type: number, default: 3}, lead: {type: text, default: null}}}}"
)


def loaded(lab: Lab, variable: str, *, flag: str | None = None, **environ: str) -> Any:
    lab.write(f"variables: {{v: {{{variable}}}}}\nresources: {{}}")
    flags = {} if flag is None else {"v": flag}
    stack = load(lab.directory, environment=None, types=lab.registry, environ=environ, variables=flags)
    return stack.variables["v"]


def problems(lab: Lab, variable: str, **given: Any) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        loaded(lab, variable, **given)
    assert all(found.code in ("RC-CONF-010", "RC-CONF-001") for found in caught.value.diagnostics)
    return [found.summary for found in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("type: text, default: 1.10", "1.10"),
        ("type: {list: text}, default: [1.10, 007]", ["1.10", "007"]),
        ("type: {map: number}, default: {a: 1, b: 2.5}", {"a": 1, "b": 2.5}),
        (f"{TEAMS}, default: [{{name: a}}]", [{"name": "a", "size": 3, "lead": None}]),
        ("type: {object: {a: {type: {object: {b: {type: text, default: c}}}, default: {}}}}, default: {}",
         {"a": {"b": "c"}}),
        ("type: {map: {list: bool}}, default: {a: [true, false]}", {"a": [True, False]}),
        ("type: text, nullable: true, default: null", None),
    ],
)  # fmt: skip
def test_a_value_is_of_its_type_and_has_all_its_parts(lab: Lab, variable: str, value: object) -> None:
    assert loaded(lab, variable) == value


@pytest.mark.parametrize(
    ("variable", "problem"),
    [
        ("type: {list: text}, default: [[a]]", "the variable v must hold text at [0]"),
        ("type: {map: number}, default: {a: b}", "the variable v must hold a number at a"),
        (f"{TEAMS}, default: [{{name: a, size: big}}]", "the variable v must hold a number at [0].size"),
        (f"{TEAMS}, default: [{{nmae: a}}]", "the variable v has no attribute 'nmae' in [0]"),
        ("type: {object: {a: text}}, default: {}", "the variable v needs 'a'"),
        ("type: text, default: null", "the variable v must be text"),
        ("type: bool, default: 1", "the variable v must be true or false"),
        ("type: number, default: true", "the variable v must be a number"),
        ("type: {list: text}, enum: [[a]], default: [b]", "the variable v cannot be \"['b']\""),
    ],
)
def test_what_its_type_does_not_allow_is_told_with_where_in_it(lab: Lab, variable: str, problem: str) -> None:
    assert problems(lab, variable) == [problem]


def test_the_flag_goes_before_the_environment_and_that_before_the_files(lab: Lab) -> None:
    typed = "type: {object: {size: number}}, from_env: SIZES, default: {size: 1}"
    assert loaded(lab, typed) == {"size": 1}
    assert loaded(lab, typed, SIZES="{size: 2}") == {"size": 2}
    assert loaded(lab, typed, SIZES="{size: 2}", RECONCILER_VAR_v="{size: 3}") == {"size": 3}
    assert loaded(lab, typed, flag="{size: 4}", RECONCILER_VAR_v="{size: 3}") == {"size": 4}
    assert problems(lab, typed, flag="{size: x}") == ["the variable v must hold a number at size"]


VALID = (
    'type: number, default: 12, validation: [{assert: "${value < 10}", message: "${value} is too much"}, '
    '{assert: "${var.v > 20}", message: "and \'value\' too little"}]'
)


def test_all_that_is_not_valid_is_told_together(lab: Lab) -> None:
    assert problems(lab, VALID) == [
        "the variable v is not valid: 12 is too much",
        "the variable v is not valid: and 'value' too little",
    ]


def test_one_condition_needs_no_list(lab: Lab) -> None:
    one = 'type: text, default: abc, validation: {assert: "${value | length == 3}", message: no}'
    assert loaded(lab, one) == "abc"
    assert problems(lab, one, flag="abcd") == ["the variable v is not valid: no"]


def test_a_sensitive_value_is_in_no_message(lab: Lab) -> None:
    text = (
        'type: text, sensitive: true, validation: {assert: "${value == \'x\'}", message: "${value} is wrong"}'
    )
    (found,) = problems(lab, text, flag="hush-hush")
    assert found == "the variable v is not valid: it is sensitive"


def test_a_module_validates_what_it_is_given_as_soon_as_that_is_known(lab: Lab) -> None:
    (lab.directory / "squad").mkdir()
    (lab.directory / "squad" / "reconciler.yaml").write_text(
        dedent(
            """
            variables:
              name: {type: text, validation: {assert: "${value | length < 5}", message: "${value} is long"}}
            resources: {memory_thing: {t: {name: "${var.name}"}}}
            """
        ),
        encoding="utf-8",
    )
    with pytest.raises(InvalidConfiguration, match="the variable name is not valid: a-long-name is long"):
        lab.plan("modules: {m: {source: ./squad, inputs: {name: a-long-name}}}")
    later = """
    resources: {memory_thing: {other: {name: OTHER}}}
    modules: {m: {source: ./squad, inputs: {name: "${memory_thing.other.name}2"}}}
    """
    plan = lab.plan(later.replace("OTHER", "other"))
    (check,) = plan.checks
    assert (check.check.name, check.message) == ("module.m.var.name", "other2 is long")
    assert check.is_refusal
    assert not lab.plan(later.replace("OTHER", "o")).checks[0].has_failed


def test_what_a_postcondition_needs_of_a_variable_may_be_wrong_too(lab: Lab) -> None:
    lab.write(
        """
        variables: {most: {type: number, default: 1}}
        resources:
          memory_thing:
            a:
              name: a
              size: 2
              lifecycle: {postcondition: {assert: "${self.size <= var.most}", message: no}}
        """
    )
    with pytest.raises(Refused, match="its postcondition does not hold: no"):
        lab.plan()
