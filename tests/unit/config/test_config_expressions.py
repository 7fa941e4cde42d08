"""Expressions: what they are worth, what they rest on, and what they may not do."""

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.config.stack import Scope, Stack
from reconciler.errors import InvalidConfiguration
from reconciler.values import Sensitive, Unknown, Value
from tests.unit.config.forge import Loader

HEAD = """\
variables:
  region: {default: eu}
  count: {type: number, default: 3}
  flag: {type: bool, default: true}
  list: {type: list, default: [a, b]}
  map: {type: map, default: {items: 5, "a b": {c: deep}}}
  none: {default: ~}
  token: {default: hunter2, sensitive: true}
locals:
  prefix: shop-${environment}
  nested: {id: "${reconciler_value.other.id}", fixed: 1}
"""
IT = Address("reconciler_value", "it")
OTHER = Address("reconciler_value", "other")


def load(stack_of: Loader, text: str, environ: Mapping[str, str] | None = None) -> Stack:
    """A stack with a resource whose ``input`` is the text."""
    resources = (
        "resources:\n  reconciler_value:\n    other: {}\n    my-own: {input: 7}\n    it:\n      input: "
    )
    return stack_of(f"{HEAD}{resources}{text}\n", environ=environ or {})


def known(stack_of: Loader, text: str, environ: Mapping[str, str] | None = None) -> Value:
    """What an input comes to when the stack is read."""
    value = load(stack_of, text, environ).resources[IT].attributes["input"]
    assert not hasattr(value, "evaluate")
    return value


def evaluated(stack_of: Loader, text: str, **attributes: Any) -> Value:
    """What an input comes to once the other resource has these attributes."""
    expression = load(stack_of, text).resources[IT].attributes["input"]
    return expression.evaluate(scope_of(**attributes))


def scope_of(**attributes: Any) -> Scope:
    def scope(address: Address) -> Mapping[str, Value] | Unknown:
        return attributes if address == OTHER else {"id": "own", "input": 7}

    return scope


def refusal(stack_of: Loader, text: str) -> str:
    with pytest.raises(InvalidConfiguration) as caught:
        load(stack_of, text)
    (found,) = caught.value.diagnostics
    return f"{found.summary} ({found.advice})" if found.advice else found.summary


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${var.region}", "eu"),
        ("${var.count}", 3),
        ("${var.flag}", True),
        ("${var.none}", None),
        ("${var.list}", ["a", "b"]),
        ("${var.list[1]}", "b"),
        ("${var.list[-1]}", "b"),
        ("${var.map.items}", 5),
        ("""${var.map["a b"].c}""", "deep"),
        ("""${var.map['a b']['c']}""", "deep"),
        ("${local.prefix}", "shop-default"),
        ("${local.nested.fixed}", 1),
        ("${stack}", "shop"),
        ("${ environment }", "default"),
        ("n=${var.count} f=${var.flag} r=${var.region}", "n=3 f=true r=eu"),
        ("$${var.region}", "${var.region}"),
        ("$${a}-${var.region}-$5", "${a}-eu-$5"),
        ("${var.count + 1}", 4),
        ("${var.region ~ '}'}", "eu}"),
        ("${ {'a': [var.count]} }", {"a": [3]}),
        ("${var.list | map('upper') | list}", ["A", "B"]),
        ("${var.list | map('upper')}", ["A", "B"]),
        ("${'x' if var.flag else var.token}", Sensitive("x")),
        ("${var.absent | default('none')}", "none"),
        ("${var.absent is defined}", False),
        ("${var.map.items is defined and env.ABSENT is undefined}", True),
        ("${var.map | tojson}", '{"a b": {"c": "deep"}, "items": 5}'),
        ("${range(var.count) | list}", [0, 1, 2]),
        ("${var.map[var.region | replace('eu', 'items')]}", 5),
        ("${var.region.upper()}", "EU"),
        ("${'a' | center(5)}", "  a  "),
        ("${'a b' | indent(2, true)}", "  a b"),
        ("${'%s-%03d' | format('a', 7)}", "a-007"),
        ("${var.list | join('+')}", "a+b"),
        ("${[{'n': 1}, {'n': 2}] | join('-', attribute='n')}", "1-2"),
        ("${'abc' | replace('b', 'x')}", "axc"),
        ("${[1, 2, 3] | batch(2)}", [[1, 2], [3]]),
        ("${[1, 2, 3] | slice(2)}", [[1, 2], [3]]),
        ("${2.567 | round(1)}", 2.6),
        ("${2 ** 10}", 1024),
        ("${7 % 4}", 3),
        ("${var.list * 2}", ["a", "b", "a", "b"]),
        ("${var.map | tojson(indent=1) | length}", 43),
        ("${'<a>' | e}", "&lt;a&gt;"),
    ],
)
def test_what_rests_on_no_resource_is_known_when_the_stack_is_read(
    stack_of: Loader, text: str, value: Value
) -> None:
    quoted = text if '"' in text else f'"{text}"'
    result = known(stack_of, quoted)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${reconciler_value.other.id}", "42"),
        ("${reconciler_value.other}", {"id": "42", "input": [1, 2]}),
        ("id ${reconciler_value.other.id}", "id 42"),
        ("${reconciler_value.other.id | int + 1}", 43),
        ("${reconciler_value.other.input[1]}", 2),
        ("${reconciler_value.other['input'] | sum}", 3),
        ("${reconciler_value.other.output}", None),
        ("${reconciler_value.my-own.input}", 7),
        ("${reconciler_value.my-own.input - 1}", 6),
        ("${local.nested.id}", "42"),
        ("${local.nested}", {"id": "42", "fixed": 1}),
        ("${local.nested | length}", 2),
        ("${reconciler_value['ot' ~ 'her'].id}", "42"),
    ],
)
def test_what_rests_on_a_resource_is_known_when_the_resource_is(
    stack_of: Loader, text: str, value: Value
) -> None:
    if "['ot'" in text:  # it could be any resource of the type, itself included
        assert "waits for itself" in refusal(stack_of, text)
        return
    assert evaluated(stack_of, text, id="42", input=[1, 2]) == value


