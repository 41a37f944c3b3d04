"""Claims over time: supporting ones stacked by stage above the line, denials and "no evidence" below it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.codes import LADDER, Modality, Stage
from tracker.models import Claim
from tracker.templatetags.figures import figure

GROUPS: tuple[tuple[str, Any, tuple[Stage, ...]], ...] = (
    ("s1", gettext_lazy("talks, request, offer"), (Stage.TALKS, Stage.REQUEST, Stage.OFFER)),
    ("s2", gettext_lazy("agreement, order"), (Stage.AGREEMENT, Stage.ORDER)),
    ("s3", gettext_lazy("production"), (Stage.PRODUCTION,)),
    ("s4", gettext_lazy("shipment"), (Stage.SHIPMENT,)),
    ("s5", gettext_lazy("delivery, use"), (Stage.DELIVERY, Stage.USE)),
)
AGAINST: tuple[tuple[str, Any], ...] = (
    ("denies", gettext_lazy("denies")),
    ("no_evidence", gettext_lazy("no evidence")),
)
BARS = 36
WIDTH, LEFT, TOP, PLOT, BELOW, AXIS = 640, 34, 8, 150, 36, 20


@dataclass(frozen=True, slots=True)
class Bucket:
    """A month, quarter or year: its days and the number of claims by group."""

    first: date
    last: date
    label: str
    short: str
    numbers: dict[str, int]


@dataclass(frozen=True, slots=True)
class Block:
    """One rectangle, in the units of the viewBox, and the list behind it."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the table beside the chart."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Months:
    """The chart and its table."""

    width: int
    height: int
    left: int
    zero: int
    label_y: int
    blocks: list[Block]
    grid: list[tuple[int, int]]
    labels: list[tuple[int, str]]
    heads: list[Any]
    rows: list[tuple[str, list[Cell]]]
    earlier: bool


def numbers(claims: QuerySet[Claim]) -> dict[date, dict[str, int]]:
    """The number of claims by month and group; undated articles are left out."""
    found: dict[date, dict[str, int]] = {}
    rows = (
        claims.filter(published_on__isnull=False)
        .order_by()
        .annotate(month=TruncMonth("published_on"))
        .values("month", "stage", "modality")
        .annotate(n=Count("pk"))
    )
    for row in rows:
        group = _group(row["stage"], row["modality"])
        if group:
            month = found.setdefault(row["month"], {})
            month[group] = month.get(group, 0) + row["n"]
    return found


def chart(found: dict[date, dict[str, int]], address: Callable[..., str]) -> Months | None:
    """The chart of `numbers`; `address(**filters)` is the list of claims with these filters. None without claims."""
    if not found:
        return None
    buckets, earlier = _buckets(found)
    up = max(sum(bucket.numbers.get(key, 0) for key, *_rest in GROUPS) for bucket in buckets)
    down = max(sum(bucket.numbers.get(key, 0) for key, _label in AGAINST) for bucket in buckets)
    top = _round_up(max(up, 1))
    unit = PLOT / top
    below = max(round(down * unit), 10) if down else 0
    if below > BELOW:
        below = BELOW
    zero = TOP + PLOT
    step = (WIDTH - LEFT) / max(len(buckets), 12)
    blocks: list[Block] = []
    for place, bucket in enumerate(buckets):
        x, width = round(LEFT + place * step + step * 0.14), max(round(step * 0.72), 3)
        level = zero
        for key, label, stages in GROUPS:
            if number := bucket.numbers.get(key, 0):
                height = max(round(number * unit), 2)
                level -= height
                url = _list(address, bucket, bearing="supports", stage=[stage.value for stage in stages])
                blocks.append(Block(x, level, width, height, key, url, _label(bucket, label, number)))
        level = zero + 1
        for key, label in AGAINST:
            if number := bucket.numbers.get(key, 0):
                height = max(round(number / down * below), 3)
                url = _list(address, bucket, bearing=key)
                blocks.append(Block(x, level, width, height, key, url, _label(bucket, label, number)))
                level += height
    every = max(1, -(-len(buckets) // 12))
    labels = [
        (round(LEFT + place * step + step / 2), bucket.short)
        for place, bucket in enumerate(buckets)
        if (len(buckets) - 1 - place) % every == 0
    ]
    label_y = zero + below + AXIS - 6
    grid = [(round(zero - value * unit), value) for value in (top // 2, top) if value]
    kinds = [*((key, label, stages) for key, label, stages in GROUPS), *((key, label, None) for key, label in AGAINST)]
    rows = [
        (
            bucket.label,
            [
                Cell(
                    bucket.numbers.get(key, 0),
                    _list(address, bucket, bearing="supports", stage=[stage.value for stage in stages])
                    if stages
                    else _list(address, bucket, bearing=key),
                )
                for key, _label_, stages in kinds
            ],
        )
        for bucket in reversed(buckets)
    ]
    heads = [label for _key, label, _stages in kinds]
    return Months(WIDTH, label_y + 4, LEFT, zero, label_y, blocks, grid, labels, heads, rows, earlier)


def _group(stage: str, modality: str) -> str:
    if modality == Modality.NO_EVIDENCE:
        return "no_evidence"
    if stage not in LADDER:
        return ""
    if modality == Modality.DENIED:
        return "denies"
    return next(key for key, _label, stages in GROUPS if stage in stages)


def _buckets(found: dict[date, dict[str, int]]) -> tuple[list[Bucket], bool]:
    """Months while they fit, then quarters, then years; the latest BARS. True where earlier ones are left."""
    first, last = min(found), max(found)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    size = 1 if months <= BARS else 3 if months <= 3 * BARS else 12
    end = last.year * 12 + last.month - 1
    begin = first.year * 12 + first.month - 1
    begin -= begin % size
    earlier = (end - begin) // size >= BARS
    if earlier:
        begin = end - end % size - (BARS - 1) * size
    buckets = []
    for start in range(begin, end + 1, size):
        parts = [found.get(_month(start + offset), {}) for offset in range(size)]
        total = {key: sum(part.get(key, 0) for part in parts) for part in parts for key in part}
        day = _month(start)
        buckets.append(Bucket(day, _month(start + size) - timedelta(days=1), *_names(day, size), total))
    return buckets, earlier


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _names(day: date, size: int) -> tuple[str, str]:
    if size == 12:
        return str(day.year), str(day.year)
    if size == 3:
        quarter = f"Q{(day.month + 2) // 3} {day.year}"
        return quarter, quarter
    name = date_format(day, "M Y")
    return name, name if day.month == 1 else date_format(day, "M")


def _list(address: Callable[..., str], bucket: Bucket, **filters: Any) -> str:
    return address(published_from=bucket.first.isoformat(), published_to=bucket.last.isoformat(), **filters)


def _label(bucket: Bucket, label: Any, number: int) -> str:
    return _("%(month)s, %(what)s: %(number)s claims") % {
        "month": bucket.label,
        "what": label,
        "number": figure(number),
    }


def _round_up(number: int) -> int:
    """The next even number that reads well: 2, 4, 6, 8, 10, 20, 40 …"""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if number <= step * size:
                return step * size
        size *= 10
