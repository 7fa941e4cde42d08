"""Secrets turn up in no text."""

import base64
import html
import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Call, ProviderError, Rejected
from reconciler.provider.answers import Answer
from reconciler.provider.masking import MASK, Masker

Make = Callable[..., Any]
SECRET = 'pa"ss/wörd&<+ =\n'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        html.escape(SECRET),
        repr(SECRET)[1:-1],
        SECRET.encode().hex(),
    ],
)
def test_a_secret_is_masked_in_every_form_it_takes(form: str) -> None:
    assert Masker([SECRET]).mask(f"before {form} after") == f"before {MASK} after"


@given(st.text("abcdefghijklmnop0123456789_", min_size=8), st.binary(max_size=9), st.binary(max_size=9))
def test_a_secret_is_masked_wherever_it_stands_in_base64(secret: str, before: bytes, after: bytes) -> None:
    whole = before + secret.encode() + after
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(whole).decode()
        left = Masker([secret]).mask(encoded).replace(MASK, "")
        assert len(left) <= len(encoded) - (len(secret) * 8 // 6 - 1)


def test_the_longest_secret_is_masked_first() -> None:
    assert Masker(["token", "token-and-more"]).mask("x token-and-more y token") == f"x {MASK} y {MASK}"


def test_very_short_secrets_are_left_so_that_texts_can_be_read() -> None:
    assert Masker(["", "abc"]).mask("abc and more") == "abc and more"


def test_values_are_masked_through_and_through() -> None:
    masker = Masker(["s3cret"])
    value = {"s3cret": ["a s3cret", 1, None, {"x": ("s3cret", True)}]}
    assert masker.mask_value(value) == {MASK: [f"a {MASK}", 1, None, {"x": [MASK, True]}]}


def test_a_masker_shows_nothing_of_what_it_knows() -> None:
    assert repr(Masker(["s3cret"])) == "Masker(1 secrets)"


def test_what_is_logged_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test.masking")
    masker = Masker(["s3cret"])
    logger.addFilter(masker)
    with caplog.at_level(logging.INFO, logger="test.masking"):
        logger.info("got %s for %d", "s3cret", 1)
        logger.info("plain %s", "text")
    logger.removeFilter(masker)
    assert caplog.messages == [f"got {MASK} for 1", "plain text"]


def echo(request: httpx.Request) -> httpx.Response:
    """A service that is careless with what it was sent."""
    text = f"bad request: {request.url} {request.headers['authorization']}"
    return httpx.Response(422, json={"message": text})


def test_errors_and_logs_of_a_connection_show_no_credential(
    connect: Make, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "xoxb-12/34+56=="
    connection = connect(echo, authorization={"Authorization": f"Bearer {secret}"}, secrets=["hook-secret"])
    with caplog.at_level(logging.DEBUG), pytest.raises(Rejected) as caught:
        connection.call(
            "POST", "/x", params={"token": secret, "s": "hook-secret"}, operation=f"POST /x?{secret}"
        )
    error = caught.value
    told = [str(error), repr(error), error.cause, error.remedy, repr(error.call), repr(connection)]
    for text in (*told, *caplog.messages):
        for form in (secret, quote(secret, safe=""), quote(secret), "hook-secret"):
            assert form not in text
    assert MASK in str(error)
    assert caplog.messages


def test_an_error_that_a_provider_words_itself_is_masked(connect: Make) -> None:
    def classify(answer: Answer, call: Call) -> ProviderError:
        return Rejected("no: s3cret-token", call=call, remedy="replace s3cret-token")

    connection = connect(echo, authorization={"Authorization": "s3cret-token"}, classify=classify)
    with pytest.raises(Rejected) as caught:
        connection.call("GET", "/x")
    assert caught.value.args == (f"no: {MASK}",)
    assert caught.value.remedy == f"replace {MASK}"


def test_a_token_that_is_a_plain_word_leaves_advice_readable() -> None:
    masker = Masker(["wrong"])
    assert masker.mask("the token wrong") == f"the token {MASK}"
    assert masker.mask_advice("the token is wrong") == "the token is wrong"


def test_no_request_hangs_on_an_error(connect: Make, script: Make) -> None:
    with pytest.raises(ProviderError) as caught:
        connect(script(httpx.ReadError("reset by s3cret-peer")), secrets=["s3cret-peer"]).call("GET", "/x")
    assert MASK in str(caught.value)
    seen: BaseException | None = caught.value
    while seen is not None:
        assert not isinstance(seen, httpx.HTTPError)
        seen = seen.__cause__ or seen.__context__


def test_an_answer_does_not_show_its_body() -> None:
    assert "s3cret" not in repr(Answer(200, {"x": "s3cret"}, {"token": "s3cret"}))
