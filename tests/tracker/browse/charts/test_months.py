"""The chart of claims over time: its numbers, its periods, and where its marks lead."""

from datetime import date
from urllib.parse import parse_qs, urlencode

import pytest
from django.http import QueryDict

from tests.factories import make_article, make_claim
from tracker.browse.charts import months
from tracker.browse.counted import claims_by
from tracker.browse.filters import ClaimFilter
from tracker.models import Claim


def address(**filters: object) -> str:
    return f"?{urlencode(filters, doseq=True)}"


@pytest.mark.django_db
def test_claims_are_counted_by_month_stage_and_side():
    march = make_article(text="March.", published_on=date(2024, 3, 31))
    april = make_article(text="April.", published_on=date(2024, 4, 1))
    undated = make_article(text="Undated.", published_on=None)
    for stage in ("talks", "offer", "use"):
        make_claim(None, article=march, stage=stage)
    make_claim(None, article=march, stage="order", modality="denied")
    make_claim(None, article=april, stage="halted", modality="no_evidence")
    make_claim(None, article=april, stage="sanction")
    make_claim(None, article=undated)
    claims = ClaimFilter(QueryDict(), queryset=Claim.objects.shown())
    assert months.numbers(claims_by(claims, "month", "kind").rows) == {
        date(2024, 3, 1): {"s1": 2, "s5": 1, "denies": 1},
        date(2024, 4, 1): {"no_evidence": 1},
    }


def chart(found: dict[date, dict[str, int]]) -> months.Months:
    made = months.chart(found, address)
    assert made is not None
    return made


def test_without_claims_there_is_no_chart():
    assert months.chart({}, address) is None


@pytest.mark.parametrize(("most", "room"), [(7, 1), (900, 3), (16_000, 6), (1_000_000, 9)])
def test_the_figures_beside_the_axis_have_room(most, room):
    made = chart({date(2024, 3, 1): {"s1": most}})
    assert made.left - 6 >= 6.5 * room
    assert made.blocks[0].x >= made.left


def test_marks_stack_above_and_below_the_line():
    made = chart({date(2024, 3, 1): {"s1": 2, "s5": 1, "denies": 1, "no_evidence": 1}})
    talks, use, denies, silent = made.blocks
    assert [block.kind for block in made.blocks] == ["s1", "s5", "denies", "no_evidence"]
    assert talks.y + talks.height == made.zero
    assert use.y + use.height == talks.y
    assert denies.y == made.zero
    assert silent.y == denies.y + denies.height
    assert talks.height == 2 * use.height
    assert silent.y + silent.height < made.height


def test_a_mark_leads_to_its_claims():
    (block,) = chart({date(2024, 2, 1): {"s2": 3}}).blocks
    assert parse_qs(block.url[1:]) == {
        "published_from": ["2024-02-01"],
        "published_to": ["2024-02-29"],
        "bearing": ["supports"],
        "stage": ["agreement", "order"],
    }
    assert block.label == "Feb 2024, agreement, order: 3 claims"


@pytest.mark.parametrize(
    ("first", "last", "bars", "size", "earlier"),
    [
        (date(2024, 1, 1), date(2024, 1, 1), 1, 31, False),
        (date(2022, 1, 1), date(2024, 12, 1), 36, 31, False),
        (date(2022, 1, 1), date(2025, 1, 1), 13, 92, False),
        (date(2016, 1, 1), date(2024, 12, 1), 36, 92, False),
        (date(2016, 1, 1), date(2025, 1, 1), 10, 366, False),
        (date(1950, 1, 1), date(2024, 1, 1), 36, 366, True),
    ],
)
def test_periods_grow_with_the_time_that_is_covered(first, last, bars, size, earlier):
    made = chart({first: {"s1": 1}, last: {"s1": 1}})
    buckets, _earlier = months.buckets_of({first: {"s1": 1}, last: {"s1": 1}})
    assert (len(buckets), made.earlier) == (bars, earlier)
    assert all((bucket.last - bucket.first).days < size for bucket in buckets)
    assert sum(bucket.numbers["s1"] for bucket in buckets) == (1 if earlier or first == last else 2)
    for before, after in zip(buckets, buckets[1:], strict=False):
        assert (after.first - before.last).days == 1


def test_the_table_has_the_same_numbers_the_newest_first_and_no_empty_row():
    made = chart({date(2024, 1, 1): {"s1": 1}, date(2024, 3, 1): {"denies": 4}})
    assert [(label, [cell.number for cell in cells]) for label, cells in made.rows] == [
        ("Mar 2024", [0, 0, 0, 0, 0, 4, 0]),
        ("Jan 2024", [1, 0, 0, 0, 0, 0, 0]),
    ]
    assert len(made.heads) == 7


@pytest.mark.parametrize(("number", "top"), [(0, 2), (1, 2), (3, 4), (10, 10), (11, 20), (199, 200), (201, 400)])
def test_the_scale_ends_on_a_number_that_reads_well(number, top):
    assert months._round_up(number) == top


@pytest.mark.parametrize("up", [1, 7, 5000])
@pytest.mark.parametrize("down", [0, 1, 9000])
def test_everything_fits_the_picture(up, down):
    made = chart({date(2024, 1, 1): {"s1": up, "denies": down}, date(2024, 2, 1): {"s5": 1}})
    for block in made.blocks:
        assert block.y >= 0
        assert block.y + block.height <= made.height
        assert made.left <= block.x
        assert block.x + block.width <= made.right
