"""Pages of connections: bounds, cursors, counts, order."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.labels import create_label
from reconciler_github.sandbox.domain.repositories import create_repository, delete_repository
from reconciler_github.sandbox.store import Store

Ask = Callable[..., dict[str, Any]]

LABELS = """query($first: Int, $last: Int, $after: String, $before: String, $order: LabelOrder) {
  repository(owner: "acme", name: "testx") {
    labels(first: $first, last: $last, after: $after, before: $before, orderBy: $order) {
      totalCount nodes { name } edges { cursor node { name } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}"""


@pytest.fixture
def labels(ask: Ask, testx: Document) -> Callable[..., Any]:
    return lambda **variables: ask(LABELS, **variables)["data"]["repository"]["labels"]


def names(page: Any) -> list[str]:
    return [node["name"] for node in page["nodes"]]


def test_following_cursors_gives_every_item_once_and_in_order(labels: Callable[..., Any]) -> None:
    found: list[str] = []
    page = labels(first=4)
    found += names(page)
    while page["pageInfo"]["hasNextPage"]:
        page = labels(first=4, after=page["pageInfo"]["endCursor"])
        found += names(page)
    assert found == names(labels(first=100))
    assert len(found) == page["totalCount"] == 9


def test_last_with_before_pages_backwards(labels: Callable[..., Any]) -> None:
    all_names = names(labels(first=100))
    last = labels(last=3)
    assert names(last) == all_names[-3:]
    assert last["pageInfo"]["hasPreviousPage"]
    assert not last["pageInfo"]["hasNextPage"]
    assert names(labels(last=3, before=last["pageInfo"]["startCursor"])) == all_names[-6:-3]


def test_edges_carry_the_cursor_of_their_node(labels: Callable[..., Any]) -> None:
    page = labels(first=9)
    third = page["edges"][2]
    assert third["node"]["name"] == names(page)[2]
    assert names(labels(first=1, after=third["cursor"])) == [names(page)[3]]


def test_a_page_goes_on_at_its_place_though_the_item_of_the_cursor_is_gone(
    labels: Callable[..., Any], store: Store, testx: Document
) -> None:
    first = labels(first=4)
    gone = store.label(testx["id"], names(first)[-1])
    assert gone is not None
    expected = names(labels(first=100))[4:6]
    store.delete("label", gone["id"])
    assert names(labels(first=2, after=first["pageInfo"]["endCursor"])) == expected


def test_labels_are_sorted_as_asked_and_cursors_follow_that_order(labels: Callable[..., Any]) -> None:
    order = {"field": "NAME", "direction": "DESC"}
    whole = names(labels(first=100, order=order))
    assert whole == sorted(whole, key=str.lower, reverse=True)
    page = labels(first=5, order=order)
    assert names(labels(first=100, after=page["pageInfo"]["endCursor"], order=order)) == whole[5:]


def test_more_than_a_hundred_records_are_refused(ask: Ask, testx: Document) -> None:
    body = ask(LABELS, first=101)
    assert body["data"] == {"repository": {"labels": None}}
    assert body["errors"] == [
        {
            "type": "EXCESSIVE_PAGINATION",
            "path": ["repository", "labels"],
            "locations": [{"line": 3, "column": 5}],
            "message": (
                "Requesting 101 records on the `labels` connection exceeds the `first` limit of 100 records."
            ),
        }
    ]


def test_nodes_without_first_or_last_are_refused(ask: Ask, testx: Document) -> None:
    (error,) = ask(LABELS)["errors"]
    assert error["type"] == "MISSING_PAGINATION_BOUNDARIES"
    assert error["path"] == ["repository", "labels"]
    assert (
        error["message"]
        == "You must provide a `first` or `last` value to properly paginate the `labels` connection."
    )


def test_a_count_needs_no_bounds(ask: Ask, testx: Document) -> None:
    body = ask('{ repository(owner: "acme", name: "testx") { labels { totalCount } } }')
    assert body == {"data": {"repository": {"labels": {"totalCount": 9}}}}


@pytest.mark.parametrize("bounds", [{"first": 1, "last": 1}, {"first": -1}])
def test_contradictory_or_negative_bounds_are_refused(
    ask: Ask, testx: Document, bounds: dict[str, int]
) -> None:
    body = ask(LABELS, **bounds)
    assert body["data"]["repository"]["labels"] is None
    assert [error["path"] for error in body["errors"]] == [["repository", "labels"]]


@pytest.mark.parametrize("cursor", ["nonsense", "Y3Vyc29yOnYyOm5vbnNlbnNl", "Y3Vyc29yOnYyOlsidGV4dCJd"])
def test_a_cursor_that_is_none_is_refused(ask: Ask, testx: Document, cursor: str) -> None:
    (error,) = ask(
        """query($a: String) { organization(login: "acme") {
          repositories(first: 1, after: $a) { totalCount } } }""",
        a=cursor,
    )["errors"]
    assert error["type"] == "INVALID_CURSOR_ARGUMENTS"
    assert error["message"] == f"`{cursor}` does not appear to be a valid cursor."


def test_nested_connections_page_separately(ask: Ask, store: Store, acme: Document, testx: Document) -> None:
    other = create_repository(store, acme, "other", {})
    create_label(store, other, "tenth")
    query = """query($after: String) { organization(login: "acme") { repositories(first: 2, after: $after) {
      nodes { name labels(first: 9) { totalCount pageInfo { hasNextPage endCursor } } } } } }"""
    nodes = ask(query)["data"]["organization"]["repositories"]["nodes"]
    more = {node["name"]: node["labels"]["pageInfo"]["hasNextPage"] for node in nodes}
    assert more == {"testx": False, "other": True}
    cursor = nodes[1]["labels"]["pageInfo"]["endCursor"]
    rest = ask(
        """query($after: String) { repository(owner: "acme", name: "other") {
        labels(first: 9, after: $after) { nodes { name } } } }""",
        after=cursor,
    )
    assert names(rest["data"]["repository"]["labels"]) == ["tenth"]


def test_a_repository_made_while_paging_shifts_nothing(ask: Ask, store: Store, acme: Document) -> None:
    made = [create_repository(store, acme, f"r{number}", {}) for number in range(4)]
    query = """query($after: String) { organization(login: "acme") { repositories(first: 2, after: $after) {
      nodes { name } pageInfo { endCursor } } } }"""
    first = ask(query)["data"]["organization"]["repositories"]
    delete_repository(store, made[0])
    second = ask(query, after=first["pageInfo"]["endCursor"])["data"]["organization"]["repositories"]
    assert names(first) + names(second) == ["r0", "r1", "r2", "r3"]
