"""Claims over time: supporting ones stacked by stage above the line, denials and "no evidence" below it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Q, TextField, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.codes import LADDER, Modality, Stage
from tracker.templatetags.figures import figure


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of claims: its class in the chart, and the filters that list it."""

    key: str
    label: Any
    filters: dict[str, list[str]]


def _supporting(key: str, label: Any, *stages: Stage) -> Kind:
    return Kind(key, label, {"bearing": ["supports"], "stage": [stage.value for stage in stages]})


ABOVE = (
    _supporting("s1", gettext_lazy("talks, request, offer"), Stage.TALKS, Stage.REQUEST, Stage.OFFER),
    _supporting("s2", gettext_lazy("agreement, order"), Stage.AGREEMENT, Stage.ORDER),
    _supporting("s3", gettext_lazy("production"), Stage.PRODUCTION),
    _supporting("s4", gettext_lazy("shipment"), Stage.SHIPMENT),
    _supporting("s5", gettext_lazy("delivery, use"), Stage.DELIVERY, Stage.USE),
)
BELOW = (
    Kind("denies", gettext_lazy("denies"), {"bearing": ["denies"]}),
    Kind("no_evidence", gettext_lazy("no evidence"), {"bearing": ["no_evidence"]}),
)
KINDS = ABOVE + BELOW
# The kind of a claim; empty for what stands beside the ladder.
KIND = Case(
    When(modality=Modality.NO_EVIDENCE, then=Value("no_evidence")),
    When(~Q(stage__in=[stage.value for stage in LADDER]), then=Value("")),
    When(modality=Modality.DENIED, then=Value("denies")),
    *(When(stage__in=kind.filters["stage"], then=Value(kind.key)) for kind in ABOVE),
    output_field=TextField(),
)
BARS = 36
WIDTH, LEFT, RIGHT, TOP, PLOT, DEPTH, AXIS = 640, 30, 16, 12, 150, 40, 20
# Of a figure beside the axis: one of its characters, and the gap behind it.
DIGIT, GAP = 7, 8


@dataclass(frozen=True, slots=True)
class Bucket:
    """A month, quarter or year: its days, its names in the table and under the axis, and the claims of each kind."""

    first: date
    last: date
    label: str
    mark: str
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
    """One number of the table beside the chart, and the list behind it; "" behind none."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Months:
    """The chart and its table. `earlier` says that older claims are left out."""

    width: int
    height: int
    left: int
    right: int
    zero: int
    blocks: list[Block]
    grid: list[tuple[int, int]]
    marks: list[tuple[int, str]]
    heads: list[Any]
    rows: list[tuple[str, list[Cell]]]
    earlier: bool


def numbers(counted: Iterable[Any]) -> dict[date, dict[str, int]]:
    """Rows of `month`, `kind` and `n` by month and kind; those of no kind and of undated articles are left out."""
    found: dict[date, dict[str, int]] = {}
    for row in counted:
        if row.kind and row.month:
            found.setdefault(row.month, {})[row.kind] = row.n
    return found


def chart(found: dict[date, dict[str, int]], address: Callable[..., str]) -> Months | None:
    """The chart of `numbers`; `address(**filters)` is the list of claims with these filters. None without claims."""
    if not found:
        return None
    buckets, earlier = buckets_of(found)

    def link(bucket: Bucket, kind: Kind) -> str:
        return address(published_from=bucket.first.isoformat(), published_to=bucket.last.isoformat(), **kind.filters)

    highest = _round_up(max(sum(bucket.numbers.get(kind.key, 0) for kind in ABOVE) for bucket in buckets))
    deepest = max(sum(bucket.numbers.get(kind.key, 0) for kind in BELOW) for bucket in buckets)
    left = max(LEFT, GAP + DIGIT * len(figure(highest)))
    unit = min(PLOT / highest, DEPTH / deepest if deepest else PLOT)
    zero = TOP + round(highest * unit)
    step = (WIDTH - left - RIGHT) / max(len(buckets), 12)
    urls = [{kind.key: link(bucket, kind) for kind in KINDS if bucket.numbers.get(kind.key)} for bucket in buckets]
    blocks: list[Block] = []
    for place, bucket in enumerate(buckets):
        x, width = round(left + place * step + step * 0.15), max(round(step * 0.7), 3)
        rise, fall = 0, 0
        for kind in KINDS:
            number = bucket.numbers.get(kind.key, 0)
            if not number:
                continue
            begin = rise if kind in ABOVE else fall
            size = max(round((begin + number) * unit) - round(begin * unit), 2)
            y = zero - round(begin * unit) - size if kind in ABOVE else zero + round(begin * unit)
            blocks.append(Block(x, y, width, size, kind.key, urls[place][kind.key], _said(bucket, kind, number)))
            rise, fall = (rise + number, fall) if kind in ABOVE else (rise, fall + number)
    return Months(
        width=WIDTH,
        height=zero + round(deepest * unit) + AXIS,
        left=left,
        right=WIDTH - RIGHT,
        zero=zero,
        blocks=blocks,
        grid=[(round(zero - value * unit), value) for value in (highest // 2, highest)],
        marks=[
            (round(left + (place + 0.5) * step), bucket.mark) for place, bucket in enumerate(buckets) if bucket.mark
        ],
        heads=[kind.label for kind in KINDS],
        rows=[
            (bucket.label, [Cell(bucket.numbers.get(kind.key, 0), of_kind.get(kind.key, "")) for kind in KINDS])
            for bucket, of_kind in zip(reversed(buckets), reversed(urls), strict=True)
            if of_kind
        ],
        earlier=earlier,
    )


def buckets_of(found: dict[date, dict[str, int]]) -> tuple[list[Bucket], bool]:
    """Months while they fit, then quarters, then years, the latest BARS; True where earlier ones are left out."""
    begin, end = (_count(month) for month in (min(found), max(found)))
    size = next((size for size in (1, 3, 12) if end // size - begin // size < BARS), 12)
    start = max(begin // size, end // size - BARS + 1)
    buckets = []
    for place in range(start, end // size + 1):
        first = _month(place * size)
        parts = [found.get(_month(place * size + offset), {}) for offset in range(size)]
        total = {kind.key: sum(part.get(kind.key, 0) for part in parts) for kind in KINDS}
        label, mark = _names(first, size, crowded=end // size - start > 14)
        buckets.append(Bucket(first, _month((place + 1) * size) - timedelta(days=1), label, mark, total))
    return buckets, start > begin // size


def _count(month: date) -> int:
    return month.year * 12 + month.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _names(day: date, size: int, *, crowded: bool) -> tuple[str, str]:
    """The name of a bucket, and its mark under the axis: January stands as its year, and few others have room."""
    if size == 12:
        return str(day.year), str(day.year) if not crowded or day.year % 5 == 0 else ""
    year = str(day.year) if day.month == 1 else ""
    if size == 3:
        return f"{date_format(day, 'M')} – {date_format(day.replace(month=day.month + 2), 'M Y')}", year
    return date_format(day, "M Y"), year or ("" if crowded and day.month % 3 != 1 else date_format(day, "M"))


def _said(bucket: Bucket, kind: Kind, number: int) -> str:
    claims = ngettext("%s claim", "%s claims", number) % figure(number)
    return _("%(month)s, %(kind)s: %(claims)s") % {"month": bucket.label, "kind": kind.label, "claims": claims}


def _round_up(number: int) -> int:
    """The next even number that reads well: 2, 4, 6, 8, 10, 20, 40 …"""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if number <= step * size:
                return step * size
        size *= 10
