"""The data types: ``github_repository`` and ``github_user``, looked up and never managed."""

from typing import Any

from reconciler.provider.objects import Absent, Object, Unreadable
from reconciler_github.questions import Questions, Subject, Tell
from reconciler_github.resources.kind import DataKind
from reconciler_github.resources.repository_fields import from_graphql

_PROFILE = {
    "id": "id",
    "node_id": "id",
    "database_id": "databaseId",
    "login": "login",
    "name": "name",
    "bio": "bio",
    "company": "company",
    "location": "location",
    "blog": "websiteUrl",
    "twitter_username": "twitterUsername",
    "avatar_url": "avatarUrl",
    "html_url": "url",
    "site_admin": "isSiteAdmin",
    "created_at": "createdAt",
}


def ask_repository(subject: Subject, questions: Questions) -> Tell:
    """By name at the provider's owner, or by full name at any."""
    owner, _, name = str(subject.attributes.get("full_name") or "").rpartition("/")
    question = questions.repository(name or subject.attributes["name"], owner=owner or None)
    question.wants_settings = True

    def tell() -> Object | Absent | Unreadable:
        if trouble := question.settings_trouble:
            return Unreadable(trouble)
        found = question.part.value
        if found is None:
            return Absent()
        told = {
            "default_branch": None,
            **from_graphql(found),
            "vulnerability_alerts": found["hasVulnerabilityAlertsEnabled"],
            "is_fork": found["isFork"],
        }
        return Object(subject.type, found["id"], told)

    return tell


def ask_user(subject: Subject, questions: Questions) -> Tell:
    """By login. The mail address is left out: GitHub tells it only to tokens with a scope of its own."""
    question = questions.user(subject.attributes["username"])

    def tell() -> Object | Absent | Unreadable:
        if trouble := question.part.trouble():
            return Unreadable(trouble)
        found = question.part.value
        if found is None:
            return Absent()
        told: dict[str, Any] = {name: found[field] for name, field in _PROFILE.items()}
        return Object(subject.type, found["id"], {"username": subject.attributes["username"], **told})

    return tell


KINDS = (DataKind("data.github_repository", ask_repository), DataKind("data.github_user", ask_user))
