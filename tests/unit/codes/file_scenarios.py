"""How the codes about files, the command line and the machine happen."""

from typing import Any

from reconciler.registry import Registry
from reconciler.testing.failures import MemoryCall
from tests.command_line import Result
from tests.unit.codes.bench import ONE, Bench, Scenario, Scenarios

VALUES = "resources:\n  reconciler_value:\n"

makes = Scenarios()


def _written(text: str) -> Scenario:
    def validate(bench: Bench) -> Result:
        bench.write(text)
        return bench.json("validate")

    return validate


MISTAKES_IN_FILES = {
    "RC-CONF-001": "stack: my shop\n",
    "RC-CONF-003": "stack: s\ninclude: [none/*.yaml]\n",
    "RC-CONF-004": "stack: [s\n",
    "RC-CONF-005": "stack: s\nstack: t\n",
    "RC-CONF-006": "stack: s\nresources:\n  slack_chanel: {a: {name: a}}\n",
    "RC-CONF-007": f"stack: s\n{VALUES}    a: {{valeu: 1}}\n",
    "RC-CONF-008": "stack: s\noutputs: {a: {value: '${1 +}'}}\n",
    "RC-CONF-009": "stack: s\nproviders: {slack: {token: '${secret.NONE}'}}\n",
    "RC-CONF-010": "stack: s\nvariables: {region: {type: string}}\n",
    "RC-CONF-011": "stack: s\nlocals: {a: '${local.b}', b: '${local.a}'}\n",
    "RC-CONF-012": (
        "stack: s\nproviders: {slack: {token: t}}\n"
        "resources: {slack_channel: {a: {name: results}, b: {name: results}}}\n"
    ),
    "RC-CONF-014": "stack: s\nrequires: '>=99'\n",
    "RC-CONF-015": "stack: s\nproviders: {slak: {token: a}}\n",
    "RC-CONF-019": f"stack: s\n{VALUES}    a: {{for_each: [1], input: 1}}\n",
    "RC-CONF-020": "stack: s\nmodules: {a: {source: ./none}}\n",
    "RC-CONF-021": "stack: s\nimports: [{to: slack_channel.a, id: a}]\n",
}
makes.update({code: _written(text) for code, text in MISTAKES_IN_FILES.items()})


@makes("RC-CONF-002")
def no_stack(bench: Bench) -> Result:
    return bench.json("validate")


@makes("RC-CONF-013")
def no_environment(bench: Bench) -> Result:
    bench.write("stack: s\n")
    return bench.json("--environment", "prod", "validate")


@makes("RC-CONF-016")
def credentials_for_another_host(bench: Bench) -> Result:
    bench.write("stack: s\nproviders: {slack: {token: t, base_url: 'https://slack.example'}}\n")
    return bench.json("health")


@makes("RC-CONF-017")
def broken_provider(bench: Bench) -> Result:
    def load() -> Any:
        raise ImportError("No module named 'acme'")

    registry = Registry.installed({"acme": ("the package acme-provider 1.2", load)})
    bench.monkeypatch.setattr(Registry, "installed", lambda: registry)
    bench.write("stack: s\nresources: {acme_door: {front: {}}}\n")
    return bench.json("validate")


@makes("RC-CONF-018")
def senseless_environment(bench: Bench) -> Result:
    bench.command.environ["INTEGRATION_RETRY_MAX_ATTEMPTS"] = "many"
    bench.write("stack: s\n")
    return bench.json("plan")


@makes("RC-INPUT-001")
def misspelt_command(bench: Bench) -> Result:
    return bench.json("plam")


@makes("RC-INPUT-002")
def nobody_to_say_yes(bench: Bench) -> Result:
    bench.memory()
    bench.write(ONE)
    return bench.json("apply")


@makes("RC-INPUT-003")
def document_that_is_no_json(bench: Bench) -> Result:
    bench.write("stack: s\n")
    file = bench.directory / "pulled.json"
    file.write_text("{", encoding="utf-8")
    return bench.json("state", "push", str(file))


@makes("RC-FIND-001")
def nothing_of_this_name(bench: Bench) -> Result:
    bench.write("stack: s\n")
    return bench.json("output", "none")


@makes("RC-SYSTEM-001")
def file_in_the_way(bench: Bench) -> Result:
    (bench.directory / ".gitignore").mkdir()
    return bench.json("init")


@makes("RC-BUG-001")
def mistake_of_ours(bench: Bench) -> Result:
    service = bench.memory()

    def fail(call: MemoryCall) -> None:
        raise KeyError(call.operation)

    service.on_call = fail
    bench.write(ONE)
    return bench.json("plan")
