"""The figures of the dashboard, all under one filter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, F, Func, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles.models import Article
from tracker.browse import keyset
from tracker.browse.facets import ListFilter
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
    # Looked up for the few actors that say something, not for every claim.
    root = Func(F("pk"), function="tracker_actor_root", output_field=BigIntegerField())
    actors = Actor.objects.filter(pk__in={actor for actor, _outlet in pairs if actor})
    roots = set(actors.annotate(root=root).values_list("root", flat=True))
    return len(roots) + len({outlet for _actor, outlet in pairs if outlet})


def figures(transfers: ListFilter, claims: ListFilter, *, today: date, queue: str) -> list[Figure]:
    """The counts at the head of the page; `queue` is where what waits is found."""
    since = today - timedelta(days=NEW_DAYS)
    waiting = ReviewItem.objects.waiting().aggregate(n=Count("pk"), oldest=Min("created_at"))
    number = origins(claims.qs)
    new = transfers.qs.filter(created_at__date__gte=since)
    transfer_list, claim_list = reverse("transfer_list"), reverse("claim_list")
    shown = [
        Figure(counted(transfers.qs), _("transfers reported"), f"{transfer_list}?{transfers.address()}"),
        Figure(
            counted(claims.qs),
            ngettext("claims, %s origin", "claims, %s origins", number) % figure(number),
            f"{claim_list}?{claims.address()}",
        ),
        Figure(
            figure(waiting["n"]),
            _("to review, oldest %s") % age(waiting["oldest"]) if waiting["oldest"] else _("to review"),
            queue,
        ),
        Figure(
            counted(new),
            _("new in the last %d days") % NEW_DAYS,
            f"{transfer_list}?{transfers.address(created_from=since.isoformat())}",
        ),
    ]
    if "no" not in transfers.data.getlist("contested"):
        disputed = counted(transfers.qs.filter(contested=True))
        address = transfers.address(contested="yes")
        shown.insert(2, Figure(disputed, _("contested"), f"{transfer_list}?{address}"))
    return shown


def age(moment: datetime) -> str:
    """How old something is, in days."""
    days = (timezone.now() - moment).days
    return ngettext("%s day old", "%s days old", days) % figure(days) if days else _("from today")


def pairs(transfers: ListFilter) -> list[Bar]:
    """The pairs of supplier and recipient with the most transfers."""
    rows = list(
        transfers.qs.filter(supplier__isnull=False, recipient__isnull=False)
        .order_by()
        .values(*(f"{role}__{name}" for role in ("supplier", "recipient") for name in ("code", "name_en", "name_id")))
        .annotate(n=Count("pk"))
        .order_by("-n", "supplier__code", "recipient__code")[:PAIRS]
    )
    name = "name_id" if get_language() == "id" else "name_en"

    def bar(row: dict[str, Any]) -> tuple[str, str, int]:
        address = transfers.address(supplier=row["supplier__code"], recipient=row["recipient__code"])
        label = f"{row[f'supplier__{name}']} → {row[f'recipient__{name}']}"
        return label, f"{reverse('transfer_list')}?{address}", row["n"]

    return bars(rows, bar)


def contested(transfers: ListFilter) -> QuerySet[Transfer]:
    """Transfers that some support and some deny, the latest first."""
    rows = transfers.qs.filter(contested=True)
    return rows.select_related("supplier", "recipient", "materiel").order_by("-published_key", "-id")[:LATEST]


def latest(transfers: ListFilter) -> QuerySet[Transfer]:
    """The transfers that were changed last."""
    return transfers.qs.select_related("supplier", "recipient", "materiel").order_by("-updated_at", "-id")[:LATEST]


def coverage(articles: ListFilter) -> tuple[list[Bar], list[Bar]]:
    """Articles by outlet, the busiest ones, and by language."""
    rows = articles.qs.order_by()
    outlets = rows.filter(outlet__isnull=False).values("outlet__key", "outlet__name").annotate(n=Count("pk"))
    languages = rows.values("language").annotate(n=Count("pk")).order_by("-n")
    names = dict(Article._meta.get_field("language").flatchoices)

    def to(**filters: str) -> str:
        return f"{reverse('article_list')}?{articles.address(**filters)}"

    return (
        bars(
            list(outlets.order_by("-n", "outlet__name")[:PAIRS]),
            lambda row: (row["outlet__name"], to(outlet=row["outlet__key"]), row["n"]),
        ),
        bars(list(languages), lambda row: (names[row["language"]], to(language=row["language"]), row["n"])),
    )


def bars(rows: list[Any], read: Callable[[Any], tuple[str, str, int]]) -> list[Bar]:
    """Bars whose lengths compare; the longest is 100."""
    read_rows = [read(row) for row in rows]
    longest = max((number for *_rest, number in read_rows), default=1)
    return [Bar(str(label), url, number, round(100 * number / longest)) for label, url, number in read_rows]
