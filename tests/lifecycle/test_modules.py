"""Modules: a directory used as often as wanted, with inputs and outputs."""

from textwrap import dedent

import pytest

from reconciler.address import Address
from reconciler.errors import DiagnosedError, InvalidConfiguration
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

SQUAD = """
variables:
  name: {type: text}
  tags: {type: list, default: []}
  leader: {type: text, default: nobody}
locals:
  full: squad-${var.name}
resources:
  memory_thing:
    home: {name: "${local.full}", tags: "${var.tags}", text: "${var.leader}"}
  memory_part:
    door: {thing: "${memory_thing.home.name}", name: door}
outputs:
  id: {value: "${memory_thing.home.id}"}
  name: {value: "${local.full}"}
"""

USE = """
modules:
  red: {source: ./squad, inputs: {name: red, tags: [x]}}
"""


def module(lab: Lab, text: str, name: str = "squad") -> None:
    (lab.directory / name).mkdir(parents=True, exist_ok=True)
    (lab.directory / name / "reconciler.yaml").write_text(dedent(text), encoding="utf-8")


def refusal(lab: Lab, text: str) -> str:
    lab.write(text)
    with pytest.raises(InvalidConfiguration) as caught:
        lab.stack()
    return "; ".join(f"{found.summary} ({found.advice})" for found in caught.value.diagnostics)


def test_what_a_module_declares_has_its_address_in_front(lab: Lab) -> None:
    module(lab, SQUAD)
    plan = lab.plan(USE)
    assert lab.actions(plan) == {
        "module.red.memory_thing.home": Action.CREATE,
        "module.red.memory_part.door": Action.CREATE,
    }
    lab.execute(plan)
    assert lab.names() == ["squad-red"]
    assert not lab.plan().has_changes
    assert lab.actions(lab.plan("resources: {}")) == {
        "module.red.memory_part.door": Action.DELETE,
        "module.red.memory_thing.home": Action.DELETE,
    }


def test_inputs_may_rest_on_resources_and_outputs_are_seen_outside(lab: Lab) -> None:
    module(lab, SQUAD)
    lab.apply("""
resources:
  memory_thing:
    boss: {name: boss}
    after: {name: "after-${module.red.name}", text: "${module.red.id}"}
modules:
  red: {source: squad, inputs: {name: red, leader: "${memory_thing.boss.id}"}}
outputs:
  home: {value: "${module.red.id}"}
""")
    ids = {one.attributes["name"]: one.id for one in lab.service.objects("memory_thing")}
    assert lab.recorded("module.red.memory_thing.home")["text"] == ids["boss"]
    assert lab.recorded("memory_thing.after")["text"] == ids["squad-red"]
    assert lab.ledger.outputs()["home"] == ids["squad-red"]
    assert not lab.plan().has_changes
    stack = lab.stack()
    assert stack.resources[Address.parse("memory_thing.after")].references == {
        Address.parse("module.red.memory_thing.home")
    }
    assert stack.resources[Address.parse("module.red.memory_thing.home")].references == {
        Address.parse("memory_thing.boss")
    }


def test_for_each_and_when_make_as_many_uses_as_wanted(lab: Lab) -> None:
    module(lab, SQUAD)
    text = """
modules:
  squad:
    source: ./squad
    for_each: {red: {tags: [a]}, blue: {tags: [b]}, grey: {tags: []}}
    when: ${each.value.tags | length > 0}
    inputs: {name: "${each.key}", tags: "${each.value.tags}"}
outputs:
  red: {value: "${module.squad['red'].name}"}
  all: {value: "${module.squad | list | sort}"}
"""
    lab.apply(text)
    assert lab.names() == ["squad-blue", "squad-red"]
    assert lab.ledger.outputs()["red"] == "squad-red"
    assert lab.ledger.outputs()["all"] == ["blue", "red"]
    plan = lab.plan(text.replace("blue: {tags: [b]}, ", ""))
    assert set(lab.actions(plan)) == {
        'module.squad["blue"].memory_thing.home',
        'module.squad["blue"].memory_part.door',
    }


def test_modules_may_use_modules(lab: Lab) -> None:
    module(lab, SQUAD, "guild/squad")
    module(
        lab,
        """
        variables:
          names: {type: list}
        modules:
          squad: {source: ./squad, for_each: "${var.names}", inputs: {name: "${each.key}"}}
        outputs:
          homes: {value: "${module.squad['a'].id}"}
        """,
        "guild",
    )
    lab.apply("""
modules:
  guild: {source: guild, inputs: {names: [a, b]}}
outputs:
  home: {value: "${module.guild.homes}"}
""")
    assert set(map(str, lab.ledger.objects())) == {
        f'module.guild.module.squad["{key}"].{rest}'
        for key in "ab"
        for rest in ("memory_thing.home", "memory_part.door")
    }
    assert (
        lab.ledger.outputs()["home"]
        == lab.ledger.objects()[Address.parse('module.guild.module.squad["a"].memory_thing.home')].id
    )


