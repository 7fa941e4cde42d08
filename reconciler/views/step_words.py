"""Words for a step while it runs and when it is over."""

from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.views.plan_summary import kind

_WORDS = {
    "create": ("creating", "created"),
    "update": ("updating", "updated"),
    "replace": ("replacing", "replaced"),
    "destroy": ("destroying", "destroyed"),
    "take over": ("taking over", "taken over"),
    "import": ("importing", "imported"),
    "move": ("moving", "moved"),
    "forget": ("forgetting", "forgotten"),
    "read": ("reading", "read"),
    "no-op": ("recording", "recorded"),
}
_WAYS_OUT = {"archive": ("archiving", "archived")}


def doing(change: Change) -> str:
    """``creating``, ``destroying`` …"""
    return _words(change)[0]


def done(change: Change) -> str:
    """``created``, ``destroyed`` …"""
    return _words(change)[1]


def done_word(group: str) -> str:
    """``created`` for the group ``create``."""
    return _WORDS[group][1]


def _words(change: Change) -> tuple[str, str]:
    if change.action is Action.DELETE and change.how in _WAYS_OUT:
        return _WAYS_OUT[change.how]
    return _WORDS[kind(change)]
