"""Texts, icons and covers, as stacks declare them and as Notion's requests and answers have them.

Source: developers.notion.com/reference/rich-text, …/emoji-object, …/file-object.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit


def plain(texts: Iterable[Mapping[str, Any]]) -> str:
    """The text of rich texts, without how it looks."""
    return "".join(part["plain_text"] for part in texts)


def rich(text: str) -> list[dict[str, Any]]:
    """A plain text as a request has it."""
    return [{"type": "text", "text": {"content": text}}] if text else []


def told_icon(icon: Mapping[str, Any] | None) -> Any:
    """An emoji, an address, a mapping for one of Notion's or the workspace's own, or None."""
    if icon is None:
        return None
    match icon["type"]:
        case "emoji":
            return icon["emoji"]
        case "custom_emoji":
            return {"custom_emoji": icon["custom_emoji"]["id"]}
        case "icon":
            return {"icon": icon["icon"]["name"], "color": icon["icon"]["color"]}
    return _told_file(icon)


def asked_icon(icon: Any) -> dict[str, Any] | None:
    """An icon as a request has it; None removes it."""
    if icon is None:
        return None
    if isinstance(icon, str):
        return _asked_file(icon) if _is_address(icon) else {"type": "emoji", "emoji": icon}
    if "custom_emoji" in icon:
        return {"type": "custom_emoji", "custom_emoji": {"id": icon["custom_emoji"]}}
    color = {"color": icon["color"]} if "color" in icon else {}
    return {"type": "icon", "icon": {"name": icon["icon"], **color}}


def told_cover(cover: Mapping[str, Any] | None) -> Any:
    """An address, a mapping for an uploaded file, or None."""
    return None if cover is None else _told_file(cover)


def asked_cover(cover: str | None) -> dict[str, Any] | None:
    """A cover as a request has it; None removes it."""
    return None if cover is None else _asked_file(cover)


def _told_file(file: Mapping[str, Any]) -> Any:
    if file["type"] == "external":
        return file["external"]["url"]
    # The address of an uploaded file is signed anew with each answer; only its path stays.
    return {"file": urlsplit(file["file"]["url"]).path}


def _asked_file(address: str) -> dict[str, Any]:
    return {"type": "external", "external": {"url": address}}


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))
