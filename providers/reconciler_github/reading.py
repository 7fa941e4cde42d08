"""Reading many objects with few calls, and listing all of a type."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from reconciler.errors import Call, ProviderError, Rejected
from reconciler.provider.objects import Absent, Lookup, Object, ReadResult, Unreadable, Wanted
from reconciler_github.client import Client
from reconciler_github.errors import UNDERSTANDING
from reconciler_github.questions import Questions, Subject, Tell
from reconciler_github.resources import DATA_KINDS, KINDS
from reconciler_github.resources.kind import Kind, TellAll

_NEW_OBJECT_PAUSES = (1.0, 2.0, 4.0)


def read(client: Client, lookups: Mapping[str, Lookup]) -> dict[str, ReadResult]:
    """The objects as they are now, by id."""
    subjects = {key: Subject(found.type, found.attributes, found.id) for key, found in lookups.items()}
    questions = Questions(client, _repository_ids(subjects))
    answers = _answers(client, subjects, questions)
    lost = {key: subjects[key] for key, answer in answers.items() if isinstance(answer, Absent)}
    by_id = {key: subject for key, subject in lost.items() if KINDS[subject.type].ask_by_id is not None}
    if by_id:
        answers |= _answers_by_id(client, by_id)
    for pause in _NEW_OBJECT_PAUSES:
        if not _lacks_something_new(client, questions):
            break
        client.clock.sleep(pause)
        questions = Questions(client, _repository_ids(lost))
        answers |= _answers(client, lost, questions)
    return answers


def find(client: Client, wanted: Mapping[str, Wanted]) -> dict[str, ReadResult]:
    """The objects with these names; for an import, teams by their number and rules by their id too."""
    slugs = _slugs(client, wanted)
    subjects = {key: _subject(found, slugs) for key, found in wanted.items()}
    return _answers(client, subjects, Questions(client))


def _subject(found: Wanted, slugs: Mapping[str, str]) -> Subject:
    attributes = dict(found.attributes)
    number = attributes.pop("team_number", None)
    if number is not None:
        # A team may also be called by a number.
        attributes["name" if found.type == "github_team" else "team"] = slugs.get(number, number)
    is_by_id = found.type in KINDS and "id" in attributes
    return Subject(found.type, attributes, attributes.pop("id") if is_by_id else None)


def _slugs(client: Client, wanted: Mapping[str, Wanted]) -> dict[str, str]:
    """The slugs of the owner's teams by number, if any is asked for by that: GraphQL finds none by it."""
    if not any("team_number" in one.attributes for one in wanted.values()):
        return {}
    with UNDERSTANDING.reading("list teams"):
        return {str(found["databaseId"]): found["slug"] for found in _owned(client, _TEAMS, "teams")}


def list_all(client: Client, type_name: str) -> Iterator[Object]:
    """All objects of a type; raises ProviderError at the first that cannot be read."""
    found = list_many(client, [type_name])[type_name]
    if isinstance(found, ProviderError):
        raise found
    yield from found


def list_many(client: Client, type_names: Collection[str]) -> dict[str, Sequence[Object] | ProviderError]:
    """All objects of these types, or why they cannot be listed; each repository is asked about once."""
    try:
        with UNDERSTANDING.reading("list"):
            tells = _asked(client, [KINDS[name] for name in type_names])
    except ProviderError as error:
        return dict.fromkeys(type_names, error)
    answers: dict[str, Sequence[Object] | ProviderError] = {}
    for name in type_names:
        try:
            with UNDERSTANDING.reading("list"):
                answers[name] = [found for tell in tells[name] for found in tell()]
        except ProviderError as error:
            answers[name] = error
    return answers


