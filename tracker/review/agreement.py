"""How reviewers agree, how long a decision takes, and which rules of the extractor read wrongly, counted in SQL.

Agreement rests on the events that two reviewers answered blind to each other. The rest rests on the newest LATEST
decisions that are not undone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tracker.models import Decision, User
from tracker.review.opinions import FIELDS

Verdict = Decision.Verdict
# Below it kappa follows chance.
FEWEST_EVENTS = 10
FEWEST_DECISIONS = 5
LATEST = 20_000
WEEKS = 26
RULES = 40
# What counts as a decision about an event.
DECIDING = [
    verdict.value
    for verdict in (
        Verdict.ACCEPT,
        Verdict.LINK,
        Verdict.NEW,
        Verdict.REJECT,
        Verdict.SPLIT,
        Verdict.SECOND,
        Verdict.ADJUDICATE,
    )
]
LABELS: dict[str, Any] = {
    "verdict": gettext_lazy("Accepted or rejected"),
    **{name: label for name, (label, _names) in FIELDS.items()},
    "transfer": gettext_lazy("Transfer"),
}
ACTORS = {"supplier", "recipient", "intermediary", "end_user", "origin"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two reviewers agree on one field in `events` events: in `agreed` of them they said the same.

    `kappa` is Cohen's: 1 is full agreement, 0 what chance alone would give. None where one value is all that was said.
    """

    field: str
    events: int
    agreed: int
    kappa: float | None

    @property
    def label(self) -> Any:
        """What the field is called."""
        return LABELS[self.field]

    @property
    def share(self) -> float:
        """The share of events in which they said the same."""
        return self.agreed / self.events

    @property
    def too_few(self) -> bool:
        """Whether there are too few events to tell agreement from chance."""
        return self.events < FEWEST_EVENTS

    @property
    def bar(self) -> int:
        """The length of its bar, from 0 to 100: less than chance has none."""
        return 0 if self.kappa is None or self.too_few else round(max(self.kappa, 0) * 100)


@dataclass(frozen=True, slots=True)
class Pace:
    """The decisions of one reviewer, or of all (`name` is empty), and the seconds that they took where it is known."""

    user: int | None
    name: str
    decisions: int
    timed: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Precision:
    """One rule of the extractor: of the `decided` events in which it fired, so many were accepted."""

    rule: str
    accepted: int
    decided: int

    @property
    def share(self) -> float:
        """The share that was accepted."""
        return self.accepted / self.decided

    @property
    def bar(self) -> int:
        """The length of its bar, from 0 to 100."""
        return round(self.share * 100)


@dataclass(frozen=True, slots=True)
class Week:
    """The decisions of the week that begins on `first`, a Monday: those of all, and those of one reviewer."""

    first: date
    decisions: int
    own: int


def _said(side: str, name: str) -> str:
    """What an answer says in one field of the claim, as text; of an actor that was merged what it became."""
    said = f"{side}.values ->> '{name}'"
    if name not in ACTORS:
        return f"lower(trim(coalesce({said}, '')))"
    return f"coalesce((SELECT became FROM merged) ->> ({said}), {said}, '')"


def _answer(field: str) -> str:
    """A row of the VALUES of ANSWERS: the field, and what the first and the second say."""
    sides = (", ".join(_said(side, name) for name in FIELDS[field][1]) for side in ("f", "s"))
    return "('{}', ARRAY[{}]::text, ARRAY[{}]::text)".format(field, *sides)


