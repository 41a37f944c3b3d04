"""Transfers that a claim may belong to, ranked, with the reasons for and against, field by field."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Case, IntegerField, Value, When

from tracker.models import Transfer

MONTHS_APART = 18
DAYS_A_MONTH = 30.44


class Verdict(StrEnum):
    AGREE = "agree"
    DIFFER = "differ"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A transfer, and how each field of the claim stands to it. `months` is the distance in time, 0 if they overlap."""

    transfer: Transfer
    pair: Verdict
    category: Verdict
    dates: Verdict
    quantity: Verdict
    months: int | None

    @property
    def suggested(self) -> bool:
        """Same pair of known parties, compatible category, at most 18 months apart."""
        return self.pair == Verdict.AGREE and self.category != Verdict.DIFFER and self.dates != Verdict.DIFFER


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Candidates, the best first. `first` is what one key links to: none where none fits or several fit."""

    candidates: list[Candidate]

    @property
    def fitting(self) -> list[Candidate]:
        """The candidates that are suggested."""
        return [candidate for candidate in self.candidates if candidate.suggested]

    @property
    def first(self) -> Transfer | None:
        """The only transfer that fits; or the only one of its very category among several."""
        exact = [candidate for candidate in self.fitting if candidate.category == Verdict.AGREE]
        for group in (exact, self.fitting):
            if len(group) == 1:
                return group[0].transfer
        return None

    @property
    def ambiguous(self) -> bool:
        """Several transfers fit equally: a person has to choose."""
        return self.first is None and len(self.fitting) > 1


def suggest(
    *,
    supplier_id: int | None,
    recipient_id: int | None,
    category: str,
    quantity_min: int | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
    published_on: date | None = None,
    limit: int = 5,
) -> Suggestions:
    """Transfers between the same two known parties. One party alone is never a reason, and gives none."""
    if not supplier_id or not recipient_id:
        return Suggestions([])
    # The same category first, then what is compatible because one side does not say, then the others.
    same = Case(
        When(category=category, then=Value(0)),
        When(category="unspecified", then=Value(1)),
        default=Value(1 if category == "unspecified" else 2),
        output_field=IntegerField(),
    )
    rows = (
        Transfer.objects.standing()
        .filter(supplier_id=supplier_id, recipient_id=recipient_id)
        .select_related("supplier", "recipient", "materiel")
        .annotate(nearness=same)
        .order_by("nearness", "-claim_count", "-published_key", "-pk")[:limit]
    )
    first, last = (date_from, date_to) if date_from else (published_on, published_on)
    found = [_weigh(transfer, category, quantity_min, first, last) for transfer in rows]
    return Suggestions(sorted(found, key=lambda candidate: not candidate.suggested))


def _weigh(
    transfer: Transfer, category: str, quantity_min: int | None, first: date | None, last: date | None
) -> Candidate:
    months = _months_apart(transfer, first, last)
    return Candidate(
        transfer=transfer,
        pair=Verdict.AGREE,
        category=_category(transfer.category, category),
        dates=Verdict.UNKNOWN if months is None else Verdict.AGREE if months <= MONTHS_APART else Verdict.DIFFER,
        quantity=_quantity(transfer, quantity_min),
        months=months,
    )


def _category(one: str, other: str) -> Verdict:
    if "unspecified" in (one, other):
        return Verdict.UNKNOWN
    return Verdict.AGREE if one == other else Verdict.DIFFER


def _quantity(transfer: Transfer, quantity_min: int | None) -> Verdict:
    if quantity_min is None or transfer.quantity_min is None:
        return Verdict.UNKNOWN
    return Verdict.AGREE if transfer.quantity_min == quantity_min else Verdict.DIFFER


def _months_apart(transfer: Transfer, first: date | None, last: date | None) -> int | None:
    """Months between the claim and what the transfer's claims speak of or were published in; 0 where they overlap."""
    ends = [
        day for day in (transfer.date_from, transfer.date_to, transfer.first_published, transfer.last_published) if day
    ]
    if not ends or first is None or last is None:
        return None
    gap = max((first - max(ends)).days, (min(ends) - last).days, 0)
    return round(gap / DAYS_A_MONTH)
