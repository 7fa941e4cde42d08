"""Import ids: the forms that the documentation of Terraform's GitHub provider gives, and our own beside them.

Source: registry.terraform.io/providers/integrations/github, each resource's section "Import".
"""

import re

from reconciler.errors import Call, Rejected
from reconciler.provider.objects import Attributes

_REPOSITORY = r"(?P<repository>[A-Za-z0-9._-]+)"
_PATTERNS = {
    "github_repository": re.compile(r"(?P<name>[A-Za-z0-9._-]+)"),
    "github_branch": re.compile(rf"{_REPOSITORY}:(?P<branch>[^:]+)(?::[^:]+)?"),
    "github_issue_label": re.compile(rf"{_REPOSITORY}:(?P<name>.+)"),
    "github_branch_protection": re.compile(
        rf"{_REPOSITORY}:(?P<pattern>.+)|(?P<id>BPR_[\w-]+|MD[\w+/]{{18,}}=*)"
    ),
    "github_team": re.compile(r"(?P<team_number>\d+)|(?P<name>.+)"),
    "github_team_repository": re.compile(rf"(?:(?P<team_number>\d+)|(?P<team>[^:/]+)):{_REPOSITORY}"),
    "github_actions_secret": re.compile(rf"{_REPOSITORY}[:/](?P<secret_name>[A-Za-z_]\w*)"),
}
FORMS = {
    "github_repository": "REPOSITORY, the name without its owner",
    "github_branch": "REPOSITORY:BRANCH",
    "github_issue_label": "REPOSITORY:LABEL",
    "github_branch_protection": "REPOSITORY:PATTERN",
    "github_team": "the team's slug or number",
    "github_team_repository": "TEAM:REPOSITORY, with the team's slug or number",
    "github_actions_secret": "REPOSITORY:SECRET or REPOSITORY/SECRET",
}


def import_key(type_name: str, text: str) -> Attributes:
    """The attributes to find an object by; raises Rejected with the form that the id should have.

    ``team_number`` is a team's number (``database_id``), which Terraform knows teams by.
    """
    found = _PATTERNS[type_name].fullmatch(text.strip())
    if found is None:
        raise Rejected(
            f"{text!r} is no import id of a {type_name}",
            call=Call("github", "import"),
            remedy=f"it looks like {FORMS[type_name]}",
        )
    return {name: value for name, value in found.groupdict().items() if value is not None}
