"""Every form of a file: what is exported reads back value for value."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.factories import make_actor, make_article, make_claim, make_event, make_transfer
from tests.tracker.export.taken import checked, file, of_csv, of_json, of_xlsx, values
from tracker.browse.columns import BOM
from tracker.export import workbook
from tracker.export.formats import FORMATS
from tracker.export.tables import ALL, TABLES
from tracker.models import Claim

pytestmark = pytest.mark.django_db

# PostgreSQL refuses NUL, and UTF-8 has no lone surrogates; everything else may stand in an article.
ANY = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
MARKS = list("\",;|\\\r\n\t\x01\x02\x0b\x1f\x7f =+-@'x_0\ufeff\u2028\u202e\ufffe\uffffعé🙂")
NASTY = st.lists(st.sampled_from([*MARKS, "_x000D_", " | "]), max_size=12).map("".join)
TEXT = st.one_of(
    ANY,
    NASTY,
    st.sampled_from(["=cmd|' /C calc'!A0", "\\.", "\\N", "null", "true", "0012", "1e5", "http://a.example/"]),
)
WORDS = st.lists(TEXT.filter(bool), min_size=1, max_size=4)
DAYS = st.dates() | st.sampled_from(
    [date(1, 1, 1), date(1899, 12, 31), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31)]
)
NUMBERS = st.integers(0, 2**63 - 1) | st.sampled_from([0, 10**9, 9_999_999_999, 10**15 - 1, 10**15, 2**53 + 1])
TEXTS = {
    "designation": "designation",
    "speaker": "speaker",
    "quantity_unit": "quantity_unit",
    "quote": "quote",
    "translation": "quote_translation",
}


def joined(words: list[str]) -> str:
    return " | ".join(word.replace("|", "\\|") for word in words)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.tuples(*[TEXT] * len(TEXTS)),
    words=WORDS,
    days=st.tuples(DAYS, DAYS).map(sorted),
    numbers=st.tuples(NUMBERS, NUMBERS).map(sorted),
)
@example(
    ("\x01", "\r", "_x0041_", "\r\n", " a "), ["\\", "|", "a |", "| b"], [date(1, 1, 1), date(9999, 12, 31)], [1, 2]
)
@example(("a\n", "\ufeff", "'", "x", "\ufffe"), ["a\\", "\\|"], [date(1900, 2, 28), date(1900, 3, 1)], [10**9, 10**15])
def test_a_claim_reads_back_value_for_value_from_every_form(db, texts, words, days, numbers):
    sent = dict(zip(TEXTS, texts, strict=True))
    sent["quote"] = sent["quote"] or "x"
    with transaction.atomic():
        made = make_claim(
            None,
            **sent,
            supplier_text=joined(words),
            date_from=days[0],
            date_to=days[1],
            quantity_min=numbers[0],
            quantity_max=numbers[1],
            reviewed_at=datetime(2024, 3, 2, 8, 0, 0, 123456, tzinfo=UTC),
        )
        taken = {form: file("claims", form) for form in FORMATS}
        transaction.set_rollback(True)

    texts_sent = {column: sent[name] for name, column in TEXTS.items()}
    (plain,) = of_csv(taken["csv"])
    assert {column: plain[column] for column in texts_sent} == texts_sent
    assert values(plain["supplier_text"]) == words
    assert [plain["date_from"], plain["date_to"]] == [day.isoformat() for day in days]
    assert [plain["quantity_min"], plain["quantity_max"]] == [str(number) for number in numbers]

    # The file for spreadsheets is guarded, and says so: one apostrophe before what looks like a formula.
    (guarded,) = of_csv(taken["csv-spreadsheet"])
    for column, text in plain.items():
        assert guarded[column] in {text, f"'{text}"}

    (line,) = of_json(taken["jsonl"])
    assert list(line) == [column.name for column in TABLES["claims"].columns]
    assert {column: line[column] for column in texts_sent} == {
        column: text or None for column, text in texts_sent.items()
    }
    assert line["supplier_text"] == words
    assert [line["quantity_min"], line["quantity_max"]] == numbers
    assert [line["date_from"], line["date_to"]] == [day.isoformat() for day in days]
    assert line["reviewed_at"] == "2024-03-02T08:00:00.123456Z"
    assert line["claim_id"] == made.pk
    assert line["transfer_id"] is None

    head, cells = of_xlsx(taken["xlsx"])
    row = dict(zip(head, cells, strict=False))
    assert {column: row[column] or "" for column in texts_sent} == texts_sent
    assert row["supplier_text"] == joined(words)
    expected = [day if day >= workbook.FIRST_DAY else day.isoformat() for day in days]
    assert [row["date_from"], row["date_to"]] == expected
    assert [row["quantity_min"], row["quantity_max"]] == [n if n < workbook.DIGITS else str(n) for n in numbers]

    _described, rows = checked(taken["zip"])
    (typed,) = rows["claims"]
    assert {column: typed[column] or "" for column in texts_sent} == texts_sent
    assert [typed["date_from"], typed["date_to"]] == days
    assert [typed["quantity_min"], typed["quantity_max"]] == numbers


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(reasons=WORDS, note=TEXT, score=st.floats(0, 1))
def test_an_event_reads_back_from_every_form(db, reasons, note, score):
    with transaction.atomic():
        event = make_event(reasons=reasons, speaker=note, score=score)
        taken = {form: file("events", form) for form in FORMATS}
        transaction.set_rollback(True)
    (plain,), (line,) = of_csv(taken["csv"]), of_json(taken["jsonl"])
    assert values(plain["reasons"]) == line["reasons"] == reasons
    assert (plain["speaker"], line["speaker"] or "") == (note, note)
    assert float(plain["score"]) == line["score"] == score
    assert line["flagged"] is False
    head, cells = of_xlsx(taken["xlsx"])
    row = dict(zip(head, cells, strict=False))
    assert (row["reasons"], row["flagged"]) == (joined(reasons), False)
    assert row["score"] == pytest.approx(score, rel=1e-15)
    _described, rows = checked(taken["zip"])
    assert (rows["events"][0]["score"], rows["events"][0]["event_id"]) == (score, event.pk)


def test_every_form_of_a_transfer_agrees():
    make_claim(make_transfer(), modality="denied")
    (plain,), (line,) = of_csv(file("transfers")), of_json(file("transfers", "jsonl"))
    assert (plain["contested"], line["contested"], line["denies"], line["stage"]) == ("false", False, 1, None)
    head, cells = of_xlsx(file("transfers", "xlsx"))
    assert dict(zip(head, cells, strict=False))["contested"] is False
    _described, rows = checked(file("transfers", "zip"))
    assert rows["transfers"][0]["transfer_id"] == plain["transfer_id"]


@pytest.mark.parametrize("form", FORMATS)
def test_no_rows_make_a_file_all_the_same(form):
    data = file("claims", form, "supplier=XX")
    if form == "jsonl":
        assert data == b""
    elif form == "xlsx":
        assert of_xlsx(data) == [[column.name for column in TABLES["claims"].columns]]
    elif form == "zip":
        assert checked(data)[1] == {"claims": []}
    else:
        assert data.removeprefix(BOM.encode()).count(b"\n") == 1


@pytest.mark.parametrize("form", FORMATS)
def test_chosen_columns_stand_in_their_declared_order(form):
    make_claim(None, speaker="=1+1")
    data = file("claims", form, "columns=speaker,claim_id&columns=stage")
    names = ["claim_id", "stage", "speaker"]
    if form == "jsonl":
        assert list(of_json(data)[0]) == names
    elif form == "xlsx":
        assert of_xlsx(data)[0] == names
        assert of_xlsx(data)[1][2] == "=1+1"
    elif form == "zip":
        described, _rows = checked(data)
        assert [field["name"] for field in described["resources"][0]["schema"]["fields"]] == names
    else:
        assert list(of_csv(data)[0]) == names


def test_a_column_that_is_not_there_is_named(analyst):
    answer = analyst.get("/exports/claims.jsonl?columns=claim_id,colour")
    assert (answer.status_code, answer.content.decode()) == (400, "There is no column called colour.\n")


def test_forms_and_tables_that_are_not_there(analyst):
    for address in ("claims.pdf", "actors.csv", "all.csv", "all.jsonl"):
        assert analyst.get(f"/exports/{address}").status_code == 404


# Workbooks


def test_more_rows_than_a_worksheet_holds_are_refused_with_what_to_do(analyst, monkeypatch):
    monkeypatch.setitem(FORMATS, "xlsx", replace(FORMATS["xlsx"], limit=1))
    make_claim(None)
    b"".join(analyst.get("/exports/claims.xlsx"))
    make_claim(None)
    answer = analyst.get("/exports/claims.xlsx")
    assert answer.status_code == 413
    assert "CSV or JSON Lines" in answer.content.decode()


def test_a_text_too_long_for_a_cell_is_cut_and_said(monkeypatch):
    monkeypatch.setattr(workbook, "CELL", 40)
    make_claim(None, quote="🙂" * 30, speaker="y" * 40)
    data = file("claims", "xlsx", "columns=quote,speaker")
    speaker, quote = of_xlsx(data)[1]
    assert quote == "🙂" * 18 + "[…]"
    assert speaker == "y" * 40
    assert any("1 texts are longer" in str(cell) for row in of_xlsx(data, 2) for cell in row)


def test_the_second_sheet_says_what_the_rows_are():
    make_claim(None)
    facts = {
        row[0]: row[1] for row in of_xlsx(file("claims", "xlsx", "supplier=NO&columns=claim_id"), 2) if len(row) == 2
    }
    assert (facts["rows"], facts["filter"]) == ("1", "Supplier: Norway")
    assert facts["filter as written"] == "supplier=NO&columns=claim_id"
    meanings = [row for row in of_xlsx(file("claims", "xlsx"), 2) if len(row) == 3]
    assert [row[0] for row in meanings[1:]] == [column.name for column in TABLES["claims"].columns]


# Data packages


def test_a_package_says_what_it_holds(settings):
    make_claim(make_transfer())
    make_claim(None)
    described, rows = checked(file("claims", "zip", "linked=yes"))
    assert len(rows["claims"]) == 1
    assert described["filter"] == {"query": "linked=yes", "words": "Linked: yes"}
    assert (described["licence"], described["as_of"], "licenses" in described) == ("not stated", None, False)
    assert described["resources"][0]["schema"]["primaryKey"] == "claim_id"
    settings.DATA_LICENCE = "CC-BY-4.0"
    licensed, _rows = checked(file("claims", "zip"))
    assert licensed["licenses"] == [{"name": "CC-BY-4.0"}]
    settings.DATA_LICENCE = "https://licence.example/1"
    assert checked(file("claims", "zip"))[0]["licenses"] == [{"path": "https://licence.example/1"}]


def test_one_package_holds_every_table():
    article = make_article()
    make_event(article)
    make_claim(make_transfer(), article=article)
    make_claim(make_transfer(supplier=make_actor("CL", "Chile")), article=make_article())
    described, rows = checked(file(ALL, "zip", "supplier=NO"))
    assert {name: len(found) for name, found in rows.items()} == {"claims": 1, "transfers": 1, "events": 1}
    assert described["name"] == "claims-transfers-events"


def test_a_package_as_of_a_time_says_so():
    make_claim(make_transfer())
    described, rows = checked(file("claims", "zip", "as_of=2020-01-01"))
    assert (described["as_of"][:10], rows["claims"]) == ("2020-01-01", [])


def test_the_readme_explains_every_column():
    with zipfile.ZipFile(io.BytesIO(file("claims", "zip", "columns=claim_id,stage"))) as archive:
        page = archive.read("README.md").decode()
    assert "| `stage` | text |" in page
    assert "| `speaker` |" not in page
    assert "- licence: not stated" in page


def test_a_package_in_many_pieces_is_the_same_package(monkeypatch):
    monkeypatch.setattr("tracker.export.package.CHUNK", 10)
    monkeypatch.setattr("tracker.export.stream.CHUNK", 10)
    for _ in range(20):
        make_claim(None)
    assert len(checked(file("claims", "zip"))[1]["claims"]) == 20


def test_json_lines_are_one_object_each():
    make_claim(None, quote="a\nb\u2028c")
    data = file("claims", "jsonl")
    assert data.count(b"\n") == 1
    assert data.endswith(b"}\n")
    assert json.loads(data)["quote"] == "a\nb\u2028c"


def test_the_csv_of_the_package_is_the_plain_csv():
    make_claim(None, speaker="=1")
    with zipfile.ZipFile(io.BytesIO(file("claims", "zip"))) as archive:
        assert archive.read("claims.csv") == file("claims")
    assert next(csv.DictReader(io.StringIO(file("claims").decode())))["claim_id"] == str(Claim.objects.get().pk)