def test_references_are_collected_through_locals_and_code(stack_of: Loader) -> None:
    for text in (
        "${reconciler_value.other.id}",
        "${local.nested.id}",
        "a ${reconciler_value.other.id | int}",
    ):
        assert load(stack_of, text).resources[IT].references == {OTHER}
    assert load(stack_of, "${var.region}").resources[IT].references == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "${reconciler_value.other.id}",
        "${reconciler_value.other.id.x[0]}",
        "text ${reconciler_value.other.id}",
        "${reconciler_value.other.id is none}",
        "${reconciler_value.other.id is defined}",
        "${reconciler_value.other.id == 'a'}",
        "${[reconciler_value.other.id] | tojson}",
        "${reconciler_value.other | tojson}",
        "${'a' if reconciler_value.other.id else 'b'}",
        "${reconciler_value.other.input.part ~ 'x'}",
        "${reconciler_value.other.id | default('x')}",
        "${[1, reconciler_value.other.id] | length}",
    ],
)
def test_what_touches_something_unknown_is_unknown(stack_of: Loader, text: str) -> None:
    unknown = Unknown("reconciler_value.other.id")
    result = evaluated(stack_of, text, id=unknown, input={"part": unknown, "other": 1})
    assert result == unknown


def test_what_does_not_touch_the_unknown_part_is_known(stack_of: Loader) -> None:
    unknown = Unknown("x")
    assert (
        evaluated(
            stack_of,
            "${reconciler_value.other.input.other + 1}",
            id=unknown,
            input={"part": unknown, "other": 1},
        )
        == 2
    )


def test_a_resource_that_is_unknown_as_a_whole_makes_everything_on_it_unknown(stack_of: Loader) -> None:
    expression = load(stack_of, "${reconciler_value.other.input | length}").resources[IT].attributes["input"]
    assert expression.evaluate(lambda address: Unknown(str(address))) == Unknown("reconciler_value.other")


@pytest.mark.parametrize(
    "text", ["${var.token}", "${var.token | upper}", "x-${var.token}", "${[var.token] | length}"]
)
def test_what_uses_something_sensitive_is_sensitive(stack_of: Loader, text: str) -> None:
    assert isinstance(known(stack_of, text), Sensitive)


