"""Resources, data, outputs and providers as a stack holds them."""

import pytest

from reconciler.address import Address
from reconciler.config import owners
from reconciler.config.stack import Declaration, Lifecycle
from reconciler.errors import InvalidConfiguration
from reconciler.registry import BrokenProvider, Registry
from reconciler.values import Sensitive, Unknown
from tests.unit.config.forge import Forge, Loader

DOCS = Address("forge_repository", "docs")


def docs(stack_of: Loader, attributes: str) -> Declaration:
    return stack_of(f"resources:\n  forge_repository:\n    docs: {attributes}\n").resources[DOCS]


def test_what_stands_beside_the_attributes_is_no_attribute(stack_of: Loader) -> None:
    declared = docs(
        stack_of,
        "{name: docs, lifecycle: {prevent_destroy: true, ignore_changes: [topics], on_exists: adopt,"
        " on_destroy: archive}}",
    )
    assert declared.attributes == {"name": "docs"}
    assert declared.lifecycle == Lifecycle(True, ("topics",), "adopt", "archive")


def test_ignoring_all_changes_is_a_star(stack_of: Loader) -> None:
    assert docs(stack_of, "{name: a, lifecycle: {ignore_changes: ['*']}}").lifecycle.ignore_changes == ("*",)


@pytest.mark.parametrize(
    ("lifecycle", "summary"),
    [
        ("{ignore_changes: [topic]}", "forge_repository has no attribute 'topic'"),
        ("{on_destroy: shred}", "forge_repository cannot be destroyed by 'shred'"),
        ("{on_exists: adpt}", 'lifecycle.on_exists cannot be "adpt"'),
        ("{replace_triggered_by: [a]}", "'a' is no resource and no attribute of one"),
        (
            "{replace_triggered_by: [data.forge_repository.a]}",
            "'data.forge_repository.a' is no resource and no attribute of one",
        ),
        ("{replace_triggered_by: [forge_repository.dosc]}", "there is no forge_repository.dosc"),
        ("{replace_triggered_by: [forge_repository.docs.nmae]}", "forge_repository has no attribute 'nmae'"),
        ("true", "lifecycle must be a mapping, not true"),
    ],
)
def test_a_wrong_lifecycle_is_refused(stack_of: Loader, lifecycle: str, summary: str) -> None:
    text = f"resources:\n  forge_repository:\n    docs: {{name: a, lifecycle: {lifecycle}}}\n"
    assert stack_of.summaries(text) == [summary]


def test_every_attribute_has_its_place_and_what_is_not_written_that_around_it(stack_of: Loader) -> None:
    declared = docs(stack_of, "\n      name: docs\n      topics:\n        - a\n        - b\n")
    assert str(declared.place_of(())) == "reconciler.yaml:4:5"
    assert str(declared.place_of(("topics", 1))) == "reconciler.yaml:8:11"
    assert str(declared.place_of(("topics", 7))) == "reconciler.yaml:7:9"
    assert str(declared.place_of(("url",))) == "reconciler.yaml:4:5"


def test_depends_on_names_resources_and_data(stack_of: Loader) -> None:
    text = (
        "resources:\n  forge_repository:\n    a: {name: a}\n"
        "    docs: {name: docs, depends_on: [forge_repository.a, data.forge_user.me]}\n"
        "data:\n  forge_user:\n    me: {login: me}\n"
    )
    expected = {Address("forge_repository", "a"), Address("forge_user", "me", is_data=True)}
    assert stack_of(text).resources[DOCS].depends_on == expected
    assert stack_of(text).resources[DOCS].references == frozenset()


@pytest.mark.parametrize(
    ("entry", "summary"),
    [
        ("forge_repository.dcs", "there is no forge_repository.dcs"),
        ("'${forge_repository.docs}'", "'${forge_repository.docs}' is not an address"),
    ],
)
def test_a_wrong_depends_on_is_refused(stack_of: Loader, entry: str, summary: str) -> None:
    text = f"resources:\n  forge_repository:\n    docs: {{name: docs, depends_on: [{entry}]}}\n"
    (found,) = stack_of.summaries(text)
    assert found.startswith(summary)


