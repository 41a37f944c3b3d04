"""The CSV files: their columns, that every value reads back as it was, and what a spreadsheet gets."""

import csv
import io
import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles.models import ExtractedEvent
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_item,
    make_outlet,
    make_transfer,
    make_user,
)
from tracker.browse.columns import BOM
from tracker.decisions import undo
from tracker.export.stream import Export, guarded_csv
from tracker.export.tables import TABLES, NotUnderstood
from tracker.models import CategoryCrosswalk, Claim, Materiel, Transfer
from tracker.review import actions

pytestmark = pytest.mark.django_db
CLAIMS = """claim_id, transfer_id, event_id, supplier, supplier_code, supplier_text, recipient, recipient_code,
recipient_text, intermediary, end_user, materiel, designation, category, sipri_category, unroca_category, quantity_min,
quantity_max, quantity_unit, quantity_qualifier, quantity_text, stage, modality, date_from, date_to, date_precision,
date_text, speaker, institution, relayed_by, origin, outlet, outlet_country, source_reliability,
information_credibility, article_id, article_title, article_url, article_language, published_on, quote, quote_start,
quote_end, quote_translation, text_sha256, extractor, reviewed_by, reviewed_at, updated_at"""
TRANSFERS = """transfer_id, supplier, supplier_code, recipient, recipient_code, materiel, category, stage, outlook,
status, contested, supports, denies, no_evidence, origins, quantity_min, quantity_max, quantity_unit, date_from,
date_to, date_precision, first_published, last_published, information_credibility, updated_at"""


def export(name: str, query: str = "", *, guarded: bool = False) -> bytes:
    made = Export(TABLES[name], QueryDict(query), guarded_csv if guarded else None)
    try:
        return b"".join(made)
    finally:
        made.close()


def rows(name: str, query: str = "", *, guarded: bool = False) -> list[dict[str, str]]:
    data = export(name, query, guarded=guarded).removeprefix(BOM.encode())
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def head(name: str) -> list[str]:
    return export(name).decode().splitlines()[0].split(",")


def values(cell: str) -> list[str]:
    """The several values of a cell, as the data dictionary says: a "|" without a backslash before it, in blanks."""
    parts = re.split(r"(?<!\\)\|", cell)
    last = len(parts) - 1
    parts = [part[1 if at else 0 : len(part) - (1 if at < last else 0)] for at, part in enumerate(parts)]
    return [part.replace("\\|", "|") for part in parts]


@pytest.mark.parametrize(("name", "columns"), [("claims", CLAIMS), ("transfers", TRANSFERS)])
def test_the_columns_are_those_that_were_promised(name, columns):
    assert head(name) == re.split(r",\s+", columns)


def test_an_empty_export_is_its_head():
    assert export("transfers").count(b"\n") == 1
    assert export("transfers", guarded=True).startswith(BOM.encode() + b"transfer_id,")


@pytest.fixture
def claim() -> Claim:
    """A claim in which every column has a value."""
    CategoryCrosswalk.objects.create(category="artillery", position=1, sipri="Artillery", unroca="III")
    howitzer = Materiel.objects.create(
        key="m777", kind="designation", category="artillery", name_en="M777", name_id="M777", sort_key="m777",
        sipri="Artillery", unroca="III",
    )  # fmt: skip
    outlet = make_outlet("Kabar", reliability="B")
    article = make_article(outlet=outlet, title="Tanks", url="https://kabar.example/1", published_on=date(2024, 3, 1))
    norway = make_actor("NO", "Norway")
    return make_claim(
        make_transfer(supplier=norway, recipient=make_actor("PE", "Peru")),
        article=article,
        event=make_event(article),
        supplier_text="Oslo",
        recipient_text="Lima",
        intermediary=make_actor("CL", "Chile"),
        end_user=make_actor("pe-army", "Peruvian Army"),
        materiel=howitzer,
        designation="M777",
        category="artillery",
        quantity_min=10,
        quantity_max=1200,
        quantity_unit="gun",
        quantity_qualifier="about",
        quantity_text="puluhan",
        date_from=date(2024, 1, 1),
        date_to=date(2024, 2, 29),
        date_precision="imprecise",
        date_text="early this year",
        speaker="a spokesman",
        institution="the ministry",
        relayed_by="Kantor Berita",
        origin=make_actor("no-mod", "Norwegian ministry", kind="institution", parent=norway),
        credibility=3,
        translation="ten tanks",
        reviewed_by=make_user(username="rina"),
        reviewed_at=datetime(2024, 3, 2, 8, 0, tzinfo=UTC),
        updated_at=datetime(2024, 3, 2, 8, 0, 0, 123456, tzinfo=UTC),
    )


