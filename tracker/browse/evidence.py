"""What the claims of one transfer say, value by value and origin by origin: disagreement is shown, not averaged."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf
from operator import attrgetter
from typing import Any

from django.db.models import BigIntegerField, F, Func, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.codes import LADDER, Category, Modality
from articles.models import Article
from tracker.models import Actor, Claim, Materiel, Transfer
from tracker.templatetags.figures import amount, days

SIDES = ("supports", "denies", "no_evidence", "beside")
SURE = (Modality.ASSERTED, Modality.ALLEGED)
ROLES = ("supplier", "recipient", "intermediary", "end_user")
# Values of one field that are told.
VALUES = 12
# What is read of each claim of a transfer.
READ = (
    "stage", "modality", "category", "article_id", "origin_id", "origin_outlet_id", "published_on",
    "materiel_id", "materiel_text", "quantity_min", "quantity_max", "quantity_unit", "quantity_qualifier",
    "quantity_text", "date_from", "date_to", "date_precision", "date_text",
    *(f"{role}{part}" for role in ROLES for part in ("_id", "_text")),
)  # fmt: skip
# Of one kind, from the lowest to the highest.
Range = tuple[str, Any, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One value as some claims give it, and their words for it. `origins` counts the independent ones."""

    value: str
    words: tuple[str, ...]
    claims: int
    origins: int


@dataclass(frozen=True, slots=True)
class Reported:
    """One field of a transfer and the values that are reported for it, the most frequent first; `more` are left out.

    `disagree`: two of all of them cannot both be true; "20 or more" and "200 or more" can.
    """

    label: Any
    values: list[Said]
    more: int
    disagree: bool


@dataclass(slots=True)
class Origin:
    """Where claims first come from, and how many of them stand on each side. `code` is empty for an outlet."""

    name: str
    code: str
    sides: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))

    @property
    def total(self) -> int:
        return sum(self.sides.values())


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the ladder: `state` is empty, has, peak, maybe or against."""

    label: Any
    state: str
    note: Any


def with_sources(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with what a quote needs: who published it, and of whom it speaks."""
    return claims.select_related("article__outlet", "supplier", "recipient").defer(
        "article__text", "article__search", "spans"
    )


def claims_of(transfer: Transfer) -> QuerySet[Claim]:
    """The active claims of a transfer, newest first, without their words.

    Each has `root`, the id of the actor at the root of its origin, and `published_in`, the name of its outlet. A
    transfer may have thousands: what they name is read once, and shared.
    """
    return (
        Claim.objects.shown()
        .filter(transfer=transfer)
        .only(*READ)
        .prefetch_related(*ROLES, "materiel", "origin_outlet")
        .annotate(
            root=Func(F("origin_id"), function="tracker_actor_root", output_field=BigIntegerField()),
            published_in=F("article__outlet__name"),
        )
        .order_by("-published_key", "-id")
    )


def quoted(claims: Iterable[Claim]) -> dict[int, Claim]:
    """Some claims again by id, with their words and sources."""
    return with_sources(Claim.objects.all()).in_bulk([claim.pk for claim in claims])


def root_of(claim: Any) -> str:
    """The independent origin of a claim: one key for one origin, empty for a hedge that names nobody."""
    if claim.root:
        return f"actor {claim.root}"
    return f"outlet {claim.origin_outlet_id}" if claim.origin_outlet_id else ""


