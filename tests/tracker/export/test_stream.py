"""How files are sent: two at once, logged, and given back when a reader leaves."""

import logging
import time
from unittest.mock import ANY

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict

from tests.factories import make_claim
from tests.tracker.export.taken import file
from tracker.export import stream
from tracker.export.statements import Selection
from tracker.export.stream import Busy, Export
from tracker.export.tables import TABLES

pytestmark = pytest.mark.django_db(transaction=True)


def begin(**options) -> Export:
    return Export(TABLES["claims"], QueryDict(""), **options)


def test_a_third_export_is_asked_to_wait(analyst):
    first, second = begin(), begin()
    with pytest.raises(Busy):
        begin()
    answer = analyst.get("/exports/claims.csv")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Try again" in answer.content.decode()
    first.close()
    third = begin()
    third.close()
    second.close()
    assert b"".join(analyst.get("/exports/claims.csv")).startswith(b"claim_id,")


def test_a_file_is_named_dated_and_not_kept(analyst):
    answer = analyst.get("/exports/transfers.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="transfers-20')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    b"".join(answer)


def test_who_took_what_is_logged(analyst, caplog):
    make_claim()
    make_claim()
    with caplog.at_level(logging.INFO, logger="tracker.export.stream"):
        answer = analyst.get("/exports/claims.csv?recipient=PE")
        b"".join(answer.streaming_content)
        answer.close()
    assert caplog.messages == ["export claims by ana, filter 'recipient=PE': 2 rows"]


def test_a_reader_who_leaves_gives_the_place_back(caplog, monkeypatch):
    monkeypatch.setattr(stream, "CHUNK", 1)
    for _ in range(3):
        make_claim()
    with caplog.at_level(logging.INFO, logger="tracker.export.stream"):
        for _ in range(stream.AT_ONCE + 1):
            left = begin()
            next(iter(left))
            left.close()
    assert caplog.messages == [ANY] * 3
    assert all(message.endswith("broken off") for message in caplog.messages)


def test_an_export_has_a_connection_of_its_own_and_leaves_none_behind():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        before = cursor.fetchone()
        export = begin()
        b"".join(export)
        export.close()
        assert not connection.in_atomic_block
        # The server takes a moment to see that a connection was closed.
        deadline = time.monotonic() + 10
        while True:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            if cursor.fetchone() == before or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        assert time.monotonic() <= deadline


def test_the_time_limit_of_pages_does_not_end_an_export(monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", "-c statement_timeout=100ms")
    monkeypatch.setattr(Selection, "csv", lambda *_, **__: "COPY (SELECT pg_sleep(0.3)) TO STDOUT")
    export = begin()
    assert b"".join(export) == b"\n"
    export.close()


def test_many_chunks_make_one_file(monkeypatch):
    for _ in range(5):
        make_claim()
    whole = b"".join(begin_and_end())
    monkeypatch.setattr(stream, "CHUNK", 100)
    parts = list(begin_and_end())
    assert len(parts) > 5
    assert b"".join(parts) == whole


@pytest.mark.parametrize("form", ["csv", "csv-spreadsheet", "jsonl"])
def test_many_slices_make_one_file(monkeypatch, form):
    for _ in range(10):
        make_claim()
    whole = file("claims", form)
    for first, growth in ((1, 1), (1, 2), (3, 1), (5, 1), (10, 1), (2, 4), (11, 1)):
        monkeypatch.setattr(stream, "FIRST", first)
        monkeypatch.setattr(stream, "GROWTH", growth)
        assert file("claims", form) == whole


def test_slices_are_of_one_moment(monkeypatch):
    monkeypatch.setattr(stream, "FIRST", 2)
    monkeypatch.setattr(stream, "CHUNK", 1)
    for _ in range(4):
        make_claim()
    export = begin()
    rows = iter(export)
    next(rows)
    make_claim()
    assert b"".join(rows).count(b"\n") == 4
    export.close()


def begin_and_end():
    export = begin()
    yield from export
    export.close()
    assert (export.rows, export.finished) == (5, True)


def test_a_filter_that_is_not_understood_is_refused(analyst):
    answer = analyst.get("/exports/claims.csv?suplier=KP")
    assert answer.status_code == 400
    assert answer.content.decode() == "There is no filter called suplier.\n"
    assert answer["Content-Type"].startswith("text/plain")


def test_strangers_export_only_where_browsing_is_public(client):
    assert client.get("/exports/claims.csv").status_code == 302
    settings.PUBLIC_BROWSING = True
    try:
        answer = client.get("/exports/claims.csv")
        assert answer.status_code == 200
        b"".join(answer)
        assert client.get("/exports/").status_code == 200
    finally:
        settings.PUBLIC_BROWSING = False


def test_the_page_names_every_file(analyst):
    page = analyst.get("/exports/").content.decode()
    for name in TABLES:
        assert f'href="{name}.csv?for=spreadsheet"' in page
