"""A sealer that has learnt the stack's secrets: what it opens, what it hides, and what it leaves alone."""

from reconciler.values import Digest, Sealer, Sensitive

SECRET = "Plan-B-2027"


def test_a_digest_of_a_known_secret_can_be_opened_and_no_other() -> None:
    sealer = Sealer(b"key")
    sealed = sealer.seal({"name": Sensitive(SECRET), "list": [Sensitive("other"), "plain"]})
    assert sealer.open(sealed) == sealed
    sealer.learn([SECRET, SECRET])
    assert sealer.open(sealed) == {
        "name": Sensitive(SECRET),
        "list": [Digest(sealed["list"][0].hexadecimal), "plain"],
    }


def test_a_text_that_shows_a_known_secret_is_hidden_whatever_its_case() -> None:
    sealer = Sealer(b"key")
    assert sealer.hide(f"about {SECRET}") == f"about {SECRET}"
    sealer.learn([{"deep": [SECRET]}])
    assert sealer.hide(["about plan-b-2027.", "plain", 7]) == [Sensitive("about plan-b-2027."), "plain", 7]


def test_a_short_secret_is_looked_for_in_no_other_text() -> None:
    sealer = Sealer(b"key")
    sealer.learn(["true", 8080])
    assert not sealer.knows_texts
    assert sealer.hide("trueblue") == "trueblue"