def test_a_claim_with_everything(claim):
    (row,) = rows("claims")
    assert row == {
        "claim_id": str(claim.pk),
        "transfer_id": claim.transfer.public_id,
        "event_id": str(claim.event_id),
        "supplier": "Norway",
        "supplier_code": "NO",
        "supplier_text": "Oslo",
        "recipient": "Peru",
        "recipient_code": "PE",
        "recipient_text": "Lima",
        "intermediary": "Chile",
        "end_user": "Peruvian Army",
        "materiel": "M777",
        "designation": "M777",
        "category": "artillery",
        "sipri_category": "Artillery",
        "unroca_category": "III",
        "quantity_min": "10",
        "quantity_max": "1200",
        "quantity_unit": "gun",
        "quantity_qualifier": "about",
        "quantity_text": "puluhan",
        "stage": "shipment",
        "modality": "asserted",
        "date_from": "2024-01-01",
        "date_to": "2024-02-29",
        "date_precision": "imprecise",
        "date_text": "early this year",
        "speaker": "a spokesman",
        "institution": "the ministry",
        "relayed_by": "Kantor Berita",
        "origin": "Norway",
        "outlet": "Kabar",
        "outlet_country": "ID",
        "source_reliability": "B",
        "information_credibility": "3",
        "article_id": str(claim.article_id),
        "article_title": "Tanks",
        "article_url": "https://kabar.example/1",
        "article_language": "en",
        "published_on": "2024-03-01",
        "quote": claim.quote,
        "quote_start": "0",
        "quote_end": "20",
        "quote_translation": "ten tanks",
        "text_sha256": claim.article.text_sha256,
        "extractor": "test 1",
        "reviewed_by": "rina",
        "reviewed_at": "2024-03-02T08:00:00.000000Z",
        "updated_at": "2024-03-02T08:00:00.123456Z",
    }


def test_a_claim_with_next_to_nothing():
    CategoryCrosswalk.objects.create(category="small_arms", position=1, sipri="", unroca="SALW")
    article = make_article(text="A text that nobody signed.", outlet=None, published_on=None)
    made = make_claim(None, article=article, supplier=None, category="small_arms", materiel_text="senapan")
    (row,) = rows("claims")
    filled = {name for name, value in row.items() if value}
    assert not filled & {"transfer_id", "event_id", "supplier", "supplier_code", "origin", "outlet", "published_on"}
    assert not filled & {"quantity_min", "quantity_max", "date_from", "extractor", "sipri_category", "designation"}
    assert (row["recipient"], row["materiel"], row["unroca_category"]) == ("Peru", "senapan", "SALW")
    assert row["claim_id"] == str(made.pk)


def test_materiel_that_a_register_leaves_out_stays_left_out():
    CategoryCrosswalk.objects.create(category="missiles", position=1, sipri="Missiles", unroca="VII")
    rocket = Materiel.objects.create(
        key="rocket", kind="class", category="missiles", name_en="rocket", name_id="roket", sort_key="rocket"
    )
    make_claim(None, category="missiles", materiel=rocket)
    make_claim(None, category="missiles")
    assert [row["sipri_category"] for row in rows("claims")] == ["", "Missiles"]


def test_an_outlet_that_speaks_for_itself_is_the_origin():
    make_claim(None, origin_outlet=make_outlet("Kabar"))
    assert rows("claims")[0]["origin"] == "Kabar"


