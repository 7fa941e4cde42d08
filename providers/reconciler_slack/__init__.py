"""Slack for reconciler: channels, who is in them, user groups and bookmarks."""

from reconciler_slack.provider import SlackProvider

__all__ = ["SlackProvider"]
