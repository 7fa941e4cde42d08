"""The names in the environment that are common to many tools: told of in one place, once each."""

import re

from tests.unit.docs.markdown import ROOT, first_column, section

HONOURED = (
    "INTEGRATION_SEQUENCE_ENABLED",
    "INTEGRATION_HEALTH_CHECK_INTERVAL",
    "INTEGRATION_RETRY_MAX_ATTEMPTS",
    "INTEGRATION_RETRY_BASE_DELAY",
    "INTEGRATION_FALLBACK_ENABLED",
    "OFFLINE_MODE_ENABLED",
    "CACHED_DATA_RETENTION_HOURS",
    "LOCAL_STORAGE_FALLBACK",
    "SLACK_HEALTH_CHECK_URL",
    "NOTION_HEALTH_CHECK_URL",
    "GITHUB_HEALTH_CHECK_URL",
    "ANYKROWD_HEALTH_CHECK_URL",
)


def test_every_honoured_name_is_in_the_table_of_the_commands_and_no_more_than_once() -> None:
    table = first_column(section(ROOT / "docs" / "cli.md", "Environment variables"))
    named = [name for cell in table for name in re.findall(r"`([A-Z_]+)`", cell)]
    assert len(named) == len(set(named))
    assert set(HONOURED) <= set(named)
