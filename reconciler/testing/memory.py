"""The provider of the in-memory service, ``memory``: for tests of the engine, and a model to learn from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from reconciler.errors import ProviderError, Rejected, Unauthorized, Unreachable
from reconciler.provider.catalogue import resource_types_in
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import (
    Absent,
    Account,
    Attributes,
    FindResult,
    Health,
    Lookup,
    Object,
    ObjectKey,
    ReadResult,
    Unreadable,
    Wanted,
    Write,
    WriteResult,
)
from reconciler.provider.protocol import ProviderContext
from reconciler.testing.failures import MemoryCall
from reconciler.testing.service import TOKEN, MemoryService, normalised

Result = TypeVar("Result")

_SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"token": {"type": "string", "x-sensitive": True}},
}


class MemoryFactory:
    """Makes providers over one service: ``Registry({"memory": MemoryFactory(service)})``."""

    name: str = "memory"
    settings_schema: Mapping[str, Any] = _SETTINGS

    def __init__(self, service: MemoryService) -> None:
        self.service = service

    def __call__(self, settings: Mapping[str, Any], context: ProviderContext) -> "MemoryProvider":
        """A provider over the service."""
        return MemoryProvider(self.service, settings, context)

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        """The types of MemoryProvider."""
        return resource_types_in("reconciler.testing")


class MemoryProvider:
    """``memory_thing``, ``memory_part``, ``memory_member``, ``memory_note`` and ``data.memory_thing``.

    The setting ``token`` may be left out; a wrong one is refused by every call.
    """

    name: ClassVar[str] = "memory"

    def __init__(self, service: MemoryService, settings: Mapping[str, Any], context: ProviderContext) -> None:
        self._service = service
        self._token: str = settings.get("token", TOKEN)
        self._context = context
        self.is_closed = False

    def account(self) -> Account:
        """The service's account."""
        return self._perform(MemoryCall("account"), lambda call: self._service.account)

    def health(self) -> Health:
        """Healthy unless the service is told otherwise."""
        try:
            account = self._perform(MemoryCall("health"), lambda call: self._service.account)
        except ProviderError as error:
            return Health(
                is_reachable=not isinstance(error, Unreachable),
                is_authenticated=not isinstance(error, Unreachable | Unauthorized),
                error=error,
            )
        return Health(True, True, 0.0, account, missing_scopes=self._service.missing_scopes)

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """One call for each type."""
        answers: dict[str, ReadResult] = {}
        for type_name in dict.fromkeys(lookup.type for lookup in lookups.values()):
            ids = {key: lookup.id for key, lookup in lookups.items() if lookup.type == type_name}
            answers.update(self._read_type(type_name, ids))
        return answers

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """One call for each type."""
        answers: dict[str, FindResult] = {}
        for type_name in dict.fromkeys(question.type for question in wanted.values()):
            try:
                everything = self._everything("find", type_name.removeprefix("data."))
            except ProviderError as error:
                failed = Unreadable(error)
                answers.update({key: failed for key, part in wanted.items() if part.type == type_name})
                continue
            names = MemoryFactory.resource_types()[type_name].natural_key
            by_key: dict[tuple[Any, ...], list[Object]] = {}
            for found in everything:
                by_key.setdefault(tuple(found.attributes[name] for name in names), []).append(found)
            for key, part in wanted.items():
                if part.type == type_name:
                    answers[key] = _matching(normalised(part.attributes), names, by_key)
        return answers

    def list(self, type_name: str) -> Iterable[Object]:
        """All objects of a type, in one call."""
        return self._everything("list", type_name)

    def create(self, type_name: str, desired: Attributes) -> Object:
        """Create an object."""
        return self._perform(
            MemoryCall("create", type_name, _subject(desired)),
            lambda call: self._service.make(type_name, desired, call),
        )

    def update(self, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
        """Change what differs, in one call."""
        return self._perform(
            MemoryCall("update", prior.type, _subject(prior.attributes)),
            lambda call: self._service.alter(prior.type, prior.id, desired, changed, call),
        )

    def delete(self, prior: Object, how: str) -> None:
        """Delete an object, or archive a thing."""
        self._perform(
            MemoryCall("delete", prior.type, _subject(prior.attributes)),
            lambda call: self._service.end(prior.type, prior.id, how, call),
        )

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """Carry out a group in one call; raises Rejected for more than the type allows."""
        if not writes:
            return []

        def effect(call: MemoryCall) -> list[WriteResult]:
            if len(writes) > MemoryFactory.resource_types()[writes[0].type].batch:
                raise Rejected(f"{len(writes)} writes are too many", call=call.as_call)
            return [self._write(write, call) for write in writes]

        return self._perform(MemoryCall("write_many", writes[0].type), effect)

    def side_effects(self, created: Object, desired: Attributes) -> Sequence[ObjectKey]:
        """The part that came with a thing."""
        if not created.attributes.get("with_default_part"):
            return ()
        return (ObjectKey("memory_part", (created.attributes["name"], "default")),)

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """Without the white space around ``name`` and ``text``."""
        return normalised(desired)

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True

    def _perform(self, call: MemoryCall, effect: Callable[[MemoryCall], Result]) -> Result:
        self._context.on_request(call.as_call)
        return self._service.perform(call, self._token, effect)

    def _everything(self, operation: str, type_name: str) -> Sequence[Object]:
        return self._perform(MemoryCall(operation, type_name), lambda call: self._service.objects(type_name))

    def _read_type(self, type_name: str, ids: Mapping[str, str]) -> Mapping[str, ReadResult]:
        try:
            found = self._perform(
                MemoryCall("read", type_name),
                lambda call: {key: self._service.get(type_name, identity) for key, identity in ids.items()},
            )
        except ProviderError as error:
            return dict.fromkeys(ids, Unreadable(error))
        return {key: _read_result(answer) for key, answer in found.items()}

    def _write(self, write: Write, call: MemoryCall) -> WriteResult:
        try:
            if write.action == "create" or write.prior is None:
                return self._service.make(write.type, write.desired, call)
            if write.action == "delete":
                self._service.end(write.type, write.prior.id, "delete", call)
                return None
            prior = write.prior.attributes
            changed = frozenset(name for name, value in write.desired.items() if prior.get(name) != value)
            return self._service.alter(write.type, write.prior.id, write.desired, changed, call)
        except ProviderError as error:
            return error


def _subject(attributes: Attributes) -> str:
    return str(attributes.get("name", attributes.get("title", "")))


def _read_result(answer: Object | ProviderError | None) -> ReadResult:
    if answer is None:
        return Absent()
    return Unreadable(answer) if isinstance(answer, ProviderError) else answer


def _matching(
    wanted: Attributes, names: Sequence[str], by_key: Mapping[tuple[Any, ...], Sequence[Object]]
) -> tuple[Object, ...]:
    """By natural key where the type has one; else all objects that have what is asked for."""
    if names:
        return tuple(by_key.get(tuple(wanted.get(name) for name in names), ()))
    return tuple(
        found
        for candidates in by_key.values()
        for found in candidates
        if all(found.attributes.get(name) == value for name, value in wanted.items())
    )