# Where one of the two has rejected the event, they agree or differ on that alone.
ANSWERS = f"""
    SELECT f.user_id AS first, s.user_id AS second, a.field, a.one, a.two
    FROM tracker_opinion f
    JOIN tracker_opinion s ON s.item_id = f.item_id AND s.round = 2 AND NOT s.withdrawn
    LEFT JOIN tracker_transfer ft ON ft.id = f.transfer_id
    LEFT JOIN tracker_transfer st ON st.id = s.transfer_id
    CROSS JOIN LATERAL (VALUES
        ('verdict', f.verdict::text, s.verdict::text),
        {", ".join(_answer(field) for field in FIELDS)},
        ('transfer',
         CASE WHEN (f.values ->> 'new_transfer')::boolean THEN 'new'
              ELSE coalesce(ft.merged_into_id, ft.id)::text END,
         CASE WHEN (s.values ->> 'new_transfer')::boolean THEN 'new'
              ELSE coalesce(st.merged_into_id, st.id)::text END)
    ) a (field, one, two)
    WHERE f.round = 1 AND NOT f.withdrawn
      AND (a.field = 'verdict' OR f.verdict = 'accept' AND s.verdict = 'accept')
"""
# All pairs, the first answer against the second; and of each reviewer theirs against the other's. Equal pairs are
# counted before anything else: there are few kinds of them.
KAPPA = f"""
WITH merged AS MATERIALIZED (
    SELECT jsonb_object_agg(id, merged_into_id::text) AS became FROM tracker_actor WHERE merged_into_id IS NOT NULL
), pairs AS MATERIALIZED (
    SELECT first, second, field, coalesce(one, '') AS one, coalesce(two, '') AS two, count(*) AS times
    FROM ({ANSWERS}) answers GROUP BY 1, 2, 3, 4, 5
), said AS (
    SELECT NULL::bigint AS who, field, one, two, times FROM pairs
    UNION ALL SELECT first, field, one, two, times FROM pairs WHERE %(everybody)s OR first = %(user)s
    UNION ALL SELECT second, field, two, one, times FROM pairs WHERE %(everybody)s OR second = %(user)s
), totals AS (
    SELECT who, field, sum(times) AS events, coalesce(sum(times) FILTER (WHERE one = two), 0) AS agreed
    FROM said GROUP BY who, field
), ones AS (
    SELECT who, field, one AS label, sum(times) AS times FROM said GROUP BY who, field, one
), twos AS (
    SELECT who, field, two AS label, sum(times) AS times FROM said GROUP BY who, field, two
), chance AS (
    SELECT o.who, o.field, sum(o.times * t.times) AS pairs
    FROM ones o JOIN twos t ON coalesce(t.who, 0) = coalesce(o.who, 0) AND (t.field, t.label) = (o.field, o.label)
    GROUP BY o.who, o.field
)
SELECT t.who, t.field, t.events::bigint, t.agreed::bigint,
       ((t.events * t.agreed - coalesce(c.pairs, 0)) / nullif(t.events * t.events - coalesce(c.pairs, 0), 0))::float8
FROM totals t LEFT JOIN chance c ON coalesce(c.who, 0) = coalesce(t.who, 0) AND c.field = t.field
"""
COUNTED = """
WITH counted AS (
    SELECT d.user_id, d.item_id, d.seconds, d.created_at
    FROM (SELECT id, user_id, item_id, seconds, created_at, verdict
          FROM tracker_decision ORDER BY id DESC LIMIT %(latest)s) d
    WHERE d.verdict = ANY(%(deciding)s) AND NOT EXISTS (SELECT 1 FROM tracker_decision u WHERE u.undoes_id = d.id)
)
"""
PACE = f"""{COUNTED}
SELECT c.user_id, coalesce(min(u.username) FILTER (WHERE c.user_id IS NOT NULL), ''), c.decisions, c.timed,
       c.median, c.p90
FROM (
    SELECT user_id, count(*) AS decisions, count(seconds) AS timed,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS p90
    FROM counted GROUP BY GROUPING SETS ((user_id), ())
) c LEFT JOIN tracker_user u ON u.id = c.user_id
WHERE c.user_id IS NULL OR %(everybody)s OR c.user_id = %(user)s
GROUP BY c.user_id, c.decisions, c.timed, c.median, c.p90
ORDER BY c.user_id IS NOT NULL, c.decisions DESC, 2
"""
# An event counts once for a rule, however often the rule fired in it.
PRECISION = f"""{COUNTED}
SELECT rule, count(*) FILTER (WHERE accepted), count(*) FROM (
    SELECT DISTINCT e.id, r.state = 'accepted' AS accepted, lower(why) AS rule
    FROM (SELECT DISTINCT item_id FROM counted) c
    JOIN tracker_reviewitem r ON r.id = c.item_id AND r.state IN ('accepted', 'rejected')
    JOIN articles_extractedevent e ON e.id = r.event_id
    CROSS JOIN jsonb_array_elements_text(e.reasons) AS why
    WHERE why LIKE 'frame %%' OR why LIKE 'cue %%'
) fired GROUP BY rule HAVING count(*) >= %(fewest)s
ORDER BY count(*) FILTER (WHERE accepted)::float8 / count(*), count(*) DESC, rule LIMIT %(rules)s
"""
BY_WEEK = f"""{COUNTED}
SELECT date_trunc('week', created_at AT TIME ZONE %(zone)s)::date AS week,
       count(*), count(*) FILTER (WHERE user_id = %(user)s)
FROM counted GROUP BY week ORDER BY week DESC LIMIT %(weeks)s
"""


def agreements(user: User, *, everybody: bool) -> dict[int | None, list[Agreement]]:
    """The agreement on each field: of all under None, and of `user`, or of everybody, under their id."""
    found: dict[int | None, dict[str, Agreement]] = {}
    for who, field, events, agreed, kappa in _rows(KAPPA, user, everybody=everybody):
        found.setdefault(who, {})[field] = Agreement(field, events, agreed, kappa)
    return {who: [rows[field] for field in LABELS if field in rows] for who, rows in found.items()}


def pace(user: User, *, everybody: bool) -> list[Pace]:
    """Seconds a decision: of all first, then of `user`, or of everybody, the busiest first."""
    return [Pace(*row) for row in _rows(PACE, user, everybody=everybody) if row[2]]


def precision() -> list[Precision]:
    """The frames and cues of the extractor that fired in enough decided events, the worst first."""
    return [Precision(*row) for row in _rows(PRECISION)]


def by_week(user: User) -> list[Week]:
    """Decisions by week, the newest first, those of `user` beside those of all."""
    return [Week(*row) for row in _rows(BY_WEEK, user)]


def _rows(statement: str, user: User | None = None, *, everybody: bool = False) -> list[Any]:
    values = {
        "user": user.pk if user else None,
        "everybody": everybody,
        "deciding": DECIDING,
        "latest": LATEST,
        "fewest": FEWEST_DECISIONS,
        "rules": RULES,
        "weeks": WEEKS,
        "zone": timezone.get_current_timezone_name(),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
