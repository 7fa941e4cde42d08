"""Plans as the options of ``plan``, ``apply`` and ``destroy`` ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations import planning, targeting
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.action import Mode
from reconciler.plan.desired import Desired
from reconciler.plan.exclusion import ASKED_FOR, spread, wider, without
from reconciler.plan.refactoring import refactored
from reconciler.plan.selection import Selector
from reconciler.plan.targets import named, narrowed
from reconciler.plan.world import PlanState


@dataclass(frozen=True)
class PlanOptions:
    """What is asked for. ``targets`` and ``excludes`` are never both given."""

    mode: Mode = Mode.NORMAL
    targets: tuple[Selector, ...] = ()
    excludes: tuple[Selector, ...] = ()
    replaces: tuple[Selector, ...] = ()
    is_refreshed: bool = True
    """Whether the objects are read; else they are taken to be as the state says."""
    max_deletes: int | None = None
    """In place of the stack's own."""

    @property
    def defers(self) -> bool:
        """Whether what cannot be done now may be put off."""
        return self.mode is Mode.NORMAL


def make(
    workspace: Workspace,
    options: PlanOptions,
    *,
    parallelism: int | None = None,
    to_be_shown: bool = False,
    defers: bool = False,
) -> Prospect:
    """Plan what the options ask for; otherwise as ``planning.make``.

    Raises as that does, and Refused for an address that is not there.
    """
    workspace = _limited(workspace, options)
    desired = replace(_desired(workspace, options), is_refreshed=options.is_refreshed)
    if options.replaces:
        desired = replace(desired, replaced=_replaced(options, desired))
    if not options.targets and not options.excludes:
        return planning.make(
            workspace, desired, parallelism=parallelism, to_be_shown=to_be_shown, defers=defers
        )
    if options.targets and options.mode is not Mode.REFRESH_ONLY:
        prospect = targeting.make(
            workspace,
            desired,
            options.targets,
            parallelism=parallelism,
            to_be_shown=to_be_shown,
            defers=defers,
        )
        _check_within(desired, prospect.plan.only or {})
        return prospect
    recovery, state = planning.settled_state(workspace, in_part=True)
    desired, state = refactored(desired, state)
    if options.targets:
        part = narrowed(desired, named(options.targets, desired, state.objects), state.objects, state.outputs)
        part = replace(part, outputs=desired.outputs)  # they are worked out from what the state says
        prospect = planning.make(workspace, part, parallelism=parallelism, to_be_shown=to_be_shown)
    else:
        prospect = _without_excluded(
            workspace, desired, options, state, parallelism, to_be_shown=to_be_shown, defers=defers
        )
    return replace(prospect, recovery=recovery) if recovery.settled else prospect


def _without_excluded(
    workspace: Workspace,
    desired: Desired,
    options: PlanOptions,
    state: PlanState,
    parallelism: int | None,
    *,
    to_be_shown: bool,
    defers: bool,
) -> Prospect:
    """What has to be left out too shows only once a plan is there, so it may take more than one."""
    objects, types = state.objects, workspace.registry
    seeds = dict.fromkeys(named(options.excludes, desired, objects), ASKED_FOR)
    excluded = seeds if options.mode is Mode.REFRESH_ONLY else spread(seeds, desired, objects, types)
    while True:
        part = without(desired, excluded, objects, state.outputs)
        if options.mode is Mode.REFRESH_ONLY:
            part = replace(part, outputs=desired.outputs)
        prospect = planning.make(
            workspace, part, parallelism=parallelism, to_be_shown=to_be_shown, defers=defers
        )
        more = None
        if options.mode is not Mode.REFRESH_ONLY:
            more = wider(prospect.plan, desired, objects, types)
        if more is None:
            _check_within(desired, prospect.plan.only or {})
            return prospect
        excluded = more


def _desired(workspace: Workspace, options: PlanOptions) -> Desired:
    if options.mode is Mode.DESTROY:
        return Desired.nothing(workspace.stack)
    if options.mode is Mode.REFRESH_ONLY:
        return Desired.as_it_is(workspace.stack.outputs)
    return Desired.of(workspace.stack)


def _limited(workspace: Workspace, options: PlanOptions) -> Workspace:
    if options.max_deletes is None:
        return workspace
    stack = workspace.stack
    return replace(
        workspace, stack=replace(stack, apply=replace(stack.apply, max_deletes=options.max_deletes))
    )


def _replaced(options: PlanOptions, desired: Desired) -> frozenset[Address]:
    """What is to be made anew: only what is declared can be."""
    return frozenset(named(options.replaces, replace(desired, data={}, problems={}), {}))


def _check_within(desired: Desired, only: Mapping[Address, str]) -> None:
    """Raises Refused for what is to be replaced and left alone at once."""
    outside = sorted(str(address) for address in desired.replaced if address not in only)
    if outside:
        raise Refused(
            Diagnostic(
                "--replace asks for it, and the plan is to leave it alone",
                "leave one of the two out, or name it with --target too",
                address=address,
                code=codes.REFUSED,
            )
            for address in outside
        )
