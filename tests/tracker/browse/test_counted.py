"""Numbers by dimension: what they count, in which order, and what a limit leaves out."""

import re
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.factories import make_actor, make_article, make_claim, make_outlet, make_transfer
from tracker import summaries
from tracker.browse import as_of, counted, keyset
from tracker.browse.counted import (
    CLAIM_DIMENSIONS,
    TRANSFER_DIMENSIONS,
    Counted,
    _of_rows,
    claims_by,
    transfers_by,
)
from tracker.browse.filters import ClaimFilter, TransferFilter
from tracker.models import Claim, Materiel, Transfer

pytestmark = pytest.mark.django_db


def claims(query: str = "") -> ClaimFilter:
    return ClaimFilter(QueryDict(query), queryset=Claim.objects.shown())


def transfers(query: str = "") -> TransferFilter:
    return TransferFilter(QueryDict(query), queryset=Transfer.objects.standing())


@pytest.fixture
def filled() -> None:
    """Norway to Peru, contested, three claims in March; Chile to Peru, one undated claim; one claim without a link."""
    norway, peru, chile = make_actor("NO", "Norway"), make_actor("PE", "Peru"), make_actor("CL", "Chile")
    kabar = make_outlet("Kabar", language="id")
    march = make_article(text="Satu.", outlet=kabar, language="id", published_on=date(2024, 3, 31))
    first = make_transfer(supplier=norway, recipient=peru)
    make_claim(first, article=march)
    make_claim(first, article=march, stage="order")
    make_claim(first, article=march, modality="denied")
    undated = make_article(text="Undated.", outlet=None, published_on=None)
    make_claim(make_transfer(supplier=chile, recipient=peru), article=undated, category="naval")
    make_claim(None, supplier=norway, recipient=None, article=march)
    make_claim(first, article=march, state="retracted")


def plain(counted: Counted) -> list[tuple]:
    return [tuple(row) for row in counted.rows]


def test_claims_by_month_and_stage(filled):
    found = claims_by(claims(), "month", "stage")
    assert plain(found) == [(date(2024, 3, 1), "shipment", 3), (date(2024, 3, 1), "order", 1), (None, "shipment", 1)]
    assert (found.total, found.sample) == (5, None)
    assert found.rows[0].month == date(2024, 3, 1)
    assert found.rows[0].n == 3


def test_parties_and_outlets_are_ids_and_nobody_is_none(filled):
    norway, peru, chile = make_actor("NO").pk, make_actor("PE").pk, make_actor("CL").pk
    assert set(plain(claims_by(claims(), "supplier", "recipient"))) == {
        (norway, peru, 3),
        (norway, None, 1),
        (chile, peru, 1),
    }
    assert None in {row.outlet for row in claims_by(claims(), "outlet").rows}


def test_a_claim_without_a_transfer_is_not_contested(filled):
    assert set(plain(claims_by(claims(), "contested"))) == {(True, 3), (False, 2)}


def test_a_limit_leaves_the_total_as_it_is(filled):
    found = claims_by(claims(), "stage", "modality", limit=1)
    assert plain(found) == [("shipment", "asserted", 3)]
    assert found.total == 5


def test_without_a_dimension_there_is_one_number(filled):
    assert plain(claims_by(claims("supplier=NO"))) == [(4,)]
    assert plain(transfers_by(transfers("contested=yes"))) == [(1,)]


def test_a_filter_that_is_not_understood_leaves_nothing(filled):
    assert claims_by(claims("stage=unheard"), "month") == Counted([], 0)


def test_every_dimension_is_counted(filled):
    for name in CLAIM_DIMENSIONS:
        assert sum(row.n for row in claims_by(claims(), name).rows) == 5
    for name in TRANSFER_DIMENSIONS:
        assert sum(row.n for row in transfers_by(transfers(), name).rows) == 2


def test_it_is_one_query(filled, django_assert_num_queries):
    found = claims("stage=order")
    with django_assert_num_queries(1):
        claims_by(found, "month", "supplier", "recipient", limit=5)


# From summaries, rows, or a sample


