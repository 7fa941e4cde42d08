"""An embedded Slack: the Web API as far as the provider's resource types, and ordinary clients, need it."""

from reconciler_slack.sandbox.emulator import SlackEmulator

__all__ = ["SlackEmulator"]
