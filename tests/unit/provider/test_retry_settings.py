"""Where the numbers for retries and timeouts come from."""

from datetime import UTC, datetime

import pytest

from reconciler.errors import InvalidConfiguration
from reconciler.provider.retried import Kind
from reconciler.provider.retry import Retry, retry_after
from reconciler.provider.retry_settings import from_environment
from reconciler.provider.timeouts import Timeouts

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_without_settings_a_call_is_made_three_times_from_a_second_on() -> None:
    assert Retry.from_settings(None) == Retry(attempts=3, base_delay=1.0)


def test_settings_are_in_seconds_and_the_environment_in_milliseconds_and_first() -> None:
    settings = {"attempts": 5, "base_delay": 2, "max_delay": 60}
    assert Retry.from_settings(settings) == Retry(5, 2, 60)
    environ = {"INTEGRATION_RETRY_MAX_ATTEMPTS": "7", "INTEGRATION_RETRY_BASE_DELAY": "250"}
    assert Retry.from_settings({**settings, **from_environment(environ)}) == Retry(7, 0.25, 60)
    assert from_environment({"INTEGRATION_RETRY_MAX_ATTEMPTS": " "}) == {}


def test_what_the_stack_sets_goes_before_what_a_service_asks_for_one_kind_of_failure() -> None:
    patient = {Kind.LIMIT: Retry(attempts=5, base_delay=60, least=60)}
    untouched = Retry.from_settings(None, patient)
    assert (untouched.of(Kind.LIMIT).attempts, untouched.of(Kind.FAILED).attempts) == (5, 3)
    chosen = Retry.from_settings({"attempts": 1}, patient)
    assert (chosen.of(Kind.LIMIT).attempts, chosen.of(Kind.FAILED).attempts) == (1, 1)
    assert chosen.of(Kind.LIMIT).least == 60


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("INTEGRATION_RETRY_MAX_ATTEMPTS", "0"),
        ("INTEGRATION_RETRY_MAX_ATTEMPTS", "many"),
        ("INTEGRATION_RETRY_BASE_DELAY", "-1"),
    ],
)
def test_a_number_that_makes_no_sense_is_an_error_that_names_it(name: str, text: str) -> None:
    with pytest.raises(InvalidConfiguration, match=f"{name} is '{text}'"):
        from_environment({name: text})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("Thu, 01 Jan 2026 12:01:00 GMT", 60.0),
        ("Thu, 01 Jan 2026 12:01:00", 60.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_a_wait_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOON) == seconds


def test_one_timeout_is_for_connecting_reading_and_writing() -> None:
    assert Timeouts.from_settings(5) == Timeouts(connect=5, read=5, write=5)
    assert Timeouts.from_settings(500).total == 500
    assert Timeouts.from_settings({"read": 90}) == Timeouts(read=90)
    assert Timeouts.from_settings(None) == Timeouts()
