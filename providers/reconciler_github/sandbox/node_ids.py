"""GitHub's node ids: the opaque ids of GraphQL, which REST answers carry as ``node_id``.

Since 2021 they are a type's prefix, an underscore, and URL-safe base64 (without padding) of a MessagePack
list: a version (0) and the database ids that address the object, such as ``[0, 5]`` for user 5 or
``[0, repository, name]`` for a ref. Source: docs.github.com, "Migrating GraphQL global node IDs", and the ids
seen in recorded answers.
"""

import base64
import struct

_FIXED_LIST, _FIXED_TEXT, _UINT32, _TEXT8, _TEXT16 = 0x90, 0xA0, 0xCE, 0xD9, 0xDA
_FIXED_TEXT_LIMIT, _TEXT8_LIMIT = 32, 256


def node_id(prefix: str, *path: int | str) -> str:
    """The node id of the object of this type at this path of ids and names."""
    packed = bytes([_FIXED_LIST + len(path) + 1, 0]) + b"".join(_pack(part) for part in path)
    return f"{prefix}_{base64.urlsafe_b64encode(packed).rstrip(b'=').decode()}"


def parse_node_id(text: str) -> tuple[str, tuple[int | str, ...]]:
    """The type's prefix and the path of a node id. Raises ``ValueError`` if it is none."""
    prefix, separator, encoded = text.partition("_")
    try:
        packed = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        path = _unpack(packed)
    except (ValueError, IndexError, struct.error) as problem:
        raise ValueError(f"{text!r} is no node id") from problem
    if not separator or node_id(prefix, *path) != text:
        raise ValueError(f"{text!r} is no node id")
    return prefix, path


def _pack(part: int | str) -> bytes:
    if isinstance(part, int):
        return struct.pack(">BI", _UINT32, part)
    text = part.encode()
    if len(text) < _FIXED_TEXT_LIMIT:
        return bytes([_FIXED_TEXT + len(text)]) + text
    if len(text) < _TEXT8_LIMIT:
        return struct.pack(">BB", _TEXT8, len(text)) + text
    return struct.pack(">BH", _TEXT16, len(text)) + text


def _unpack(packed: bytes) -> tuple[int | str, ...]:
    parts: list[int | str] = []
    position = 2
    for _ in range(packed[0] - _FIXED_LIST - 1):
        mark = packed[position]
        position += 1
        if mark == _UINT32:
            (number,) = struct.unpack_from(">I", packed, position)
            parts.append(number)
            position += 4
            continue
        if mark == _TEXT8:
            length, start = packed[position], position + 1
        elif mark == _TEXT16:
            length, start = struct.unpack_from(">H", packed, position)[0], position + 2
        else:
            length, start = mark - _FIXED_TEXT, position
        parts.append(packed[start : start + length].decode())
        position = start + length
    return tuple(parts)
