"""The four providers look alike in what they say of their services' limits."""

from importlib import import_module
from typing import Any

import pytest

from reconciler.provider.catalogue import resource_types_in
from reconciler.provider.limits import Limit

SERVICES = ("slack", "notion", "github", "anykrowd")


def published(service: str) -> Any:
    return import_module(f"reconciler_{service}.limits")


@pytest.mark.parametrize("service", SERVICES)
def test_each_limit_has_a_name_of_its_own_and_a_source(service: str) -> None:
    limits: tuple[Limit, ...] = published(service).LIMITS
    assert len({limit.name for limit in limits}) == len(limits) > 0
    assert all(limit.source and limit.what for limit in limits)


@pytest.mark.parametrize("service", SERVICES)
def test_what_types_say_they_take_is_a_limit_of_the_service_and_an_action_of_theirs(service: str) -> None:
    names = {limit.name for limit in published(service).LIMITS}
    for found in resource_types_in(f"reconciler_{service}", f"{service}_").values():
        assert set(found.takes) <= {"create", "update", "delete", *found.destroy}, found.name
        for takes in found.takes.values():
            assert set(takes) <= names, found.name
            assert sum(takes.values()) > 0


@pytest.mark.parametrize(
    ("service", "name", "count", "seconds"),
    [
        ("slack", "conversations.create", 20, 60),
        ("slack", "conversations.invite", 50, 60),
        ("slack", "conversations.members", 100, 60),
        ("notion", "requests", 180, 60),
        ("github", "content", 80, 60),
        ("github", "content_hourly", 500, 3600),
        ("github", "points", 900, 60),
        ("github", "requests", 5000, 3600),
        ("anykrowd", "requests", 1000, 3600),
    ],
)
def test_the_numbers_are_those_that_the_services_publish(
    service: str, name: str, count: int, seconds: float
) -> None:
    limit = next(limit for limit in published(service).LIMITS if limit.name == name)
    assert (limit.count, limit.seconds) == (count, seconds)
