"""Slack for reconciler: channels, who is in them, user groups and bookmarks."""
