"""Making a repository from a template: ``cloneTemplateRepository`` of the GraphQL API.

Source: docs.github.com/en/graphql/reference/mutations#clonetemplaterepository
"""

from typing import Any

from reconciler.errors import Call, Rejected
from reconciler.provider.objects import Attributes
from reconciler_github.batches import fragments_for
from reconciler_github.client import Client
from reconciler_github.questions import Questions
from reconciler_github.resources.repository_fields import from_graphql

CLONE = (
    "mutation CloneTemplate($input: CloneTemplateRepositoryInput!) "
    "{ cloneTemplateRepository(input: $input) { repository { ...RepositorySettings } } }"
)


def create_from_template(client: Client, desired: Attributes) -> dict[str, Any]:
    """Two calls: the ids of template and owner, and the repository. Raises ProviderError."""
    template = desired["template"]
    questions = Questions(client)
    question = questions.repository(template["repository"], owner=template.get("owner"))
    questions.answer()
    if trouble := question.part.trouble():
        raise trouble
    owner = client.identities.owner
    if question.part.value is None or owner is None:
        raise Rejected(
            f"there is no template {question.owner}/{question.name}",
            call=Call("github", "look up a template"),
            remedy="check its owner and its name, and that the token may see it",
        )
    fields = {
        "repositoryId": question.part.value["id"],
        "ownerId": owner.account.id,
        "name": desired["name"],
        "visibility": desired.get("visibility", "public").upper(),
        "includeAllBranches": bool(template.get("include_all_branches", False)),
    }
    if "description" in desired:
        fields["description"] = desired["description"]
    text = f"{CLONE}\n{fragments_for(CLONE)}"
    payload = client.mutate(text, {"input": fields}, "cloneTemplateRepository")
    return from_graphql(payload["repository"])
