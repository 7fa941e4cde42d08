"""The emulator's GraphQL schema against GitHub's public one: a true subset, and every field of it answers."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputField,
    GraphQLNamedType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    is_union_type,
    parse,
    print_ast,
    validate,
)

from reconciler.sandbox.world import World
from reconciler_github.sandbox.domain.accounts import ALL_SCOPES, create_account, set_membership
from reconciler_github.sandbox.domain.protection import create_rule
from reconciler_github.sandbox.domain.repositories import create_repository, initialise, set_topics
from reconciler_github.sandbox.domain.teams import create_team, grant, set_team_membership
from reconciler_github.sandbox.graphql import answer
from reconciler_github.sandbox.graphql.schema import sdl
from reconciler_github.sandbox.store import Store, node_id_of
from reconciler_github.sandbox.viewer import Viewer
from tests.contract_data import contract_file

OURS = build_schema(sdl())


@pytest.fixture(scope="module")
def public() -> GraphQLSchema:
    file = contract_file("github", "github.schema.graphql")
    # The published file defines two fields twice and deprecates fields of interfaces: no strict reading.
    return build_schema(file.read_text(encoding="utf-8"), assume_valid=True, assume_valid_sdl=True)


def own_types() -> list[GraphQLNamedType]:
    return [
        type_
        for type_ in OURS.type_map.values()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    ]


def default_of(argument: Any) -> str | None:
    node = argument.ast_node
    return print_ast(node.default_value) if node is not None and node.default_value is not None else None


@pytest.mark.parametrize("ours", own_types(), ids=lambda type_: type_.name)
def test_a_type_is_a_subset_of_the_public_one(public: GraphQLSchema, ours: Any) -> None:
    theirs: Any = public.type_map.get(ours.name)
    assert theirs is not None
    assert type(ours).__name__ == type(theirs).__name__
    if is_enum_type(ours):
        assert set(ours.values) == set(theirs.values)
    elif is_union_type(ours):
        assert {each.name for each in ours.types} == {each.name for each in theirs.types}
    elif is_input_object_type(ours):
        compare_input(ours.fields, theirs.fields)
    elif is_object_type(ours) or is_interface_type(ours):
        assert {each.name for each in ours.interfaces} <= {each.name for each in theirs.interfaces}
        compare_fields(ours.fields, theirs.fields)


def compare_fields(ours: dict[str, GraphQLField], theirs: dict[str, GraphQLField]) -> None:
    for name, field in ours.items():
        assert name in theirs
        assert str(field.type) == str(theirs[name].type), name
        for key, argument in field.args.items():
            assert key in theirs[name].args, f"{name}({key})"
            assert str(argument.type) == str(theirs[name].args[key].type), f"{name}({key})"
            assert default_of(argument) == default_of(theirs[name].args[key]), f"{name}({key})"
        required = {key for key, argument in theirs[name].args.items() if is_required_argument(argument)}
        assert required <= set(field.args), name


def compare_input(ours: dict[str, GraphQLInputField], theirs: dict[str, GraphQLInputField]) -> None:
    for name, field in ours.items():
        assert name in theirs
        assert str(field.type) == str(theirs[name].type), name
        assert default_of(field) == default_of(theirs[name]), name
    assert {name for name, field in theirs.items() if is_required_input_field(field)} <= set(ours)


ARGUMENTS = {
    "label": '(name: "bug")',
    "milestone": "(number: 1)",
    "object": '(expression: "main")',
    "organization": '(login: "acme")',
    "ref": '(qualifiedName: "main")',
    "refs": '(refPrefix: "refs/heads/", first: 5)',
    "repository": '(name: "testx")',
    "team": '(slug: "qa")',
}
ENTRIES = {
    "Organization": '{ organization(login: "acme") {} }',
    "User": '{ user(login: "octocat") {} }',
    "Repository": '{ repository(owner: "acme", name: "testx") {} }',
    "Ref": '{ repository(owner: "acme", name: "testx") { ref(qualifiedName: "main") {} } }',
    "Commit": (
        '{ repository(owner: "acme", name: "testx") { object(expression: "main") { ... on Commit {} } } }'
    ),
    "Label": '{ repository(owner: "acme", name: "testx") { label(name: "bug") {} } }',
    "Milestone": '{ repository(owner: "acme", name: "testx") { milestone(number: 1) {} } }',
    "Team": '{ organization(login: "acme") { team(slug: "qa") {} } }',
    "BranchProtectionRule": (
        '{ repository(owner: "acme", name: "testx") { branchProtectionRules(first: 1) { nodes {} } } }'
    ),
    "RateLimit": "{ rateLimit {} }",
}


def selections(type_: Any, depth: int) -> str:
    """Every field of a type, and every field of what it leads to, down to a depth."""
    if is_union_type(type_):
        inner = (f"... on {each.name} {selections(each, depth)}" for each in type_.types)
        return "{ __typename " + " ".join(inner) + " }"
    parts = ["__typename"]
    for name, field in type_.fields.items():
        target = get_named_type(field.type)
        if is_leaf_type(target):
            parts.append(name)
        elif depth > 0:
            arguments = ARGUMENTS.get(name, "") if field.args else ""
            if target.name.endswith("Connection"):
                arguments = arguments or "(first: 5)"
            deeper = depth if target.name.endswith(("Connection", "Edge")) else depth - 1
            parts.append(f"{name}{arguments} {selections(target, deeper)}")
    return "{ " + " ".join(parts) + " }"


def query_of(type_name: str) -> str:
    return ENTRIES[type_name].replace("{}", selections(OURS.type_map[type_name], 1))


@pytest.fixture
def send() -> Callable[[str], dict[str, Any]]:
    """Ask a world that has one of everything, as its owner."""
    store = Store(World())
    octocat = create_account(store, "User", "octocat", {"email": "mona@example.org"})
    acme = create_account(store, "Organization", "acme")
    set_membership(store, acme, octocat, "admin")
    create_repository(store, octocat, "testx", {})
    testx = create_repository(store, acme, "testx", {"private": True})
    testx = initialise(store, testx, octocat)
    testx = set_topics(store, testx, ["qa"])
    parent = create_team(store, acme, octocat, "Parent", {"privacy": "closed"})
    team = create_team(store, acme, octocat, "QA", {"privacy": "closed", "parent_id": parent["id"]})
    create_team(store, acme, None, "Child", {"privacy": "closed", "parent_id": team["id"]})
    set_team_membership(store, team, octocat, "member")
    grant(store, team, testx, "push")
    now = store.now()
    milestone = {"id": store.next_id(), "repository_id": testx["id"], "number": 1, "title": "One"}
    milestone |= {"description": None, "state": "open", "due_on": None, "creator_id": octocat["id"]}
    milestone |= {"created_at": now, "updated_at": now, "closed_at": None}
    store.put("milestone", milestone["id"], milestone)
    actors = [node_id_of("account", octocat), node_id_of("team", team)]
    settings: dict[str, Any] = {
        f"{kind}_actor_ids": actors for kind in ("push", "review_dismissal", "bypass_pull_request")
    }
    settings |= {"bypass_force_push_actor_ids": actors}
    settings |= {"required_status_checks": [{"context": "build", "app_id": 15368}]}
    create_rule(store, testx, octocat["id"], "main", settings)
    create_rule(store, testx, octocat["id"], "m*", {})
    viewer = Viewer(store, "token", octocat, ALL_SCOPES)
    return lambda query: answer(viewer, {"query": query})[1]


@pytest.mark.parametrize("type_name", ENTRIES)
def test_every_field_of_a_type_answers(send: Callable[[str], dict[str, Any]], type_name: str) -> None:
    body = send(query_of(type_name))
    assert "errors" not in body


@pytest.mark.parametrize("type_name", ENTRIES)
def test_a_query_for_every_field_is_valid_in_the_public_schema(public: GraphQLSchema, type_name: str) -> None:
    assert validate(public, parse(query_of(type_name))) == []
