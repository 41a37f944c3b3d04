"""What the claims of one transfer say, value by value and origin by origin: disagreement is shown, not averaged."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from math import inf
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, Func, QuerySet, TextField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.codes import LADDER, Category, Modality
from articles.models import Article, Outlet
from tracker.models import Actor, Claim, Materiel, Transfer
from tracker.templatetags.figures import amount, days

SIDES = ("supports", "denies", "no_evidence", "beside")
SURE = (Modality.ASSERTED, Modality.ALLEGED)
ROLES = ("supplier", "recipient", "intermediary", "end_user")
# Values of one field that are told.
VALUES = 12
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
    sides: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.sides.values())


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the ladder: `state` is empty, has, peak, maybe or against."""

    label: Any
    state: str
    note: Any


class Row(NamedTuple):
    """One claim of a transfer, as the columns of Claim give it."""

    pk: int
    stage: str
    modality: str
    category: str
    article_id: int
    published_on: date | None
    supplier_id: int | None
    supplier_text: str
    recipient_id: int | None
    recipient_text: str
    intermediary_id: int | None
    intermediary_text: str
    end_user_id: int | None
    end_user_text: str
    materiel_id: int | None
    materiel__kind: str | None
    materiel_text: str
    quantity_min: int | None
    quantity_max: int | None
    quantity_unit: str
    quantity_text: str
    date_from: date | None
    date_to: date | None
    date_text: str
    # As Claim.bearing says it.
    bearing: str
    # The independent origin: the kind of one that speaks for itself, and its id; None for a hedge that names nobody.
    root: tuple[str, int] | None


COLUMNS = Row._fields[: Row._fields.index("bearing")]


