"""The limits that the provider keeps are the tiers that Slack publishes."""

from typing import Any

from reconciler_slack.limits import TIERS


def test_each_method_has_the_tier_of_its_page(documented_methods: Any) -> None:
    published = {name: documented_methods[name]["rate_limit"] for name in TIERS}
    assert published == {name: f"t{tier}" for name, tier in TIERS.items()}
