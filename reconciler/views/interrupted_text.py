"""What is true at the moment at which a command is interrupted, in a sentence or two."""

NOTHING_CHANGED = "Nothing has been changed."


def under_way(again: str) -> str:
    """While steps run; ``again`` is the command that goes on, ``apply`` say."""
    text = (
        "What was under way is in the journal, and the next command looks up what became of it. "
        f"Go on with `reconciler {again}`"
    )
    if again == "apply":
        return f"{text}, or take back what was done with `reconciler rollback`."
    return f"{text}."


def recorded(command: str) -> str:
    """When no step is left to finish."""
    return f"The {command} had ended, and all of it is recorded: see `reconciler snapshot list --runs`."
