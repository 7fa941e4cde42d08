"""Variables, environments and locals."""

from pathlib import Path

import pytest

from reconciler.config.stack import Stack
from reconciler.values import Sensitive, Value
from tests.unit.config.forge import Loader

OUTPUT = "outputs:\n  it: {value: '${var.x}', sensitive: true}\n"


def value_of(stack: Stack) -> Value:
    return stack.outputs["it"].value


def test_a_flag_beats_the_environment_that_beats_the_chosen_environment_that_beats_the_default(
    stack_of: Loader,
) -> None:
    text = (
        "variables:\n  x: {default: d, from_env: OTHER}\nenvironments:\n  dev: {variables: {x: e}}\n" + OUTPUT
    )
    assert value_of(stack_of(text)) == "d"
    assert value_of(stack_of(text, environment="dev")) == "e"
    environ = {"OTHER": "o"}
    assert value_of(stack_of(text, environment="dev", environ=environ)) == "o"
    environ["RECONCILER_VAR_x"] = "v"
    assert value_of(stack_of(text, environment="dev", environ=environ)) == "v"
    assert value_of(stack_of(text, environment="dev", environ=environ, variables={"x": "f"})) == "f"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "007", "007"),
        ("text", "", ""),
        ("number", "1.5", 1.5),
        ("bool", "true", True),
        ("list", "[a, 2]", ["a", 2]),
        ("map", "{a: {b: 1}}", {"a": {"b": 1}}),
        ("object", '{"a": null}', {"a": None}),
    ],
)
def test_a_flag_is_read_by_the_variables_type(stack_of: Loader, kind: str, text: str, value: Value) -> None:
    stack = stack_of(f"variables:\n  x: {{type: {kind}}}\n{OUTPUT}", variables={"x": text})
    assert value_of(stack) == value


@pytest.mark.parametrize(
    ("declaration", "text", "summary"),
    [
        ("type: number", "many", "the variable x must be a number"),
        ("type: number", "true", "the variable x must be a number"),
        ("type: bool", "1", "the variable x must be true or false"),
        ("type: list", "{a: 1}", "the variable x must be a list"),
        ("type: list", "[a", "the brackets [ … ] are not closed, or a comma is missing"),
        ("type: number", "", "--var x is empty"),
        ("enum: [eu, us]", "uk", "the variable x cannot be 'uk'"),
        ("pattern: '^[a-z]+$'", "A1", "the variable x cannot be 'A1'"),
        ("pattern: '['", "A1", "the variable x has a pattern that cannot be used"),
        (
            "enum: [eu], sensitive: true",
            "hunter2",
            "the variable x has a value that its declaration does not allow",
        ),
    ],
)
def test_a_value_that_the_declaration_does_not_allow_is_refused(
    stack_of: Loader, declaration: str, text: str, summary: str
) -> None:
    (found,) = stack_of.summaries(f"variables:\n  x: {{{declaration}}}\n{OUTPUT}", variables={"x": text})
    assert found.startswith(summary)
    assert "hunter2" not in found


def test_a_variable_without_a_value_is_reported_once_and_nothing_built_on_it(stack_of: Loader) -> None:
    text = "variables:\n  x:\nlocals:\n  y: ${var.x | upper}\n"
    text += "resources:\n  forge_repository:\n    a: {name: '${local.y}'}\n"
    assert stack_of.summaries(text) == ["the variable x has no value"]


def test_a_sensitive_variable_is_sensitive_and_one_from_the_environment_is_not(stack_of: Loader) -> None:
    text = "variables:\n  x: {sensitive: true, default: s}\n  y: {from_env: Y}\n"
    text += f"{OUTPUT}  y: {{value: '${{var.y}}'}}\n"
    stack = stack_of(text, environ={"Y": "plain"})
    assert value_of(stack) == Sensitive("s")
    assert stack.outputs["y"].value == "plain"


def test_a_part_that_rests_on_a_secret_stays_sensitive(stack_of: Loader) -> None:
    text = "variables:\n  x: {type: list, default: [a, '${secret.T}']}\n" + OUTPUT
    assert value_of(stack_of(text, environ={"T": "t"})) == ["a", Sensitive("t")]


def test_a_misspelt_variable_is_named_wherever_it_is_given(stack_of: Loader) -> None:
    text = "variables:\n  region: {default: eu}\nenvironments:\n  dev: {variables: {regoin: us}}\n"
    problems = stack_of.problems(text, environment="dev", variables={"regionn": "eu"})
    assert [(one.summary, one.advice) for one in problems] == [
        ("--var gives 'regionn', which is no variable of the stack", "did you mean 'region'?"),
        ("there is no variable 'regoin'", "did you mean 'region'?"),
    ]


def test_an_unknown_environment_is_refused_with_the_nearest(stack_of: Loader) -> None:
    (found,) = stack_of.problems("environments: {prod: {}}\n", environment="prd")
    assert (found.summary, found.advice) == ("there is no environment 'prd'", "did you mean 'prod'?")


def test_an_environment_overrides_the_settings_of_apply_that_it_names(stack_of: Loader) -> None:
    text = "apply: {parallelism: 4, max_deletes: 3}\nenvironments:\n  prod: {apply: {max_deletes: 0}}\n"
    usual, prod = stack_of(text).apply, stack_of(text, environment="prod").apply
    assert (usual.parallelism, usual.max_deletes) == (4, 3)
    assert (prod.parallelism, prod.max_deletes) == (4, 0)


def test_the_environment_and_stack_have_names_in_expressions(stack_of: Loader, tmp_path: Path) -> None:
    text = "environments: {dev: }\noutputs:\n  it: {value: '${stack}/${environment}/${path}'}\n"
    assert value_of(stack_of(text, environment="dev")) == f"shop/dev/{tmp_path}"


def test_locals_may_use_each_other_in_any_order(stack_of: Loader) -> None:
    text = "locals:\n  a: ${local.b | length}\n  b: ['${local.c}', x]\n  c: ${stack}\n"
    text += "outputs:\n  it: {value: '${local.a}'}\n"
    assert value_of(stack_of(text)) == 2


def test_a_local_that_needs_itself_is_an_error(stack_of: Loader) -> None:
    assert stack_of.summaries("locals: {a: 'x${local.a}'}\n") == ["local.a needs itself"]


@pytest.mark.parametrize("requires", [">=0.1", ">=0.1, <2", "0.1.0", "~=0.1", "!=0.2", "<=1"])
def test_a_version_that_is_wide_enough_is_accepted(stack_of: Loader, requires: str) -> None:
    assert stack_of(f"requires: '{requires}'\n").name == "shop"


@pytest.mark.parametrize(
    ("requires", "summary"),
    [(">=99", "the stack requires reconciler >=99, and this is"), ("latest", "'latest' is not a version")],
)
def test_a_version_that_does_not_suit_is_refused(stack_of: Loader, requires: str, summary: str) -> None:
    (found,) = stack_of.summaries(f"requires: '{requires}'\n")
    assert found.startswith(summary)
