"""One question to an endpoint: its answer, or an error that says what went wrong and never the key."""

import logging
import time

import pytest

from articles.endpoint import Endpoint, EndpointError, chat, errors
from tests.articles.endpoint.stub import KEY, breaking_off, completing, hanging_up, sending

QUESTION = [{"role": "user", "content": "?"}]


def ask(stub, **values):
    return chat.ask(stub.endpoint(**values), QUESTION)


def test_an_answer_with_its_tokens(stub):
    stub.will_say("yes")
    assert ask(stub) == chat.Reply("yes", 812, 240)
    assert stub.asked == [{"model": "stub", "messages": QUESTION, "stream": False, "temperature": 0.0}]
    assert stub.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_no_key_and_no_temperature_are_not_sent(stub):
    stub.will_say("yes")
    ask(stub, key="", temperature=None)
    assert "Authorization" not in stub.headers[0]
    assert "temperature" not in stub.asked[0]


def test_tokens_that_are_not_told(stub):
    stub.will_say("yes", usage=None)
    assert ask(stub) == chat.Reply("yes", None, None)


@pytest.mark.parametrize("passing", [429, 500, 503])
def test_a_status_that_may_pass_is_tried_again(stub, passing):
    stub.will(sending(b"busy", passing), completing("yes"))
    assert ask(stub).content == "yes"
    assert len(stub.asked) == 2


@pytest.mark.parametrize("lost", [breaking_off, hanging_up])
def test_a_lost_connection_is_tried_again(stub, lost):
    stub.will(lost, lost, completing("yes"))
    assert ask(stub).content == "yes"
    assert len(stub.asked) == 3


@pytest.mark.parametrize(
    ("behaviour", "error", "words", "tries"),
    [
        (sending(b"busy", 429), errors.BadStatus, "HTTP status 429", 3),
        (sending(b"broken", 500), errors.BadStatus, "HTTP status 500", 3),
        (sending(b"no such model", 404), errors.BadStatus, "HTTP status 404", 1),
        (sending(b"", 302, Location="http://127.0.0.1:9/"), errors.BadStatus, "HTTP status 302", 1),
        (sending(b"", 401), errors.BadStatus, "refused the key", 1),
        (breaking_off, errors.BrokenOff, "broke off", 3),
        (hanging_up, errors.BrokenOff, "broke off", 3),
        (sending(b"<html>busy</html>"), errors.NotJson, "is not JSON", 1),
        (sending(b""), errors.NotJson, "is not JSON", 1),
        (sending(b"\xff\xfe\x00"), errors.NotJson, "is not JSON", 1),
        (sending(b"[" * 200_000), errors.NotJson, "is not JSON", 1),
        (sending(b"{}", Content_Encoding="gzip"), errors.NotJson, "compression", 1),
        (sending(b"[]"), errors.WrongShape, "no chat completion", 1),
        (sending(b'{"choices": []}'), errors.WrongShape, "no chat completion", 1),
        (sending(b'{"error": {"message": "no"}}'), errors.WrongShape, "no chat completion", 1),
        (completing(None), errors.WrongShape, "no chat completion", 1),
        (completing("{", finish_reason="length"), errors.CutShort, "cut off", 1),
        (sending(b" " * (chat.LARGEST + 1)), errors.TooLarge, "more than 4 MB", 1),
    ],
)
def test_each_failure_has_its_name_and_its_words(stub, behaviour, error, words, tries):
    stub.will(behaviour)
    with pytest.raises(error, match=words):
        ask(stub)
    assert len(stub.asked) == tries


def test_silence_is_not_borne_for_long(stub):
    stub.will(lambda handler: stub.closing.wait(10))
    began = time.monotonic()
    with pytest.raises(errors.Stalled, match=r"sent nothing for 0\.3 s"):
        ask(stub, timeout=0.3)
    assert time.monotonic() - began < 3
    assert len(stub.asked) == 1


def test_silence_in_the_middle_of_an_answer(stub):
    def stalling(handler):
        breaking_off(handler)
        stub.closing.wait(10)

    stub.will(stalling)
    with pytest.raises(errors.Stalled):
        ask(stub, timeout=0.3)


def test_a_trickle_ends_too(stub):
    def trickling(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        while not stub.closing.wait(0.05):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    stub.will(trickling)
    with pytest.raises(errors.TooSlow, match=r"did not finish its answer in 1\.5 s"):
        ask(stub, timeout=0.5)


def test_nobody_there(stub):
    stub.close()
    with pytest.raises(errors.Unreachable, match="cannot be reached"):
        ask(stub)


@pytest.mark.parametrize(("asked", "slept"), [("7", 7.0), ("86400", chat.LONGEST_WAIT), ("soon", 0.5), ("", 0.5)])
def test_waits_as_long_as_it_is_asked_to_and_no_longer_than_half_a_minute(stub, monkeypatch, asked, slept):
    pauses = []
    monkeypatch.setattr(chat.time, "sleep", pauses.append)
    stub.will(sending(b"", 429, Retry_After=asked), completing("yes"))
    ask(stub, waits=(0.5,))
    assert pauses == [slept]


@pytest.mark.parametrize(
    "values",
    [
        {"url": ""},
        {"url": "ftp://127.0.0.1/v1"},
        {"url": "http://"},
        {"url": "http://[::1/v1"},
        {"url": "http://127.0.0.1:99999/v1"},
        {"url": "http://me:secret@127.0.0.1/v1"},
        {"url": "http://127.0.0.1/v1?key=secret"},
        {"model": " "},
        {"key": "sk secret"},
        {"key": "secret\n"},
        {"key": "sécret"},
        {"timeout": 0},
        {"timeout": float("nan")},
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_without_repeating_it(values):
    with pytest.raises(errors.BadSetting) as refused:
        Endpoint(**({"url": "http://127.0.0.1/v1", "model": "stub"} | values))
    assert "secret" not in str(refused.value)
    assert "sécret" not in str(refused.value)


def test_the_key_reaches_no_message_and_no_log(stub, caplog):
    """Not even where the endpoint repeats it in status, header and body."""
    caplog.set_level(logging.DEBUG)

    def repeating(handler):
        sent = handler.headers["Authorization"]
        sending(sent.encode(), 500, X_You_Sent=sent)(handler)

    told = []
    for behaviour in (
        repeating,
        breaking_off,
        sending(KEY.encode()),
        sending(KEY.encode(), 404),
        completing(KEY, "length"),
    ):
        stub.will(behaviour)
        with pytest.raises(EndpointError) as failed:
            ask(stub)
        told.append(str(failed.value))
        assert failed.value.__cause__ is None
    assert stub.headers[0]["Authorization"].endswith(KEY)
    assert caplog.records
    assert KEY not in caplog.text
    assert KEY not in "".join(told)
    assert KEY not in repr(stub.endpoint())


def test_the_price(stub):
    assert stub.endpoint(price_in=2.0, price_out=8.0).price(1_000_000, 500_000) == 6.0
    assert stub.endpoint(price_in=2.0).price(10, 10) is None
    assert stub.endpoint(price_in=2.0, price_out=8.0).price(None, 10) is None
