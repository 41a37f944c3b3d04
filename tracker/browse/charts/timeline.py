"""The timeline of a transfer: one row a stage, one mark a claim, at the day that it is said to have happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.codes import Modality, Stage
from tracker.models import Claim
from tracker.templatetags.figures import period

WIDTH, LEFT, RIGHT = 720, 96, 12
MARK, GAP, PADDING, AXIS = 5, 12, 10, 22
STACKED = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """One claim. `start` and `width` are its period, where it is longer than the mark."""

    x: int
    y: int
    start: int
    width: int
    kind: str
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage and its marks; `more` are the claims that found no room."""

    label: Any
    y: int
    text_y: int
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Tick:
    """A day under the axis."""

    x: int
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole chart, in the units of its viewBox."""

    width: int
    height: int
    left: int
    right: int
    base: int
    lanes: list[Lane]
    ticks: list[Tick]


def timeline(claims: Iterable[Claim]) -> Timeline | None:
    """The chart of the claims that have a day; None where none has."""
    placed = [(claim, *days) for claim in claims if (days := _days(claim))]
    if not placed:
        return None
    first, last = min(start for _c, start, _e in placed), max(end for _c, _s, end in placed)
    scale = _Scale(first, last)
    lanes: list[Lane] = []
    top = 4
    for stage in Stage:
        here = sorted((row for row in placed if row[0].stage == stage), key=lambda row: (row[2], row[0].pk))
        if not here:
            continue
        levels: dict[int, int] = {}
        marks = []
        for claim, start, end in here:
            x = scale(end)
            slot = x // (2 * MARK + 2)
            levels[slot] = levels.get(slot, 0) + 1
            marks.append((claim, start, end, x, min(levels[slot], STACKED)))
        height = max(level for *_rest, level in marks) * GAP + PADDING
        base = top + height
        lanes.append(
            Lane(
                stage.label,
                base,
                base - PADDING // 2,
                [_mark(claim, scale, start, end, x, base - level * GAP + 3) for claim, start, end, x, level in marks],
            )
        )
        top = base
    return Timeline(WIDTH, top + AXIS, LEFT, WIDTH - RIGHT, top, lanes, scale.ticks())


def _days(claim: Claim) -> tuple[date, date] | None:
    if claim.date_from and claim.date_to:
        return claim.date_from, claim.date_to
    return (claim.published_on, claim.published_on) if claim.published_on else None


def _mark(claim: Claim, scale: "_Scale", start: date, end: date, x: int, y: int) -> Mark:
    begin = scale(start)
    bearing = claim.bearing
    kind = "maybe" if bearing == "supports" and claim.modality in {Modality.PLANNED, Modality.POTENTIAL} else bearing
    said = _("%(stage)s, %(modality)s: %(days)s") % {
        "stage": claim.get_stage_display(),
        "modality": claim.get_modality_display(),
        "days": period(start, end),
    }
    outlet = claim.article.outlet
    label = f"{said} ({outlet})" if outlet else said
    return Mark(x, y, begin, x - begin if x - begin > MARK else 0, kind, claim.get_absolute_url(), label)


class _Scale:
    """From days to units."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.days = max((last - first).days, 1)

    def __call__(self, day: date) -> int:
        room = WIDTH - RIGHT - LEFT - 2 * MARK
        return LEFT + MARK + round((day - self.first).days / self.days * room)

    def ticks(self) -> list[Tick]:
        """The first and last day, and the beginnings of months, quarters or years between them."""
        found = [Tick(self(self.first), date_format(self.first, "j M Y"), "")]
        if self.first == self.last:
            return found
        months = self.days // 30
        step = next((step for step in (1, 3, 6, 12, 24, 60) if months / step <= 5), 120)
        year, month = self.first.year, self.first.month
        while True:
            month += 1
            if month > 12:
                year, month = year + 1, 1
            if (month - 1) % step and step < 12 or step >= 12 and (month != 1 or year % (step // 12)):
                continue
            day = date(year, month, 1)
            if day >= self.last:
                break
            x = self(day)
            if x - found[-1].x > 90 and self(self.last) - x > 100:
                found.append(Tick(x, date_format(day, "Y" if step >= 12 else "M Y"), "middle"))
        return [*found, Tick(self(self.last), date_format(self.last, "j M Y"), "end")]