def test_a_module_waits_for_another_one(lab: Lab) -> None:
    module(lab, SQUAD)
    lab.write("""
modules:
  red: {source: squad, inputs: {name: red}}
  blue: {source: squad, inputs: {name: blue}, depends_on: [module.red]}
resources:
  memory_thing:
    last: {name: last, depends_on: ["module.blue"]}
""")
    resources = lab.stack().resources
    red = {Address.parse("module.red.memory_thing.home"), Address.parse("module.red.memory_part.door")}
    assert resources[Address.parse("module.blue.memory_thing.home")].depends_on == red
    assert len(resources[Address.parse("memory_thing.last")].depends_on) == 2


def test_outputs_that_pass_through_other_modules_keep_what_they_rest_on(lab: Lab) -> None:
    module(lab, "variables: {x: {}}\noutputs: {y: {value: '${var.x}'}}\n", "pass")
    lab.apply("""
resources:
  memory_thing:
    a: {name: a}
    b: {name: "b-${module.two.y}", text: "${module.three.y}"}
modules:
  one: {source: pass, inputs: {x: "${memory_thing.a.id}"}}
  two: {source: pass, inputs: {x: "${module.one.y}"}}
  three: {source: pass, inputs: {x: plain}}
""")
    b = lab.stack().resources[Address.parse("memory_thing.b")]
    assert b.references == {Address.parse("memory_thing.a")}
    assert lab.recorded("memory_thing.b")["text"] == "plain"


def test_sensitive_inputs_and_outputs_stay_so(lab: Lab) -> None:
    lab.environ["TOKEN"] = "hush-hush-hush"
    module(
        lab,
        """
variables:
  token: {type: text, sensitive: true}
resources:
  memory_thing:
    a: {name: a, secret: "${var.token}"}
outputs:
  token: {value: "${var.token}", sensitive: true}
""",
    )
    use = """
modules:
  m: {source: squad, inputs: {token: "${secret.TOKEN}"}}
"""
    assert "rests on a sensitive value" in refusal(lab, use + "outputs: {t: {value: '${module.m.token}'}}")
    lab.apply(use)
    assert "hush" not in str(lab.recorded("module.m.memory_thing.a"))
    assert not lab.plan().has_changes


def test_a_rollback_follows_references_inside_a_module(lab: Lab) -> None:
    module(lab, SQUAD + "  door: {value: '${memory_part.door.id}'}\n")
    squads = """
modules:
  squad: {source: squad, for_each: [red, blue], inputs: {name: "${each.key}"}}
resources:
  memory_note:
    n: {for_each: [red, blue], title: "${each.key}", text: "${module.squad[each.key].id}"}
"""
    lab.apply(squads)
    serial = lab.ledger.serial
    lab.apply("resources: {}")
    lab.rollback(serial)
    ids = {
        one.attributes["name"].removeprefix("squad-"): one.id for one in lab.service.objects("memory_thing")
    }
    notes = {one.attributes["title"]: one.attributes["text"] for one in lab.service.objects("memory_note")}
    assert notes == ids
    lab.write(squads)
    assert not lab.plan().has_changes