def test_a_sensitive_attribute_of_a_resource_makes_the_expression_sensitive(stack_of: Loader) -> None:
    assert evaluated(
        stack_of, "${reconciler_value.other.input | upper}", id="", input=Sensitive("a")
    ) == Sensitive("A")


def test_the_environment_and_secrets_are_sensitive(stack_of: Loader) -> None:
    environ = {"HOME_TOWN": "here", "TOKEN": "t"}
    assert known(stack_of, "${env.HOME_TOWN}", environ) == Sensitive("here")
    assert known(stack_of, "Bearer ${secret.TOKEN}", environ) == Sensitive("Bearer t")


def test_the_text_behind_a_sensitive_value_is_kept_by_its_path(stack_of: Loader) -> None:
    stack = load(stack_of, "{a: [1, 'x${var.token}'], b: '${var.region}'}")
    assert stack.resources[IT].sources == {("input", "a", 1): "x${var.token}"}


def test_a_failure_with_sensitive_values_does_not_show_them(stack_of: Loader) -> None:
    assert "hunter2" not in refusal(stack_of, "${var.token + 1}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${var.regoin}", "there is no variable 'regoin' (did you mean 'region'?)"),
        ("${lokal.prefix}", "there is no 'lokal' (did you mean 'local'?)"),
        ("${local.prefx ~ ''}", "there is no local 'prefx' (did you mean 'prefix'?)"),
        ("${reconciler_value.othr.id}", "there is no reconciler_value.othr (did you mean 'other'?)"),
        ("${reconciler_value.other.idd}", "reconciler_value has no attribute 'idd' (did you mean 'id'?)"),
        ("${reconciler_value.other.idd ~ 1}", "reconciler_value has no attribute 'idd' (did you mean 'id'?)"),
        ("${data.forge_usr.me.login}", "there is no data type 'forge_usr' (did you mean 'forge_user'?)"),
        ("${each.key}", "'each' means something only beside a for_each"),
        ("${var.map.itms}", "the expression has no value: var.map has no 'itms' (did you mean 'items'?)"),
        ("${var.list[5]}", "the expression has no value: var.list has 2 items, so there is no [5]"),
        ("${var.region.x}", "the expression has no value: var.region is a text: it has no 'x'"),
        (
            "a ${var.list}",
            "the expression has no value: a list cannot be part of a text (use | join(', ') or | tojson)",
        ),
        ("a ${var.none}", "the expression has no value: null cannot be part of a text"),
        ("${1 / 0}", "the expression has no value: division by zero"),
        ("${ {1: 2} }", "a mapping's keys must be text, not 1"),
        ("${var.region.__class__.__mro__}", "the expression has no value"),
        ("${[].append.__self__}", "it does what an expression may not"),
        ("${'x' * 10 ** 9}", "the result would have more than 100,000 parts"),
        ("${[[0] * 1000] * 1000}", "the result would have more than 100,000 parts"),
        ("${['x' * 1000] * 1000}", "the result would have more than 100,000 parts"),
        ("${[{'a': [0] * 1000}] * 1000}", "the result would have more than 100,000 parts"),
        (
            "${range(50000) | map('string') | map('center', 1000) | list}",
            "more than 5,000,000 characters and items would be built",
        ),
        ("${range(100000) | batch(1) | map('slice', 1000) | list}", "more than 5,000,000 characters"),
        ("${10 ** 10000}", "the number would be too large"),
        ("${range(10 ** 9)}", "Range too big"),
        ("${'%99999d' | format(1)}", "a format with a width of more than three digits"),
        ("${'a' | center(10 ** 9)}", "the result would have more than 100,000 parts"),
        ("${'{:99999999}'.format(1)}", "the expression has no value"),
        ("${5 | round(-100000000)}", "a precision of more than 30 digits"),
        ("${lipsum()}", "there is no 'lipsum'"),
        ("${'a' % 5}", "% on a text"),
        ("${'a' ** 5}", "** of what is no number"),
        ("${'ab' | replace('', 'x' * 90000)}", "the result would have more than 100,000 parts"),
        ("${range(50000) | join('abc')}", "the result would have more than 100,000 parts"),
        ("${[1] | batch(10 ** 9, 0)}", "the result would have more than 100,000 parts"),
        ("${[1] | slice(10 ** 9, 0)}", "the result would have more than 100,000 parts"),
        ("${'a' | indent(10 ** 9, true)}", "the result would have more than 100,000 parts"),
        ("${[1] | tojson(indent=10 ** 9)}", "the result would have more than 100,000 parts"),
        ("${1e308 * 10}", "the result is not a finite number"),
        ("${1e999}", "a number in the expression is too large"),
        ("${[1, -1e999]}", "a number in the expression is too large"),
        ("${range}", "the result is no value but a"),
        ("${[absent_name]}", "there is no 'absent_name'"),
        ("${ {'a': var.map.zz} }", "var.map has no 'zz'"),
        ("${stack.x}", "stack is a text: it has no 'x'"),
        ("${env}", "env must be followed by one name"),
        ("${1 is odddd}", "there is no test 'odddd' (did you mean 'odd'?)"),
        ("${1 < 'a'}", "not supported between instances"),
        ("${" + "(" * 100 + ")" * 100 + "}", "the expression's brackets are nested too deep"),
        ("${" + "not " * 900 + "true}", "the expression is nested too deep"),
        ("${" + "a" * 5000 + "}", "the expression is longer than 4,000 characters"),
        ("${(]}", "the expression's brackets do not match at ']'"),
        ("${var.region var.count}", "the expression should end before"),
        ("${var.list | uper}", "there is no filter 'uper' (did you mean 'upper'?)"),
    ],
)
def test_a_wrong_expression_is_explained(stack_of: Loader, text: str, message: str) -> None:
    quoted = text if '"' in text else f'"{text}"'
    assert message in refusal(stack_of, quoted)


