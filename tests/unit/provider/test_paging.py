"""Lists in pages."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import Call, Garbled, ServiceFailed
from reconciler.provider.paging import items, pages

Make = Callable[..., Any]


def page(content: Any, following: str | None = None) -> httpx.Response:
    link = f'<https://api.example.com/v3/x?page=1>; rel="first", <{following}>; rel="next"'
    return httpx.Response(200, json=content, headers={"Link": link} if following else {})


def test_pages_are_followed_by_their_links_to_the_end(connect: Make, script: Make, asked: list[Call]) -> None:
    service = script(page([1, 2], "https://api.example.com/v3/x?page=2"), page([3], "/v3/x?page=3"), page([]))
    found = list(items(connect(service), "/orgs/{org}/x", parts={"org": "acme"}, params={"per_page": 2}))
    assert found == [1, 2, 3]
    assert service.paths == ["GET /v3/orgs/acme/x?per_page=2", "GET /v3/x?page=2", "GET /v3/x?page=3"]
    assert {call.operation for call in asked} == {"GET /orgs/{org}/x"}


def test_a_page_is_asked_for_only_when_it_is_wanted(connect: Make, script: Make) -> None:
    service = script(page([1], "/v3/x?page=2"), page([2]))
    assert next(pages(connect(service), "/x")).body == [1]
    assert len(service.requests) == 1


def test_a_list_inside_a_mapping_is_found_by_its_name(connect: Make, script: Make) -> None:
    service = script(page({"total_count": 2, "secrets": [1]}, "/v3/x?page=2"), page({"secrets": [2]}))
    assert list(items(connect(service), "/x", member="secrets")) == [1, 2]


@pytest.mark.parametrize("content", [{"message": "hm"}, "text", None, {"secrets": 1}])
def test_a_page_without_its_list_is_garbled_and_not_empty(connect: Make, script: Make, content: Any) -> None:
    with pytest.raises(Garbled, match="no list"):
        list(items(connect(script(page(content))), "/x", member="secrets"))


def test_a_next_page_on_another_origin_is_not_asked_for(connect: Make, script: Make) -> None:
    service = script(page([1], "https://evil.example/x?page=2"))
    with pytest.raises(Garbled, match=r"evil\.example"):
        list(items(connect(service), "/x"))
    assert len(service.requests) == 1


def test_a_list_that_leads_in_a_circle_is_garbled(connect: Make, script: Make) -> None:
    service = script(page([1], "/v3/x?page=2"))
    with pytest.raises(Garbled, match="circle"):
        list(items(connect(service), "/x"))
    assert len(service.requests) == 2


def test_a_list_without_end_is_given_up(connect: Make, script: Make) -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        return page([1], f"/v3/x?page={int(request.url.params.get('page', '1')) + 1}")

    service = script(endless)
    with pytest.raises(Garbled, match="more than 5 pages"):
        list(items(connect(service), "/x", most=5))
    assert len(service.requests) == 5


def test_a_page_that_fails_fails_the_list(connect: Make, script: Make) -> None:
    service = script(page([1], "/v3/x?page=2"), httpx.Response(500))
    with pytest.raises(ServiceFailed):
        list(items(connect(service), "/x"))
