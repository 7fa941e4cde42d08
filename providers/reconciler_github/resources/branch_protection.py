"""``github_branch_protection``: BranchProtectionRule of the GraphQL API.

Source: docs.github.com/en/graphql/reference/objects#branchprotectionrule and its three mutations. A rule for
a pattern that is no branch's name exists only there. Attributes are named as in the REST API's documents
(…/rest/branches/branch-protection); ``_FLAGS`` says which is which.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.errors import AlreadyExists
from reconciler.provider.objects import Absent, Attributes, Object, Unreadable
from reconciler_github.batches import fragments_for
from reconciler_github.client import Client
from reconciler_github.questions import Questions, RepositoryQuestion, Subject, Tell
from reconciler_github.resolving import Name, resolve
from reconciler_github.resources.kind import Kind, TellAll
from reconciler_github.resources.protection_fields import actor_names, from_rule, input_of

TYPE = "github_branch_protection"

_PAYLOAD = "branchProtectionRule { ...ProtectionSettings }"
CREATE = (
    "mutation CreateProtection($input: CreateBranchProtectionRuleInput!) "
    f"{{ createBranchProtectionRule(input: $input) {{ {_PAYLOAD} }} }}\n{{fragments}}"
)
UPDATE = (
    "mutation UpdateProtection($input: UpdateBranchProtectionRuleInput!) "
    f"{{ updateBranchProtectionRule(input: $input) {{ {_PAYLOAD} }} }}\n{{fragments}}"
)
DELETE = (
    "mutation DeleteProtection($input: DeleteBranchProtectionRuleInput!) "
    "{ deleteBranchProtectionRule(input: $input) { clientMutationId } }"
)


def ask(subject: Subject, questions: Questions) -> Tell:
    """A rule is found in its repository's list, by its id or by its pattern."""
    if subject.id is not None and "repository" not in subject.attributes:
        return ask_by_id(subject, questions)
    repository = questions.repository(subject.attributes["repository"])
    listing = repository.list_protections()
    key = subject.id or subject.attributes["pattern"].casefold()
    listing.wanted.add(key)

    def tell() -> Object | Absent | Unreadable:
        if trouble := repository.part.trouble("branchProtectionRules") or listing.trouble:
            return Unreadable(trouble)
        found, value = listing.by_key.get(key), repository.part.value
        if found is None or value is None:
            return Absent()
        if subject.id is None and found["pattern"] != subject.attributes["pattern"]:
            return Absent()
        return _told(found, value["name"])

    return tell


def ask_by_id(subject: Subject, questions: Questions) -> Tell:
    """One whose repository has another name now."""
    selection = "...ProtectionSettings repository { ...RepositoryName }"
    question = questions.node(subject.id or "", "BranchProtectionRule", selection)

    def tell() -> Object | Absent | Unreadable:
        if trouble := question.part.trouble():
            return Unreadable(trouble)
        found = question.part.value
        return _told(found, found["repository"]["name"]) if found else Absent()

    return tell


def list_in_repository(client: Client, repository: RepositoryQuestion) -> TellAll:
    """All rules of a repository."""
    listing = repository.list_protections()

    def tell() -> Iterable[Object]:
        if listing.trouble:
            raise listing.trouble
        name = (repository.part.value or {}).get("name", repository.name)
        return [_told(found, name) for found in listing.entries]

    return tell


def create(client: Client, desired: Attributes) -> Object:
    """One mutation, and one query before it for the ids of those that are named and not known yet."""
    repository = Name("repository", desired["repository"])
    ids = resolve(client, [repository, *_actors(desired)])
    names = frozenset(desired) - {"repository"}
    fields = {"repositoryId": ids[repository], **input_of(desired, names, ids)}
    try:
        payload = client.mutate(_text(CREATE), {"input": fields}, "createBranchProtectionRule")
    except AlreadyExists as error:
        error.remedy = f"import it: {desired['repository']}:{desired['pattern']}"
        raise
    return _told(payload["branchProtectionRule"], repository.name)


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One mutation with what changed; it finds the rule by its id."""
    names = changed - {"repository"}
    if not names:
        return prior
    ids = resolve(client, _actors({name: desired[name] for name in names}))
    fields = {"branchProtectionRuleId": prior.id, **input_of(desired, names, ids)}
    payload = client.mutate(_text(UPDATE), {"input": fields}, "updateBranchProtectionRule")
    return _told(payload["branchProtectionRule"], prior.attributes["repository"])


def delete(client: Client, prior: Object, how: str) -> None:
    """One mutation."""
    fields = {"branchProtectionRuleId": prior.id}
    client.mutate(DELETE, {"input": fields}, "deleteBranchProtectionRule")


def normalise(desired: Attributes) -> Attributes:
    """Logins and slugs in lower case: GitHub compares them so."""
    found: Attributes = _lowered(dict(desired))
    return found


def _lowered(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    lowered = {name: _lowered(part) for name, part in value.items()}
    for kind in ("users", "teams", "apps"):
        if isinstance(lowered.get(kind), list):
            texts = lowered[kind]
            lowered[kind] = [text.lower() if isinstance(text, str) else text for text in texts]
    return lowered


def _actors(desired: Attributes) -> Iterator[Name]:
    for kind, name in actor_names(desired):
        yield Name(kind, name)


def _text(mutation: str) -> str:
    return mutation.replace("{fragments}", fragments_for(mutation))


def _told(found: Mapping[str, Any], repository: str) -> Object:
    return Object(TYPE, found["id"], {"repository": repository, **from_rule(found)})


KIND = Kind(
    type=TYPE,
    ask=ask,
    ask_by_id=ask_by_id,
    list_in_repository=list_in_repository,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
)
