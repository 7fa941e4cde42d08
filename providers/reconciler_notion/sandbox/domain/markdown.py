"""A page's content as Markdown, read and written.

Written Markdown becomes blocks and is read back in Notion's own form: no empty lines, one line a block,
two spaces of indentation replaced by a tab a level. Source:
developers.notion.com/reference/retrieve-page-markdown, /update-page-markdown; recorded answers.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler_notion.sandbox.domain.rich_text import of_text, plain
from reconciler_notion.sandbox.domain.tree import Found, children
from reconciler_notion.sandbox.ids import address
from reconciler_notion.sandbox.store import Store

Block = dict[str, Any]

_PREFIXES = {
    "heading_1": "# ",
    "heading_2": "## ",
    "heading_3": "### ",
    "heading_4": "#### ",
    "bulleted_list_item": "- ",
    "numbered_list_item": "1. ",
    "quote": "> ",
    "paragraph": "",
}
_LINES = (
    (re.compile(r"(#{1,4}) +(.*)"), "heading"),
    (re.compile(r"[-*] +\[([ xX])\] *(.*)"), "to_do"),
    (re.compile(r"[-*+] +(.*)"), "bulleted_list_item"),
    (re.compile(r"\d+[.)] +(.*)"), "numbered_list_item"),
    (re.compile(r"> ?(.*)"), "quote"),
)
_INLINE = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|~~(?P<strikethrough>.+?)~~|`(?P<code>[^`]+)`|"
    r"(?<![*\w])[*_](?P<italic>[^*_]+)[*_](?![*\w])|\[(?P<label>[^\]]+)\]\((?P<url>[^)\s]+)\)"
)
_MARKS = (("code", "`"), ("bold", "**"), ("italic", "*"), ("strikethrough", "~~"))
_FENCE = "```"
DEEPEST = 2
"""Levels of lists in lists, which are as deep as one request may nest."""
_OBJECTS = ("<page ", "<database ")
"""Lines that stand for pages and databases, which Markdown cannot make: they stay where they are."""
_NESTING = frozenset(("bulleted_list_item", "numbered_list_item", "to_do"))


def rich_text_of(line: str) -> list[dict[str, Any]]:
    """A line of Markdown as the rich text of a request."""
    items: list[dict[str, Any]] = []
    at = 0
    for match in _INLINE.finditer(line):
        items += of_text(line[at : match.start()])
        at = match.end()
        if match["url"]:
            link = {"content": match["label"], "link": {"url": match["url"]}}
            items.append({"type": "text", "text": link})
        else:
            mark = next(name for name, _ in _MARKS if match[name])
            items += of_text(match[mark], **{mark: True})
    return items + of_text(line[at:])


def blocks_of(text: str) -> list[Block]:
    """Markdown as the blocks of a request."""
    outermost: list[Block] = []
    levels: list[list[Block]] = [outermost]
    lines = iter(text.splitlines())
    for line in lines:
        bare = line.lstrip()
        if not bare or bare.startswith(_OBJECTS):
            continue
        if bare.startswith(_FENCE):
            outermost.append(_code(bare, lines))
            continue
        made = _block(bare.rstrip())
        depth = min(_depth(line), len(levels) - 1) if made["type"] in _NESTING else 0
        del levels[depth + 1 :]
        levels[depth].append(made)
        if made["type"] in _NESTING and depth < DEEPEST:
            levels.append(made[made["type"]].setdefault("children", []))
    return outermost


def _depth(line: str) -> int:
    space = line[: len(line) - len(line.lstrip())]
    return space.count("\t") + space.count(" ") // 2


def _code(opening: str, lines: Any) -> Block:
    content = []
    for line in lines:
        if line.strip() == _FENCE:
            break
        content.append(line)
    language = opening.removeprefix(_FENCE).strip() or "plain text"
    return {
        "type": "code",
        "code": {"rich_text": of_text("\n".join(content)), "language": language},
    }


def _block(line: str) -> Block:
    if line in ("---", "***", "___"):
        return {"type": "divider", "divider": {}}
    for pattern, kind in _LINES:
        match = pattern.fullmatch(line)
        if match is None:
            continue
        content: dict[str, Any] = {"rich_text": rich_text_of(match[match.lastindex or 1])}
        if kind == "heading":
            kind = f"heading_{len(match[1])}"
        if kind == "to_do":
            content["checked"] = match[1] != " "
        return {"type": kind, kind: content}
    return {"type": "paragraph", "paragraph": {"rich_text": rich_text_of(line)}}


def lines_of(store: Store, container: str, depth: int = 0) -> tuple[list[str], list[str]]:
    """The lines of what is in a page or block, and the ids of blocks that have no Markdown."""
    lines: list[str] = []
    unknown: list[str] = []
    for each in children(store, container):
        line = _line(each)
        if line is None:
            unknown.append(each.document["id"])
            continue
        lines += ["\t" * depth + part for part in line.split("\n")]
        if each.kind == "block":
            inner, more = lines_of(store, each.document["id"], depth + 1)
            lines += inner
            unknown += more
    return lines, unknown


def _line(found: Found) -> str | None:
    document = found.document
    if found.kind != "block":
        return f'<{found.kind} url="{address(document["id"])}">{plain(document["title"])}</{found.kind}>'
    kind, content = document["type"], document["content"]
    if kind in _PREFIXES:
        return _PREFIXES[kind] + _inline(content["rich_text"])
    if kind == "to_do":
        return f"- [{'x' if content['checked'] else ' '}] {_inline(content['rich_text'])}"
    if kind == "code":
        return f"{_FENCE}{content['language']}\n{plain(content['rich_text'])}\n{_FENCE}"
    return "---" if kind == "divider" else None


def _inline(items: Sequence[Mapping[str, Any]]) -> str:
    said = []
    for item in items:
        text = item["plain_text"]
        for mark, sign in _MARKS:
            if item["annotations"][mark]:
                text = f"{sign}{text}{sign}"
        said.append(f"[{text}]({item['href']})" if item["href"] else text)
    return "".join(said)
