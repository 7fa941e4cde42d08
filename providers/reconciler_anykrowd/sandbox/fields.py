"""The fields of a JSON object, each taken with its type; what does not fit is refused with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reconciler_anykrowd.sandbox.errors import Refusal, invalid
from reconciler_anykrowd.sandbox.money import amount_of
from reconciler_anykrowd.sandbox.times import moment_of


@dataclass(frozen=True)
class Fields:
    """An object of a request or a seed. All methods raise ``Refusal`` for what is missing or ill-typed.

    Keys that nobody asks for are ignored: the description's schemas are open.
    """

    values: Mapping[str, Any]
    path: str = ""

    def __contains__(self, name: str) -> bool:
        """Whether the field is there at all."""
        return name in self.values

    def at(self, name: str | int) -> str:
        """The place of a field, for messages."""
        return f"{self.path}.{name}" if self.path else str(name)

    def wrong(self, name: str, problem: str) -> Refusal:
        """The refusal of a field."""
        return invalid(self.at(name), problem)

    def text(self, name: str, *, filled: bool = False) -> str:
        """Text; with ``filled``, not the empty one."""
        value = self._require(name)
        self._check_text(name, value)
        if filled and not value.strip():
            raise self.wrong(name, "must not be empty")
        return str(value)

    def identifier(self, name: str) -> str:
        """Text or an integer, as text: 7 and "7" are the same."""
        value = self._require(name)
        return str(self.integer(name)) if isinstance(value, int) else self.text(name, filled=True)

    def integer(self, name: str) -> int:
        """A whole number. As in JSON Schema, 1.0 is one."""
        value = self._require(name)
        if isinstance(value, Decimal) and value.is_finite() and abs(value) < 2**63 and value == int(value):
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
            raise self.wrong(name, "must be an integer")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._require(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "must be true or false")
        return value

    def moment(self, name: str) -> str:
        """A time in anyKrowd's form, as it was given."""
        text = self.text(name)
        try:
            moment_of(text)
        except ValueError as problem:
            raise self.wrong(name, str(problem)) from problem
        return text

    def amount(self, name: str) -> Decimal:
        """Money, more than nothing, with at most two decimals."""
        value = self._require(name)
        try:
            return amount_of(value)
        except ValueError as problem:
            raise self.wrong(name, str(problem)) from problem

    def texts(self, name: str) -> list[str]:
        """A list of text."""
        found = self._list(name)
        for number, value in enumerate(found):
            self._check_text(f"{name}.{number}", value)
        return found

    def objects(self, name: str) -> Iterator["Fields"]:
        """The objects of a list, each with its own place."""
        for number, value in enumerate(self._list(name)):
            if not isinstance(value, Mapping):
                raise self.wrong(f"{name}.{number}", "must be an object")
            yield Fields(value, self.at(f"{name}.{number}"))

    def _require(self, name: str) -> Any:
        if name not in self.values:
            raise self.wrong(name, "is required")
        return self.values[name]

    def _list(self, name: str) -> list[Any]:
        value = self._require(name)
        if not isinstance(value, list):
            raise self.wrong(name, "must be a list")
        return value

    def _check_text(self, name: str, value: object) -> None:
        if not isinstance(value, str):
            raise self.wrong(name, "must be text")
        try:
            value.encode()
        except UnicodeEncodeError as problem:
            raise self.wrong(name, "is not Unicode") from problem