def sides(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """The claims by how they bear on the transfer."""
    found: dict[str, list[Claim]] = {side: [] for side in SIDES}
    for claim in claims:
        found[claim.bearing].append(claim)
    return found


@dataclass(frozen=True, slots=True)
class _Field:
    """How one field is read from a claim: its value in words, the article's words, and the ranges that it means.

    Claims with the same `key` have the same value and ranges; `given` tells whether there is a value. Two claims
    disagree where their ranges of one kind have nothing in common; where there are none, nothing can clash. A field
    that is `known` stands at the head of the page, and is told again only where claims differ in it.
    """

    label: Any
    key: Callable[[Claim], Any]
    given: Callable[[Claim], Any]
    value: Callable[[Claim], str]
    words: Callable[[Claim], str]
    ranges: Callable[[Claim], list[Range]] = lambda claim: []
    known: bool = False


def _number(claim: Claim) -> list[Range]:
    if claim.quantity_min is None and claim.quantity_max is None:
        return []
    high = inf if claim.quantity_max is None else claim.quantity_max
    return [(claim.quantity_unit, claim.quantity_min or 0, high)]


def _time(claim: Claim) -> list[Range]:
    return [(claim.stage, claim.date_from, claim.date_to)] if claim.date_from else []


def _kind(claim: Claim) -> list[Range]:
    """Other categories exclude each other, and so do other designations; a class and one of its designations agree."""
    found: list[Range] = []
    if claim.category not in (Category.UNSPECIFIED, Category.OTHER):
        found.append(("category", claim.category, claim.category))
    if claim.materiel and claim.materiel.kind == Materiel.Kind.DESIGNATION:
        found.append(("designation", claim.materiel.pk, claim.materiel.pk))
    return found


def _actor(role: str, label: Any, *, excludes: bool, known: bool = False) -> "_Field":
    """A role of an actor. `excludes`: it is filled by one actor, so that two of them disagree."""

    def ranges(claim: Claim) -> list[Range]:
        pk = getattr(claim, f"{role}_id")
        return [("", pk, pk)] if pk and excludes else []

    def value(claim: Claim) -> str:
        return getattr(claim, role).name

    named = attrgetter(f"{role}_id")
    return _Field(label, named, named, value, attrgetter(f"{role}_text"), ranges, known)


FIELDS = (
    _actor("supplier", gettext_lazy("Supplier"), excludes=True, known=True),
    _actor("recipient", gettext_lazy("Recipient"), excludes=True, known=True),
    _Field(
        gettext_lazy("Materiel"),
        lambda claim: (claim.materiel_id, claim.category, "" if claim.materiel_id else claim.materiel_text),
        lambda claim: claim.materiel_id or claim.materiel_text,
        lambda claim: claim.materiel.name if claim.materiel else claim.materiel_text,
        attrgetter("materiel_text"),
        _kind,
    ),
    _Field(
        gettext_lazy("Quantity"),
        attrgetter("quantity_min", "quantity_max", "quantity_unit"),
        lambda claim: claim.quantity_min is not None or claim.quantity_max is not None,
        amount,
        attrgetter("quantity_text"),
        _number,
    ),
    _Field(
        gettext_lazy("When"),
        attrgetter("stage", "date_from", "date_to"),
        attrgetter("date_from"),
        lambda claim: f"{claim.get_stage_display()}: {days(claim)}",
        attrgetter("date_text"),
        _time,
    ),
    _actor("intermediary", gettext_lazy("Through"), excludes=False),
    _actor("end_user", gettext_lazy("End user"), excludes=True),
)


def reported(claims: Iterable[Claim]) -> list[Reported]:
    """Every field with the values that the claims give it."""
    claims = list(claims)
    found = []
    for one in FIELDS:
        alike: dict[Any, list[Claim]] = {}
        for claim in claims:
            alike.setdefault(one.key(claim), []).append(claim)
        often = sorted((same for same in alike.values() if one.given(same[0])), key=len, reverse=True)
        values = _values(often[:VALUES], one)
        if not one.known or len(values) > 1:
            more = len(often[VALUES:])
            found.append(Reported(one.label, values, more, _clash([same[0] for same in alike.values()], one)))
    return found


def _values(alike: Iterable[list[Claim]], field: _Field) -> list[Said]:
    groups: dict[str, list[Claim]] = {}
    for same in alike:
        groups.setdefault(field.value(same[0]), []).extend(same)
    found = [
        Said(
            said,
            tuple(dict.fromkeys(text for claim in group if (text := field.words(claim)) and text != said))[:4],
            len(group),
            len({root for claim in group if (root := root_of(claim))}),
        )
        for said, group in groups.items()
    ]
    return sorted(found, key=lambda said: (-said.claims, said.value))


def _clash(claims: list[Claim], field: _Field) -> bool:
    ends: dict[str, tuple[Any, Any]] = {}
    for claim in claims:
        for kind, low, high in field.ranges(claim):
            lowest_end, highest_start = ends.get(kind, (high, low))
            ends[kind] = min(lowest_end, high), max(highest_start, low)
    return any(highest_start > lowest_end for lowest_end, highest_start in ends.values())


def origins(claims: Iterable[Any]) -> list[Origin]:
    """The independent origins behind the claims, the busiest first."""
    claims = list(claims)
    actors = Actor.objects.in_bulk({claim.root for claim in claims if claim.root})
    found: dict[str, Origin] = {}
    for claim in claims:
        key = root_of(claim)
        if key not in found:
            actor, outlet = actors.get(claim.root), claim.origin_outlet
            found[key] = Origin(actor.name if actor else outlet.name if outlet else "", actor.code if actor else "")
        found[key].sides[claim.bearing] += 1
    return sorted(found.values(), key=lambda origin: (not origin.name, -origin.total, origin.name))


def ladder(transfer: Transfer, claims: Iterable[Claim]) -> list[Step]:
    """The nine stages, with what is said about each."""
    said: dict[str, set[str]] = {}
    for claim in claims:
        said.setdefault(claim.stage, set()).add(claim.modality)
    return [_step(transfer, stage, said.get(stage, set())) for stage in LADDER]


def _step(transfer: Transfer, stage: Any, modalities: set[str]) -> Step:
    if stage == transfer.stage:
        return Step(stage.label, "peak", _("reported") if Modality.DENIED not in modalities else _("contested"))
    if modalities & set(SURE):
        return Step(stage.label, "has", "" if Modality.DENIED not in modalities else _("contested"))
    if Modality.PLANNED in modalities:
        return Step(stage.label, "maybe", Modality.PLANNED.label)
    if Modality.POTENTIAL in modalities:
        return Step(stage.label, "maybe", Modality.POTENTIAL.label)
    if Modality.DENIED in modalities:
        return Step(stage.label, "against", Modality.DENIED.label)
    return Step(stage.label, "", Modality.NO_EVIDENCE.label if modalities else "")


def sources(claims: Iterable[Claim], limit: int) -> tuple[list[Article], int]:
    """The articles behind the claims, the newest first: up to `limit` of them, and how many there are."""
    ids = list(dict.fromkeys(claim.article_id for claim in claims))
    articles = Article.objects.select_related("outlet").defer("text", "search", "written").in_bulk(ids[:limit])
    return [articles[pk] for pk in ids[:limit]], len(ids)
