"""The confidence follows what reviewers decided: on decisions that were drawn from a curve that is known."""

import json
import random
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.models import ExtractedEvent, Extraction
from tests.factories import make_article, make_event, make_item, make_user
from tracker.models import Calibration, Claim, Decision, ReviewItem
from tracker.review import calibration, queue
from tracker.review.calibration import Bin, TooFew, calibrate, confidence, fit

BINS = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 30), st.integers(1, 30), st.integers(0, 4)).map(
        lambda drawn: Bin(drawn[0] / 100, min(drawn[1], drawn[2]), drawn[2], drawn[3])
    ),
    min_size=1,
    max_size=40,
)


def squared_error(bins, predict):
    return sum(
        one.accepted * (1 - predict(one.score)) ** 2 + (one.decided - one.accepted) * predict(one.score) ** 2
        for one in bins
    )


@given(BINS, st.floats(0, 1), st.floats(0, 1))
def test_the_curve_rises_and_stays_a_share(bins, one, other):
    curve = fit(bins)
    assert all(x < next_x and y <= next_y for (x, y), (next_x, next_y) in pairwise(curve))
    low, high = sorted((one, other))
    assert 0 <= confidence(low, curve) <= confidence(high, curve) + 1e-12 <= 1 + 1e-12


@given(BINS, st.floats(0.1, 3), st.floats(0, 1))
def test_no_other_rising_curve_fits_the_decisions_better(bins, power, level):
    curve = fit(bins)
    fitted = squared_error(bins, lambda score: confidence(score, curve))
    for rival in (lambda score: score**power, lambda score: level, lambda score: float(score > level)):
        assert fitted <= squared_error(bins, rival) + 1e-9


@given(BINS)
def test_the_fit_keeps_the_number_of_accepted_events(bins):
    curve = fit(bins)
    promised = sum(confidence(one.score, curve) * one.decided for one in bins)
    assert promised == pytest.approx(sum(one.accepted for one in bins))


def test_between_points_the_curve_is_straight_and_beyond_them_level():
    curve = [[0.2, 0.1], [0.6, 0.5]]
    assert [confidence(score, curve) for score in (0, 0.2, 0.6, 1)] == [0.1, 0.1, 0.5, 0.5]
    assert confidence(0.4, curve) == pytest.approx(0.3)
    assert confidence(0.4, []) == 0.4


def test_what_promises_more_and_keeps_less_is_pooled():
    assert fit([Bin(0.5, 3, 4), Bin(0.6, 1, 4), Bin(0.9, 4, 4)]) == [[0.5, 0.5], [0.6, 0.5], [0.9, 1.0]]


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8, unique_by=lambda p: p[0]))
@example([(0.0, 0.5), (5e-324, 0.0)])
def test_the_database_reads_the_curve_in_the_same_way(points):
    xs, ys = sorted(x for x, _ in points), sorted(y for _, y in points)
    curve = [list(point) for point in zip(xs, ys, strict=True)]
    scores = [0.0, 0.31, 0.5, 1.0, *xs]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tracker_confidence(s, %s::jsonb) FROM unnest(%s::float8[]) WITH ORDINALITY u(s, n) ORDER BY n",
            [json.dumps(curve), scores],
        )
        found = [row[0] for row in cursor.fetchall()]
    assert found == pytest.approx([confidence(score, curve) for score in scores])


def true_share(score: float) -> float:
    """What the extractor's scores are worth in these tests: too high by far in the middle."""
    return score**3


def decide_many(number: int = 1500, extractor: str = "rules 0.9", articles: int = 10) -> None:
    """Decided events whose chance to be accepted is `true_share` of their score."""
    drawn = random.Random(7)
    scores = [round(drawn.uniform(0.05, 0.95), 2) for _ in range(number)]
    states = ["accepted" if drawn.random() < true_share(score) else "rejected" for score in scores]
    runs = [
        Extraction.objects.create(article=make_article(), extractor=extractor, lexicon="x", seconds=0)
        for _ in range(articles)
    ]
    events = ExtractedEvent.objects.bulk_create(
        ExtractedEvent(
            extraction=runs[place % articles],
            article=runs[place % articles].article,
            position=place // articles,
            supplier_name="Norway",
            category="naval",
            stage="order",
            modality="asserted",
            evidence=[[0, 5]],
            spans={},
            score=score,
            # A rule that fires twice in an event is one rule; what follows the arrow is its result.
            reasons=["frame sells → order", "frame sells → offer"] + (["carried over"] if score < 0.5 else []),
        )
        for place, score in enumerate(scores)
    )
    who = make_user()
    ReviewItem.objects.bulk_create(
        (
            ReviewItem(
                event=event,
                state=state,
                reason=3 if state == "rejected" else None,
                reviewed_by=who,
                reviewed_at="2024-01-01T00:00Z",
            )
            for event, state in zip(events, states, strict=True)
        ),
        batch_size=500,
    )


