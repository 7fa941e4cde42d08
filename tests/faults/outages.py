"""The matrix of outages, printed: ``python -m tests.faults.outages``. Ends with 1 unless every cell holds."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.sandbox.outages import MODES
from tests.faults.outage_ground import outage_ground
from tests.faults.outage_trials import COMMANDS, SERVICES, Cell, problems

_NARROW = 18


def main() -> int:
    """Try every cell, print a line for each mode as it is done, and then what was wrong."""
    wrong: dict[Cell, list[str]] = {}
    print(f"{'':{_NARROW}}" + "".join(f"{service:^28}" for service in SERVICES))
    print(f"{'':{_NARROW}}" + "".join(f"{each[:6]:^7}" for each in tuple(COMMANDS) * len(SERVICES)))
    with TemporaryDirectory() as room, outage_ground(Path(room)) as ground:
        for mode in MODES:
            print(f"{mode:{_NARROW}}", end="", flush=True)
            for service in SERVICES:
                for command in COMMANDS:
                    cell = Cell(mode, service, command)
                    if found := problems(ground, cell, is_thorough=True):
                        wrong[cell] = found
                    print(f"{'WRONG' if found else 'holds':^7}", end="", flush=True)
            print()
    number = len(MODES) * len(SERVICES) * len(COMMANDS)
    for cell, found in wrong.items():
        print("\n".join(["", f"{cell}, rate {cell.rate}, seed {cell.seed}:", *found]))
    print(f"{number - len(wrong)} of {number} cells hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
