"""The usual sequence of providers gives way to what the stack says."""

import pytest

from reconciler.config.sequence import in_usual_sequence
from reconciler.config.stack import ProviderConfiguration
from reconciler.diagnostics import Place


def configured(**depends_on: list[str]) -> dict[str, ProviderConfiguration]:
    return {
        key: ProviderConfiguration(key, key, {}, tuple(names), Place("reconciler.yaml", 1, 1))
        for key, names in depends_on.items()
    }


@pytest.mark.parametrize(
    ("declared", "said", "expected"),
    [
        ({"github": [], "slack": [], "notion": []}, (), {"notion": ["slack"], "github": ["notion"]}),
        ({"github": [], "slack": []}, (), {"github": ["slack"]}),
        ({"github": [], "slack": []}, ("github",), {}),
        ({"github": [], "slack": ["github"]}, ("slack",), {"slack": ["github"]}),
        ({"github": [], "notion": [], "slack": ["github"]}, ("slack",),
         {"slack": ["github"], "notion": ["slack"]}),
        ({"anykrowd": [], "slack": []}, (), {}),
    ],
)  # fmt: skip
def test_each_waits_for_the_one_before_it_unless_the_stack_says_otherwise(
    declared: dict[str, list[str]], said: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    result = in_usual_sequence(configured(**declared), said)
    assert {key: list(one.depends_on) for key, one in result.items() if one.depends_on} == expected
