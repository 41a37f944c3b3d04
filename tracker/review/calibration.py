"""Learn from decisions: how likely an event is to be accepted, given the score that its extractor gave it.

The curve is the monotone one that fits the decisions best (isotonic regression). It orders the queue, and decides
nothing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from tracker.models import Calibration

# Of each kind, accepted and rejected: below this the curve would follow chance.
FEWEST = 50
FOLDS = 5

Curve = list[list[float]]

DECIDED = """
WITH decided AS (
    SELECT e.id, e.article_id, e.score, e.reasons, r.state = 'accepted' AS accepted
    FROM tracker_reviewitem r
    JOIN articles_extractedevent e ON e.id = r.event_id
    JOIN articles_extraction x ON x.id = e.extraction_id
    WHERE r.state IN ('accepted', 'rejected') AND regexp_replace(x.extractor, ' [^ ]+$', '') = %(extractor)s
)
"""
# All events of an article are in one fold: they share its wording.
SCORES = f"""{DECIDED}
SELECT round(score::numeric, 2)::float8, count(*) FILTER (WHERE accepted), count(*), article_id %% {FOLDS}
FROM decided GROUP BY 1, 4 ORDER BY 1, 4
"""
# An event counts once for a rule, however often the rule fired in it.
RULES = f"""{DECIDED}
SELECT rule, count(*) FILTER (WHERE accepted), count(*) FROM (
    SELECT DISTINCT id, accepted, split_part(split_part(reason, ' → ', 1), ':', 1) AS rule
    FROM decided CROSS JOIN jsonb_array_elements_text(reasons) AS reason
) fired GROUP BY rule ORDER BY count(*) DESC, rule
"""
# The version of a review stays: nothing that a person decides on was changed.
APPLY = """
UPDATE tracker_reviewitem r SET priority = tracker_confidence(e.score, %(curve)s::jsonb)
FROM articles_extractedevent e JOIN articles_extraction x ON x.id = e.extraction_id
WHERE e.id = r.event_id AND r.state = 'pending' AND regexp_replace(x.extractor, ' [^ ]+$', '') = %(extractor)s
  AND r.priority <> tracker_confidence(e.score, %(curve)s::jsonb)
"""


class TooFew(Exception):
    """There are too few decisions to learn from; the message says how many are needed."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Decided events of one score, to two decimals: how many of them were accepted, and how many there are."""

    score: float
    accepted: int
    decided: int
    fold: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, and how the events were decided in which it fired."""

    rule: str
    accepted: int
    decided: int

    @property
    def precision(self) -> float:
        """The share that was accepted."""
        return self.accepted / self.decided


@dataclass(frozen=True, slots=True)
class Level:
    """Decided events whose raw score lies from `low` to below `high`: what was promised, and what came true.

    `calibrated` is the mean confidence by curves that were fitted to other articles.
    """

    low: float
    high: float
    decided: int
    score: float
    calibrated: float
    accepted: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a calibration found. `waiting` counts the waiting reviews whose confidence changed."""

    extractor: str
    accepted: int
    decided: int
    brier_before: float
    brier_after: float
    waiting: int
    curve: Curve
    levels: list[Level]
    rules: list[Rule]

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        rules = [asdict(rule) | {"precision": round(rule.precision, 4)} for rule in self.rules]
        return asdict(self) | {"rules": rules}


def fit(bins: Iterable[Bin]) -> Curve:
    """The monotone curve with the least squared error, as points of rising score: pool adjacent violators.

    Bins that promise more and keep less than their successor are pooled; a pool is level from its first score to its
    last. Without bins there is no point.
    """
    by_score: dict[float, list[int]] = {}
    for one in bins:
        sums = by_score.setdefault(one.score, [0, 0])
        sums[0] += one.accepted
        sums[1] += one.decided
    pools: list[tuple[float, float, int, int]] = []
    for score, (accepted, decided) in sorted(by_score.items()):
        low, high = score, score
        while pools and pools[-1][2] * decided >= accepted * pools[-1][3]:
            low, _, more_accepted, more_decided = pools.pop()
            accepted, decided = accepted + more_accepted, decided + more_decided
        pools.append((low, high, accepted, decided))
    return [[score, accepted / decided] for low, high, accepted, decided in pools for score in sorted({low, high})]


