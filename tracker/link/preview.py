"""What a merge or an unmerge would leave, beside what there is now. Nothing is stored."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.link.merging import coming_back, merge_of
from tracker.models import Claim, Transfer
from tracker.templatetags.figures import amount, days, figure

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One value of several transfers, or of one now and then. `differ`: the first two tell of two things by it."""

    label: Any
    values: list[str]
    differ: bool


def _day(name: str) -> Callable[[Transfer], str]:
    def write(transfer: Transfer) -> str:
        day = getattr(transfer, name)
        return date_format(day, "j M Y") if day else ""

    return write


# Values by which two transfers may be told apart.
TELLING = {"supplier", "recipient", "materiel", "category", "quantity", "when"}
LINES: tuple[tuple[str, Any, Callable[[Transfer], Any]], ...] = (
    ("supplier", gettext_lazy("Supplier"), lambda transfer: transfer.supplier or _("not said")),
    ("recipient", gettext_lazy("Recipient"), lambda transfer: transfer.recipient or _("not said")),
    ("materiel", gettext_lazy("Materiel"), lambda transfer: transfer.materiel or ""),
    ("category", gettext_lazy("Category"), lambda transfer: transfer.get_category_display()),
    ("stage", gettext_lazy("Stage"), lambda transfer: transfer.get_stage_display()),
    ("outlook", gettext_lazy("Outlook"), lambda transfer: transfer.get_outlook_display()),
    ("status", gettext_lazy("Status"), lambda transfer: transfer.get_status_display()),
    ("contested", gettext_lazy("Contested"), lambda transfer: _("yes") if transfer.contested else _("no")),
    ("quantity", gettext_lazy("Quantity"), amount),
    ("when", gettext_lazy("When"), days),
    ("claims", gettext_lazy("Claims"), lambda transfer: figure(transfer.claim_count)),
    ("supports", gettext_lazy("Supports"), lambda transfer: figure(transfer.supports)),
    ("denies", gettext_lazy("Denies"), lambda transfer: figure(transfer.denies)),
    ("no_evidence", gettext_lazy("No evidence"), lambda transfer: figure(transfer.no_evidence)),
    ("origins", gettext_lazy("Origins"), lambda transfer: figure(transfer.origins)),
    ("first_published", gettext_lazy("First published"), _day("first_published")),
    ("last_published", gettext_lazy("Last published"), _day("last_published")),
    ("credibility", gettext_lazy("Credibility"), lambda transfer: transfer.get_credibility_display()),
    ("note", gettext_lazy("Note"), lambda transfer: transfer.note),
)


def lines(*transfers: Transfer) -> list[Line]:
    """The values of the transfers side by side, those left out that none of them has."""
    found = []
    for name, label, value in LINES:
        values = [str(value(transfer)) for transfer in transfers]
        differ = name in TELLING and all(values[:2]) and len(set(values[:2])) > 1
        found.append(Line(label, values, differ))
    return [line for line in found if any(line.values)]


def together(transfer: Transfer, into: Transfer) -> Transfer:
    """`into` as it would be with the claims of `transfer`."""
    moved = transfer.claims.values_list("pk", flat=True)
    return _as(into, Transfer.objects.as_if([transfer.pk, into.pk], moved=moved, onto=into.pk)[into.pk])


@dataclass(frozen=True, slots=True)
class Apart:
    """What an unmerge would leave: both transfers, the claims that come back, and those that went elsewhere."""

    transfer: Transfer
    survivor: Transfer
    back: set[int]
    elsewhere: set[int]


def apart(transfer: Transfer) -> Apart | None:
    """What the unmerge of a merged transfer would leave."""
    decision = merge_of(transfer)
    survivor = transfer.merged_into
    if decision is None or survivor is None:
        return None
    back = {row.pk for row, _values in coming_back(transfer, decision) if isinstance(row, Claim)}
    went = {change["pk"] for change in decision.changes if change["model"] == "claim"} - back
    found = Transfer.objects.as_if([transfer.pk, survivor.pk], moved=back, onto=transfer.pk)
    return Apart(_as(transfer, found[transfer.pk]), _as(survivor, found[survivor.pk]), back, went)


def claims(**lookups: Any) -> list[Claim]:
    """The newest claims, as a preview lists them."""
    rows = Claim.objects.filter(**lookups).select_related("article__outlet", "transfer")
    rows = rows.defer("article__text", "article__search", "article__written", "spans")
    return list(rows.order_by("-published_key", "-pk")[:SHOWN])


def _as(transfer: Transfer, values: dict[str, Any]) -> Transfer:
    shown = copy(transfer)
    for name, value in values.items():
        if name not in {"id", "claimed_at"}:
            setattr(shown, name, value)
    return shown