def test_data_is_looked_up_with_what_is_expected_of_it(stack_of: Loader) -> None:
    stack = stack_of(
        "data:\n  forge_user:\n    me: {login: 007, expect: {admin: false}}\n"
        "resources:\n  forge_repository:\n    docs: {name: '${data.forge_user.me.login}'}\n"
    )
    address = Address("forge_user", "me", is_data=True)
    assert stack.data[address].attributes == {"login": "007"}
    assert stack.data[address].expect == {"admin": False}
    assert stack.resources[DOCS].references == {address}


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (
            "data:\n  forge_user:\n    me: {login: a, expect: {admn: true}}",
            "forge_user has no attribute 'admn'",
        ),
        (
            "data:\n  forge_user:\n    me: {login: a, lifecycle: {prevent_destroy: true}}",
            "lifecycle has no key 'prevent_destroy'",
        ),
        ("data:\n  forge_repository:\n    me: {name: a}", "there is no data type 'forge_repository'"),
        ("resources:\n  forge_user:\n    me: {login: a}", "there is no resource type 'forge_user'"),
        ("resources:\n  forge_repository:\n    a: {name: a, expect: {}}", "'expect' is not for resources"),
        ("resources:\n  forge_repository:\n    a: {name: a, id: x}", "'id' is decided by the service"),
        (
            "resources:\n  forge_repository:\n    a: {name: a, description: }",
            "description must be text, not null",
        ),
        (
            "resources:\n  forge_repository:\n    a: text",
            "resources.forge_repository.a must be a mapping or null",
        ),
        ("resources:\n  forge_repository:\n    - a", "resources.forge_repository must be a mapping or null"),
        (
            "resources:\n  reconciler_value:\n    a: {provider: forge}",
            "the provider 'forge' has no such resources",
        ),
        (
            "resources:\n  forge_repository:\n    a: {name: a, provider: forge.x}",
            "the provider 'forge.x' is not",
        ),
        ("state: {backend: postgres}", 'state.backend cannot be "postgres"'),
        ("providers:\n  forj: {}", "there is no provider 'forj'"),
        ("providers:\n  forge: {retry: {attempts: 0}}", "retry.attempts must be at least 1, not 0"),
        ("providers:\n  forge: {base_url: 'ftp://x'}", 'base_url cannot be "ftp://x"'),
        ("providers:\n  forge: {ownr: x}", "the provider forge has no key 'ownr'"),
        ("providers:\n  forge: {depends_on: [slack]}", "there is no provider 'slack' to depend on"),
        ("provders: {}", "it has no key 'provders'"),
        ("apply: {parallelism: many}", "apply.parallelism must be a whole number"),
        ("variables: {x: {type: strng}}", "variables.x.type must be a mapping or string or text"),
        ("outputs: {x: {}}", "outputs.x needs 'value'"),
    ],
)
def test_a_wrong_entry_is_refused(stack_of: Loader, text: str, summary: str) -> None:
    assert any(found.startswith(summary) for found in stack_of.summaries(f"{text}\n"))


def test_a_second_configuration_of_a_provider_can_be_chosen(stack_of: Loader) -> None:
    stack = stack_of(
        "providers:\n  forge: {}\n  forge.second: {owner: 12, depends_on: [forge], timeout: 5}\n"
        "resources:\n  forge_repository:\n    docs: {name: a, provider: forge.second}\n"
        "    other: {name: a}\n"
    )
    second = stack.providers["forge.second"]
    assert (second.name, second.settings, second.depends_on) == (
        "forge",
        {"owner": "12", "timeout": 5},
        ("forge",),
    )
    assert {str(one.address): one.provider for one in stack.resources.values()} == {
        "forge_repository.docs": "forge.second",
        "forge_repository.other": "forge",
    }


class Strict(Forge):
    """A provider that needs an owner."""

    def __init__(self) -> None:
        super().__init__()
        self.settings_schema = {**self.settings_schema, "required": ["owner"]}


def test_a_provider_that_needs_settings_must_be_configured(stack_of: Loader) -> None:
    strict = Loader(stack_of.directory, Registry({"forge": Strict()}))
    text = "resources:\n  forge_repository:\n    a: {name: a}\n    b: {name: b}\n"
    assert strict.summaries(text) == ["the provider 'forge' is not configured"]
    assert strict.summaries(f"providers: {{forge: }}\n{text}") == ["the provider forge needs 'owner'"]
    assert strict(f"providers: {{forge: {{owner: me}}}}\n{text}").providers["forge"].settings == {
        "owner": "me"
    }


