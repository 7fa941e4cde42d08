"""The digest of a stack: of what it declares, not of how it is written."""

import pytest

from tests.unit.config.forge import Loader

STACK = """\
stack: shop
variables: {region: {default: eu}}
providers:
  forge: {token: "${secret.T}"}
resources:
  forge_repository:
    docs: {name: "docs-${var.region}", topics: [a, b]}
    site: {name: site, description: "${forge_repository.docs.url}", lifecycle: {prevent_destroy: true}}
outputs:
  url: {value: "${forge_repository.docs.url}"}
"""


def digest(stack_of: Loader, text: str, secret: str = "t", **options: object) -> str:
    return stack_of(text, environ={"T": secret}, **options).digest()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[a, b]", "[ 'a', \"b\", ]"),
        ("stack: shop", "# a comment\nstack:   'shop'"),
        ("docs-${var.region}", "docs-eu"),
        ("{default: eu}", "{default: eu, description: where}"),
    ],
)
def test_layout_and_ways_to_say_the_same_do_not_matter(stack_of: Loader, old: str, new: str) -> None:
    assert digest(stack_of, STACK.replace(old, new, 1)) == digest(stack_of, STACK)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[a, b]", "[b, a]"),
        ("docs.url", "docs.id"),
        ("prevent_destroy: true", "prevent_destroy: false"),
        ("stack: shop", "stack: store"),
        ("{default: eu}", "{default: us}"),
        ("secret.T", "env.T"),
        ("    site:", "    page:"),
        ("outputs:\n", "apply: {max_deletes: 1}\noutputs:\n"),
        ("site, description", "site, depends_on: [forge_repository.docs], description"),
    ],
)
def test_what_is_declared_matters(stack_of: Loader, old: str, new: str) -> None:
    assert digest(stack_of, STACK.replace(old, new)) != digest(stack_of, STACK)


def test_variables_and_the_environment_matter(stack_of: Loader) -> None:
    text = STACK + "environments: {default: , dev: }\n"
    usual = digest(stack_of, text)
    assert digest(stack_of, text, environment="dev") != usual
    assert digest(stack_of, text, variables={"region": "us"}) != usual


def test_the_value_of_a_secret_is_not_in_it(stack_of: Loader) -> None:
    assert digest(stack_of, STACK, "one") == digest(stack_of, STACK, "other")
