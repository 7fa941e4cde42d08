"""``import --all``: the YAML that declares and adopts all that lives in an account and is in no state.

Nothing is changed, in the service or in the state; the adoptions are done by the next apply.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler import codes
from reconciler.address import Address
from reconciler.adoption.found import Candidate, Generated, Ground, Known
from reconciler.adoption.generate import generate, natural_key_of
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import ProviderError, Refused
from reconciler.operations.connections import accounts_of, check_accounts
from reconciler.operations.planning import settled_state
from reconciler.operations.workspace import Workspace
from reconciler.plan.world import PlanState
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object
from reconciler.provider.protocol import ListsTogether, Provider
from reconciler.values import Sealer, Sensitive, holds


@dataclass(frozen=True)
class Survey:
    """What was found and generated.

    ``unlisted`` are types whose objects cannot be listed, each with the reason; ``failed`` those that
    should have been, with the error. ``skipped`` are entries of Terraform's state without a counterpart,
    with the reason.
    """

    generated: Generated
    provider: str
    found: int
    unlisted: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, ProviderError] = field(default_factory=dict)
    skipped: Sequence[tuple[str, str]] = ()
    notes: Sequence[tuple[str, str]] = ()


def survey(workspace: Workspace, key: str, only: Collection[str] = (), *, with_groups: bool = True) -> Survey:
    """List all of an account (``only`` these types, if any are named), and generate what adopts it.

    ``key`` is the key of a provider's configuration. Raises Refused, WrongAccount and ProviderError.
    """
    kinds = _kinds(workspace, key, only)
    provider, account = connected(workspace, key)
    listed = _listed(provider, [name for name, found in kinds.items() if not found.unlisted])
    _, state = settled_state(workspace, in_part=True)
    managed = {(found.provider, found.type, found.id) for found in state.objects.values()}
    objects = [
        found for answer in listed.values() if not isinstance(answer, ProviderError) for found in answer
    ]
    candidates = [
        Candidate(kinds[found.type], found) for found in objects if (key, found.type, found.id) not in managed
    ]
    title = [f"Written by reconciler import --all {key}: what lives in {account} and is in no state."]
    return Survey(
        generate(candidates, ground_of(workspace, key, state, provider), title, with_groups=with_groups),
        key,
        len(objects),
        {name: found.unlisted for name, found in kinds.items() if found.unlisted},
        {name: answer for name, answer in listed.items() if isinstance(answer, ProviderError)},
    )


def connected(workspace: Workspace, key: str) -> tuple[Provider, str]:
    """The provider, and the name of its account, which the state must belong to."""
    providers = workspace.connections.open([key])
    accounts = accounts_of(providers)
    check_accounts(accounts, workspace.ledger.accounts())
    return providers[key], accounts[key].name


def managed_types(workspace: Workspace, key: str) -> dict[str, ResourceType]:
    """The types that a provider manages; raises Refused for a provider that is not configured."""
    configured = workspace.stack.providers
    factory = workspace.registry.factory(key.partition(".")[0])
    if key not in configured or factory is None:
        advice = did_you_mean(key, configured) or f"put {key} under providers: first"
        raise Refused(
            [Diagnostic(f"the stack configures no provider {key}", advice, code=codes.PROVIDER_SETTINGS)]
        )
    return {name: found for name, found in factory.resource_types().items() if not found.is_data}


def ground_of(workspace: Workspace, key: str, state: PlanState, provider: Provider) -> Ground:
    """What the stack has already."""
    declared, kinds = workspace.stack.resources, managed_types(workspace, key)
    of_stack = [address for address in declared if not address.module]
    sealer = workspace.ledger.sealer
    return Ground(
        key,
        kinds,
        tuple(
            Known(address, {**_texts(found.attributes), "id": found.id})
            for address, found in sorted(state.objects.items(), key=lambda item: str(item[0]))
            if found.provider == key and address in declared and not address.module
        ),
        {
            name: frozenset(address.name for address in of_stack if address.type == name)
            for name in {address.type for address in of_stack}
        },
        dict(_owned(workspace, key, state, provider)),
        {
            (found.type, natural_key_of(kinds[found.type], found.attributes)): address
            for address, found in state.objects.items()
            if found.provider == key and found.type in kinds
        },
        lambda value: _shows_secret(sealer, value),
    )


def write_file(path: Path, text: str, workspace: Workspace, *, may_replace: bool = False) -> None:
    """Write what was generated; raises Refused for a file that is there, or is part of the stack."""
    target = path.resolve()
    stack = workspace.stack
    declarations: Sequence[Declaration] = [*stack.resources.values(), *stack.data.values()]
    places = [*(one.place_of(()) for one in declarations), *(one.place for one in stack.providers.values())]
    files = {"reconciler.yaml", *(place.file for place in places)}
    if target in {(stack.directory / name).resolve() for name in files}:
        raise _refused(
            f"{path} is part of the stack: what it declares would be lost",
            "give another file; the stack may include it as well",
        )
    if target.exists() and not may_replace:
        raise _refused(f"{path} is there already", "give another file, or add --overwrite")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _kinds(workspace: Workspace, key: str, only: Collection[str]) -> dict[str, ResourceType]:
    kinds = managed_types(workspace, key)
    unknown = [name for name in only if name not in kinds]
    if unknown:
        raise Refused(
            [
                Diagnostic(
                    f"{key} manages no {name}",
                    did_you_mean(name, kinds) or f"it manages {', '.join(sorted(kinds))}",
                    code=codes.UNKNOWN_TYPE,
                )
                for name in unknown
            ]
        )
    return {name: found for name, found in kinds.items() if not only or name in only}


def _listed(provider: Provider, names: Sequence[str]) -> Mapping[str, Sequence[Object] | ProviderError]:
    if isinstance(provider, ListsTogether):
        return provider.list_many(names)
    answers: dict[str, Sequence[Object] | ProviderError] = {}
    for name in names:
        try:
            answers[name] = list(provider.list(name))
        except ProviderError as error:
            answers[name] = error
    return answers


def _owned(
    workspace: Workspace, key: str, state: PlanState, provider: Provider
) -> Iterator[tuple[tuple[str, str], Address]]:
    """What is declared and not in the state, by type and natural key, as far as that is known."""
    declared = workspace.stack.resources
    for address, declaration in declared.items():
        resource_type = workspace.registry.type(address.type)
        if resource_type is None or declaration.provider != key or address in state.objects:
            continue
        known = {
            name: value
            for name in resource_type.natural_key
            if isinstance(value := _resolved(declaration.attributes.get(name), declared), str)
        }
        if known.keys() == set(resource_type.natural_key):
            text = natural_key_of(resource_type, provider.normalise(address.type, known))
            yield (address.type, text), address


def _resolved(value: Any, declared: Mapping[Address, Declaration], depth: int = 0) -> Any:
    """A declared value; what a plain reference to another declared value comes to."""
    use = getattr(value, "plain", None)
    if use is None or use.address not in declared or len(use.steps) != 1 or depth > 8:
        return value
    return _resolved(declared[use.address].attributes.get(str(use.steps[0])), declared, depth + 1)


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if isinstance(value, str)}


def _shows_secret(sealer: Sealer, value: Any) -> bool:
    return holds(sealer.hide(value), Sensitive)


def _refused(summary: str, advice: str) -> Refused:
    return Refused([Diagnostic(summary, advice)])
