"""Outages of every kind, of every service, over sockets: one ``apply`` mends what they left.

By default during an ``apply``; with RECONCILER_FAULTS=all during a plan, a drift check and a rollback too.
"""

from collections.abc import Iterator

import pytest

from tests.faults.outage_ground import OutageGround, outage_ground
from tests.faults.outage_trials import COMMANDS, Cell, cells, problems
from tests.faults_scale import ALL


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OutageGround]:
    with outage_ground(tmp_path_factory.mktemp("outages")) as ground:
        yield ground


@pytest.mark.parametrize("cell", cells(tuple(COMMANDS) if ALL else ("apply",)), ids=str)
def test_an_outage_doubles_and_loses_nothing_and_one_apply_mends_what_it_left(
    ground: OutageGround, cell: Cell
) -> None:
    found = problems(ground, cell, is_thorough=ALL)
    if found:
        pytest.fail("\n".join([f"{cell}, rate {cell.rate}, seed {cell.seed}", *found]), pytrace=False)
