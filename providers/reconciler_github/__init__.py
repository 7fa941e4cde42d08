"""GitHub for reconciler: organisations, repositories, teams, labels, branches and secrets."""

from reconciler_github.provider import GitHubProvider

__all__ = ["GitHubProvider"]
