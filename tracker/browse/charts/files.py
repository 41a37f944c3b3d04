"""The numbers of the dashboard's charts as CSV: a head, and rows as they are, without a limit."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import QueryDict

from articles.models import Article, Outlet
from tracker.browse.charts import months
from tracker.browse.counted import claims_by, transfers_by
from tracker.browse.dashboard import coverage, parties
from tracker.browse.facets import ListFilter
from tracker.browse.filters import ArticleFilter, ClaimFilter, TransferFilter
from tracker.models import Claim, Transfer

Rows = tuple[list[str], Iterable[Iterable[Any]]]


def of_months(claims: Any) -> Rows:
    """Claims by period and kind; `sample` is the share of the claims that were read where not all were."""
    found = claims_by(claims, "month", "kind")
    numbers = months.numbers(found.rows)
    buckets = months.buckets_of(numbers)[0] if numbers else []
    head = ["first_day", "last_day", *("_".join(kind.filters.get("stage", [kind.key])) for kind in months.KINDS)]
    rows = (
        [bucket.first, bucket.last, *(bucket.numbers.get(kind.key, 0) for kind in months.KINDS), found.sample or ""]
        for bucket in buckets
    )
    return [*head, "sample"], rows


def of_pairs(transfers: Any) -> Rows:
    """Transfers by supplier and recipient."""
    rows = transfers_by(transfers, "supplier", "recipient").rows
    names = parties(rows)

    def said(pk: int | None) -> tuple[str, str]:
        return (names[pk].code, names[pk].name_en) if pk else ("", "")

    head = ["supplier_code", "supplier", "recipient_code", "recipient", "transfers"]
    return head, ((*said(row.supplier), *said(row.recipient), row.n) for row in rows)


def of_outlets(articles: Any) -> Rows:
    """Articles by outlet."""
    names = dict(Outlet.objects.values_list("pk", "key")), dict(Outlet.objects.values_list("pk", "name"))
    found = coverage(articles).outlets
    return ["outlet_key", "outlet", "articles"], ((*(name.get(pk or 0, "") for name in names), n) for pk, n in found)


def of_languages(articles: Any) -> Rows:
    """Articles by language."""
    return ["language", "articles"], coverage(articles).languages


# What a chart is filtered as, and how its numbers are read.
CHARTS: dict[str, tuple[Callable[[QueryDict], ListFilter], Callable[[Any], Rows]]] = {
    "months": (lambda query: ClaimFilter(query, queryset=Claim.objects.shown()), of_months),
    "pairs": (lambda query: TransferFilter(query, queryset=Transfer.objects.standing()), of_pairs),
    "outlets": (lambda query: ArticleFilter(query, queryset=Article.objects.all()), of_outlets),
    "languages": (lambda query: ArticleFilter(query, queryset=Article.objects.all()), of_languages),
}
