"""Codes of errors: short names that stay the same while the words around them improve.

A code is a prefix (the service, or RC for what is ours), an area and three digits: ``GH-AUTH-001``. Once
published it never means anything else. ``docs/troubleshooting`` has a section for each, which
``reconciler explain CODE`` prints. Here are those of the core; each provider has its own ``codes.py``.
"""

from collections.abc import Mapping

PREFIXES: Mapping[str, str] = {"slack": "SL", "notion": "NO", "github": "GH", "anykrowd": "AK"}
"""Prefixes are given out here, so that no two services share one; others begin with the provider's name."""

CONFIGURATION = "RC-CONF-001"
NO_STACK = "RC-CONF-002"
FILE_UNREADABLE = "RC-CONF-003"
NOT_YAML = "RC-CONF-004"
GIVEN_TWICE = "RC-CONF-005"
UNKNOWN_TYPE = "RC-CONF-006"
ATTRIBUTE = "RC-CONF-007"
EXPRESSION = "RC-CONF-008"
NOT_SET = "RC-CONF-009"
VARIABLE = "RC-CONF-010"
CIRCLE = "RC-CONF-011"
TWO_OWNERS = "RC-CONF-012"
NO_ENVIRONMENT = "RC-CONF-013"
OTHER_VERSION = "RC-CONF-014"
PROVIDER_SETTINGS = "RC-CONF-015"
OTHER_HOST = "RC-CONF-016"
BROKEN_PROVIDER = "RC-CONF-017"
ENVIRONMENT_SETTING = "RC-CONF-018"
TURNS = "RC-CONF-019"
MODULE = "RC-CONF-020"
REFACTORING = "RC-CONF-021"

WRONG_USAGE = "RC-INPUT-001"
NOBODY_ASKED = "RC-INPUT-002"
DOCUMENT = "RC-INPUT-003"
NOTHING_FOUND = "RC-FIND-001"
SYSTEM = "RC-SYSTEM-001"
BUG = "RC-BUG-001"

REFUSED = "RC-PLAN-001"
PROTECTED = "RC-PLAN-002"
TOO_MANY_DELETES = "RC-PLAN-003"
EXISTS_ALREADY = "RC-PLAN-004"
NOT_ONE = "RC-PLAN-005"
EXPECTATION = "RC-PLAN-006"
REPLACEMENT = "RC-PLAN-007"
CHANGED_SINCE = "RC-PLAN-008"
ROLLED_BACK = "RC-PLAN-009"
NOTHING_TO_GO_BACK_TO = "RC-PLAN-010"
SECRET_LOST = "RC-PLAN-011"  # noqa: S105 - a code
NAMES_IN_A_CIRCLE = "RC-PLAN-012"
CONDITION = "RC-PLAN-021"

NOT_A_PLAN = "RC-SAVED-001"
PLAN_CUT_SHORT = "RC-SAVED-002"
PLAN_TOO_NEW = "RC-SAVED-003"
PLAN_ALTERED = "RC-SAVED-004"
OTHER_SUBJECT = "RC-SAVED-005"
OTHER_LINEAGE = "RC-SAVED-006"
OTHER_CONFIGURATION = "RC-SAVED-007"
PLAN_APPLIED = "RC-SAVED-008"
ENTRY_CHANGED = "RC-SAVED-009"
RESTS_ON_OTHER = "RC-SAVED-010"
OTHER_SECRET = "RC-SAVED-011"  # noqa: S105 - a code

INTERRUPTED = "RC-RUN-001"
UNDECIDED = "RC-RUN-002"

LOCKED = "RC-LOCK-001"
STATE = "RC-STATE-001"
STATE_DAMAGED = "RC-STATE-002"
STATE_TOO_NEW = "RC-STATE-003"
WRONG_ACCOUNT = "RC-STATE-004"
DISK_FULL = "RC-STATE-005"
STATE_FORBIDDEN = "RC-STATE-006"
OTHER_STATE = "RC-STATE-007"

