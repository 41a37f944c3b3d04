"""The timeline of a transfer: one row a stage, one mark a claim, at the day that it is said to have happened.

Where more claims meet than there is room for, those of a kind share one mark, which leads to their list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.codes import Modality, Stage
from articles.models import Article
from tracker.browse.filters import BEARING
from tracker.templatetags.figures import figure, period

WIDTH, LEFT, RIGHT = 720, 96, 12
MARK, GAP, PADDING, AXIS = 5, 12, 10, 22
# Claims that may stand above one another with a mark each, and how far apart, so that marks do not cover each other.
# In a chart of more claims than a CROWD those of a kind always share one.
STACKED, APART = 6, 2 * MARK + 2
CROWD, CROWD_STACKED, CROWD_APART = 300, 1, 4 * MARK + 4
UNREAL = (Modality.PLANNED.value, Modality.POTENTIAL.value)
KINDS = dict(BEARING) | {"maybe": gettext_lazy("planned or potential")}
# A claim with the first and last day that it speaks of.
_Placed = tuple[Any, date, date]


@dataclass(frozen=True, slots=True)
class Mark:
    """One claim, or a `pile` of claims. `start` and `width` are its period, where it is longer than the mark."""

    x: int
    y: int
    start: int
    width: int
    kind: str
    url: str
    label: str
    pile: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage and its marks."""

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


def timeline(claims: Iterable[Any], listed: str) -> Timeline | None:
    """The chart of the claims that have a day; None where none has.

    `listed` is the address of the list of all of them.
    """
    placed = [(claim, *days) for claim in claims if (days := _days(claim))]
    if not placed:
        return None
    first, last = min(start for _c, start, _e in placed), max(end for _c, _s, end in placed)
    scale = _Scale(first, last)
    placed.sort(key=lambda row: (row[2], row[0].pk))
    room, apart = (STACKED, APART) if len(placed) <= CROWD else (CROWD_STACKED, CROWD_APART)
    # What stands above one another in each lane, from left to right.
    stacks: dict[str, dict[int, list[_Placed]]] = {}
    for row in placed:
        stacks.setdefault(row[0].stage, {}).setdefault(scale(row[2]) // apart, []).append(row)
    stood_in = {stage: [_stack(rows, room) for rows in lane.values()] for stage, lane in stacks.items()}
    outlets = _outlets(rows for stood in stood_in.values() for stack in stood for rows in stack if len(rows) == 1)
    lanes: list[Lane] = []
    top = 4
    for stage in Stage:
        if stage not in stood_in:
            continue
        stood = stood_in[stage]
        base = top + max(map(len, stood)) * GAP + PADDING
        marks = [
            _mark(rows, scale, base - (level + 1) * GAP + 3, listed, outlets)
            for stack in stood
            for level, rows in enumerate(stack)
        ]
        lanes.append(Lane(stage.label, base, base - PADDING // 2, marks))
        top = base
    return Timeline(WIDTH, top + AXIS, LEFT, WIDTH - RIGHT, top, lanes, scale.ticks())


def _outlets(alone: Iterable[list[_Placed]]) -> dict[int, str]:
    """The names of the outlets behind the claims that have a mark to themselves, by article."""
    articles = {claim.article_id for ((claim, _start, _end),) in alone}
    return dict(Article.objects.filter(pk__in=articles, outlet__isnull=False).values_list("pk", "outlet__name"))


def _days(claim: Any) -> tuple[date, date] | None:
    if claim.date_from and claim.date_to:
        return claim.date_from, claim.date_to
    return (claim.published_on, claim.published_on) if claim.published_on else None


def _kind(claim: Any) -> str:
    bearing = claim.bearing
    return "maybe" if bearing == "supports" and claim.modality in UNREAL else bearing


def _stack(rows: list[_Placed], room: int) -> list[list[_Placed]]:
    """What stands above one another: each claim, or where there is no room for so many, those of a kind together."""
    if len(rows) <= room:
        return [[row] for row in rows]
    kinds: dict[str, list[_Placed]] = {}
    for row in rows:
        kinds.setdefault(_kind(row[0]), []).append(row)
    return list(kinds.values())


def _mark(rows: list[_Placed], scale: "_Scale", y: int, listed: str, outlets: dict[int, str]) -> Mark:
    claim, start, end = rows[-1]
    stage, kind, x = Stage(claim.stage), _kind(claim), scale(end)
    if len(rows) > 1:
        first, last = min(start for _claim, start, _end in rows), max(end for _claim, _start, end in rows)
        words = {"stage": stage.label, "kind": KINDS[kind], "days": period(first, last)}
        label = ngettext(
            "%(stage)s, %(kind)s: %(number)s claim, %(days)s", "%(stage)s, %(kind)s: %(number)s claims, %(days)s",
            len(rows),
        ) % (words | {"number": figure(len(rows))})  # fmt: skip
        return Mark(x, y, x, 0, kind, f"{listed}&{_asked(claim.stage, kind)}", label, pile=True)
    begin = scale(start)
    said = _("%(stage)s, %(modality)s: %(days)s") % {
        "stage": stage.label,
        "modality": Modality(claim.modality).label,
        "days": period(start, end),
    }
    outlet = outlets.get(claim.article_id)
    label = f"{said} ({outlet})" if outlet else said
    url = reverse("claim", args=[claim.pk])
    return Mark(x, y, begin, x - begin if x - begin > MARK else 0, kind, url, label)


@cache
def _asked(stage: str, kind: str) -> str:
    """The filters of the list of claims that leave a stage and a kind, as an address has them."""
    asked: dict[str, Any] = {"stage": stage}
    if kind == "maybe":
        asked["modality"] = UNREAL
    else:
        asked["bearing"] = kind
    if kind == "supports":
        asked["not_modality"] = UNREAL
    return urlencode(asked, doseq=True)


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
