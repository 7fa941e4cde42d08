"""``github_branch``: docs.github.com/en/rest/git/refs and …/rest/branches/branches#rename-a-branch."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.errors import Call, NotFound, Rejected
from reconciler.provider.objects import Absent, Attributes, Object, Unreadable
from reconciler_github import codes
from reconciler_github.client import Client
from reconciler_github.questions import Questions, RepositoryQuestion, Subject, Tell
from reconciler_github.resolving import Name, resolve
from reconciler_github.resources.kind import Kind, TellAll

TYPE = "github_branch"


def ask(subject: Subject, questions: Questions) -> Tell:
    """A branch is known by its name alone, in the repository that it was in."""
    repository_id = subject.id.partition("/")[0] if subject.id else None
    branch = subject.id.partition("/")[2] if subject.id else subject.attributes["branch"]
    repository = questions.repository(subject.attributes.get("repository", ""), node_id=repository_id)
    field = repository.ask_branch(branch)

    def tell() -> Object | Absent | Unreadable:
        if trouble := repository.part.trouble(field):
            return Unreadable(trouble)
        value = repository.part.value
        found = (value or {}).get(field)
        return Absent() if found is None or value is None else _told(found, value["id"], value["name"])

    return tell


def list_in_repository(client: Client, repository: RepositoryQuestion) -> TellAll:
    """All branches of a repository."""
    listing = repository.list_branches()

    def tell() -> Iterable[Object]:
        if listing.trouble:
            raise listing.trouble
        value = repository.part.value or {}
        return [_told(found, value["id"], value["name"]) for found in listing.entries]

    return tell


def create(client: Client, desired: Attributes) -> Object:
    """Two calls: where the branch begins, and the reference. One when ``source_sha`` says where."""
    repository, branch = desired["repository"], desired["branch"]
    sha = desired.get("source_sha")
    if sha is None:
        repository_id, sha = _start(client, repository, desired.get("source_branch"))
    else:
        name = Name("repository", repository)
        repository_id = resolve(client, [name])[name]
    body = {"ref": f"refs/heads/{branch}", "sha": sha}
    answer = client.rest("POST", "/repos/{owner}/{repo}/git/refs", {"repo": repository}, json=body).body
    return _object(repository_id, repository, branch, answer["object"]["sha"])


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """A rename, in one call; GitHub moves pull requests and protections along."""
    if "branch" not in changed:
        return prior
    repository, branch = prior.attributes["repository"], prior.attributes["branch"]
    answer = client.rest(
        "POST",
        "/repos/{owner}/{repo}/branches/{branch}/rename",
        {"repo": repository, "branch": branch},
        json={"new_name": desired["branch"]},
    ).body
    repository_id = prior.id.partition("/")[0]
    return _object(repository_id, repository, answer["name"], answer["commit"]["sha"])


def delete(client: Client, prior: Object, how: str) -> None:
    """One call. GitHub refuses for the default branch, and for protected ones."""
    parts = {"repo": prior.attributes["repository"]}
    names = prior.attributes["branch"].split("/")
    parts.update({f"part{index}": name for index, name in enumerate(names)})
    path = "/".join(f"{{part{index}}}" for index in range(len(names)))
    try:
        client.rest("DELETE", f"/repos/{{owner}}/{{repo}}/git/refs/heads/{path}", parts)
    except Rejected as error:
        error.remedy = (
            "GitHub keeps a repository's default branch and protected branches: make another branch the "
            "default (`default_branch` of the repository) or take the protection away first, delete the "
            "repository instead, or let go of the branch with `lifecycle: {on_destroy: forget}`"
        )
        raise


def normalise(desired: Attributes) -> Attributes:
    """A branch's name without ``refs/heads/``."""
    names = ("branch", "source_branch")
    return {
        name: value.removeprefix("refs/heads/") if name in names and isinstance(value, str) else value
        for name, value in desired.items()
    }


def _start(client: Client, repository: str, source: str | None) -> tuple[str, str]:
    """The repository's node id, and the commit that the source branch (or the default one) is at."""
    questions = Questions(client)
    question = questions.repository(repository)
    field = question.ask_branch(source) if source else question.ask_default_branch()
    questions.answer()
    if trouble := question.part.trouble():
        raise trouble
    value: Mapping[str, Any] = question.part.value or {}
    found = value.get(field)
    call = Call("github", "look up a branch")
    if not value:
        raise NotFound(
            f"there is no repository {repository}",
            call=call,
            remedy="check the name, and that the token may see it",
        )
    if found is None:
        missing = f"the branch {source}" if source else "a first commit to begin a branch at"
        raise Rejected(
            f"the repository {repository} has not got {missing}",
            call=call,
            remedy="create the repository with `auto_init: true`, or push a commit",
            code="" if source else codes.EMPTY,
        )
    client.identities.learn_repository(value["name"], value["id"])
    return value["id"], found["target"]["oid"]


def _told(found: Mapping[str, Any], repository_id: str, repository: str) -> Object:
    return _object(repository_id, repository, found["name"], found["target"]["oid"])


def _object(repository_id: str, repository: str, branch: str, sha: str) -> Object:
    attributes = {
        "repository": repository,
        "branch": branch,
        "id": f"{repository_id}/{branch}",
        "ref": f"refs/heads/{branch}",
        "sha": sha,
    }
    return Object(TYPE, attributes["id"], attributes)


KIND = Kind(
    type=TYPE,
    ask=ask,
    list_in_repository=list_in_repository,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
)
