"""The provider of the in-memory service passes the suite that all providers pass."""

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.errors import Unreachable
from reconciler.provider import Object, Provider
from reconciler.provider.context import Context
from reconciler.testing import FakeClock, MemoryFactory, MemoryService
from reconciler.testing.contract import ProviderContract, Sample, Subject

BAD_TOKEN = "wrong-token-5d41"


def samples(service: MemoryService) -> dict[str, Sample]:
    def thing(provider: Provider, n: int) -> Mapping[str, Any]:
        return {
            "name": f" thing-{n} ",
            "text": "some text\n",
            "size": n + 0.5,
            "tags": ["b", "a"],
            "kind": "fancy",
            "secret": "thing-secret",
        }

    def part(provider: Provider, n: int) -> Mapping[str, Any]:
        if not any(found.attributes["name"] == "home" for found in service.objects("memory_thing")):
            provider.create("memory_thing", {"name": "home"})
        return {"thing": "home", "name": f"part-{n}"}

    def note(provider: Provider, n: int) -> Mapping[str, Any]:
        return {"title": "alike", "text": "alike"}

    def member(provider: Provider, n: int) -> Mapping[str, Any]:
        return {"name": f"member-{n}", "role": "writer"}

    def text_behind(found: Object) -> None:
        service.change(found.type, found.id, text="changed behind its back")

    def gone_behind(found: Object) -> None:
        service.remove(found.type, found.id)

    return {
        "memory_thing": Sample(thing, {"name": "other", "text": "new", "tags": []}, text_behind),
        "memory_part": Sample(part, {"name": "other"}, text_behind),
        "memory_note": Sample(note, {"text": "new"}, gone_behind),
        "memory_member": Sample(member, {"role": "reader"}, gone_behind),
    }


class TestMemoryProvider(ProviderContract):
    @pytest.fixture
    def subject(self) -> Subject:
        service = MemoryService()
        factory = MemoryFactory(service)
        context = Context(clock=FakeClock())

        def failing() -> Provider:
            for operation in ("read", "find", "list"):
                service.fail(operation, Unreachable, times=None)
            return factory({}, context)

        return Subject(
            factory=factory,
            provider=factory({}, context),
            samples=samples(service),
            with_bad_credentials=lambda: factory({"token": BAD_TOKEN}, context),
            when_failing=failing,
            secrets=(BAD_TOKEN, service.token, "thing-secret"),
        )
