"""Figures of whole processes: ours, and Terraform's on the same shapes where it is installed.

    python -m tests.benchmarks.bench [--sizes 100,1000,3000,10000] [--large 100000] [--shapes tree,for_each]
        [--terraform-up-to 3000] [--runs 3]

``--large`` is one size more for the shapes that are declared once and made many times. It asserts nothing:
machines differ. Read the ratios, and the growth exponents (1.0 is linear).
"""

import argparse
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.commits import print_commits
from tests.benchmarks.measure import Figure, measure, median
from tests.benchmarks.organisation import print_requests
from tests.benchmarks.stacks import SHAPES, write_terraform

OURS = {
    "validate": ["validate"],
    "first plan": ["plan"],
    "apply": ["apply", "--auto-approve"],
    "no-op plan": ["plan"],
    "destroy": ["destroy", "--auto-approve"],
}
THEIRS = {
    "validate": ["validate"],
    "first plan": ["plan"],
    "apply": ["apply", "-auto-approve"],
    "no-op plan": ["plan"],
    "destroy": ["destroy", "-auto-approve"],
}
LARGE = ("for_each", "modules")
REPEATABLE = ("validate", "first plan", "no-op plan")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="time and memory, beside Terraform's")
    parser.add_argument("--sizes", default="100,1000,3000,10000")
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--terraform-up-to", type=int, default=3000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    _startup(options.runs)
    for shape in options.shapes.split(","):
        sizes = [int(size) for size in options.sizes.split(",")]
        sizes += [options.large] if shape in LARGE and options.large else []
        ours = {size: dict(_reconciler(size, shape, options.runs)) for size in sizes}
        terraform = shutil.which("terraform")
        theirs = {
            size: dict(_terraform(terraform, size, shape, options.runs))
            for size in sizes
            if terraform and size <= options.terraform_up_to
        }
        _table(shape, ours, theirs)
        _growth(shape, ours)
    print_requests(_command())
    print_commits()


def _startup(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        click = _times([sys.executable, "-c", "import click"], directory, runs + 2)
        print(
            "start-up, as a ratio to `python -c 'import click'` "
            f"({click.wall * 1000:.0f} ms wall, {click.cpu * 1000:.0f} ms cpu)"
        )
        for command in (["version"], ["--help"]):
            figure = _times([_command(), *command], directory, runs + 2)
            print(
                f"  reconciler {command[0]:<10} {figure.wall / click.wall:5.2f} x wall"
                f" {figure.cpu / click.cpu:5.2f} x cpu"
            )


def _times(command: list[str], directory: Path, runs: int) -> Figure:
    return median([measure(command, directory, os.environ) for _ in range(runs)])


def _command() -> str:
    return str(Path(sys.executable).parent / "reconciler")


def _reconciler(count: int, shape: str, runs: int) -> Iterator[tuple[str, Figure]]:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        SHAPES[shape](directory, count)
        for name, arguments in OURS.items():
            again = runs if name in REPEATABLE else 1
            command = [_command(), *arguments]
            yield name, median([measure(command, directory, os.environ) for _ in range(again)])


def _terraform(terraform: str, count: int, shape: str, runs: int) -> Iterator[tuple[str, Figure]]:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        configuration = directory / "terraform.rc"
        configuration.touch()
        environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(configuration), "CHECKPOINT_DISABLE": "1"}
        write_terraform(directory, count, shape)
        measure([terraform, "init"], directory, environment)
        for name, arguments in THEIRS.items():
            again = runs if name in REPEATABLE else 1
            command = [terraform, *arguments]
            yield name, median([measure(command, directory, environment) for _ in range(again)])


def _table(shape: str, ours: dict[int, dict[str, Figure]], theirs: dict[int, dict[str, Figure]]) -> None:
    print(
        f"\n{shape}\n{'':>7} {'':<11} {'wall s':>8} {'cpu s':>8} {'MB':>6}   Terraform: {'wall s':>8}"
        f" {'MB':>6} {'faster':>9} {'memory':>7}"
    )
    for size, figures in ours.items():
        for name, figure in figures.items():
            row = f"{size:>7} {name:<11} {figure.wall:8.2f} {figure.cpu:8.2f} {figure.memory / 1e6:6.0f}"
            other = theirs.get(size, {}).get(name)
            if other:
                row += (
                    f"{'':>14}{other.wall:8.2f} {other.memory / 1e6:6.0f}"
                    f" {other.wall / figure.wall:8.1f}x {figure.memory / other.memory:6.2f}x"
                )
            print(row)


def _growth(shape: str, ours: dict[int, dict[str, Figure]]) -> None:
    """The exponent between the two largest sizes; the cost of starting is in both."""
    if len(ours) < 2:
        return
    small, large = sorted(ours)[-2:]
    exponents = ", ".join(
        f"{name} N^{math.log(ours[large][name].wall / ours[small][name].wall, large / small):.2f} "
        f"({math.log(ours[large][name].cpu / ours[small][name].cpu, large / small):.2f} in cpu)"
        for name in OURS
    )
    print(f"growth from {small} to {large} ({shape}): {exponents}")


if __name__ == "__main__":
    main()
