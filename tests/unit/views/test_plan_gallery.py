"""What a reader may meet in a plan, in every form in which it is shown: read the golden files."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.views.cells import cells
from reconciler.views.color import colored
from reconciler.views.line import plain
from reconciler.views.plan_html import plan_html
from reconciler.views.plan_markdown import plan_markdown
from reconciler.views.plan_text import plan_lines
from tests.unit.docs.markdown import ROOT
from tests.unit.views.plan_gallery import GALLERY, GalleryTypes

Golden = Callable[[str, str], None]
TYPES = GalleryTypes()
SECRETS = ("hook-secret", "not-to-be-seen")


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("name", GALLERY)
def test_in_a_terminal(name: str, width: int, golden: Golden) -> None:
    text = plain(plan_lines(GALLERY[name](), TYPES, width=width))
    golden(f"views/gallery/{name}_{width}.txt", text)
    assert not any(secret in text for secret in SECRETS)


@pytest.mark.parametrize("name", GALLERY)
def test_in_colour(name: str, golden: Golden) -> None:
    text = colored(plan_lines(GALLERY[name](), TYPES, width=80))
    golden(f"views/gallery/{name}_color.txt", text)


@pytest.mark.parametrize("name", GALLERY)
def test_colour_adds_nothing_to_what_is_said(name: str) -> None:
    shown = list(plan_lines(GALLERY[name](), TYPES, width=80))
    without = re.sub("\x1b\\[[0-9;]*m", "", colored(shown))
    assert [row.rstrip() for row in without.split("\n")] == plain(shown).split("\n")


@pytest.mark.parametrize("name", GALLERY)
def test_in_a_pull_request(name: str, golden: Golden) -> None:
    text = plan_markdown(GALLERY[name](), TYPES, title=name)
    golden(f"views/gallery/{name}.md", text)
    assert not any(secret in text for secret in SECRETS)


@pytest.mark.parametrize("name", GALLERY)
def test_on_a_page(name: str, golden: Golden) -> None:
    text = plan_html(GALLERY[name](), TYPES, title=name)
    golden(f"views/gallery/{name}.html", text)
    assert not any(secret in text for secret in SECRETS)


@pytest.mark.parametrize("width", [80, 100, 120, 200])
@pytest.mark.parametrize("name", GALLERY)
def test_lines_fit_where_their_words_do(name: str, width: int) -> None:
    rows = plain(plan_lines(GALLERY[name](), TYPES, width=width)).split("\n")[:-2]  # the counts are one line
    for row in rows:
        assert cells(row) <= width


def test_with_all_that_there_is_each_of_those_that_are_alike_is_shown() -> None:
    plan = GALLERY["groups"]()
    assert "40 of github_issue_label.triage will be updated" in plain(plan_lines(plan, TYPES))
    text = plain(plan_lines(plan, TYPES, shows_all=True))
    assert " of github_issue_label.triage" not in text
    for change in plan.visible:
        assert f"# {change.address} " in text


def test_what_is_dangerous_is_named_once_more_only_among_what_is_not() -> None:
    plan = GALLERY["groups"]()
    again = "To be replaced or destroyed, of all above:\n"
    assert plain(plan_lines(plan, TYPES)).count(again) == 1
    dangerous = tuple(change for change in plan if change.reason or change.forced_by)
    elsewhere = replace(dangerous[0], provider="github.enterprise")
    assert again not in plain(plan_lines(replace(plan, changes=(*dangerous, elsewhere)), TYPES))


@pytest.mark.parametrize("width", [80, 120])
def test_what_is_destroyed_or_replaced_is_named_address_by_address(width: int) -> None:
    plan = GALLERY["groups"]()
    dangerous = [change for change in plan if change.reason or change.forced_by]
    assert len(dangerous) == 7
    for text in (
        plain(plan_lines(plan, TYPES, width=width)),
        plan_html(plan, TYPES).replace("&#34;", '"'),
        plan_markdown(plan, TYPES).replace("&#91;", "[").replace("&#93;", "]"),
    ):
        for change in dangerous:
            assert str(change.address) in text


def test_the_plan_that_the_documentation_explains_is_what_is_printed() -> None:
    document = (ROOT / "docs" / "reading-plans.md").read_text(encoding="utf-8")
    assert f"```text\n{plain(plan_lines(GALLERY['reading'](), TYPES, width=80))}```\n" in document
