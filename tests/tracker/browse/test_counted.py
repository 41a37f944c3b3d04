"""Numbers by dimension: what they count, in which order, and what a limit leaves out."""

from datetime import date

import pytest
from django.http import QueryDict

from tests.factories import make_actor, make_article, make_claim, make_outlet, make_transfer
from tracker.browse.counted import CLAIM_DIMENSIONS, TRANSFER_DIMENSIONS, Counted, claims_by, transfers_by
from tracker.browse.filters import ClaimFilter, TransferFilter
from tracker.models import Claim, Transfer

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
