"""The command line on a directory, over the service in memory: plans and runs as a person calls them."""

from pathlib import Path
from typing import Any

from reconciler.testing import MemoryService
from tests.command_line import CommandLine, Result


class Stage(CommandLine):
    """``service`` is what the stacks of the directory use."""

    service: MemoryService

    @property
    def file(self) -> Path:
        """Where plans are saved."""
        return self.directory / "saved.plan"

    def plan(self, *options: str) -> Any:
        """A plan as a JSON document."""
        return self("plan", "--json", *options).document

    def changes(self, *options: str) -> dict[str, str]:
        """By address, what a plan would do."""
        return {
            one["address"]: "+".join(one["change"]["actions"])
            for one in self.plan(*options)["resource_changes"]
            if one["change"]["actions"] != ["no-op"]
        }

    def apply(self, *options: str) -> None:
        """Plan and carry out, which must succeed."""
        result = self("apply", "--auto-approve", *options)
        assert result.code == 0, result.out + result.err

    def save(self, *options: str) -> None:
        """Save a plan, which must succeed."""
        result = self("plan", "--out", str(self.file), *options)
        assert result.code == 0, result.out + result.err

    def apply_saved(self, *options: str) -> Result:
        """Carry out what was saved."""
        return self("apply", *options, str(self.file))

    def texts(self) -> dict[str, str]:
        """By name: the text of every thing."""
        things = self.service.objects("memory_thing")
        return {found.attributes["name"]: found.attributes["text"] for found in things}

    def by_hand(self, name: str, **attributes: Any) -> None:
        """Somebody changes a thing in the service."""
        self.service.change("memory_thing", self._id(name), **attributes)

    def delete_by_hand(self, name: str) -> None:
        """Somebody deletes a thing in the service."""
        self.service.remove("memory_thing", self._id(name))

    def _id(self, name: str) -> str:
        (found,) = (one for one in self.service.objects("memory_thing") if one.attributes["name"] == name)
        return found.id
