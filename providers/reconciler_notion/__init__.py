"""Notion for reconciler: pages, databases and the relations between them."""
