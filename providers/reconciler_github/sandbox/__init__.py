"""An embedded GitHub: REST and GraphQL as far as the provider's resource types need them."""

from reconciler_github.sandbox.emulator import GitHubEmulator

__all__ = ["GitHubEmulator"]
