"""Types of Terraform's GitHub provider that no type here stands for, and why.

Those that have a counterpart are told by the schemas (``x-terraform``). Source:
registry.terraform.io/providers/integrations/github, its list of resources.
"""

from collections.abc import Mapping

_PEOPLE = "who belongs to an organisation, a team or a repository is not managed"
_OTHER_SECRETS = "only the Actions secrets of repositories are managed"
_VARIABLES = "Actions variables are not managed"
_RULES = "rulesets are not managed: only branch protections are"
_WEBHOOKS = "webhooks are not managed"
_FILES = "what is in a repository is not managed"
_SETTINGS = "settings of the organisation are not managed"

WITHOUT_COUNTERPART: Mapping[str, str] = {
    "github_branch_default": "it is the attribute default_branch of github_repository",
    "github_repository_topics": "they are the attribute topics of github_repository",
    "github_repository_dependabot_security_updates": (
        "it is the attribute automated_security_fixes of github_repository"
    ),
    "github_repository_custom_property": "it is a key of custom_properties of github_repository",
    **dict.fromkeys(
        (
            "github_membership",
            "github_team_membership",
            "github_team_members",
            "github_team_settings",
            "github_repository_collaborator",
            "github_repository_collaborators",
            "github_organization_block",
        ),
        _PEOPLE,
    ),
    **dict.fromkeys(
        (
            "github_actions_environment_secret",
            "github_actions_organization_secret",
            "github_actions_organization_secret_repositories",
            "github_codespaces_secret",
            "github_codespaces_organization_secret",
            "github_dependabot_secret",
            "github_dependabot_organization_secret",
        ),
        _OTHER_SECRETS,
    ),
    **dict.fromkeys(
        (
            "github_actions_variable",
            "github_actions_environment_variable",
            "github_actions_organization_variable",
        ),
        _VARIABLES,
    ),
    **dict.fromkeys(("github_repository_ruleset", "github_organization_ruleset"), _RULES),
    **dict.fromkeys(("github_repository_webhook", "github_organization_webhook"), _WEBHOOKS),
    **dict.fromkeys(
        ("github_repository_file", "github_release", "github_issue", "github_repository_milestone"), _FILES
    ),
    **dict.fromkeys(("github_organization_settings", "github_actions_organization_permissions"), _SETTINGS),
}