def test_a_transfer(claim):
    make_claim(claim.transfer, category="artillery", modality="denied", updated_at=datetime(2024, 4, 1, tzinfo=UTC))
    Transfer.objects.update(edited_at=datetime(2024, 3, 1, tzinfo=UTC))
    Transfer.objects.derive([claim.transfer_id])
    (row,) = rows("transfers")
    assert row == {
        "transfer_id": claim.transfer.public_id,
        "supplier": "Norway",
        "supplier_code": "NO",
        "recipient": "Peru",
        "recipient_code": "PE",
        "materiel": "M777",
        "category": "artillery",
        "stage": "shipment",
        "outlook": "",
        "status": "active",
        "contested": "true",
        "supports": "1",
        "denies": "1",
        "no_evidence": "0",
        "origins": "1",
        "quantity_min": "10",
        "quantity_max": "1200",
        "quantity_unit": "gun",
        "date_from": "2024-01-01",
        "date_to": "2024-02-29",
        "date_precision": "imprecise",
        "first_published": "2024-03-01",
        "last_published": "2024-03-01",
        "information_credibility": "6",
        "updated_at": "2024-04-01T00:00:00.000000Z",
    }


def test_an_event_shows_its_words_and_the_state_of_its_review():
    article = make_article(text="A|B sent tanks. 🙂 Peru got them.")
    event = make_event(article, evidence=[[0, 15], [18, 32]], reasons=["frame a|b", "hedge"], quantity_min=5)
    (row,) = rows("events")
    assert row["event_id"] == str(event.pk)
    assert values(row["evidence"]) == ["A|B sent tanks.", "Peru got them."]
    assert row["evidence"] == "A\\|B sent tanks. | Peru got them."
    assert row["reasons"] == "frame a\\|b | hedge"
    assert (row["review_state"], row["flagged"], row["score"]) == ("pending", "false", "0.7")
    assert rows("events", "state=accepted") == []
    assert len(rows("events", "not_state=accepted&supplier=NO")) == 1


def test_the_words_of_a_withheld_article_leave_with_it():
    article = make_article(text="Norway secretly sent tanks.", withheld_at=timezone.now(), withheld_reason="order")
    make_event(article)
    make_claim(None, article=article, quote="secretly", translation="diam-diam")
    (row,) = rows("claims")
    assert (row["quote"], row["quote_translation"], row["text_sha256"]) == ("", "", article.text_sha256)
    assert rows("events")[0]["evidence"] == ""


def test_provisional_retracted_and_withdrawn_rows_are_left_out():
    make_claim(None, state="provisional")
    make_claim(None, state="retracted")
    make_transfer()
    assert rows("claims") == rows("transfers") == []


def test_rows_stand_by_their_number():
    for _ in range(3):
        make_claim(make_transfer())
    assert [int(row["claim_id"]) for row in rows("claims", "sort=published_on")] == sorted(
        Claim.objects.values_list("pk", flat=True)
    )


# Every value reads back as it was

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
NASTY = st.one_of(TEXT, st.text(st.sampled_from("\",;|\\\r\n\t =+-@'x\ufeff\u2028é🙂"), max_size=12))
FIELDS = {
    "supplier_text": "supplier_text",
    "quantity_text": "quantity_text",
    "designation": "designation",
    "speaker": "speaker",
    "quote": "quote",
    "translation": "quote_translation",
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(NASTY, min_size=len(FIELDS), max_size=len(FIELDS)))
@example(texts=['"', "a\r\nb", "\\.", "\n", '""', "\r"])
@example(texts=["\\N", "", " ", "a,b", "|", "\\|"])
def test_every_text_reads_back_as_it_was(db, texts):
    with transaction.atomic():
        sent = dict(zip(FIELDS, texts, strict=True))
        sent["quote"] = sent["quote"] or "x"
        make_claim(None, **sent)
        (row,) = rows("claims")
        assert {name: row[column] for name, column in FIELDS.items()} == sent
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reasons=st.lists(NASTY.filter(bool), min_size=1, max_size=4))
def test_several_values_of_a_cell_read_back_as_they_were(db, reasons):
    with transaction.atomic():
        make_event(reasons=reasons)
        cell = rows("events")[0]["reasons"]
        assert values(cell) == reasons
        transaction.set_rollback(True)