def confidence(score: float, curve: Curve) -> float:
    """The height of the curve at `score`: straight between its points, level beyond them; `score` without a curve."""
    if not curve:
        return score
    if score <= curve[0][0]:
        return curve[0][1]
    for (x, y), (next_x, next_y) in pairwise(curve):
        if score <= next_x:
            # The share first: a product of tiny numbers would be lost, and with it the height of a point itself.
            return y + (next_y - y) * ((score - x) / (next_x - x))
    return curve[-1][1]


def unseen(bins: Sequence[Bin]) -> list[float]:
    """The confidence of each bin by a curve that was fitted to the other folds alone."""
    curves = {fold: fit(one for one in bins if one.fold != fold) for fold in {one.fold for one in bins}}
    return [confidence(one.score, curves[one.fold]) for one in bins]


def brier(bins: Sequence[Bin], predicted: Sequence[float]) -> float:
    """The mean squared distance of a prediction a bin from what was decided: 0 is perfect, 0.25 is a coin."""
    misses = sum(
        one.accepted * (1 - share) ** 2 + (one.decided - one.accepted) * share**2
        for one, share in zip(bins, predicted, strict=True)
    )
    return misses / sum(one.decided for one in bins)


def levels(bins: Sequence[Bin], calibrated: Sequence[float]) -> list[Level]:
    """The reliability of the score in tenths; a tenth without decisions is left out."""
    found = []
    for tenth in range(10):
        rows = [row for row in zip(bins, calibrated, strict=True) if min(int(row[0].score * 10 + 1e-9), 9) == tenth]
        decided = sum(one.decided for one, _ in rows)
        if decided:
            found.append(
                Level(
                    tenth / 10,
                    (tenth + 1) / 10,
                    decided,
                    round(sum(one.score * one.decided for one, _ in rows) / decided, 4),
                    round(sum(share * one.decided for one, share in rows) / decided, 4),
                    round(sum(one.accepted for one, _ in rows) / decided, 4),
                )
            )
    return found


def calibrate(extractor: str) -> Report:
    """Fit the confidence of an extractor's events to the decisions about them, store the curve and order the queue.

    `extractor` is its name with its version, the last word; the events of all its versions are taken together. Raises
    TooFew, and changes nothing, below FEWEST decisions of either kind. No review is decided by it.
    """
    family = extractor.rpartition(" ")[0] or extractor
    with transaction.atomic(), connection.cursor() as cursor:
        # A queue may be of any length.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(SCORES, {"extractor": family})
        bins = [Bin(*row) for row in cursor.fetchall()]
        accepted, decided = sum(one.accepted for one in bins), sum(one.decided for one in bins)
        if min(accepted, decided - accepted) < FEWEST:
            raise TooFew(
                f"{accepted} accepted and {decided - accepted} rejected events of the extractor “{family}”: "
                f"{FEWEST} of each are needed. Nothing was changed."
            )
        calibrated = unseen(bins)
        made = Calibration.objects.create(
            extractor=family,
            curve=fit(bins),
            decided=decided,
            brier_before=brier(bins, [one.score for one in bins]),
            brier_after=brier(bins, calibrated),
        )
        cursor.execute(APPLY, {"extractor": family, "curve": json.dumps(made.curve)})
        waiting = cursor.rowcount
        cursor.execute(RULES, {"extractor": family})
        rules = [Rule(*row) for row in cursor.fetchall()]
    return Report(
        family,
        accepted,
        decided,
        round(made.brier_before, 4),
        round(made.brier_after, 4),
        waiting,
        made.curve,
        levels(bins, calibrated),
        rules,
    )
