"""Transfers that a claim may belong to, ranked, with the reasons for and against, field by field."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case, DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, Least

from tracker.link.not_same import about, of_transfer
from tracker.models import Actor, Materiel, Transfer

MONTHS_APART = 18
DAYS_A_MONTH = 30.44
# Months are rounded.
DAYS_APART = int((MONTHS_APART + 0.5) * DAYS_A_MONTH)
SPOKEN_OF = ("date_from", "date_to", "first_published", "last_published")


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
    materiel: Verdict
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
    materiel_id: int | None = None,
    quantity_min: int | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
    published_on: date | None = None,
    event_id: int | None = None,
    claim_id: int | None = None,
    limit: int = 5,
) -> Suggestions:
    """Transfers between the same two known parties. One party alone is never a reason, and gives none.

    What somebody said is not what the event, or its claim, is about is left out.
    """
    if not supplier_id or not recipient_id:
        return Suggestions([])
    asked = {
        "category": category,
        "materiel_id": materiel_id,
        "quantity_min": quantity_min,
        "first": date_from or published_on,
        "last": date_to or date_from or published_on,
    }
    rows = Transfer.objects.filter(supplier_id=supplier_id, recipient_id=recipient_id)
    if event_id or claim_id:
        rows = rows.exclude(pk__in=about(event_id=event_id, claim_id=claim_id).values("one"))
    return _ranked(rows, asked, limit)


def similar(transfer: Transfer, limit: int = 10) -> Suggestions:
    """Transfers that may be the same as `transfer`: those between its two parties that nobody told apart from it."""
    if not transfer.supplier_id or not transfer.recipient_id:
        return Suggestions([])
    asked = {
        "category": transfer.category,
        "materiel_id": transfer.materiel_id,
        "quantity_min": transfer.quantity_min,
        "first": min(_days(transfer), default=None),
        "last": max(_days(transfer), default=None),
    }
    rows = Transfer.objects.filter(supplier=transfer.supplier_id, recipient=transfer.recipient_id)
    rows = rows.exclude(pk=transfer.pk).exclude(Exists(of_transfer(transfer.pk, OuterRef("pk"))))
    return _ranked(rows, asked, limit)


def search(words: str, limit: int = 20) -> list[Transfer]:
    """Standing transfers by their number, or by words in the names of their parties and materiel, all of which fit."""
    if number := number_of(words):
        found = Transfer.objects.filter(pk=number).select_related("merged_into").first()
        rows = Transfer.objects.filter(pk=found.survivor.pk) if found else Transfer.objects.none()
    else:
        rows = Transfer.objects.all()
        for word in words.split()[:6]:
            actors = Actor.objects.with_word(word).values("pk")
            materiel = Materiel.objects.with_word(word).values("pk")
            rows = rows.filter(Q(supplier__in=actors) | Q(recipient__in=actors) | Q(materiel__in=materiel))
    related = ("supplier", "recipient", "materiel")
    return list(rows.standing().select_related(*related).order_by("-claim_count", "pk")[:limit])


def number_of(written: str) -> int | None:
    """The number of a transfer that is written T-000123 or 123."""
    digits = written.strip().upper().removeprefix("T-")
    return int(digits) if digits.isdecimal() and len(digits) < 16 else None


class DaysBetween(Func):
    """Days from the second date to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def _ranked(rows: QuerySet[Transfer], asked: dict[str, Any], limit: int) -> Suggestions:
    """What fits first: of the same category, then of one that a side does not say, each the nearest first."""
    category, first, last = asked["category"], asked["first"], asked["last"]
    # What does not say its category fits any.
    otherwise = 1 if category == "unspecified" else 2
    nearness = Case(
        When(category=category, then=Value(0)),
        When(category="unspecified", then=Value(1)),
        default=Value(otherwise),
        output_field=IntegerField(),
    )
    near = Q()
    apart: Any = Value(0)
    if first and last:
        days = timedelta(DAYS_APART)
        near = Q(latest__isnull=True) | Q(latest__gte=first - days, earliest__lte=last + days)
        before = DaysBetween(Value(first, DateField()), F("latest"))
        after = DaysBetween(F("earliest"), Value(last, DateField()))
        apart = Greatest(Value(0), before, after, output_field=IntegerField())
    ranking = {
        "earliest": Least(*SPOKEN_OF),
        "latest": Greatest(*SPOKEN_OF),
        "nearness": nearness,
        "fits": Case(When(near & Q(nearness__lt=2), then=Value(0)), default=1, output_field=IntegerField()),
        "other": Case(When(materiel=asked["materiel_id"], then=Value(0)), default=1, output_field=IntegerField()),
        "apart": apart,
    }
    order = ("fits", "nearness", "other", "apart", "-claim_count", "-pk")
    # Of a busy pair thousands are ranked: the rest of a row is read for the few that come first.
    best = rows.filter(state=Transfer.State.STANDING).annotate(**ranking).order_by(*order).values("pk")[:limit]
    related = ("supplier", "recipient", "materiel")
    found = Transfer.objects.filter(pk__in=best).select_related(*related).annotate(**ranking).order_by(*order)
    return Suggestions([_weigh(transfer, asked) for transfer in found])


def _weigh(transfer: Any, asked: dict[str, Any]) -> Candidate:
    dated = asked["first"] and asked["last"] and transfer.latest
    months = round(transfer.apart / DAYS_A_MONTH) if dated else None
    return Candidate(
        transfer=transfer,
        pair=Verdict.AGREE,
        category=_compare(_said(transfer.category), _said(asked["category"])),
        materiel=_compare(transfer.materiel_id, asked["materiel_id"]),
        dates=_verdict(None if months is None else months <= MONTHS_APART),
        quantity=_compare(transfer.quantity_min, asked["quantity_min"]),
        months=months,
    )


def _said(category: str) -> str | None:
    return None if category == "unspecified" else category


def _compare(one: Any, other: Any) -> Verdict:
    return _verdict(None if one is None or other is None else one == other)


def _verdict(same: bool | None) -> Verdict:
    return Verdict.UNKNOWN if same is None else Verdict.AGREE if same else Verdict.DIFFER


def _days(transfer: Transfer) -> list[date]:
    return [day for name in SPOKEN_OF if (day := getattr(transfer, name))]