def _asked(client: Client, kinds: Sequence[Kind]) -> dict[str, list[TellAll]]:
    questions = Questions(client)
    tells: dict[str, list[TellAll]] = {kind.type: [] for kind in kinds}
    in_repositories = [kind for kind in kinds if kind.list_in_repository is not None]
    in_teams = [kind for kind in kinds if kind.list_in_team is not None]
    if in_repositories:
        for found in _owned(client, _REPOSITORIES, "repositories"):
            if found["nameWithOwner"].partition("/")[0].casefold() != client.owner.casefold():
                continue  # a person's list holds what others own and share, too
            repository = questions.repository(found["name"], node_id=found["id"])
            for kind in in_repositories:
                if kind.list_in_repository is not None:
                    tells[kind.type].append(kind.list_in_repository(client, repository))
    if in_teams and client.is_organization():  # people have no teams
        for found in _owned(client, _TEAMS, "teams"):
            team = questions.team(found["slug"], node_id=found["id"])
            for kind in in_teams:
                if kind.list_in_team is not None:
                    tells[kind.type].append(kind.list_in_team(client, team))
    questions.answer()
    return tells


_REPOSITORIES = """
query Repositories($login: String!, $after: String) {
  owner: repositoryOwner(login: $login) {
    repositories(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id name nameWithOwner }
    }
  }
}
"""

_TEAMS = """
query Teams($login: String!, $after: String) {
  owner: organization(login: $login) {
    teams(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id databaseId slug }
    }
  }
}
"""


def _owned(client: Client, document: str, name: str) -> Iterator[Mapping[str, Any]]:
    after: str | None = None
    while True:
        answer = client.query(document, {"login": client.owner, "after": after}, name)
        for trouble in answer.troubles:
            raise trouble.error
        page = (answer.fields["owner"] or {}).get(name)
        if page is None:
            raise Rejected(
                f"there is no account {client.owner}",
                call=Call("github", f"GraphQL query: {name}"),
                remedy="check the provider's `owner`",
            )
        yield from (node for node in page["nodes"] if node is not None)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _answers(client: Client, subjects: Mapping[str, Subject], questions: Questions) -> dict[str, ReadResult]:
    tells = {
        key: (KINDS.get(subject.type) or DATA_KINDS[subject.type]).ask(subject, questions)
        for key, subject in subjects.items()
    }
    return _told(questions, tells)


def _answers_by_id(client: Client, subjects: Mapping[str, Subject]) -> dict[str, ReadResult]:
    questions = Questions(client)
    tells = {}
    for key, subject in subjects.items():
        ask_by_id = KINDS[subject.type].ask_by_id
        if ask_by_id is not None:
            tells[key] = ask_by_id(subject, questions)
    return _told(questions, tells)


def _told(questions: Questions, tells: Mapping[str, Tell]) -> dict[str, ReadResult]:
    try:
        questions.answer()
    except UNDERSTANDING.missed as error:
        return dict.fromkeys(tells, Unreadable(UNDERSTANDING.garbled(error, "read")))
    answers: dict[str, ReadResult] = {}
    for key, tell in tells.items():
        try:
            answers[key] = tell()
        except UNDERSTANDING.missed as error:
            answers[key] = Unreadable(UNDERSTANDING.garbled(error, "read"))
    return answers


def _repository_ids(subjects: Mapping[str, Subject]) -> dict[str, str]:
    """Ids of repositories by the names that they had, as far as the subjects themselves know."""
    known: dict[str, str] = {}
    for subject in subjects.values():
        name = subject.attributes.get("repository")
        if subject.id is None:
            continue
        if subject.type == "github_repository":
            if own := subject.attributes.get("name"):
                known[str(own).casefold()] = subject.id
        elif name and "/" in subject.id:
            first, _, second = subject.id.partition("/")
            is_grant = subject.type == "github_team_repository"
            known.setdefault(str(name).casefold(), second if is_grant else first)
    return known


def _lacks_something_new(client: Client, questions: Questions) -> bool:
    """Whether GitHub does not know yet what this run created a moment ago."""
    names = [question.name for question in questions.repositories.values() if question.is_absent]
    slugs = [question.slug for question in questions.teams.values() if question.is_absent]
    return client.identities.is_new([*names, *slugs])