@pytest.mark.django_db
def test_the_fit_finds_the_curve_that_the_decisions_were_drawn_from():
    decide_many(5000)
    report = calibrate("rules 1.0")
    for score in (0.2, 0.4, 0.6, 0.8):
        assert confidence(score, report.curve) == pytest.approx(true_share(score), abs=0.09)
    # With p = s³ for s from 0.05 to 0.95 the mean of p(1 − p), the least that can be reached, is 0.1154; that of
    # (s − p)² is 0.0844.
    assert report.brier_before == pytest.approx(0.1154 + 0.0844, abs=0.01)
    assert report.brier_after == pytest.approx(0.1154, abs=0.01)
    assert len(report.levels) == 10
    assert sum(level.decided for level in report.levels) == 5000
    for level in report.levels:
        assert level.calibrated == pytest.approx(level.accepted, abs=0.09)


@pytest.mark.django_db
def test_rules_are_reported_by_what_stands_before_the_arrow():
    decide_many()
    frame, carried = calibrate("rules").rules
    accepted = ReviewItem.objects.filter(state="accepted").count()
    assert (frame.rule, frame.decided, frame.accepted) == ("frame sells", 1500, accepted)
    assert (carried.rule, carried.decided) == ("carried over", ExtractedEvent.objects.filter(score__lt=0.5).count())
    assert carried.precision < 0.1 < frame.precision


@pytest.mark.django_db
def test_the_queue_follows_the_curve_for_what_waits_and_for_what_comes():
    other = make_item(make_event(score=0.5))  # read by another extractor, "test"
    decide_many()
    article = make_article()
    run = Extraction.objects.create(article=article, extractor="rules 1.0", lexicon="x", seconds=0)
    waiting = [make_item(make_event(article, extraction=run, score=score)) for score in (0.9, 0.55)]
    assert [item.priority for item in waiting] == [0.9, 0.55]
    by = make_user()
    assert queue.next_event(by=by, queue=queue.Queue("least_sure")) == other.event_id

    report = calibrate("rules 1.0")
    assert report.waiting == 2
    for item in waiting:
        version = item.version
        item.refresh_from_db()
        assert item.priority == pytest.approx(confidence(item.event.score, report.curve))
        assert (item.version, item.state) == (version, "pending")
    other.refresh_from_db()
    assert other.priority == 0.5
    assert queue.next_event(by=by, queue=queue.Queue("least_sure")) == waiting[1].event_id
    assert queue.next_event(by=by, queue=queue.Queue("least_sure"), after=waiting[1].pk) == other.event_id

    coming = Extraction.objects.create(article=make_article(), extractor="rules 1.1", lexicon="x", seconds=0)
    later = make_item(make_event(coming.article, extraction=coming, score=0.3))
    assert later.priority == pytest.approx(confidence(0.3, report.curve))
    assert queue.next_event(by=by, queue=queue.Queue("least_sure")) == later.event_id
    assert make_item(make_event(score=0.3)).priority == 0.3


@pytest.mark.django_db
def test_nothing_is_decided_by_it():
    decide_many()
    before = list(ReviewItem.objects.order_by("pk").values_list("pk", "state", "priority"))
    calibrate("rules")
    assert list(ReviewItem.objects.order_by("pk").values_list("pk", "state", "priority")) == before
    assert not Claim.objects.exists()
    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_with_too_few_decisions_it_says_so_and_changes_nothing():
    decide_many(150)
    rejected = ReviewItem.objects.filter(state="rejected").count()
    accepted = 150 - rejected
    assert accepted < calibration.FEWEST < rejected
    waiting = make_item(make_event(score=0.4))
    with pytest.raises(TooFew, match=f"{accepted} accepted and {rejected} rejected .* 50 of each"):
        calibrate("rules")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("calibrate")
    waiting.refresh_from_db()
    assert waiting.priority == 0.4
    assert not Calibration.objects.exists()


@pytest.mark.django_db
def test_neither_the_undecided_nor_the_superseded_count():
    decide_many(600)
    decided = ReviewItem.objects.count()
    make_event(score=0.2)
    first = ReviewItem.objects.filter(state="accepted").first()
    ReviewItem.objects.filter(pk=first.pk).update(state="superseded", reviewed_by=None, reviewed_at=None)
    assert calibrate("rules").decided == decided - 1
    assert Calibration.objects.get().decided == decided - 1


@pytest.mark.django_db
def test_the_command_prints_tables_or_json():
    decide_many(600)
    tables, whole = StringIO(), StringIO()
    call_command("calibrate", stdout=tables)
    call_command("calibrate", "--json", stdout=whole)
    report = json.loads(whole.getvalue())
    assert report["decided"] == 600
    assert report["rules"][0]["rule"] == "frame sells"
    assert report["rules"][0]["precision"] == pytest.approx(report["accepted"] / 600, abs=1e-4)
    assert report["curve"] == Calibration.objects.latest("id").curve
    text = tables.getvalue()
    assert "600 decided events" in text
    assert f"frame sells      600  {report['accepted']:8}" in text
    for level in report["levels"]:
        assert f"{level['low']:.1f}–{level['high']:.1f}  {level['decided']:8}" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"curve": []}, "calibration_curve_not_empty"),
        ({"brier_after": 1.5}, "calibration_brier_from_0_to_1"),
        ({"brier_before": -0.1}, "calibration_brier_from_0_to_1"),
    ],
)
def test_the_database_refuses_what_is_no_calibration(values, name):
    row = {"extractor": "rules", "curve": [[0, 1]], "decided": 100, "brier_before": 0.2, "brier_after": 0.1}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Calibration.objects.create(**row | values)
