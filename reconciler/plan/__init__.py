"""The plan: what would change, in which order, and why."""