def test_an_error_in_evaluation_has_its_place_and_address(stack_of: Loader) -> None:
    expression = load(stack_of, "${reconciler_value.other.input.x}").resources[IT].attributes["input"]
    with pytest.raises(InvalidConfiguration) as caught:
        expression.evaluate(scope_of(input=5))
    (found,) = caught.value.diagnostics
    assert found.address == str(IT)
    assert found.place is not None
    assert found.place.source.endswith("input: ${reconciler_value.other.input.x}")


def test_growth_from_local_to_local_is_bounded(stack_of: Loader) -> None:
    texts = "\n".join(f"  a{n}: ${{local.a{n - 1} ~ local.a{n - 1}}}" for n in range(1, 40))
    use = '"${{local.l{}}}"'
    lists = "\n".join(f"  l{n}: [{', '.join([use.format(n - 1)] * 10)}]" for n in range(1, 12))
    summaries = stack_of.summaries(f"locals:\n  a0: {'x' * 50}\n  l0: [1]\n{texts}\n{lists}\n")
    assert any("the result has more than 1,000,000 characters" in one for one in summaries)
    assert any("local.l6 holds more than 100,000 values" in one for one in summaries)


def test_growth_through_what_is_known_later_is_bounded_too(stack_of: Loader) -> None:
    head = "resources: {reconciler_value: {r: }}\nlocals:\n  l0: ['${reconciler_value.r.id}']\n"
    use = '"${{local.l{}}}"'
    lists = "\n".join(f"  l{n}: [{', '.join([use.format(n - 1)] * 10)}]" for n in range(1, 12))
    assert stack_of.summaries(f"{head}{lists}\n")[0] == "local.l5 holds more than 100,000 values"
    chain = "\n".join(f"  l{n}: ${{local.l{n - 1}}}" for n in range(1, 60))
    assert stack_of.summaries(f"{head}{chain}\n") == [
        "local.l50 rests on resources through more than 50 other locals"
    ]


def test_a_recorded_expression_is_read_again_even_if_what_it_names_is_gone(stack_of: Loader) -> None:
    stack = load(stack_of, "1", {"TOKEN": "t"})
    assert stack.expression("x-${secret.TOKEN}") == Sensitive("x-t")
    gone = stack.expression("${reconciler_value.gone.id}")
    assert gone.references == {Address("reconciler_value", "gone")}
    assert gone.evaluate(lambda _: {"id": 5}) == 5
    with pytest.raises(InvalidConfiguration):
        stack.expression("${secret.ABSENT}")
