"""An embedded Notion: its API as far as the provider's resource types, and the official clients, use it."""

from reconciler_notion.sandbox.emulator import NotionEmulator

__all__ = ["NotionEmulator"]
