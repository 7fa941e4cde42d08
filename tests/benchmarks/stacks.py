"""The stacks that are measured, as reconciler and as Terraform write them: N values, alone or in a tree."""

import json
from pathlib import Path

SHAPES = ("independent", "tree")


def write_reconciler(directory: Path, count: int, shape: str) -> None:
    """``count`` values; in a tree, value i refers to value i // 10."""
    lines = ["stack: bench", "resources:", "  reconciler_value:"]
    for number in range(count):
        parent = f'"${{reconciler_value.v{number // 10}.id}}"'
        value = parent if shape == "tree" and number else str(number)
        lines.append(f"    v{number}: {{input: {value}}}")
    (directory / "reconciler.yaml").write_text("\n".join(lines) + "\n")


def write_terraform(directory: Path, count: int, shape: str) -> None:
    """The same with ``terraform_data``."""
    resources = {
        f"v{number}": {
            "input": f"${{terraform_data.v{number // 10}.id}}" if shape == "tree" and number else str(number)
        }
        for number in range(count)
    }
    document = {"resource": {"terraform_data": resources}}
    (directory / "main.tf.json").write_text(json.dumps(document))
