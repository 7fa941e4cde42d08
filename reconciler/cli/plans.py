"""Showing a plan in the form that was asked for."""

from typing import Any

import click

from reconciler.cli.invocation import Invocation
from reconciler.cli.show import show_json, show_lines, width
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.saved import SavedPlan
from reconciler.views.plan_text import plan_lines
from reconciler.views.recovery_text import recovery_document, recovery_lines


def show_plan(
    prospect: Prospect,
    workspace: Workspace,
    invocation: Invocation,
    form: str | None = None,
    saved: SavedPlan | None = None,
) -> None:
    """Print a plan: as ``--format`` says, as JSON with ``--json``, or as text."""
    form = form or ("json" if invocation.is_json else "text")
    if form == "json":
        show_json(document_of(prospect, workspace, saved))
    elif form in ("markdown", "html"):
        click.echo(_page(prospect, workspace, invocation, form), nl=False)
    else:
        show_lines(recovery_lines(prospect.recovery), invocation)
        lines = plan_lines(
            prospect.plan,
            workspace.registry,
            cost=prospect.cost,
            width=width(),
            fell_back=prospect.fell_back,
            shows_all=invocation.is_verbose,
        )
        show_lines(lines, invocation)


def _page(prospect: Prospect, workspace: Workspace, invocation: Invocation, form: str) -> str:
    from reconciler.views.line import plain

    stack = workspace.stack
    title = f"{stack.name} ({stack.environment})"
    settled = plain(recovery_lines(prospect.recovery)).strip() if prospect.recovery.settled else ""
    if form == "html":
        from reconciler.views.plan_html import plan_html

        return plan_html(
            prospect.plan,
            workspace.registry,
            cost=prospect.cost,
            title=title,
            fell_back=prospect.fell_back,
            preface=settled,
            shows_all=invocation.is_verbose,
        )
    from reconciler.views.escape import fenced
    from reconciler.views.plan_markdown import plan_markdown

    text = plan_markdown(
        prospect.plan,
        workspace.registry,
        cost=prospect.cost,
        title=title,
        shows_all=invocation.is_verbose,
    )
    return f"{fenced(settled)}\n\n{text}" if settled else text


def show_saved(saved: SavedPlan, workspace: Workspace, invocation: Invocation, form: str | None) -> None:
    """Print a plan that was saved, in the same forms; what it costs is estimated anew."""
    from reconciler.plan.cost import estimate

    plan, parallelism = saved.plan, workspace.stack.apply.parallelism
    cost = estimate(plan, workspace.registry, parallelism=parallelism)
    prospect = Prospect(plan, cost, {}, saved.accounts, 0.0)
    if form is None and not invocation.is_json:
        click.echo(
            f"Plan {saved.id}, saved at {saved.made:%Y-%m-%d %H:%M} UTC from serial {plan.serial:,} of "
            f"{saved.stack} ({saved.environment}).\n"
        )
    show_plan(prospect, workspace, invocation, form, saved)


def document_of(prospect: Prospect, workspace: Workspace, saved: SavedPlan | None = None) -> dict[str, Any]:
    """A plan as a JSON document; of a ``saved`` one it tells when it was made."""
    from reconciler.views.explanation import explanation_document
    from reconciler.views.plan_json import plan_document

    moment = saved.made if saved is not None else workspace.clock.now()
    document = plan_document(
        prospect.plan,
        workspace.registry,
        moment=moment,
        cost=prospect.cost,
        variables=saved.variables if saved is not None else workspace.stack.variables,
    )
    document["reconciler"]["fell_back"] = {
        key: explanation_document(error) for key, error in prospect.fell_back.items()
    }
    document["reconciler"]["settled"] = recovery_document(prospect.recovery)
    return document
