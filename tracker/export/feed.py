"""Atom: what has changed last among the transfers or claims that the filters leave."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker.account.access import Request, browsing
from tracker.export.tables import TABLES, NotUnderstood
from tracker.models import Claim, Transfer
from tracker.templatetags.figures import amount, days

LATEST = 50
# The year in the tag: URIs, which must stay what it was when the first of them was given out.
SINCE = 2026
# What XML cannot hold, not even escaped.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `name` makes its permanent id."""

    name: str
    title: str
    summary: str
    updated: datetime
    category: str


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed: its title, the page that lists the same rows, what its entries need of others, how a row is told."""

    title: Any
    page: str
    joined: Callable[[QuerySet[Any]], QuerySet[Any]]
    entry: Callable[[Any], Entry]


def _parties(row: Transfer | Claim) -> str:
    supplier, recipient = (str(one.name) if one else _("not said") for one in (row.supplier, row.recipient))
    return f"{supplier} → {recipient}"


def _materiel(row: Any) -> str:
    return row.materiel.name if row.materiel else getattr(row, "materiel_text", "") or row.get_category_display()


def _sentence(parts: list[str]) -> str:
    return "; ".join(part for part in parts if part)


def of_transfer(row: Transfer) -> Entry:
    """What a transfer shows, in words."""
    said = [
        row.get_stage_display() if row.stage else _("no support") if row.no_support else "",
        f"{_('outlook')}: {row.get_outlook_display()}" if row.outlook_rank > row.stage_rank else "",
        row.get_status_display() if row.status != Transfer.Status.ACTIVE else "",
        _("contested") if row.contested else "",
        amount(row),
        days(row),
        ngettext("%s claim supports it", "%s claims support it", row.supports) % row.supports if row.supports else "",
        ngettext("%s claim denies it", "%s claims deny it", row.denies) % row.denies if row.denies else "",
        ngettext("%s claim says that nothing shows it", "%s claims say that nothing shows it", row.no_evidence)
        % row.no_evidence
        if row.no_evidence
        else "",
        ngettext("%s origin", "%s origins", row.origins) % row.origins if row.origins else "",
    ]
    title = f"{row.public_id}: {_parties(row)}, {_materiel(row)}"
    return Entry(f"transfers/{row.public_id}", title, _sentence(said), row.updated_at, row.category)


def of_claim(row: Claim) -> Entry:
    """What a claim says, in words, with its quote; a withheld article's words stay away."""
    said = [
        f"{row.get_stage_display()}, {row.get_modality_display()}",
        amount(row),
        days(row),
        f"{_('origin')}: {row.origin.name if row.origin else row.origin_outlet}"
        if row.origin or row.origin_outlet
        else "",
        f"{_('outlet')}: {row.article.outlet}" if row.article.outlet else "",
        row.transfer.public_id if row.transfer else "",
        f"“{row.quote}”" if not row.article.withheld_at else "",
    ]
    title = f"{_parties(row)}, {_materiel(row)}"
    return Entry(f"claims/{row.pk}", title, _sentence(said), row.updated_at, row.category)


def with_parties(rows: QuerySet[Transfer]) -> QuerySet[Transfer]:
    """Transfers with what their entries name."""
    return rows.select_related("supplier", "recipient", "materiel")


def with_article(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with what their entries name."""
    named = ("supplier", "recipient", "materiel", "transfer", "origin", "origin_outlet", "article__outlet")
    return rows.select_related(*named).defer("article__text", "article__search", "article__written")


FEEDS = {
    "transfers": Feed(gettext_lazy("Transfers"), "transfer_list", with_parties, of_transfer),
    "claims": Feed(gettext_lazy("Claims"), "claim_list", with_article, of_claim),
}


@browsing
@require_GET
def feed(request: Request, name: str) -> HttpResponseBase:
    """The rows that changed last, newest first. 400 for a filter not understood, and for a time: a feed is of now."""
    if name not in FEEDS:
        raise Http404
    of, table = FEEDS[name], TABLES[name]
    try:
        if "as_of" in request.GET:
            raise NotUnderstood(_("A feed tells what changes; it has no earlier time."))
        rows = table.filtered(request.GET)
    except NotUnderstood as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    said = "; ".join(f"{label}: {value}" for label, value in table.said(request.GET))
    address = table.filters(request.GET, queryset=rows).address()
    query = f"?{address}" if address else ""
    tag = f"tag:{request.get_host().partition(':')[0]},{SINCE}:"
    made = Atom1Feed(
        title=_clean(f"{of.title}, {said}" if said else str(of.title)),
        link=request.build_absolute_uri(reverse(of.page) + query),
        description="",
        subtitle=_("What is reported, by whom, on what evidence, and who contradicts it."),
        language=get_language(),
        author_name=_("Transfers, as reported"),
        feed_url=request.build_absolute_uri(reverse("feed", args=[name]) + query),
        feed_guid=f"{tag}feeds/{name}{query}",
    )
    for row in of.joined(rows).order_by("-updated_at", "-id")[:LATEST]:
        entry = of.entry(row)
        made.add_item(
            title=_clean(entry.title),
            link=request.build_absolute_uri(row.get_absolute_url()),
            description=_clean(entry.summary),
            unique_id=f"{tag}{entry.name}",
            updateddate=entry.updated,
            categories=[entry.category],
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _clean(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)
