"""Notion for reconciler: pages, databases and the relations between them."""

from reconciler_notion.provider import NotionProvider

__all__ = ["NotionProvider"]
