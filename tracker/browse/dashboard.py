"""The figures of the dashboard, all under one filter."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Outlet
from tracker.browse import keyset
from tracker.browse.counted import FEW, Counted
from tracker.browse.evidence import roots
from tracker.browse.facets import NONE, ListFilter
from tracker.models import Actor, Claim, ReviewItem, Transfer
from tracker.templatetags.figures import figure

SHARED = ("supplier", "recipient", "category", "contested", "outlet", "language")
NEW_DAYS = 7
PAIRS = LATEST = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar list; `share` is its part of the longest, from 0 to 100."""

    label: str
    url: str
    number: int
    share: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One count, and the list behind it."""

    value: str
    label: str
    url: str


def counted(queryset: QuerySet[Any]) -> str:
    """A count as people read it: exact to 10,000, then "10,000+"."""
    number, exact = keyset.count(queryset)
    return figure(number) if exact else f"{figure(number)}+"


def origins(claims: QuerySet[Claim]) -> int:
    """The number of independent origins behind the claims."""
    named = claims.filter(Q(origin__isnull=False) | Q(origin_outlet__isnull=False))
    pairs = set(named.order_by().values_list("origin_id", "origin_outlet_id").distinct())
    actors = roots({actor for actor, _outlet in pairs if actor})
    return len({*actors.values()}) + len({outlet for _actor, outlet in pairs if outlet})


def figures(
    transfers: ListFilter, claims: ListFilter, *, reported: int, told: Counted, since: datetime | None, queue: str
) -> list[Figure]:
    """The counts at the head of the page: of `reported` transfers, of the claims that `told` counts, and of others.

    `since` is when the reader was here before, and `queue` where what waits is found.
    """
    transfer_list = reverse("transfer_list")
    waiting = ReviewItem.objects.waiting().aggregate(n=Count("*"), oldest=Min("created_at"))
    about = "≈ " if told.sample else ""
    shown = [
        Figure(figure(reported), _("transfers reported"), f"{transfer_list}?{transfers.address()}"),
        Figure(f"{about}{figure(told.total)}", _said(claims, told), f"{reverse('claim_list')}?{claims.address()}"),
        Figure(
            figure(waiting["n"]),
            _("to review, oldest %s") % age(waiting["oldest"]) if waiting["oldest"] else _("to review"),
            queue,
        ),
        _new(transfers, since),
    ]
    if "no" not in transfers.data.getlist("contested"):
        disputed = counted(transfers.qs.filter(contested=True))
        address = transfers.address(contested="yes")
        shown.insert(2, Figure(disputed, _("contested"), f"{transfer_list}?{address}"))
    return shown


def _said(claims: ListFilter, told: Counted) -> str:
    """What the number of claims is called: with the origins, where there are few enough claims to look at each."""
    if told.total > FEW:
        return ngettext("claim", "claims", told.total)
    number = origins(claims.qs)
    return ngettext("claims, %s origin", "claims, %s origins", number) % figure(number)


def _new(transfers: ListFilter, since: datetime | None) -> Figure:
    """What is new since the reader's last visit, or in the last days where that is not known."""
    if since:
        number = counted(transfers.qs.filter(created_at__gte=since))
        label = _("new since your last visit, %s") % date_format(timezone.localtime(since), "j M, H:i")
        address = transfers.address(created_since=since.isoformat())
    else:
        day = timezone.localdate() - timedelta(days=NEW_DAYS)
        number = counted(transfers.qs.filter(created_at__gte=_begins(day)))
        label = _("new in the last %d days") % NEW_DAYS
        address = transfers.address(created_from=day.isoformat())
    return Figure(number, label, f"{reverse('transfer_list')}?{address}")


def _begins(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def age(moment: datetime) -> str:
    """How old something is, in days."""
    days = (timezone.now() - moment).days
    return ngettext("%s day old", "%s days old", days) % figure(days) if days else _("from today")


def parties(rows: Iterable[Any]) -> dict[int | None, Actor]:
    """The actors that supply or receive in rows of pairs, by id."""
    found = Actor.objects.in_bulk({pk for row in rows for pk in (row.supplier, row.recipient) if pk})
    return {**found}


def pairs(transfers: ListFilter, rows: list[Any]) -> list[Bar]:
    """The pairs of supplier and recipient of `rows`, with the number of their transfers."""
    names = parties(rows)

    def bar(row: Any) -> tuple[str, str, int]:
        actors = [names.get(pk) for pk in (row.supplier, row.recipient)]
        supplier, recipient = (actor.code if actor else NONE for actor in actors)
        address = transfers.address(supplier=supplier, recipient=recipient)
        label = " → ".join(actor.name if actor else _("not said") for actor in actors)
        return label, f"{reverse('transfer_list')}?{address}", row.n

    return bars(rows, bar)


def contested(transfers: ListFilter) -> QuerySet[Transfer]:
    """Transfers that some support and some deny, the latest first."""
    rows = transfers.qs.filter(contested=True)
    return rows.select_related("supplier", "recipient", "materiel").order_by("-published_key", "-id")[:LATEST]


def latest(transfers: ListFilter) -> QuerySet[Transfer]:
    """The transfers that were changed last."""
    return transfers.qs.select_related("supplier", "recipient", "materiel").order_by("-updated_at", "-id")[:LATEST]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Articles by outlet and by language, the largest numbers first; those of no outlet are under None."""

    outlets: list[tuple[int | None, int]]
    languages: list[tuple[str, int]]


def coverage(articles: ListFilter) -> Coverage:
    """How many articles there are of which outlet, and in which language."""
    outlets: Counter[int | None] = Counter()
    languages: Counter[str] = Counter()
    for outlet, language, n in articles.qs.order_by().values_list("outlet_id", "language").annotate(n=Count("*")):
        outlets[outlet] += n
        languages[language] += n
    # Outlets of the same number stand in a fixed order, so that a page looks the same when it is loaded again.
    by_outlet = sorted(outlets.items(), key=lambda entry: (-entry[1], entry[0] or 0))
    return Coverage(by_outlet, sorted(languages.items(), key=lambda entry: (-entry[1], entry[0])))


def outlet_bars(articles: ListFilter, found: Coverage) -> list[Bar]:
    """The outlets with the most articles."""
    busiest = [(pk, n) for pk, n in found.outlets if pk][:PAIRS]
    names = Outlet.objects.only("key", "name").in_bulk([pk for pk, _n in busiest])
    to = reverse("article_list")
    return bars(
        busiest,
        lambda row: (names[row[0]].name, f"{to}?{articles.address(outlet=names[row[0]].key)}", row[1]),
    )


def language_bars(articles: ListFilter, found: Coverage) -> list[Bar]:
    """The languages of the articles."""
    names, to = dict(Article._meta.get_field("language").flatchoices), reverse("article_list")
    return bars(
        found.languages,
        lambda row: (names.get(row[0], row[0]), f"{to}?{articles.address(language=row[0])}", row[1]),
    )


def bars(rows: list[Any], read: Callable[[Any], tuple[str, str, int]]) -> list[Bar]:
    """Bars whose lengths compare; the longest is 100."""
    read_rows = [read(row) for row in rows]
    longest = max((number for *_rest, number in read_rows), default=1)
    return [Bar(str(label), url, number, round(100 * number / longest)) for label, url, number in read_rows]
