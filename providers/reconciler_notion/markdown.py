"""A page's content as markdown, apart from the pages and databases that live in it.

Notion writes what it was given in its own way (blank lines between blocks go, for one), so what it made of a
text is remembered, and compared with what it says later. Source:
developers.notion.com/guides/data-apis/working-with-markdown-content and …/enhanced-markdown.
"""

import re

from reconciler_notion.client import Client
from reconciler_notion.reader import Reader

_CHILD = re.compile(r"^\s*<(page|database)\b[^>]*>.*</\1>\s*$")


def split(text: str) -> tuple[str, list[str]]:
    """The content itself, and the lines that stand for child pages and databases."""
    own: list[str] = []
    children: list[str] = []
    for line in text.split("\n"):
        (children if _CHILD.match(line) else own).append(line)
    return "\n".join(own).strip(), children


def written(client: Client, page_id: str, content: str) -> str:
    """Replace a page's content, its child pages and databases apart; what Notion made of it.

    Notion refuses a text without the children that are there, rather than delete them. Raises ProviderError.
    """
    parts = {"page_id": page_id}
    _, children = split(Reader(client).markdown(page_id))
    text = "\n".join([content, *children])
    body = {"type": "replace_content", "replace_content": {"new_str": text}}
    answer = client.send("PATCH", "/v1/pages/{page_id}/markdown", parts, json=body)
    return split(answer["markdown"])[0]