# The file for spreadsheets

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "\u00a0=1", "\ufeff=1"]
FORMULAS += ["＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_marked_as_text(text):
    make_claim(None, speaker=text)
    assert rows("claims", guarded=True)[0]["speaker"] == f"'{text}"
    assert rows("claims")[0]["speaker"] == text


@pytest.mark.parametrize("text", ["a=1", "1-2", "x@y", "", " a", "'=1", "#", "–1"])
def test_other_texts_are_left_alone(text):
    make_claim(None, speaker=text)
    assert rows("claims", guarded=True)[0]["speaker"] == text


def test_numbers_days_and_times_are_never_touched(claim):
    plain, guarded = rows("claims")[0], rows("claims", guarded=True)[0]
    assert plain == guarded
    assert export("claims", guarded=True).startswith("\ufeffclaim_id,".encode())


def test_no_cell_of_the_guarded_file_begins_like_a_formula():
    event = make_event(reasons=["=a"], speaker="+b", materiel_text="@c")
    assert event.pk
    for cell in rows("events", guarded=True)[0].values():
        assert not re.match(r"\s*[=+\-@]", cell)


# Filters, and do and undo


@pytest.mark.parametrize(
    "query", ["supplier=NO", "not_supplier=NO", "category=naval", "q=peru", "stage=delivery&bearing=supports"]
)
def test_the_file_holds_what_the_page_shows(client, query):
    client.force_login(make_user("analyst"), "tracker.account.backends.RoleBackend")
    make_claim(make_transfer(), stage="delivery")
    make_claim(make_transfer(supplier=make_actor("CL", "Chile"), recipient=make_actor("PE", "Peru")), category="naval")
    shown = {str(row.pk) for row in client.get(f"/claims/?{query}").context["rows"]}
    assert {row["claim_id"] for row in rows("claims", query)} == shown
    assert 0 < len(shown) < 3


@pytest.mark.parametrize("query", ["supplier=XX", "outlet=nowhere", "materiel=none-such", "q=T-000000", "article=0"])
@pytest.mark.parametrize("guarded", [False, True])
def test_filters_that_leave_nothing_make_a_file_without_rows(query, guarded):
    make_claim(make_transfer())
    assert export("claims", query, guarded=guarded).count(b"\n") == 1


@pytest.mark.parametrize("query", ["suplier=NO", "stage=flying", "published_from=tomorrow", "supplier=%00"])
def test_a_filter_that_is_not_understood_exports_nothing(query):
    with pytest.raises(NotUnderstood, match=query.split("=")[0]):
        export("claims", query)


def test_percent_signs_and_quotes_in_a_filter_are_only_text():
    make_claim(None, quote="100% sure, 'quoted' {x} %s")
    assert len(rows("claims", "q=100%25")) == 1
    assert len(rows("claims", "q=%27quoted%27")) == 1
    assert len(rows("claims", "q=%25s&not_outlet=x%25s")) == 1
    assert rows("claims", "q=%25%25y") == []


@pytest.mark.parametrize("name", ["claims", "transfers"])
def test_do_then_undo_leaves_the_same_bytes(name):
    make_claim(make_transfer())
    before = export(name)
    user, item = make_user(), make_item()
    accepted = {
        "supplier": make_actor("NO", "Norway"),
        "recipient": None,
        "category": "naval",
        "stage": "order",
        "modality": "asserted",
        "quote": "sent",
        "quote_start": 7,
        "quote_end": 11,
    }
    actions.accept(item=item, values=accepted, by=user, version=item.version, key=uuid4(), new_transfer=True)
    assert export(name) != before
    undo(user.decisions.get(), by=user, key=uuid4())
    assert export(name) == before


def test_an_event_is_exported_once_whatever_came_of_it():
    event = make_event()
    make_claim(None, event=event, article=event.article)
    make_claim(None, event=event, article=event.article, stage="order")
    assert len(rows("events")) == ExtractedEvent.objects.count() == 1
