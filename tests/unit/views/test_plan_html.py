"""A plan as a page."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

from reconciler.plan.change import Plan
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.views.plan_html import plan_html

Golden = Callable[[str, str], None]
NASTY = "</pre></details><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[2J\u202e {{ 7 * 7 }} \"'"
VOID = {"meta", "img", "br", "link"}


class Page(HTMLParser):
    """What a browser makes of a page: its elements, and whether they are nested as they should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.content = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.content += data


def test_a_page_has_a_table_warnings_and_folded_details(
    plan: Plan, types: Types, cost: Cost, golden: Golden
) -> None:
    text = plan_html(plan, types, cost=cost, title="testx in dev")
    golden("views/plan.html", text)
    page = Page(text)
    assert not page.open
    assert {"main", "table", "details", "summary", "pre"} <= {tag for tag, _ in page.elements}
    assert "13 API calls (github 12, slack 1)" in page.content


def test_a_page_needs_nothing_else_and_may_load_nothing(plan: Plan, types: Types) -> None:
    text = plan_html(plan, types)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "form", "a"} & {tag for tag, _ in page.elements}
    policies = [attributes["content"] for tag, attributes in page.elements if "http-equiv" in attributes]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert "url(" not in text
    assert "prefers-color-scheme: dark" in text


def test_nothing_that_a_service_says_becomes_markup(plan: Plan, types: Types) -> None:
    first = replace(
        plan.changes[0],
        after={"description": NASTY, NASTY: {NASTY: [NASTY]}},
        planned={"description": NASTY},
        reason=NASTY,
        irreversible=NASTY,
    )
    clean = Page(plan_html(replace(plan, changes=(plan.changes[0],)), types, title="x", preface="x"))
    page = Page(plan_html(replace(plan, changes=(first,)), types, title=NASTY, preface=NASTY))
    assert {tag for tag, _ in page.elements} == {tag for tag, _ in clean.elements} | {"ul", "li", "strong"}
    assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "<script>alert(1)</script>" in page.content
    assert "{{ 7 * 7 }}" in page.content
    assert "\x1b" not in page.content
    assert "\u202e" not in page.content


def test_no_change_is_one_sentence(empty_plan: Plan, types: Types) -> None:
    page = Page(plan_html(empty_plan, types))
    assert "No changes. Everything is as declared." in page.content
    assert "details" not in {tag for tag, _ in page.elements}


def test_the_signs_say_without_colour_what_is_what(plan: Plan, types: Types) -> None:
    text = re.sub(r"<[^>]+>", "", plan_html(plan, types))
    assert "\n    - name       = &#34;old&#34;\n" in text
    assert "\n    + visibility  = &#34;private&#34;\n" in text
    assert "\n    ~ repository = &#34;docs&#34; → &#34;testx&#34;  # forces replacement\n" in text
