"""Where a resource's values stand, found when somebody asks."""

from reconciler.config.document import Entry
from reconciler.config.nodes import Mapping, Sequence
from reconciler.config.stack import ValuePath
from reconciler.diagnostics import Place


class Places:
    """The places of one entry's values: call it with a path."""

    __slots__ = ("_entry",)

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def __call__(self, path: ValuePath) -> Place:
        """The place of the value that the path leads to, or of the nearest value around it that is written.

        The entry's name for the empty path.
        """
        entry = self._entry
        node, at = entry.node, entry.key_at
        for step in path:
            if isinstance(node, Mapping) and step in node.values:
                node = node.values[str(step)]
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                break
            at = node.position
        return entry.source.place(at)

    def key(self, name: str) -> Place:
        """The place of one of its keys."""
        node = self._entry.node
        if isinstance(node, Mapping) and name in node.values:
            return self._entry.source.place(node.key_position(name))
        return self(())
