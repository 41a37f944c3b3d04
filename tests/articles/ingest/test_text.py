"""Bytes become text, or a sentence that says what is wrong."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.text import UnreadableText, decode, tidy


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Rudal tiba.", "Rudal tiba."),
        ("\ufeffRudal tiba.".encode(), "Rudal tiba."),
        ("Rudal tiba.".encode("utf-16"), "Rudal tiba."),
        ("Türkiye said “no”.".encode("cp1252"), "Türkiye said “no”."),
    ],
)
def test_common_encodings_are_read(data, text):
    assert decode(data) == text


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"%PDF-1.7\n\xe2\xe3\x00\x01", b"\xff\xfeabc"])
def test_what_is_no_text_is_refused_in_words(data):
    with pytest.raises(UnreadableText, match="text|damaged"):
        tidy(decode(data))


def test_line_ends_and_accents_are_made_one():
    assert tidy("Tu\u0308rkiye\r\nmengirim\rdrone\n") == "Türkiye\nmengirim\ndrone"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no text"),
        (" \n\t ", "no text"),
        ("a\x00b", r"Character 2 is a control character \(U\+0000\)"),
        ("ab\ud800", "Character 3 is half of a character pair"),
    ],
)
def test_what_cannot_be_stored_is_named_with_its_place(text, message):
    with pytest.raises(UnreadableText, match=message):
        tidy(text)


@given(st.text())
def test_tidying_is_stable_or_refused(text):
    try:
        once = tidy(text)
    except UnreadableText:
        return
    assert tidy(once) == once
    assert once.encode().decode() == once


@given(st.binary())
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(UnreadableText):
        assert isinstance(decode(data), str)