@pytest.mark.parametrize(
    ("use", "message"),
    [
        ("{source: ./nowhere}", "there is no directory ./nowhere"),
        ("{source: ./empty}", "there is no reconciler.yaml in ./empty"),
        ("{source: 'https://example.com/x'}", "no directory relative to this file"),
        ("{source: /etc}", "no directory relative to this file"),
        ("{source: '${var.x}'}", "must be written out"),
        ("{source: squad}", "the variable name of the module has no value"),
        (
            "{source: squad, inputs: {name: a, nam: b}}",
            "the module has no variable 'nam' (did you mean 'name'?)",
        ),
        ("{source: squad, inputs: {name: [a]}}", "the variable name must be text"),
        ("{source: squad, input: {name: a}}", "did you mean 'inputs'?"),
        ("{inputs: {name: a}}", "needs 'source'"),
        ("{source: loop}", "uses itself"),
        ("{source: wrong}", "belongs to the stack, not into a module"),
        ("{source: squad, inputs: {name: a}, depends_on: [module.q]}", "there is no module.q"),
        ("{source: squad, inputs: {name: '${module.here.nmae}'}}", "no output 'nmae' (did you mean 'name'?)"),
        ("{source: squad, inputs: {name: '${module.off.name}'}}", "module.off is not there"),
        ("{source: squad, inputs: {name: a}, providers: {memry: memry}}", "did you mean 'memory'?"),
        (
            "{source: squad, inputs: {name: a}, providers: {reconciler: memory}}",
            "'memory' is no configuration of the provider reconciler",
        ),
    ],
)
def test_a_wrong_use_of_a_module_is_explained(lab: Lab, use: str, message: str) -> None:
    module(lab, SQUAD)
    (lab.directory / "empty").mkdir()
    module(lab, "modules: {again: {source: ../loop}}", "loop")
    module(lab, "providers: {memory: {}}", "wrong")
    others = """
variables: {x: {default: squad}}
modules:
  here: {source: squad, inputs: {name: here}}
  off: {source: squad, inputs: {name: off}, when: false}
"""
    assert message in refusal(lab, f"{others}  m: {use}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${module.m.nam}", "module.m has no output 'nam' (did you mean 'name'?)"),
        ("${module.q.name}", "there is no module 'q'"),
        ("${module.m.memory_thing.home.id}", "what is inside a module is not seen from outside"),
        ("${var.name}", "there is no variable 'name'"),
    ],
)
def test_a_wrong_look_into_a_module_is_explained(lab: Lab, text: str, message: str) -> None:
    module(lab, SQUAD)
    use = "modules: {m: {source: squad, inputs: {name: a}}}\n"
    assert message in refusal(lab, f"{use}resources: {{memory_thing: {{a: {{name: '{text}'}}}}}}\n")


@pytest.mark.parametrize(
    "modules",
    [
        "m: {source: pass, inputs: {x: '${module.m.x}'}}",
        "m: {source: pass, inputs: {x: '${module.n.x}'}}\n  n: {source: pass, inputs: {x: '${module.m.x}'}}",
    ],
)
@pytest.mark.parametrize(
    "used",
    ["resources: {memory_thing: {a: {name: '${module.m.x}'}}}", "outputs: {a: {value: '${module.m.x}'}}"],
)
def test_a_value_that_modules_hand_round_in_a_circle_is_told(lab: Lab, modules: str, used: str) -> None:
    module(lab, "variables: {x: {type: text}}\noutputs: {x: {value: '${var.x}'}}\n", "pass")
    lab.write(f"modules:\n  {modules}\n{used}\n")
    with pytest.raises(DiagnosedError) as caught:
        lab.plan()
    (problem,) = caught.value.diagnostics
    assert "it needs itself, by way of what modules are given and give" in problem.summary
    assert problem.place is not None


def test_modules_may_need_outputs_of_each_other_that_are_no_circle(lab: Lab) -> None:
    text = """
    variables: {x: {type: text}}
    resources: {memory_thing: {used: {name: "${path}-${var.x}"}}}
    outputs: {id: {value: "${memory_thing.used.id}"}, word: {value: word}}
    """
    module(lab, text, "one")
    module(lab, text, "two")
    lab.apply(
        """
modules:
  one: {source: one, inputs: {x: "${module.two.id}"}}
  two: {source: two, inputs: {x: "${module.one.word}"}}
"""
    )
    assert len(lab.names()) == 2
    assert not lab.plan().has_changes


def test_a_mistake_in_a_module_is_told_once_with_its_file(lab: Lab) -> None:
    module(lab, SQUAD.replace("tags:", "tgas:", 2))
    lab.write("modules: {m: {source: squad, for_each: [a, b, c], inputs: {name: '${each.key}'}}}\n")
    with pytest.raises(InvalidConfiguration) as caught:
        lab.stack()
    places = [found.place.file for found in caught.value.diagnostics if found.place]
    assert set(places) == {"squad/reconciler.yaml"}
    assert len(places) == len({(found.summary, found.place) for found in caught.value.diagnostics})


def test_a_rollback_knows_keys_inside_a_module_from_attributes(lab: Lab) -> None:
    module(
        lab,
        """
        resources:
          memory_thing:
            every: {for_each: [name, other], name: "${each.key}"}
        outputs:
          ids: {value: "${memory_thing.every['name'].id}"}
        """,
    )
    text = """
modules: {m: {source: squad}}
resources:
  memory_note: {n: {title: n, text: "${module.m.ids}"}}
"""
    lab.apply(text)
    serial = lab.ledger.serial
    lab.apply("modules: {m: {source: squad}}")
    lab.rollback(serial)
    name = next(one for one in lab.service.objects("memory_thing") if one.attributes["name"] == "name")
    assert lab.recorded("memory_note.n")["text"] == name.id
    assert lab.ledger.objects()[Address.parse("memory_note.n")].depends_on == (
        Address.parse('module.m.memory_thing.every["name"]'),
    )
