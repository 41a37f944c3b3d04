"""Flows as arcs on a map of the world.

The shapes of the countries are in static/vendor/world.svg, in tenths of the units of the viewBox; world.csv, beside
this module, says where the mark of each stands. Both are drawn by scripts/make_map.py.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, pi, sin, sqrt
from pathlib import Path

from django.utils.translation import gettext as _

from tracker.browse.charts.shades import shade, shades
from tracker.browse.flows import Flow, Flows, Party

WIDTH, HEIGHT = 1000, 432
# So many arcs and names, the largest.
ARCS, NAMES = 30, 26
THICK, THIN = 7.0, 0.9
# Radius of the marks, and of what can be hit around them.
LARGE, SMALL, HIT = 8.0, 3.0, 12
# Where a mark goes whose place is taken: distance and direction, the nearest first.
FARTHEST = 26
ASIDE = [(0.0, 0.0)] + [(far, turn * pi / 8) for far in (*range(2, 14, 2), 15, 18, 22, FARTHEST) for turn in range(16)]
# How far an arc bends aside, of its length; what leads back bends to the other side.
BEND = 0.18
# Size of the letters of a name, in units: a little more than they take.
LETTER, LINE = 6.1, 13


@dataclass(frozen=True, slots=True)
class Place:
    """Where the mark of a country stands, and whether the map has a shape of it."""

    code: str
    x: float
    y: float
    outline: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a mark is drawn, and how large."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Arc:
    """What leads from one place to another: the line, its head, both as paths; `disputed` where half is contested."""

    line: str
    head: str
    width: str
    disputed: bool
    label: str
    supplier: str
    recipient: str
    number: int
    contested: int
    url: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A country with flows: its point, its shade, and the list of what it supplies or receives."""

    code: str
    name: str
    outline: bool
    shade: int
    x: str
    y: str
    radius: str
    hit: str
    label: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name on the map: its place and what it is anchored by, "start", "middle" or "end"."""

    text: str
    x: str
    y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Away:
    """What the map cannot show, and the list of it."""

    label: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class WorldMap:
    """The map. `more` counts the arcs that are not drawn; `within` and `away` are what has no arc."""

    width: int
    height: int
    arcs: list[Arc]
    marks: list[Mark]
    names: list[Name]
    steps: list[tuple[int, int]]
    more: int
    more_number: str
    within: list[Away]
    away: list[Away]


@cache
def places() -> dict[str, Place]:
    """All places of the map, by code."""
    with Path(__file__).with_name("world.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Place(row["code"], float(row["x"]), float(row["y"]), row["outline"] == "yes")
            for row in csv.DictReader(file)
        }


def chart(flows: Flows, homes: dict[int, list[str]]) -> WorldMap | None:
    """The map of the flows; `homes` are the codes that each actor may be placed by, the best first. None for none."""
    if not flows.flows:
        return None

    def place(party: Party) -> str:
        codes = homes.get(party.pk, []) if party.pk else []
        return next((code for code in codes if code in places()), "")

    at = {flow.supplier.code: place(flow.supplier) for flow in flows.flows}
    at |= {flow.recipient.code: place(flow.recipient) for flow in flows.flows}
    together: dict[str, list[str]] = defaultdict(list)
    for code, where in at.items():
        together[where].append(code)
    pairs: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in flows.flows:
        pairs[at[flow.supplier.code], at[flow.recipient.code]].append(flow)
    named = _named(flows.flows, at)
    marks = _marks(flows, pairs, together, named)
    spots = {mark.code: Spot(float(mark.x), float(mark.y), float(mark.radius)) for mark in marks}
    drawn = sorted(
        ((pair, found) for pair, found in pairs.items() if all(pair) and pair[0] != pair[1]),
        key=lambda entry: (-sum(flow.n for flow in entry[1]), entry[0]),
    )
    largest = sum(flow.n for flow in drawn[0][1]) if drawn else 1
    arcs = []
    for (source, target), found in drawn[:ARCS]:
        n, contested = sum(flow.n for flow in found), sum(flow.contested for flow in found)
        wide = max(THICK * n / largest, THIN)
        line, head = curve(spots[source], spots[target], wide)
        words = flows.said(named[source], named[target], n, contested)
        url = flows.between(together[source], together[target])
        disputed = 2 * contested >= n
        arcs.append(Arc(line, head, f"{wide:.1f}", disputed, words, named[source], named[target], n, contested, url))
    left = [flow.n for _pair, found in drawn[ARCS:] for flow in found]
    return WorldMap(
        width=WIDTH,
        height=HEIGHT,
        arcs=arcs,
        marks=marks,
        names=_names(marks),
        steps=shades(max((mark.number for mark in marks), default=1)),
        more=max(len(drawn) - ARCS, 0),
        more_number=flows.counted(sum(left)),
        within=[
            Away(
                named[source],
                flows.counted(sum(flow.n for flow in found)),
                flows.between(together[source], together[target]),
            )
            for (source, target), found in sorted(pairs.items())
            if source and source == target
        ],
        away=_away(flows, at),
    )


def _named(flows: list[Flow], at: dict[str, str]) -> dict[str, str]:
    """The name of each place: that of its state where the state itself is there, else of who is placed by it."""
    found: dict[str, str] = {}
    for flow in flows:
        for party in (flow.supplier, flow.recipient):
            where = at[party.code]
            if where and (where == party.code or where not in found):
                found[where] = party.name
    return found


def _marks(
    flows: Flows, pairs: dict[tuple[str, str], list[Flow]], together: dict[str, list[str]], named: dict[str, str]
) -> list[Mark]:
    """The places with flows, the largest first."""
    out: dict[str, int] = defaultdict(int)
    into: dict[str, int] = defaultdict(int)
    both: dict[str, int] = defaultdict(int)
    for (source, target), found in pairs.items():
        n = sum(flow.n for flow in found)
        out[source] += n
        into[target] += n
        for code in {source, target}:
            both[code] += n
    both.pop("", None)
    largest = max(both.values(), default=1)
    steps = shades(largest)
    ranked = sorted(both.items(), key=lambda entry: (-entry[1], entry[0]))
    spots = apart(
        {
            code: Spot(places()[code].x, places()[code].y, SMALL + (LARGE - SMALL) * sqrt(n / largest))
            for code, n in ranked
        }
    )
    marks = []
    for code, n in ranked:
        spot = spots[code]
        words = _("%(name)s supplies %(out)s and receives %(into)s") % {
            "name": named[code],
            "out": flows.counted(out[code]),
            "into": flows.counted(into[code]),
        }
        marks.append(
            Mark(
                code=code,
                name=named[code],
                outline=places()[code].outline,
                shade=shade(n, steps),
                x=f"{spot.x:.1f}",
                y=f"{spot.y:.1f}",
                radius=f"{spot.radius:.1f}",
                hit=f"{reach(spot, [spots[other] for other in spots if other != code]):.1f}",
                label=words,
                number=n,
                url=flows.listed(party=together[code]),
            )
        )
    return marks


def apart(wanted: dict[str, Spot]) -> dict[str, Spot]:
    """The spots, none over another: one that finds its place taken moves aside, no farther than it must.

    The first have the first choice. At the scale of the world, neighbours such as Israel and the Palestinian
    territories would cover each other.
    """
    found: dict[str, Spot] = {}
    for code, spot in wanted.items():
        near = [one for one in found.values() if hypot(one.x - spot.x, one.y - spot.y) < FARTHEST + 2 * LARGE]
        choices = (
            Spot(_inside(spot.x + far * cos(turn), WIDTH), _inside(spot.y + far * sin(turn), HEIGHT), spot.radius)
            for far, turn in ASIDE
        )
        found[code] = next((one for one in choices if not _covers(one, near)), spot)
    return found


def _covers(spot: Spot, others: list[Spot]) -> bool:
    return any(hypot(spot.x - one.x, spot.y - one.y) < spot.radius + one.radius for one in others)


def reach(spot: Spot, others: list[Spot]) -> float:
    """How far around a spot it can be hit without covering another."""
    return max(min([HIT, *(hypot(spot.x - one.x, spot.y - one.y) - one.radius for one in others)]), spot.radius)


def curve(source: Spot, target: Spot, width: float) -> tuple[str, str]:
    """The arc from one spot to another as a line and the head at its end, which touches the mark there."""
    along_x, along_y = target.x - source.x, target.y - source.y
    length = hypot(along_x, along_y)
    # The middle moves to the left of the way; on a map whose y grows downwards, that is up for what leads east.
    control_x = _inside((source.x + target.x) / 2 + along_y * BEND, WIDTH)
    control_y = _inside((source.y + target.y) / 2 - along_x * BEND, HEIGHT)
    back_x, back_y = control_x - target.x, control_y - target.y
    far = hypot(back_x, back_y) or 1.0
    back_x, back_y = back_x / far, back_y / far
    half = 2.2 + width * 0.75
    gap = min(target.radius + 1, length / 4)
    deep = min(2 * half, length / 3)
    tip_x, tip_y = target.x + back_x * gap, target.y + back_y * gap
    base_x, base_y = tip_x + back_x * deep, tip_y + back_y * deep
    corners = [
        (tip_x, tip_y),
        (base_x - back_y * half, base_y + back_x * half),
        (base_x + back_y * half, base_y - back_x * half),
    ]
    head = "L".join(f"{_inside(x, WIDTH):.1f} {_inside(y, HEIGHT):.1f}" for x, y in corners)
    line = f"M{source.x:.1f} {source.y:.1f}Q{control_x:.1f} {control_y:.1f} {base_x:.1f} {base_y:.1f}"
    return line, f"M{head}Z"


def _inside(value: float, limit: int) -> float:
    return min(max(value, 1.0), limit - 1.0)


def _names(marks: list[Mark]) -> list[Name]:
    """The names of the largest marks that find room beside them, without touching another name or mark."""
    taken = [_box(float(mark.x), float(mark.y), float(mark.radius)) for mark in marks[:NAMES]]
    found = []
    for mark in marks[:NAMES]:
        x, y, r = float(mark.x), float(mark.y), float(mark.radius)
        wide = len(mark.name) * LETTER
        for left, base, anchor in (
            (x + r + 2, y + 4, "start"),
            (x - r - 2 - wide, y + 4, "end"),
            (x - wide / 2, y - r - 3, "middle"),
            (x - wide / 2, y + r + 11, "middle"),
        ):
            box = (left, base - 10, left + wide, base - 10 + LINE)
            free = not any(_touch(box, other) for other in taken)
            if free and left >= 0 and left + wide <= WIDTH and box[1] >= 0 and box[3] <= HEIGHT:
                begin = {"start": left, "middle": left + wide / 2, "end": left + wide}[anchor]
                found.append(Name(mark.name, f"{begin:.1f}", f"{base:.1f}", anchor))
                taken.append(box)
                break
    return found


def _box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return x - radius, y - radius, x + radius, y + radius


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _away(flows: Flows, at: dict[str, str]) -> list[Away]:
    """Who stands on no map, the largest first: armed groups without a state, alliances, and who is not said."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for flow in flows.flows:
        for role, party in (("supplier", flow.supplier), ("recipient", flow.recipient)):
            if not at[party.code] or not party.pk:
                sums[role, party.code, party.name] += flow.n
    words = {"supplier": _("%(name)s supplies"), "recipient": _("%(name)s receives")}
    return [
        Away(
            name if code == "none" else words[role] % {"name": name},
            flows.counted(n),
            flows.listed(**{role: [code]}),
        )
        for (role, code, name), n in sorted(sums.items(), key=lambda entry: (-entry[1], entry[0]))
    ]