def test_the_setting_of_a_provider_rests_on_no_resource(stack_of: Loader) -> None:
    text = (
        "providers: {forge: {owner: '${reconciler_value.a.output}'}}\nresources:\n  reconciler_value: {a: }\n"
    )
    assert stack_of.summaries(text) == ["the setting 'owner' of a provider cannot rest on a resource"]


def test_an_installed_package_that_is_broken_is_told_like_any_other_problem(stack_of: Loader) -> None:
    def broken() -> None:
        raise ImportError("no module named forge")

    types = Registry.installed({"forge": ("the package forge 1", broken)})
    with pytest.raises(BrokenProvider):
        types.type("forge_repository")
    loader = Loader(stack_of.directory, types)
    with pytest.raises(InvalidConfiguration, match="the package forge 1 offers cannot be used"):
        loader("resources:\n  forge_repository:\n    a: {name: a}\n")


def test_outputs_keep_type_and_references(stack_of: Loader) -> None:
    stack = stack_of(
        "resources:\n  forge_repository:\n    docs: {name: docs}\n"
        "outputs:\n  url: {value: '${forge_repository.docs.url}', description: where}\n  n: {value: [1, a]}\n"
    )
    assert stack.outputs["url"].references == {DOCS}
    assert stack.outputs["url"].description == "where"
    assert stack.outputs["n"].value == [1, "a"]


@pytest.mark.parametrize(
    "value",
    ["${var.s}", "a ${secret.T}", "${forge_secret.k.value}", "${[forge_secret.k.value, 1]}", "${local.s}",
     "${forge_secret.k.name ~ var.s}", "${local.from}"],
)  # fmt: skip
def test_an_output_on_something_sensitive_must_say_so(stack_of: Loader, value: str) -> None:
    head = (
        "variables: {s: {default: a, sensitive: true}}\n"
        "locals:\n  s: [x, '${var.s}']\n  from: '${forge_secret.k.value}'\n"
        "resources:\n  forge_secret:\n    k: {name: a, value: b}\n"
    )
    output = f"outputs:\n  it: {{value: '{value}'"
    assert stack_of.summaries(f"{head}{output}}}\n", environ={"T": "t"}) == [
        "the output it rests on a sensitive value"
    ]
    assert stack_of(f"{head}{output}, sensitive: true}}\n", environ={"T": "t"}).outputs["it"].is_sensitive


def test_owners_are_told_apart_by_provider_type_and_key(stack_of: Loader) -> None:
    stack = stack_of(
        "providers: {forge: , forge.second: }\nresources:\n  forge_repository:\n    a: {name: one}\n"
        "    b: {name: one, provider: forge.second}\n    c: {name: '${reconciler_value.x.id}'}\n"
        "    d: {name: '${reconciler_value.y.id}'}\n  reconciler_value: {x: , y: }\n"
    )
    a, b, c, d = (stack.resources[Address("forge_repository", name)] for name in "abcd")
    kind = Registry({"forge": Forge()}).type("forge_repository")
    assert kind is not None
    assert list(owners([(c, kind, {"name": "x"}), (d, kind, {"name": "x"})])) == [(c, d)]
    assert list(owners([(a, kind, {"name": "x"}), (b, kind, {"name": "x"})])) == []
    assert list(owners([(a, kind, {"name": Unknown("x")}), (c, kind, {"name": Unknown("x")})])) == []
    assert list(owners([(a, kind, {"name": Sensitive("x")}), (c, kind, {"name": Sensitive("x")})])) == []


def test_two_that_rest_on_the_same_expression_own_one_object(stack_of: Loader) -> None:
    text = "resources:\n  forge_repository:\n"
    text += "".join(f"    {name}: {{name: '${{reconciler_value.x.id}}'}}\n" for name in "ab")
    assert stack_of.summaries(f"{text}  reconciler_value: {{x: }}\n") == [
        "forge_repository.b and forge_repository.a own the same object"
    ]


def test_circles_that_share_nothing_are_all_printed(stack_of: Loader) -> None:
    text = "resources:\n  reconciler_value:\n"
    for one, other in ("ab", "ba", "cd", "dc", "ee"):
        text += f"    {one}: {{input: '${{reconciler_value.{other}.id}}'}}\n"
    summaries = stack_of.summaries(text)
    assert len(summaries) == 3
    assert "reconciler_value.e waits for itself" in summaries