@pytest.fixture
def mixed() -> None:
    """Claims of every kind of value, some of them unknown, over three months."""
    states = [make_actor(code) for code in ("NO", "PE", "CL")]
    outlets = [make_outlet("Kabar", language="id"), make_outlet("Wire"), None]
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 15), None]
    stages, modalities = ("talks", "order", "sanction"), ("asserted", "denied", "no_evidence", "alleged")
    pairs = [make_transfer(supplier=states[0], recipient=states[1]), make_transfer(supplier=states[2]), None]
    for n in range(60):
        article = make_article(outlet=outlets[n % 3], published_on=days[n % 5], language=("en", "id")[n % 2])
        stage, modality = stages[n // 2 % 3], modalities[n // 3 % 4]
        make_claim(pairs[n // 4 % 3], article=article, stage=stage, modality=modality, category=CATEGORIES[n // 5 % 2])


CATEGORIES = ("naval", "drones")
KEPT = (
    *("", "supplier=NO", "supplier=NO&supplier=CL", "supplier=none", "not_supplier=NO", "not_recipient=none"),
    *(
        "party=PE",
        "not_party=PE",
        "party=NO&party=PE&contested=yes",
        "party=NO&not_party=PE&language=id",
        "category=naval&not_stage=order",
        "stage=talks&stage=order",
        "not_modality=denied",
    ),
    *("bearing=supports", "bearing=denies&bearing=beside", "not_bearing=no_evidence", "contested=yes", "contested=no"),
    *("outlet=kabar", "outlet=none", "not_outlet=kabar", "outlet=none&outlet=wire", "language=id", "not_language=id"),
    *("published_from=2024-02-01", "published_to=2024-02-29", "published_from=2024-02-01&published_to=2024-02-29"),
    *("supplier=NO&outlet=kabar&language=id&contested=yes&published_from=2024-01-01", "stage=unheard", "supplier=XX"),
)
EDGED = (
    *("published_from=2024-01-31", "published_from=2024-02-02", "published_to=2024-03-15", "published_to=2024-02-28"),
    *("published_from=2024-02-02&published_to=2024-02-29", "published_from=2024-01-15&published_to=2024-03-15"),
    *(
        "published_from=2024-01-31&published_to=2024-02-01&language=id",
        "published_from=2024-02-20&published_to=2024-02-03",
    ),
    *("published_from=2024-02-02&published_to=2024-03-14&not_category=naval", "published_to=9999-12-31"),
)
ELSEWHERE = ("q=norway", "linked=no", "credibility=6", "reliability=F", "dated_from=2024-01-01", "materiel=none")


@pytest.mark.parametrize("folded", [True, False], ids=["folded", "as changes"])
def test_summaries_say_what_the_rows_say(mixed, folded):
    if folded:
        summaries.fold()
    for query in KEPT + EDGED + ELSEWHERE:
        for asked in (
            (),
            ("month", "stage", "modality"),
            ("supplier", "recipient"),
            ("outlet", "language"),
            ("contested",),
        ):
            for limit in (None, 2):
                said = claims_by(claims(query), *asked, limit=limit)
                assert said == _of_rows(claims(query).qs, CLAIM_DIMENSIONS, asked, limit), (query, asked)


def tables(queries) -> set[str]:
    return {table for query in queries for table in re.findall(r'FROM "(\w+)"', query["sql"])}


def test_named_dimensions_are_read_from_summaries_alone(mixed):
    for query in KEPT[:-2]:
        found = claims(query)
        # Which parties and outlets are meant is looked up once a page.
        assert found.qs.query
        with CaptureQueriesContext(connection) as queries:
            claims_by(found, "month", "stage")
        assert all(name.startswith("tracker_kept_") for name in tables(queries)), (query, tables(queries))


@pytest.mark.parametrize(
    ("query", "asked", "read"),
    [
        ("", ("language",), "tracker_kept_outlets"),
        ("contested=yes", ("month", "stage"), "tracker_kept_months"),
        ("category=naval", ("supplier", "recipient"), "tracker_kept_pairs"),
        ("category=naval", ("month",), "tracker_kept_cells"),
        ("supplier=NO", ("month", "kind"), "tracker_kept_suppliers"),
        ("not_recipient=PE&contested=no", ("month", "kind"), "tracker_kept_recipients"),
        ("supplier=NO&recipient=PE", ("month",), "tracker_kept_cells"),
        ("party=NO&language=id", ("month",), "tracker_kept_cells"),
        ("party=NO&party=PE", ("stage",), "tracker_kept_pairs"),
        ("q=norway", ("month",), "tracker_claim"),
    ],
)
def test_the_smallest_that_tells_enough_apart_answers(mixed, query, asked, read):
    with CaptureQueriesContext(connection) as queries:
        claims_by(claims(query), *asked)
    assert read in tables(queries)
    assert len({name for name in tables(queries) if name.startswith("tracker_kept")}) == (read != "tracker_claim")


def test_the_two_sides_of_a_party_are_counted_apart_where_that_is_less_to_read(mixed):
    with CaptureQueriesContext(connection) as queries:
        claims_by(claims("party=NO&contested=no"), "month", "kind")
    read = {name for name in tables(queries) if name.startswith("tracker_kept")}
    assert read == {"tracker_kept_suppliers", "tracker_kept_recipients", "tracker_kept_cells"}


def test_other_rows_than_all_that_are_shown_are_counted_themselves(mixed):
    some = ClaimFilter(QueryDict(""), queryset=Claim.objects.shown().filter(note=""))
    with CaptureQueriesContext(connection) as queries:
        assert claims_by(some).total == 60
    assert "tracker_claim" in tables(queries)


def test_a_page_of_the_past_counts_what_was(mixed):
    moment = as_of.moment("2020-01-01")
    with as_of.as_of(moment):
        assert claims_by(claims(), "stage") == Counted([], 0)


@pytest.fixture
def many(monkeypatch) -> None:
    """1,000 claims, which count as very many: a sample reads 200 of them."""
    claim = make_claim(make_transfer())
    Claim.objects.bulk_create([Claim(**(plain_values(claim) | {"quote": f"{n:500}"})) for n in range(999)])
    monkeypatch.setattr(counted, "_size", lambda: 1000)
    monkeypatch.setattr(counted, "SAMPLED", 200)
    monkeypatch.setattr(counted, "FEW", 300)


def plain_values(claim: Claim) -> dict:
    fields = [field for field in Claim._meta.concrete_fields if not field.generated and field.name != "id"]
    return {field.attname: getattr(claim, field.attname) for field in fields}


def test_very_many_rows_are_estimated_from_a_sample_that_says_so(many):
    found = claims_by(claims("linked=yes"), "stage")
    assert found.sample == 0.2
    assert 500 < found.total < 1500
    assert [row.n for row in found.rows] == [found.total]
    assert claims_by(claims("linked=yes"), "stage") == found
    assert claims_by(claims(), "stage").sample is None


def test_what_an_index_tells_of_a_materiel_is_counted_and_not_estimated(many):
    materiel = Materiel.objects.create(key="howitzer", kind="class", category="artillery", name_en="a", name_id="a")
    Claim.objects.update(materiel=materiel)
    found = claims_by(claims("materiel=howitzer"), "supplier", "recipient")
    assert (found.total, found.sample) == (1000, None)
    assert claims_by(claims("materiel=howitzer"), "category").sample == 0.2


def test_a_sample_that_finds_little_gives_way_to_the_rows(many):
    assert claims_by(claims("transfer=T-000001"), "stage") == Counted([], 0)
    assert claims_by(claims("linked=no"), "stage").sample is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", 5), ("contested=yes&language=id", 3), ("contested=no", 2), ("not_stage=order&modality=asserted", 3)],
)
def test_a_list_of_claims_knows_its_number_from_a_small_summary(
    filled, monkeypatch, django_assert_num_queries, query, expected
):
    monkeypatch.setattr(keyset, "COUNTED", 1)
    found = claims(query)
    with django_assert_num_queries(1) as captured:
        assert counted.number(found, found.qs) == (expected, True)
    assert "tracker_kept_" in captured[0]["sql"]
    assert found.qs.count() == expected


@pytest.mark.parametrize(
    "query",
    [
        "supplier=NO",
        "supplier=NO&recipient=PE&not_stage=order",
        "supplier=NO&not_recipient=PE",
        "supplier=none",
        "supplier=XX",
        "recipient=PE",
        "recipient=PE&contested=yes",
        "recipient=PE&category=naval",
    ],
)
def test_a_list_of_the_claims_of_a_party_knows_its_number_from_the_pairs(filled, monkeypatch, query):
    monkeypatch.setattr(keyset, "COUNTED", 0)
    found = claims(query)
    rows = found.qs
    with CaptureQueriesContext(connection) as captured:
        assert counted.number(found, rows) == (rows.count(), True)
    assert query == "supplier=XX" or "tracker_kept_pairs" in captured[0]["sql"]


@pytest.mark.parametrize(
    "query",
    [
        "not_supplier=NO",
        "supplier=NO&language=id",
        "outlet=kabar&stage=order",
        "contested=yes&quantity_from=1",
    ],
)
def test_what_no_small_summary_knows_is_counted_from_the_rows_up_to_a_limit(filled, monkeypatch, query):
    found = claims(query)
    assert counted.number(found, found.qs) == (found.qs.count(), True)
    monkeypatch.setattr(keyset, "COUNTED", 0)
    assert counted.number(found, found.qs) == (0, not found.qs.exists())


def test_common_words_are_not_counted_again(filled, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(keyset, "COUNTED", 1)
    found, narrowed = claims("q=norway"), claims("q=norway&stage=order")
    for asked in (found, narrowed):
        monkeypatch.setattr(asked.filters["q"], "few", 2)
        assert asked.qs.exists()
        assert asked.common
    with django_assert_num_queries(0):
        assert counted.number(found, found.qs) == (1, False)
    with django_assert_num_queries(1):
        counted.number(narrowed, narrowed.qs)


def test_the_number_of_a_list_is_none_where_a_filter_is_not_understood(filled):
    found = claims("stage=nonsense")
    assert counted.number(found, found.qs) == (0, True)