CODES: Mapping[str, str] = {
    CONFIGURATION: "the stack's files are not as they should be",
    NO_STACK: "there is no stack in this directory",
    FILE_UNREADABLE: "a file of the stack cannot be read",
    NOT_YAML: "a file is not YAML",
    GIVEN_TWICE: "something is given twice",
    UNKNOWN_TYPE: "there is no such type of resource",
    ATTRIBUTE: "an attribute is missing, unknown, or has a value that is not allowed",
    EXPRESSION: "an expression is wrong, or has no value",
    NOT_SET: "a secret or an environment variable is not set",
    VARIABLE: "a variable has no value, or one that is not allowed",
    CIRCLE: "things wait for each other in a circle",
    TWO_OWNERS: "two resources own the same object",
    NO_ENVIRONMENT: "the stack has no such environment",
    OTHER_VERSION: "the stack needs another version of reconciler",
    PROVIDER_SETTINGS: "a provider is unknown, not configured, or configured wrongly",
    OTHER_HOST: "credentials would go to a host that is not the service's own",
    BROKEN_PROVIDER: "an installed provider cannot be used",
    ENVIRONMENT_SETTING: "a setting in the environment makes no sense",
    TURNS: "for_each or when cannot say how many there are to be",
    MODULE: "a module is not there, or holds what belongs to the stack",
    REFACTORING: "what is said to have moved, to be removed or to be imported cannot be so",
    WRONG_USAGE: "the command line is wrong",
    NOBODY_ASKED: "nobody is there to say yes",
    DOCUMENT: "a document that was given to the command cannot be used",
    NOTHING_FOUND: "there is nothing of this name",
    SYSTEM: "the operating system forbids or cannot do it",
    BUG: "a mistake in reconciler itself",
    REFUSED: "what was asked for cannot be done as things are",
    PROTECTED: "an object that must not be deleted would be",
    TOO_MANY_DELETES: "more would be deleted than the stack allows",
    EXISTS_ALREADY: "what is to be created is there already",
    NOT_ONE: "a data entry finds nothing, or several objects",
    EXPECTATION: "what a data entry expects does not hold",
    REPLACEMENT: "a replacement would lose something, and is not declared",
    CHANGED_SINCE: "the service has changed since the plan was made",
    ROLLED_BACK: "this configuration was rolled back",
    NOTHING_TO_GO_BACK_TO: "there is nothing to go back to",
    SECRET_LOST: "a secret cannot be written again: only a keyed hash of it was kept",
    NAMES_IN_A_CIRCLE: "names cannot be exchanged in one apply",
    NOT_A_PLAN: "the file is no saved plan",
    PLAN_CUT_SHORT: "the saved plan is cut short",
    PLAN_TOO_NEW: "a newer version saved the plan",
    PLAN_ALTERED: "the saved plan is not as it was saved",
    OTHER_SUBJECT: "the plan was saved for another stack, environment or account",
    OTHER_LINEAGE: "the plan was made from another state",
    OTHER_CONFIGURATION: "the configuration has changed since the plan was saved",
    PLAN_APPLIED: "the saved plan has been applied already",
    ENTRY_CHANGED: "another run has changed what the saved plan is about",
    RESTS_ON_OTHER: "what the saved plan rests on has changed",
    OTHER_SECRET: "a secret has another value than when the plan was saved",
    CONDITION: "a check, or a condition of a resource, does not hold",
    INTERRUPTED: "the command was interrupted",
    UNDECIDED: "nobody knows whether a step that was cut off took effect",
    LOCKED: "somebody else is writing the state",
    STATE: "the state cannot be used",
    STATE_DAMAGED: "the state is damaged",
    STATE_TOO_NEW: "a newer version wrote the state",
    WRONG_ACCOUNT: "the state belongs to another account than the credentials",
    DISK_FULL: "the disk is full",
    STATE_FORBIDDEN: "the state may not be read or written",
    OTHER_STATE: "the document is not of this state",
}
"""What each means, in a few words."""


def general(service: str, area: str) -> str:
    """The code of a service's error of which nothing more special is known: 001 of its area."""
    name = service.partition(".")[0]
    own = "".join(letter for letter in name.upper() if letter.isalnum()) or "RC"
    return f"{PREFIXES.get(name, own)}-{area}-001"
