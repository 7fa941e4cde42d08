"""What a call wants to say: text, blocks, attachments and the like, checked.

Sources: docs.slack.dev/reference/methods/chat.postMessage and chat.update: text beyond 40,000 characters is
cut off, an update may have 4,000; at most 100 attachments, and 50 blocks.
"""

from typing import Any

from reconciler_slack.sandbox import representations
from reconciler_slack.sandbox.arguments import Arguments
from reconciler_slack.sandbox.errors import Refusal

LONGEST_TEXT = 40_000
MOST_ATTACHMENTS = 100
MOST_BLOCKS = 50


def content_of(arguments: Arguments) -> dict[str, Any]:
    """The message's ``text``, ``blocks``, ``attachments`` and ``metadata``; raises ``Refusal``."""
    text = arguments.text("text")
    blocks = arguments.structure("blocks", list, "invalid_blocks_format") or []
    attachments = arguments.structure("attachments", list, "invalid_attachments") or []
    metadata = arguments.structure("metadata", dict, "invalid_metadata_format")
    if arguments.text("markdown_text"):
        if text or blocks:
            raise Refusal("markdown_text_conflict")
        text = arguments.text("markdown_text")
    if not (text or blocks or attachments):
        raise Refusal("no_text")
    if len(blocks) > MOST_BLOCKS or not all(_has_type(block) for block in blocks):
        raise Refusal("invalid_blocks")
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refusal("too_many_attachments")
    content: dict[str, Any] = {"text": text[:LONGEST_TEXT]}
    if blocks:
        content["blocks"] = blocks
    if attachments:
        content["attachments"] = [
            {**attachment, "id": number} for number, attachment in enumerate(attachments, start=1)
        ]
    if metadata:
        content["metadata"] = metadata
    return content


def author_of(team_id: str, user: dict[str, Any]) -> dict[str, Any]:
    """Who says it: a user and, of a bot, the app's profile."""
    author = {"user": user["id"], "team": team_id}
    if user["is_bot"]:
        profile = representations.bot_profile(team_id, user)
        author |= {"bot_id": user["bot_id"], "app_id": user["app_id"], "bot_profile": profile}
    return author


def _has_type(block: object) -> bool:
    return isinstance(block, dict) and isinstance(block.get("type"), str)
