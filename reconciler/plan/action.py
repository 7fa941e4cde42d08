"""The whole vocabulary of what a step can do."""

from enum import StrEnum


class Action(StrEnum):
    """What happens to one resource."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    """The object stays in the service; state forgets it."""
    NO_OP = "no-op"

    @property
    def removes(self) -> bool:
        """Whether an object is lost by it."""
        return self in (Action.DELETE, Action.REPLACE)
