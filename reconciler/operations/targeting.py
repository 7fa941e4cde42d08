"""Plans that may touch a part of the stack only."""

from collections.abc import Collection
from dataclasses import replace

from reconciler.operations import planning
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.desired import Desired
from reconciler.plan.selection import Chosen
from reconciler.plan.targets import named, narrowed, scope, widened


def make(
    workspace: Workspace,
    desired: Desired,
    targets: Collection[Chosen],
    *,
    parallelism: int | None = None,
    as_a_whole: bool = False,
    to_be_shown: bool = False,
    defers: bool = False,
) -> Prospect:
    """Plan the way to what is desired of some resources, and of what must come along with them.

    What must come along shows only once a plan is there (what lives in an object that is made anew, say), so
    it may take a second one. Raises as ``planning.make`` does, and Refused for a target that is not there.
    """
    recovery, state = planning.settled_state(workspace, in_part=not as_a_whole)
    objects, outputs, types = state.objects, state.outputs, workspace.registry
    only = scope(named(targets, desired, objects), desired, objects, types)
    while True:
        part = narrowed(desired, only, objects, outputs)
        prospect = planning.make(
            workspace,
            part,
            parallelism=parallelism,
            as_a_whole=as_a_whole,
            to_be_shown=to_be_shown,
            defers=defers,
        )
        wider = widened(prospect.plan, desired, objects, types)
        if wider is None:
            return replace(prospect, recovery=recovery) if recovery.settled else prospect
        only = wider
