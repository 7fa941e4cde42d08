"""The example against services at an address of their own, as with the real ones."""

from collections.abc import Mapping
from pathlib import Path

SECRETS = {
    "slack": "SLACK_BOT_TOKEN",
    "notion": "NOTION_TOKEN",
    "github": "GITHUB_TOKEN",
    "anykrowd": "ANYKROWD_API_KEY",
}
"""What the example calls each service's credential."""


def redirect(directory: Path, connections: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Give each provider of the example a ``base_url`` and nothing else; returns the environment it needs.

    The addresses are variables (``slack_url``, …), so that a test can set others.
    """
    file = directory / "reconciler.yaml"
    text = file.read_text(encoding="utf-8")
    environ = {
        "RECONCILER_VAR_owner": connections["github"]["owner"],
        "RECONCILER_VAR_notion_parent": connections["notion"]["root_page"],
        "SLACK_USER_TOKEN": connections["slack"]["user_token"],
    }
    for service, secret in SECRETS.items():
        settings = f"  {service}:\n"
        assert text.count(settings) == 1
        redirected = f"    base_url: ${{var.{service}_url}}\n    retry: {{attempts: 1}}\n"
        text = text.replace(settings, settings + redirected)
        text = text.replace("\nvariables:\n", f"\nvariables:\n  {service}_url: {{type: string}}\n")
        environ[f"RECONCILER_VAR_{service}_url"] = connections[service]["base_url"]
        environ[secret] = connections[service]["token"]
    file.write_text(text, encoding="utf-8")
    return environ
