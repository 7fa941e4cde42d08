"""The stacks that are measured, as reconciler and as Terraform write them: N values, in several shapes."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

PER_MODULE = 10
"""Values in one use of the module."""


def _independent(directory: Path, count: int) -> None:
    _write(directory, [f"    v{number}: {{input: {number}}}" for number in range(count)])


def _tree(directory: Path, count: int) -> None:
    """Value i refers to value i // 10."""
    lines = ["    v0: {input: 0}"]
    lines += [
        f'    v{number}: {{input: "${{reconciler_value.v{number // 10}.id}}"}}' for number in range(1, count)
    ]
    _write(directory, lines)


def _for_each(directory: Path, count: int) -> None:
    """One declaration, and one that follows it key by key, each of half of the values."""
    keys = f"${{range({count // 2}) | map('string') | list}}"
    _write(
        directory,
        [
            f'    first: {{for_each: "{keys}", input: "value ${{each.key}}"}}',
            '    second: {for_each: "${reconciler_value.first}", input: "${each.value.id}"}',
        ],
    )


def _modules(directory: Path, count: int) -> None:
    """One module, used as often as needed, of ten values: nine refer to the first."""
    module = directory / "squad"
    module.mkdir()
    rows = [f'    v{number}: {{input: "${{reconciler_value.v0.id}}"}}' for number in range(1, PER_MODULE)]
    head = ["variables:", "  name: {type: text}", "resources:", "  reconciler_value:"]
    first = '    v0: {input: "${var.name}"}'
    (module / "reconciler.yaml").write_text("\n".join([*head, first, *rows]) + "\n")
    keys = f"${{range({count // PER_MODULE}) | map('string') | list}}"
    use = f'  squad: {{source: ./squad, for_each: "{keys}", inputs: {{name: "${{each.key}}"}}}}'
    (directory / "reconciler.yaml").write_text(f"stack: bench\nmodules:\n{use}\n")


def _write(directory: Path, rows: list[str]) -> None:
    lines = ["stack: bench", "resources:", "  reconciler_value:", *rows]
    (directory / "reconciler.yaml").write_text("\n".join(lines) + "\n")


SHAPES: Mapping[str, Callable[[Path, int], None]] = {
    "independent": _independent,
    "tree": _tree,
    "for_each": _for_each,
    "modules": _modules,
}
"""By name, what writes a stack of so many values."""


def write_terraform(directory: Path, count: int, shape: str) -> None:
    """The same with ``terraform_data``."""
    if shape == "modules":
        (directory / "squad").mkdir()
        inside = {f"v{number}": {"input": "${terraform_data.v0.id}"} for number in range(1, PER_MODULE)}
        inside["v0"] = {"input": "${var.name}"}
        module = {"variable": {"name": {}}, "resource": {"terraform_data": inside}}
        (directory / "squad" / "main.tf.json").write_text(json.dumps(module))
        keys = f"${{toset([for i in range({count // PER_MODULE}) : tostring(i)])}}"
        use = {"squad": {"source": "./squad", "for_each": keys, "name": "${each.key}"}}
        (directory / "main.tf.json").write_text(json.dumps({"module": use}))
        return
    if shape == "for_each":
        keys = f"${{toset([for i in range({count // 2}) : tostring(i)])}}"
        resources: dict[str, dict[str, str]] = {
            "first": {"for_each": keys, "input": "value ${each.key}"},
            "second": {"for_each": "${terraform_data.first}", "input": "${each.value.id}"},
        }
    else:
        resources = {
            f"v{number}": {
                "input": f"${{terraform_data.v{number // 10}.id}}"
                if shape == "tree" and number
                else str(number)
            }
            for number in range(count)
        }
    (directory / "main.tf.json").write_text(json.dumps({"resource": {"terraform_data": resources}}))
