"""``import --tfstate``: the YAML for what a Terraform state knows, as it lives now. Nothing is changed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from reconciler import codes
from reconciler.adoption.found import Candidate, Generated
from reconciler.adoption.generate import generate, merged
from reconciler.adoption.terraform import Counterpart, Skipped, counterparts
from reconciler.adoption.tfstate import read_state
from reconciler.diagnostics import Diagnostic
from reconciler.errors import ProviderError, Refused
from reconciler.operations.adopting_all import Survey, connected, ground_of, managed_types
from reconciler.operations.planning import settled_state
from reconciler.operations.workspace import Workspace
from reconciler.plan.import_ids import NoImportId, wanted
from reconciler.plan.world import PlanState
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, Unreadable, Wanted
from reconciler.provider.protocol import KnowsTerraform, Provider

MOST = 256 * 2**20
"""Bytes of a state that is read."""


def survey_state(workspace: Workspace, file: Path, *, with_groups: bool = True) -> Survey:
    """Look for the objects that a Terraform state knows, and generate what adopts them.

    Raises Refused, WrongAccount and ProviderError.
    """
    instances = read_state(_text(file), str(file))
    types = {
        name: (key, found)
        for key in workspace.stack.providers
        if key != "reconciler" and "." not in key
        for name, found in managed_types(workspace, key).items()
    }
    skipped: list[tuple[str, str]] = []
    by_provider: dict[str, list[Counterpart]] = defaultdict(list)
    for found in counterparts(instances, [one for _, one in types.values()], _reasons(workspace)):
        if isinstance(found, Skipped):
            skipped.append((found.address, found.reason))
        else:
            by_provider[types[found.type.name][0]].append(found)
    _, state = settled_state(workspace, in_part=True)
    parts: list[Generated] = []
    title = [f"Written by reconciler import --tfstate {file.name}: what lives of it."]
    notes: list[tuple[str, str]] = []
    for key, known in sorted(by_provider.items()):
        provider, _ = connected(workspace, key)
        candidates = list(_living(provider, key, known, state, skipped))
        notes.extend((one.address, note) for one, _ in candidates for note in one.notes)
        ground = ground_of(workspace, key, state, provider)
        parts.append(generate([one for _, one in candidates], ground, (), with_groups=with_groups))
    return Survey(
        merged(parts, title), ", ".join(sorted(by_provider)), len(instances), skipped=skipped, notes=notes
    )


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST:
            raise _refused(f"{file} is larger than {MOST // 2**20} MB", "split it with `terraform state mv`")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(
            f"{file} is not text: a saved plan, or another state than Terraform's",
            "give the state: `terraform state pull > FILE`",
        ) from None
    except OSError as error:
        raise _refused(f"{file} cannot be read: {error.strerror}", "check the path") from None


def _reasons(workspace: Workspace) -> Mapping[str, str]:
    """Why types of Terraform's have no counterpart, as each provider says it of its own."""
    reasons: dict[str, str] = {}
    for name in workspace.registry.provider_names():
        factory = workspace.registry.factory(name)
        if factory is None:
            continue
        if isinstance(factory, KnowsTerraform):
            reasons |= factory.terraform_without
        if name not in workspace.stack.providers:
            for found in factory.resource_types().values():
                advice = f"the stack configures no provider {name}"
                reasons |= dict.fromkeys((one.type for one in found.terraform), advice)
    return reasons


def _living(
    provider: Provider,
    key: str,
    known: Sequence[Counterpart],
    state: PlanState,
    skipped: list[tuple[str, str]],
) -> Iterator[tuple[Counterpart, Candidate]]:
    """Those that are there and in no state yet, each once; of the others it is said why."""
    questions: dict[str, Wanted] = {}
    for number, one in enumerate(known):
        try:
            questions[str(number)] = wanted(provider, one.type, one.import_id, one.import_id)
        except ProviderError as error:
            skipped.append((one.address, f"{error.cause}; {error.remedy}"))
        except NoImportId as error:
            skipped.append((one.address, f"{error}; {error.advice}"))
    answers = provider.find(questions) if questions else {}
    managed = {(found.provider, found.type, found.id): address for address, found in state.objects.items()}
    seen: dict[tuple[str, str], str] = {}
    for number, one in enumerate(known):
        answer = answers.get(str(number))
        if answer is None:
            continue
        problem = _hindrance(one.type, answer)
        if not isinstance(problem, Object):
            skipped.append((one.address, problem))
        elif address := managed.get((key, problem.type, problem.id)):
            skipped.append((one.address, f"{address} stands for it already"))
        elif (problem.type, problem.id) in seen:
            skipped.append((one.address, f"it is the same object as {seen[problem.type, problem.id]}"))
        else:
            seen[problem.type, problem.id] = one.address
            yield one, Candidate(one.type, problem, one.name, one.key)


def _hindrance(resource_type: ResourceType, answer: Sequence[Object] | Unreadable) -> Object | str:
    if isinstance(answer, Unreadable):
        return f"{answer.error.cause}; {answer.error.remedy}"
    if len(answer) == 1:
        return answer[0]
    return f"no {resource_type.name} lives there any more" if not answer else "several objects answer to it"


def _refused(summary: str, advice: str) -> Refused:
    return Refused([Diagnostic(summary, advice, code=codes.DOCUMENT)])
