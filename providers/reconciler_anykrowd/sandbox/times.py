"""Times as anyKrowd writes them: ``Y-m-d H:i:s``, without a zone; read as UTC here.

Source: APIX notes on events and on the validity of roles. Only a transaction's ``created_at`` is an RFC 3339
date-time (schema ``Transaction``).
"""

import re
from datetime import UTC, datetime

_FORMAT = "%Y-%m-%d %H:%M:%S"
_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


def moment_of(text: str) -> datetime:
    """The moment that a text names; raises ``ValueError`` if it names none."""
    if not _SHAPE.fullmatch(text):
        raise ValueError("must be a time such as 2026-01-02 03:04:05")
    try:
        return datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)
    except ValueError as problem:
        raise ValueError("is no time in the calendar") from problem


def date_time(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
