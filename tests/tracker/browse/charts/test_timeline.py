"""The timeline of a transfer."""

from datetime import date

import pytest

from tests.factories import make_article, make_claim, make_transfer
from tracker.browse.charts import timeline as charts
from tracker.browse.charts.timeline import timeline
from tracker.browse.evidence import claims_of
from tracker.models import Claim

pytestmark = pytest.mark.django_db


def drawn(**values: object):
    make_claim(make_transfer(), **values)
    return timeline(Claim.objects.all(), "/claims/?transfer=T-000001")


def test_without_a_day_there_is_no_chart():
    assert drawn(article=make_article(text="Undated.", published_on=None)) is None


def test_a_claim_without_a_day_of_its_own_stands_where_it_was_published():
    make_claim(make_transfer(), date_from=date(2024, 3, 1), date_to=date(2024, 3, 1), stage="order")
    chart = drawn(article=make_article(text="Dated.", published_on=date(2024, 3, 1)), stage="order")
    (lane,) = chart.lanes
    assert len({mark.x for mark in lane.marks}) == 1
    assert len({mark.y for mark in lane.marks}) == 2


def test_a_period_is_as_wide_as_its_days():
    make_claim(make_transfer(), date_from=date(2024, 1, 1), date_to=date(2024, 1, 1), stage="talks")
    chart = drawn(date_from=date(2024, 1, 1), date_to=date(2024, 12, 31), stage="order")
    point, period = (lane.marks[0] for lane in chart.lanes)
    assert point.width == 0
    assert period.start == point.x
    assert period.start + period.width == period.x == chart.right - 5


def test_lanes_follow_the_ladder_and_name_each_claim():
    make_claim(make_transfer(), stage="delivery", modality="planned")
    make_claim(make_transfer(), stage="sanction")
    chart = drawn(stage="talks", modality="denied")
    assert [str(lane.label) for lane in chart.lanes] == ["talks", "delivery", "sanction"]
    assert [lane.marks[0].kind for lane in chart.lanes] == ["denies", "maybe", "beside"]
    assert chart.lanes[0].marks[0].label.startswith("talks, denied: 1 Mar 2024 (Outlet")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 3, 1), date(2024, 3, 1)),
        (date(2024, 3, 1), date(2024, 3, 9)),
        (date(2024, 1, 15), date(2024, 6, 2)),
        (date(2019, 2, 1), date(2024, 6, 2)),
        (date(1962, 2, 1), date(2024, 6, 2)),
    ],
)
def test_ticks_are_in_order_and_apart(first, last):
    chart = drawn(date_from=first, date_to=last)
    places = [tick.x for tick in chart.ticks]
    assert places == sorted(set(places))
    assert all(after - before > 60 for before, after in zip(places, places[1:], strict=False))
    assert len(places) <= 8


def test_a_crowd_on_one_day_shares_a_mark_for_each_kind_that_leads_to_the_list(analyst):
    transfer, article = make_transfer(), make_article(text="One day.")
    for modality, number in (("asserted", 20), ("planned", 3), ("denied", 1)):
        for _ in range(number):
            make_claim(transfer, article=article, stage="order", modality=modality)
    listed = f"/claims/?transfer={transfer.public_id}"
    chart = timeline(claims_of(transfer), listed)
    (lane,) = chart.lanes
    assert [(mark.kind, mark.pile) for mark in lane.marks] == [
        ("supports", True), ("maybe", True), ("denies", False),
    ]  # fmt: skip
    assert all(0 < mark.y < lane.y for mark in lane.marks)
    assert lane.marks[0].label == "order, supports: 20 claims, 1 Mar 2024"
    for mark, number in zip(lane.marks[:2], (20, 3), strict=True):
        assert mark.url.startswith(listed)
        assert len(analyst.get(mark.url).context["rows"]) == number


def test_a_few_on_one_day_keep_a_mark_each():
    transfer, article = make_transfer(), make_article(text="One day.")
    for _ in range(6):
        make_claim(transfer, article=article)
    (lane,) = timeline(claims_of(transfer), "").lanes
    assert len({(mark.x, mark.y) for mark in lane.marks}) == 6
    assert not any(mark.pile for mark in lane.marks)


def test_in_a_chart_of_very_many_claims_those_of_a_kind_always_share_a_mark(monkeypatch):
    monkeypatch.setattr(charts, "CROWD", 3)
    transfer, article = make_transfer(), make_article(text="One day.")
    for modality in ("asserted", "asserted", "denied"):
        make_claim(transfer, article=article, stage="order", modality=modality)
    (lane,) = timeline(claims_of(transfer), "").lanes
    assert [mark.pile for mark in lane.marks] == [False, False, False]
    make_claim(transfer, article=article, stage="talks")
    talks, order = timeline(claims_of(transfer), "").lanes
    assert [(mark.kind, mark.pile) for mark in order.marks] == [("supports", True), ("denies", False)]
    assert [mark.pile for mark in talks.marks] == [False]
