"""The whole vocabulary of what a step can do, of what a plan is for, and of why something is lost."""

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


class Mode(StrEnum):
    """What a plan is for."""

    NORMAL = "normal"
    """To bring about what is declared, or what a snapshot says."""
    DESTROY = "destroy"
    """To remove what the stack manages."""
    REFRESH_ONLY = "refresh-only"
    """To let the state say what the services say; they are left as they are."""


class ActionReason(StrEnum):
    """Why an object is replaced, deleted or only read later: Terraform's own words for it.

    Source: developer.hashicorp.com/terraform/internals/json-format, "action_reason". Of what is deleted
    because everything is, Terraform gives no reason.
    """

    REPLACE_BECAUSE_CANNOT_UPDATE = "replace_because_cannot_update"
    REPLACE_BY_REQUEST = "replace_by_request"
    REPLACE_BY_TRIGGERS = "replace_by_triggers"
    """Another object takes it along, or its declaration says that another one's change does."""
    DELETE_BECAUSE_NO_RESOURCE_CONFIG = "delete_because_no_resource_config"
    DELETE_BECAUSE_NO_MODULE = "delete_because_no_module"
    DELETE_BECAUSE_EACH_KEY = "delete_because_each_key"
    """There are other instances of it, and none with its key."""
    DELETE_BECAUSE_WRONG_REPETITION = "delete_because_wrong_repetition"
    """It has a key and is declared without one, or the other way round."""
    READ_BECAUSE_CONFIG_UNKNOWN = "read_because_config_unknown"
