"""What is reported of one actor, materiel or outlet, at a glance: over time, and with whom."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.codes import LADDER, Category
from tracker.browse.charts.months import Months, chart, numbers
from tracker.browse.counted import claims_by
from tracker.browse.filters import ClaimFilter
from tracker.models import Actor, Claim, Transfer
from tracker.templatetags.figures import figure

# Partners of an actor, and pairs, that a page shows; the lists hold all of them.
PARTNERS = 20
PAIRS = 10
LABELS = {
    "category": {code.value: code.label for code in Category},
    "stage": {code.value: code.label for code in LADDER},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of transfers, and the list behind it; empty where there are none."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One partner: None where the other side is not said."""

    partner: Actor | None
    total: Cell
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The transfers of an actor in one role: a row a partner, the busiest first, a column a category or stage.

    `others` counts the partners that found no room.
    """

    heads: list[Any]
    rows: list[Row]
    others: int


@dataclass(frozen=True, slots=True)
class OverTime:
    """The claims by month: their chart, None without claims, its CSV, and the list of the claims.

    `total` counts them, as people read it. `estimated` from a part of very many.
    """

    months: Months | None
    csv: str
    url: str
    total: str
    estimated: bool


def over_time(**filters: str) -> OverTime:
    """The claims under these filters, over time."""
    claims = _claims(filters)
    counted = claims_by(claims, "month", "kind")
    listed = reverse("claim_list")
    drawn = chart(numbers(counted.rows), lambda **asked: f"{listed}?{claims.address(**asked)}")
    held = f"{reverse('chart_csv', args=['months'])}?{claims.address()}"
    estimated = counted.sample is not None
    total = f"{'≈ ' if estimated else ''}{figure(counted.total)}"
    return OverTime(drawn, held, f"{listed}?{claims.address()}", total, estimated)


def _claims(filters: dict[str, str]) -> ClaimFilter:
    query = QueryDict(mutable=True)
    query.update(filters)
    return ClaimFilter(query, queryset=Claim.objects.shown())


def matrix(actor: Actor, role: str, by: str) -> Matrix:
    """The transfers in which the actor has the `role` supplier or recipient, by partner and by category or stage."""
    other = "recipient" if role == "supplier" else "supplier"
    numbers: dict[int | None, dict[str, int]] = {}
    mine = Transfer.objects.standing().filter(**{role: actor})
    for partner, value, number in mine.order_by().values_list(f"{other}_id", by).annotate(n=Count("pk")):
        numbers.setdefault(partner, {})[value] = number
    busiest = sorted(numbers, key=lambda partner: (-sum(numbers[partner].values()), partner or 0))
    shown = busiest[:PARTNERS]
    actors = Actor.objects.in_bulk([partner for partner in shown if partner])
    present = {value for partner in shown for value in numbers[partner]}
    values = [value for value in (*LABELS[by], "") if value in present]
    heads = [LABELS[by].get(value, _("none")) for value in values]

    def cell(partner: int | None, value: str | None) -> Cell:
        number = sum(numbers[partner].values()) if value is None else numbers[partner].get(value, 0)
        asked = {role: actor.code, other: actors[partner].code if partner else "none"}
        if value is not None:
            asked[by] = value or "none"
        return Cell(number, f"{reverse('transfer_list')}?{urlencode(asked)}" if number else "")

    rows = [
        Row(actors.get(partner or 0), cell(partner, None), [cell(partner, value) for value in values])
        for partner in shown
    ]
    return Matrix(heads, rows, len(busiest) - len(shown))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties, the number of their claims (`estimated` from a part of very many), and the list of these."""

    supplier: Actor | None
    recipient: Actor | None
    number: int
    estimated: bool
    url: str


def pairs(**filters: str) -> list[Pair]:
    """The pairs with the most claims under these filters."""
    counted = claims_by(_claims(filters), "supplier", "recipient", limit=PAIRS)
    actors = Actor.objects.in_bulk({pk for one, other, _n in counted.rows for pk in (one, other) if pk})

    def pair(supplier: int | None, recipient: int | None, number: int) -> Pair:
        one, other = actors.get(supplier or 0), actors.get(recipient or 0)
        parties = {"supplier": one.code if one else "none", "recipient": other.code if other else "none"}
        url = f"{reverse('claim_list')}?{urlencode(filters | parties)}"
        return Pair(one, other, number, counted.sample is not None, url)

    return [pair(*row) for row in counted.rows]
