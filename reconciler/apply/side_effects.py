"""Objects that services made on their own together with one of ours, and that nobody has claimed yet."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.plan.world import Types
from reconciler.provider.objects import ObjectKey
from reconciler.state.model import StateObject


class SideEffects:
    """Which object came with which; each is claimed once, after that it is like any other."""

    def __init__(self, types: Types, recorded: Iterable[StateObject] = ()) -> None:
        self._types = types
        self._parents: dict[tuple[str, ObjectKey], StateObject] = {}
        for known in recorded:
            self.remember(known)

    def remember(self, recorded: StateObject) -> None:
        """Keep what an object's side effects are, as state has them now."""
        for key in recorded.side_effects:
            self._parents[(recorded.provider, key)] = recorded

    def has(self, provider: str, key: ObjectKey) -> bool:
        """Whether a service made the object with this natural key on its own."""
        return (provider, key) in self._parents

    def claim(self, provider: str, key: ObjectKey) -> StateObject | None:
        """The parent of an object that came with it, as state is to have it: without that object.

        None when the object came with none.
        """
        parent = self._parents.pop((provider, key), None)
        if parent is None:
            return None
        parent = replace(parent, side_effects=tuple(other for other in parent.side_effects if other != key))
        self.remember(parent)
        return parent

    def follow(self, earlier: StateObject, after: StateObject) -> StateObject:
        """An object after a step, its side effects by the name that it has now where they are named by it."""
        if not after.side_effects:
            return after
        for key in after.side_effects:
            self._parents.pop((earlier.provider, key), None)
        return replace(after, side_effects=tuple(self._renamed(earlier, after)))

    def _renamed(self, earlier: StateObject, after: StateObject) -> Iterator[ObjectKey]:
        for key in after.side_effects:
            child = self._types.type(key.type)
            parents = child.parents if child else ()
            names = {parent.attribute: parent.key for parent in parents if parent.type == after.type}
            natural_key = child.natural_key if child else ()
            yield ObjectKey(
                key.type,
                tuple(
                    after.attributes.get(names[attribute])
                    if attribute in names and value == earlier.attributes.get(names[attribute])
                    else value
                    for attribute, value in zip(natural_key, key.values, strict=True)
                ),
            )
