"""A list page: filters, sortable columns, keyset pages. One address serves the page and its changing part."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django_htmx.http import push_url

from articles.models import Article, Outlet
from tracker.account.access import Request
from tracker.browse import choosing, counted, filters, keyset, tables
from tracker.browse.columns import Column, UnknownColumn
from tracker.browse.facets import ListFilter
from tracker.browse.keyset import Order
from tracker.models import Actor, Claim, KeptQueue, Materiel, SavedView, Transfer
from tracker.templatetags.figures import figure

# Parameters of the address of a list that are no filters.
ADDRESS = ("sort", "after", "before", "columns")
TARGET = "list"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its rows, its filters, the columns of its page in their order, and how it is sorted at first.

    `count` says in words how many rows there are; `export` names its CSV.
    """

    rows: Callable[[], QuerySet[Any]]
    filters: type[ListFilter]
    columns: tuple[Column, ...]
    order: str
    count: Callable[[int], str]
    page: tuple[str, ...] = ()
    export: str = ""

    def shown(self) -> list[Column]:
        """The columns that the page shows where none are chosen."""
        return choosing.asked_for(self.columns, self.page, [])[0]

    def sorted_by(self, asked: str) -> tuple[str, Order]:
        """The order that `sort` asks for ("-" for descending), or else the list's own; its name, and what it does."""
        for written in (asked, self.order):
            name = written.removeprefix("-")
            for column in self.columns:
                if column.key and column.name == name:
                    return written, Order(column.sorted_by, descending=written != name)
        raise LookupError(self.order)


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: its direction is set for the column that the list is sorted by."""

    column: Column
    url: str
    direction: str


def _of_page(model: type[Any], role: str, **lookups: Any) -> Coalesce:
    """The number of rows that point here, counted for the rows of a page alone."""
    found = model.objects.filter(**{role: OuterRef("pk")}, **lookups).order_by().values(role).annotate(n=Count("pk"))
    return Coalesce(Subquery(found.values("n")), 0)


def transfers() -> QuerySet[Transfer]:
    """What a list of transfers shows."""
    return Transfer.objects.standing().select_related("supplier", "recipient", "materiel")


def claims() -> QuerySet[Claim]:
    """What a list of claims shows."""
    # Who and what a claim names is read by queries of its own: to plan all these joins takes ten times what they do.
    return (
        Claim.objects.shown()
        .select_related("transfer", "origin_outlet", "article", "article__outlet")
        .prefetch_related("supplier", "recipient", "materiel", "origin")
        .defer("spans", "article__text", "article__search", "article__written")
    )


def articles() -> QuerySet[Article]:
    """What a list of articles shows."""
    return (
        Article.objects.select_related("outlet", "copy_of__outlet")
        .defer("text", "search", "written", "copy_of__text", "copy_of__search", "copy_of__written")
        .annotate(
            claim_count=_of_page(Claim, "article", state=Claim.State.ACTIVE),
            waiting_count=_of_page(KeptQueue, "article"),
        )
    )


def actors() -> QuerySet[Actor]:
    """What a list of actors shows."""
    standing = Transfer.State.STANDING
    return (
        Actor.objects.standing()
        .select_related("parent")
        .annotate(
            supply_count=_of_page(Transfer, "supplier", state=standing),
            receive_count=_of_page(Transfer, "recipient", state=standing),
        )
    )


def materiel() -> QuerySet[Materiel]:
    """What a list of materiel shows."""
    return Materiel.objects.standing().annotate(
        claim_count=_of_page(Claim, "materiel", state=Claim.State.ACTIVE),
        transfer_count=_of_page(Transfer, "materiel", state=Transfer.State.STANDING),
    )


def outlets() -> QuerySet[Outlet]:
    """What a list of outlets shows."""
    return Outlet.objects.annotate(article_count=_of_page(Article, "outlet"))


ARTICLES = (
    Column("title", "", label=_("Title"), cell="article_title", key="title"),
    Column("outlet", "", label=_("Outlet"), cell="outlet"),
    Column("language", "", label=_("Language"), cell="language"),
    Column("published", "", label=_("Published"), cell="published", key="published_key", falls=True),
    Column("reading", "", label=pgettext_lazy("of an article", "State"), cell="reading"),
    Column("waiting", "", label=_("To review"), cell="waiting", numeric=True),
    Column("claims", "", label=_("Claims"), cell="article_claims", numeric=True),
)
ACTORS = (
    Column("name", "", label=_("Name"), cell="actor", key="sort_key", key_id="sort_key_id"),
    Column("kind", "", label=_("Kind"), cell="kind"),
    Column("code", "", label=_("Code"), cell="code"),
    Column("parent", "", label=_("Speaks for"), cell="parent"),
    Column("supplies", "", label=_("As supplier"), cell="supply_count", numeric=True),
    Column("receives", "", label=_("As recipient"), cell="receive_count", numeric=True),
)
MATERIEL = (
    Column("name", "", label=_("Name"), cell="materiel_name", key="sort_key", key_id="sort_key_id"),
    Column("kind", "", label=_("Kind"), cell="kind"),
    Column("category", "", label=_("Category"), cell="category"),
    Column("sipri", "", label="SIPRI", cell="sipri"),
    Column("unroca", "", label="UNROCA", cell="unroca"),
    Column("maker", "", label=_("Designed in"), cell="maker"),
    Column("transfers", "", label=_("Transfers"), cell="materiel_transfers", numeric=True),
    Column("claims", "", label=_("Claims"), cell="materiel_claims", numeric=True),
)
OUTLETS = (
    Column("name", "", label=_("Name"), cell="outlet_name", key="name"),
    Column("kind", "", label=_("Kind"), cell="kind"),
    Column("country", "", label=_("Country"), cell="country"),
    Column("language", "", label=_("Language"), cell="language"),
    Column("reliability", "", label=_("Source reliability"), cell="reliability"),
    Column("articles", "", label=_("Articles"), cell="outlet_articles", numeric=True),
)

LISTS = {
    "transfers": Listing(
        transfers,
        filters.TransferFilter,
        tables.TRANSFERS,
        "-last_published",
        lambda n: ngettext("%s transfer", "%s transfers", n),
        (
            "transfer_id",
            "supplier",
            "recipient",
            "materiel",
            "quantity_min",
            "date_from",
            "stage",
            "supports",
            "denies",
            "no_evidence",
            "origins",
            "last_published",
        ),
        "transfers",
    ),
    "claims": Listing(
        claims,
        filters.ClaimFilter,
        tables.CLAIMS,
        "-published_on",
        lambda n: ngettext("%s claim", "%s claims", n),
        (
            "claim_id",
            "supplier",
            "recipient",
            "materiel",
            "quantity_min",
            "date_from",
            "stage",
            "modality",
            "origin",
            "outlet",
            "published_on",
            "transfer_id",
        ),
        "claims",
    ),
    "articles": Listing(
        articles,
        filters.ArticleFilter,
        ARTICLES,
        "-published",
        lambda n: ngettext("%s article", "%s articles", n),
    ),
    "actors": Listing(actors, filters.ActorFilter, ACTORS, "name", lambda n: ngettext("%s actor", "%s actors", n)),
    "materiel": Listing(
        materiel, filters.MaterielFilter, MATERIEL, "name", lambda n: ngettext("%s entry", "%s entries", n)
    ),
    "outlets": Listing(
        outlets, filters.OutletFilter, OUTLETS, "name", lambda n: ngettext("%s outlet", "%s outlets", n)
    ),
}


def list_page(request: Request, name: str, **more: Any) -> HttpResponse:
    """The page of a list, or the part of it that filters, heads and pages change. 422 for a filter not understood."""
    listing = LISTS[name]
    found = listing.filters(request.GET, queryset=listing.rows())
    shown, own, unknown = _chosen(listing, request.GET.getlist("columns"))
    sort, order = listing.sorted_by(request.GET.get("sort", ""))
    asked = getattr(request, "as_of", None)
    time = {"as_of": asked.written} if asked else {}
    no_filters = found.unknown(*ADDRESS, *(["as_of"] if hasattr(request, "as_of") else []))
    # What the CSV takes over from the page: the columns only where they were chosen.
    taken = ({"columns": ",".join(column.name for column in shown)} if own else {}) | time
    sorted_so = {} if sort == listing.order else {"sort": sort}
    kept = sorted_so | taken
    refused = bool(unknown or no_filters)
    # With a filter left out, a list would show too much.
    rows = found.qs.none() if refused else found.qs
    page = keyset.page(
        choosing.with_plain(rows, shown),
        order,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    number, exact = keyset.count(rows) if refused else counted.number(found, rows)
    address = found.address()
    context = {
        "filters": found,
        "searched": True,
        "facets": list(found.bar()),
        "ranges": list(found.spans()),
        "chips": found.chips(**kept),
        "heads": [_head(column, sort, listing, found, taken) for column in shown],
        # Each cell names its column: translated once, and not row by row.
        "columns": [replace(column, label=str(column.label)) for column in shown],
        "unknown_column": unknown,
        "unknown_filters": ", ".join(no_filters),
        "rows": page.rows,
        "summary": listing.count(number) % (figure(number) if exact else f"{figure(number)}+"),
        "kept": kept.items(),
        "previous_url": page.previous and f"?{_joined(address, kept | {'before': page.previous})}",
        "next_url": page.next and f"?{_joined(address, kept | {'after': page.next})}",
        "csv_url": listing.export and _with(reverse(f"export_{listing.export}"), _joined(address, taken)),
        "files": listing.export,
        "feed_url": listing.export and _with(reverse("feed", args=[listing.export]), address),
        "taken": _joined(address, taken),
        "choices": listing.export and choosing.choices(listing.columns, shown, own, _joined(address, sorted_so | time)),
        "query": _joined(address, kept),
        "saved_views": saved_views(request),
        "dated": hasattr(request, "as_of"),
        "today_url": _with(request.path, address),
        **more,
    }
    status = 200 if found.form.is_valid() and not refused else 422
    if not (request.htmx and request.htmx.target == TARGET):
        return render(request, "browse/list.html", context, status=status)
    place = {name: value for name in ("after", "before") if (value := request.GET.get(name))}
    return push_url(
        render(request, "browse/list.html#list", context, status=status),
        _with(request.path, _joined(address, kept | place)),
    )


def saved_views(request: Request) -> QuerySet[SavedView]:
    """The views of this page that the reader kept, or that others share."""
    views = SavedView.objects.filter(path=request.path)
    mine = Q(user=request.user) if request.user.is_authenticated else Q(pk__in=[])
    return views.filter(mine | Q(shared=True)).select_related("user")


def _chosen(listing: Listing, written: list[str]) -> tuple[list[Column], bool, str]:
    """The columns that are shown, whether they are others than the list's own, and a name that is no column."""
    try:
        return (*choosing.asked_for(listing.columns, listing.page, written), "")
    except UnknownColumn as error:
        return listing.shown(), False, str(error)


def _head(column: Column, sort: str, listing: Listing, found: ListFilter, taken: dict[str, str]) -> Head:
    if not column.key:
        return Head(column, "", "")
    name, order = listing.sorted_by(sort)
    current = name.removeprefix("-") == column.name
    falling = not order.descending if current else column.falls
    other = f"-{column.name}" if falling else column.name
    kept = ({} if other == listing.order else {"sort": other}) | taken
    direction = ("descending" if order.descending else "ascending") if current else ""
    return Head(column, f"?{_joined(found.address(), kept)}", direction)


def _joined(address: str, more: dict[str, Any]) -> str:
    return "&".join(part for part in (address, urlencode(more)) if part)


def _with(path: str, address: str) -> str:
    return f"{path}?{address}" if address else path
