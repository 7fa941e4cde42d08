"""``github_actions_secret``: docs.github.com/en/rest/actions/secrets.

GitHub takes a secret sealed with the repository's public key, and tells only when it was last set. A later
time than the one seen after our own call means that somebody else has set it.
"""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from reconciler.errors import AlreadyExists, Call, Garbled, ProviderError
from reconciler.provider.answers import Answer
from reconciler.provider.objects import Absent, Attributes, Object, Unreadable
from reconciler.provider.writes import half_created
from reconciler_github.client import Client
from reconciler_github.identities import SealingKey
from reconciler_github.questions import Questions, RepositoryQuestion, Subject, Tell
from reconciler_github.resolving import Name, resolve
from reconciler_github.resources.kind import Kind, TellAll

TYPE = "github_actions_secret"
PATH = "/repos/{owner}/{repo}/actions/secrets/{secret_name}"

_TOLERANCE = timedelta(seconds=1)
"""How far the clocks of the service's own machines may be apart; they tell whole seconds."""


def ask(subject: Subject, questions: Questions) -> Tell:
    """A secret is found in its repository's list."""
    repository_id = subject.id.partition("/")[0] if subject.id else None
    repository = questions.repository(subject.attributes.get("repository", ""), node_id=repository_id)
    repository.wants_secrets = True
    name = subject.attributes["secret_name"].upper()

    def tell() -> Object | Absent | Unreadable:
        if trouble := repository.settings_trouble:
            return Unreadable(trouble)
        if isinstance(repository.secrets, ProviderError):
            return Unreadable(repository.secrets)
        value, found = repository.part.value, (repository.secrets or {}).get(name)
        if found is None or value is None:
            return Absent()
        told = _object(value["id"], value["name"], found)
        if _was_overwritten(subject.attributes, found["updated_at"]):
            return Object(TYPE, told.id, {**told.attributes, "plaintext_value": None})
        return told

    return tell


def list_in_repository(client: Client, repository: RepositoryQuestion) -> TellAll:
    """All secrets of a repository."""
    repository.wants_secrets = True

    def tell() -> Iterable[Object]:
        if isinstance(repository.secrets, ProviderError):
            raise repository.secrets
        value = repository.part.value or {}
        return [_object(value["id"], value["name"], found) for found in (repository.secrets or {}).values()]

    return tell


def create(client: Client, desired: Attributes) -> Object:
    """Four calls: whether it is there (GitHub would overwrite it), the repository's key (once for all of its
    secrets), the secret, and when it was set.
    """
    name = Name("repository", desired["repository"])
    repository_id = resolve(client, [name])[name]
    if client.rest("GET", PATH, _parts(desired), accept=(404,)).status != 404:
        raise AlreadyExists(
            f"the secret {desired['secret_name']} of {name.name} is there already",
            call=Call("github", f"PUT {PATH}"),
        )
    return _put(client, repository_id, desired)


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """Three calls: as create, without the first."""
    if "plaintext_value" not in changed:
        return prior
    value = {"plaintext_value": desired["plaintext_value"]}
    return _put(client, prior.id.partition("/")[0], {**prior.attributes, **value})


def delete(client: Client, prior: Object, how: str) -> None:
    """One call."""
    client.rest("DELETE", PATH, _parts(prior.attributes))


def normalise(desired: Attributes) -> Attributes:
    """Names in capitals, as GitHub keeps them."""
    found = dict(desired)
    if isinstance(found.get("secret_name"), str):
        found["secret_name"] = found["secret_name"].upper()
    return found


def seal(text: str, key: str) -> str:
    """A text sealed with a public key (base64), in base64: only the key's owner can open it.

    Raises Garbled when the key is none.
    """
    try:
        box = SealedBox(PublicKey(base64.b64decode(key)))
    except (ValueError, TypeError, CryptoError) as error:
        call = Call("github", "GET /repos/{owner}/{repo}/actions/secrets/public-key")
        raise Garbled(f"the repository's public key is none: {error}", call=call) from error
    return base64.b64encode(box.encrypt(text.encode())).decode()


def _put(client: Client, repository_id: str, desired: Attributes) -> Object:
    repository, text = desired["repository"], desired["plaintext_value"]
    client.keep_secret(text)
    key = _sealing_key(client, repository)
    body = {"encrypted_value": seal(text, key.key), "key_id": key.id}
    answer = client.rest("PUT", PATH, _parts(desired), json=body)
    try:
        found = client.rest("GET", PATH, _parts(desired)).body
    except ProviderError as error:
        raise half_created(f"the secret {desired['secret_name']}", error) from error
    return _object(repository_id, repository, {**found, "updated_at": _ours(answer, found["updated_at"])})


def _sealing_key(client: Client, repository: str) -> SealingKey:
    if known := client.identities.sealing_key(repository):
        return known
    path = "/repos/{owner}/{repo}/actions/secrets/public-key"
    body = client.rest("GET", path, {"repo": repository}).body
    key = SealingKey(body["key_id"], body["key"])
    client.identities.learn_sealing_key(repository, key)
    return key


def _ours(put: Answer, seen: str) -> str:
    """When our own call set the secret: what was seen after it, unless somebody was quicker."""
    date = put.headers.get("date")
    if date is None:
        return seen
    answered = parsedate_to_datetime(date)
    return seen if _moment(seen) <= answered + _TOLERANCE else answered.strftime("%Y-%m-%dT%H:%M:%SZ")


def _was_overwritten(known: Attributes, updated_at: str) -> bool:
    if known.get("plaintext_value", "") is None:  # seen before, and not mended since
        return True
    recorded = known.get("updated_at")
    return recorded is not None and _moment(updated_at) > _moment(recorded)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _parts(secret: Attributes) -> dict[str, Any]:
    return {"repo": secret["repository"], "secret_name": secret["secret_name"]}


def _object(repository_id: str, repository: str, found: Mapping[str, Any]) -> Object:
    identity = f"{repository_id}/{found['name']}"
    return Object(
        TYPE,
        identity,
        {
            "repository": repository,
            "secret_name": found["name"],
            "id": identity,
            "created_at": found["created_at"],
            "updated_at": found["updated_at"],
        },
    )


KIND = Kind(
    type=TYPE,
    ask=ask,
    list_in_repository=list_in_repository,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
)
