"""``environments`` and ``requires``: the settings that a stack is run with, and the version that it needs."""

import pytest

from reconciler.config import load
from reconciler.config.stack import Stack
from reconciler.errors import InvalidConfiguration, Refused
from reconciler.plan.desired import Desired
from tests.lifecycle.lab import Lab

SHOP = """
variables:
  size: {type: number, default: 1}
  owner: {type: text, from_env: OWNER, default: nobody}
environments:
  dev: {}
  prod: {variables: {size: 5}, apply: {max_deletes: 0, parallelism: 2}}
apply: {parallelism: 7}
resources:
  memory_thing:
    a: {name: "a-${environment}", size: "${var.size}", text: "${var.owner}"}
    b: {name: "b-${environment}", when: "${environment == 'prod'}"}
"""


def stack_in(lab: Lab, environment: str, **flags: str) -> Stack:
    return load(
        lab.directory, environment=environment, types=lab.registry, environ=lab.environ, variables=flags
    )


def test_an_environment_chooses_values_settings_and_what_is_there(lab: Lab) -> None:
    lab.write(SHOP)
    dev, prod = stack_in(lab, "dev"), stack_in(lab, "prod")
    assert [address.name for address in dev.resources] == ["a"]
    assert [address.name for address in prod.resources] == ["a", "b"]
    assert (dev.apply.parallelism, dev.apply.max_deletes) == (7, None)
    assert (prod.apply.parallelism, prod.apply.max_deletes) == (2, 0)
    assert lab.execute(lab.plan_for(Desired.of(prod))).is_complete
    assert lab.names() == ["a-prod", "b-prod"]
    assert lab.recorded("memory_thing.a")["size"] == 5


def test_a_flag_goes_before_the_variable_of_the_environment_and_that_before_the_file(lab: Lab) -> None:
    lab.write(SHOP)
    lab.environ.update(OWNER="ada")

    def values(**flags: str) -> tuple[object, object]:
        found = stack_in(lab, "prod", **flags).variables
        return found["size"], found["owner"]

    assert values() == (5, "ada")
    lab.environ["RECONCILER_VAR_size"] = "6"
    lab.environ["RECONCILER_VAR_owner"] = "grace"
    assert values() == (6, "grace")
    assert values(size="7", owner="joan") == (7, "joan")


def test_what_one_environment_forbids_another_allows(lab: Lab) -> None:
    lab.write(SHOP)
    prod = stack_in(lab, "prod")
    lab.execute(lab.plan_for(Desired.of(prod)))
    lab.write(SHOP.replace("== 'prod'", "== 'none'"))
    prod = stack_in(lab, "prod")
    with pytest.raises(Refused) as caught:
        lab.plan_for(Desired.of(prod), max_deletes=prod.apply.max_deletes)
    assert "max_deletes is 0" in caught.value.diagnostics[0].summary
    assert lab.plan_for(Desired.of(prod), max_deletes=stack_in(lab, "dev").apply.max_deletes).has_changes


def test_an_environment_that_is_not_declared_is_told_with_the_nearest(lab: Lab) -> None:
    lab.write(SHOP)
    with pytest.raises(InvalidConfiguration) as caught:
        stack_in(lab, "prd")
    (problem,) = caught.value.diagnostics
    assert problem.summary == "there is no environment 'prd'"
    assert "prod" in problem.advice


@pytest.mark.parametrize(("needed", "is_met"), [(">=0.1", True), (">=0.1, <2", True), (">=99", False)])
def test_a_stack_runs_only_with_the_versions_that_it_requires(lab: Lab, needed: str, is_met: bool) -> None:
    lab.write(f'requires: "{needed}"\nresources: {{memory_thing: {{a: {{name: a}}}}}}\n')
    if is_met:
        assert lab.apply().is_complete
        return
    with pytest.raises(InvalidConfiguration) as caught:
        lab.plan()
    (problem,) = caught.value.diagnostics
    assert problem.place is not None
    assert needed in problem.summary


def test_a_module_may_require_a_version_too(lab: Lab) -> None:
    (lab.directory / "squad").mkdir()
    (lab.directory / "squad" / "reconciler.yaml").write_text('requires: ">=99"\n', encoding="utf-8")
    lab.write("modules: {m: {source: ./squad}}\n")
    with pytest.raises(InvalidConfiguration) as caught:
        lab.plan()
    (problem,) = caught.value.diagnostics
    assert problem.place is not None
    assert problem.place.file == "squad/reconciler.yaml"