def with_sources(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with what a quote needs: who published it."""
    unread = ("article__text", "article__search", "article__written", "spans")
    return claims.select_related("article__outlet").defer(*unread)


def claims_of(transfer: Transfer) -> list[Row]:
    """The active claims of a transfer, newest first, without their words.

    A transfer may have thousands: they are rows and no instances of Claim, which would take ten times as long.
    """
    claims = Claim.objects.shown().filter(transfer=transfer).order_by("-published_key", "-id")
    bearing = Func("stage", "modality", function="tracker_side", output_field=TextField())
    rows = list(claims.annotate(side=bearing).values_list("origin_id", "origin_outlet_id", *COLUMNS, "side"))
    root = roots({actor for actor, *_others in rows if actor})

    def origin(actor: int | None, outlet: int | None) -> tuple[str, int] | None:
        if speaks_for := root.get(actor or 0):
            return "actor", speaks_for
        return ("outlet", outlet) if outlet else None

    return [Row._make((*read, origin(actor, outlet))) for actor, outlet, *read in rows]


def roots(actors: set[int]) -> dict[int, int | None]:
    """Whom each of these actors speaks for in the end: ids by ids. None at a time before there was that actor."""
    root = Func(F("pk"), function="tracker_actor_root", output_field=BigIntegerField())
    return dict(Actor.objects.filter(pk__in=actors).values_list("pk", root))


def quoted(claims: Iterable[Row]) -> dict[int, Claim]:
    """Claims by id, with their words and sources."""
    return with_sources(Claim.objects.all()).in_bulk([claim.pk for claim in claims])


def sides(claims: Iterable[Row]) -> dict[str, list[Row]]:
    """The claims by how they bear on the transfer."""
    found: dict[str, list[Row]] = {side: [] for side in SIDES}
    for claim in claims:
        found[claim.bearing].append(claim)
    return found


@dataclass(frozen=True, slots=True)
class _Field:
    """How one field is read: its value in words from a claim, all else from a row.

    Rows with the same `key` have the same value and ranges; `given` tells whether there is a value, and `words` is
    the column that holds the article's words. Two claims disagree where their ranges of one kind have nothing in
    common; where there are none, nothing can clash. A field that is `known` stands at the head of the page, and is
    told again only where claims differ in it.
    """

    label: Any
    key: Callable[[Row], Any]
    given: Callable[[Row], Any]
    value: Callable[[Claim], str]
    words: str
    ranges: Callable[[Row], list[Range]] = lambda claim: []
    known: bool = False


def _number(claim: Row) -> list[Range]:
    if claim.quantity_min is None and claim.quantity_max is None:
        return []
    high = inf if claim.quantity_max is None else claim.quantity_max
    return [(claim.quantity_unit, claim.quantity_min or 0, high)]


def _time(claim: Row) -> list[Range]:
    return [(claim.stage, claim.date_from, claim.date_to)] if claim.date_from else []


def _kind(claim: Row) -> list[Range]:
    """Other categories exclude each other, and so do other designations; a class and one of its designations agree."""
    found: list[Range] = []
    if claim.category not in (Category.UNSPECIFIED, Category.OTHER):
        found.append(("category", claim.category, claim.category))
    if claim.materiel__kind == Materiel.Kind.DESIGNATION:
        found.append(("designation", claim.materiel_id, claim.materiel_id))
    return found


def _actor(role: str, label: Any, *, excludes: bool, known: bool = False) -> "_Field":
    """A role of an actor. `excludes`: it is filled by one actor, so that two of them disagree."""

    named = attrgetter(f"{role}_id")

    def ranges(claim: Row) -> list[Range]:
        pk = named(claim)
        return [("", pk, pk)] if pk and excludes else []

    def value(claim: Claim) -> str:
        return getattr(claim, role).name

    return _Field(label, named, named, value, f"{role}_text", ranges, known)


FIELDS = (
    _actor("supplier", gettext_lazy("Supplier"), excludes=True, known=True),
    _actor("recipient", gettext_lazy("Recipient"), excludes=True, known=True),
    _Field(
        gettext_lazy("Materiel"),
        lambda claim: (claim.materiel_id, claim.category, "" if claim.materiel_id else claim.materiel_text),
        lambda claim: claim.materiel_id or claim.materiel_text,
        lambda claim: claim.materiel.name if claim.materiel else claim.materiel_text,
        "materiel_text",
        _kind,
    ),
    _Field(
        gettext_lazy("Quantity"),
        attrgetter("quantity_min", "quantity_max", "quantity_unit"),
        lambda claim: claim.quantity_min is not None or claim.quantity_max is not None,
        amount,
        "quantity_text",
        _number,
    ),
    _Field(
        gettext_lazy("When"),
        attrgetter("stage", "date_from", "date_to"),
        attrgetter("date_from"),
        lambda claim: f"{claim.get_stage_display()}: {days(claim)}",
        "date_text",
        _time,
    ),
    _actor("intermediary", gettext_lazy("Through"), excludes=False),
    _actor("end_user", gettext_lazy("End user"), excludes=True),
)


def reported(claims: Iterable[Row]) -> list[Reported]:
    """Every field with the values that the claims give it."""
    claims = list(claims)
    alike = {one: _alike(one, claims) for one in FIELDS}
    often = {one: [same for same in alike[one] if one.given(same[0])] for one in FIELDS}
    # The words for a value are those of one claim that gives it: few are told of many.
    told = {same[0].pk for values in often.values() for same in values[:VALUES]}
    named = Claim.objects.select_related(*ROLES, "materiel").defer("spans").in_bulk(told)
    found = []
    for one in FIELDS:
        values = _values(often[one][:VALUES], one, named)
        if not one.known or len(values) > 1:
            more = len(often[one][VALUES:])
            found.append(Reported(one.label, values, more, _clash([same[0] for same in alike[one]], one)))
    return found


def _alike(field: _Field, claims: Iterable[Row]) -> list[list[Row]]:
    """The claims by what they say of a field, the most frequent first."""
    found: dict[Any, list[Row]] = {}
    for claim in claims:
        found.setdefault(field.key(claim), []).append(claim)
    return sorted(found.values(), key=len, reverse=True)


def _values(alike: Iterable[list[Row]], field: _Field, named: dict[int, Claim]) -> list[Said]:
    groups: dict[str, list[Row]] = {}
    for same in alike:
        groups.setdefault(field.value(named[same[0].pk]), []).extend(same)
    found = []
    for said, group in groups.items():
        words = dict.fromkeys(map(attrgetter(field.words), group))
        roots = set(map(attrgetter("root"), group)) - {None}
        found.append(Said(said, tuple(text for text in words if text not in ("", said))[:4], len(group), len(roots)))
    return sorted(found, key=lambda said: (-said.claims, said.value))


def _clash(claims: list[Row], field: _Field) -> bool:
    ends: dict[str, tuple[Any, Any]] = {}
    for claim in claims:
        for kind, low, high in field.ranges(claim):
            lowest_end, highest_start = ends.get(kind, (high, low))
            ends[kind] = min(lowest_end, high), max(highest_start, low)
    return any(highest_start > lowest_end for lowest_end, highest_start in ends.values())


def origins(claims: Iterable[Row], limit: int) -> tuple[list[Origin], int]:
    """The busiest independent origins behind the claims, up to `limit`, and how many more there are.

    Claims that name nobody come last, together.
    """
    counted: dict[Any, dict[str, int]] = {}
    for (root, side), number in Counter(map(attrgetter("root", "bearing"), claims)).items():
        counted.setdefault(root, dict.fromkeys(SIDES, 0))[side] = number
    busiest = sorted(counted, key=lambda root: (root is None, -sum(counted[root].values()), root or ()))
    shown = busiest[:limit]
    named: dict[str, dict[int, Any]] = {
        kind: model._default_manager.in_bulk([root[1] for root in shown if root and root[0] == kind])
        for kind, model in (("actor", Actor), ("outlet", Outlet))
    }
    found = []
    for root in shown:
        one = named[root[0]][root[1]] if root else None
        found.append(Origin(one.name if one else "", getattr(one, "code", ""), counted[root]))
    return sorted(found, key=lambda origin: (not origin.name, -origin.total, origin.name)), len(busiest) - len(shown)


def ladder(transfer: Transfer, claims: Iterable[Row]) -> list[Step]:
    """The nine stages, with what is said about each."""
    said: dict[str, set[str]] = {}
    for stage, modality in set(map(attrgetter("stage", "modality"), claims)):
        said.setdefault(stage, set()).add(modality)
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


def sources(claims: Iterable[Row], limit: int) -> tuple[list[Article], int]:
    """The articles behind the claims, the newest first: up to `limit` of them, and how many there are."""
    ids = list(dict.fromkeys(claim.article_id for claim in claims))
    articles = Article.objects.select_related("outlet").defer("text", "search", "written").in_bulk(ids[:limit])
    return [articles[pk] for pk in ids[:limit]], len(ids)
