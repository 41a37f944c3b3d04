"""What it takes for a row to fit a filter that is more than a column: parties, registers, origins, claims."""

from typing import Any

from django.contrib.postgres.fields import BigIntegerRangeField
from django.contrib.postgres.lookups import Overlap
from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy

from tracker.browse import as_of
from tracker.browse.columns import crosswalk
from tracker.browse.facets import MOST, NONE, AnyOf, ListFilter
from tracker.browse.named import ACTORS, OUTLETS, TEXTS, Named
from tracker.models import Actor, CategoryCrosswalk, Claim, KeptLanguages, KeptTellers, Materiel
from tracker.models.transfers import QUANTITY


def of_rows(path: str, named: Named, **kwargs: Any) -> AnyOf:
    """Any of the rows that `named` names, behind the foreign key at `path`."""

    def where(values: list[str], filters: ListFilter) -> Q:
        found = Q(**{f"{path}__in": filters.ids(named, values)})
        return found | Q(**{f"{path}__isnull": True}) if NONE in values else found

    kwargs.setdefault("where", where)
    kwargs.setdefault("by", path)
    return AnyOf(named=named, **kwargs)


def in_role(role: str, **kwargs: Any) -> AnyOf:
    """Any of the actors, by code, in one role."""
    return of_rows(f"{role}_id", ACTORS, **kwargs)


def either_party(**kwargs: Any) -> AnyOf:
    """Any of the actors, by code, as supplier or recipient."""

    def where(codes: list[str], filters: ListFilter) -> Q:
        ids = filters.ids(ACTORS, codes)
        return Q(supplier_id__in=ids) | Q(recipient_id__in=ids)

    return AnyOf(named=ACTORS, where=where, by=("supplier_id", "recipient_id"), **kwargs)


def outlet(path: str = "outlet", **kwargs: Any) -> AnyOf:
    """Any of the outlets, by key."""
    return of_rows(f"{path}_id", OUTLETS, label=gettext_lazy("Outlet"), **kwargs)


def register(name: str, **kwargs: Any) -> AnyOf:
    """Any of a register's categories: of the materiel, or of our category where no materiel is named."""

    def where(values: list[str], filters: ListFilter) -> Q:
        asked = Q(**{f"{name}__in": ["" if value == NONE else value for value in values]})
        ids = list(Materiel.objects.filter(asked).values_list("pk", flat=True))
        codes = list(CategoryCrosswalk.objects.filter(asked).values_list("category", flat=True))
        return Q(materiel_id__in=ids) | Q(materiel_id__isnull=True, category__in=codes)

    return AnyOf(named=TEXTS, where=where, by=crosswalk(name), **kwargs)


def _spoken_for(codes: list[str], filters: ListFilter) -> list[int]:
    """The ids of the actors of those codes, and of all who speak for them."""
    ids = filters.ids(ACTORS, codes)
    for _step in range(3):
        found = Actor.objects.filter(Q(pk__in=ids) | Q(parent__in=ids)).order_by("pk")
        known, ids = ids, list(found.values_list("pk", flat=True))
        if ids == known:
            break
    return ids


class Voices(Func):
    """The ids of the actor that a claim first comes from and of those for whom it speaks, one row for each.

    0 where nobody is named; nothing where an outlet speaks in its own voice.
    """

    output_field = BigIntegerField()
    set_returning = True

    def __init__(self) -> None:
        super().__init__("origin_id", "origin__parent_id", "origin__parent__parent_id", "origin_outlet_id")

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        one, two, three, outlet = (compiler.compile(expression)[0] for expression in self.get_source_expressions())
        sql = (
            f"unnest(CASE WHEN {one} IS NULL AND {outlet} IS NULL THEN ARRAY[0]::bigint[]"
            f" ELSE array_remove(ARRAY[{one}, {two}, {three}]::bigint[], NULL) END)"
        )
        return sql, ()


def origin_is(codes: list[str], filters: ListFilter) -> Q:
    found = Q(origin_id__in=_spoken_for(codes, filters))
    return found | Q(origin_id__isnull=True, origin_outlet_id__isnull=True) if NONE in codes else found


def at_least(number: int, filters: ListFilter) -> Q:
    """The quantity can be so large, and so small as the filter beside it asks: one without an end can be of any size.

    Both are asked as one, for most claims that can be so large cannot be so small.
    """
    most = filters.number("quantity_to")
    return _can_be(number, most if most is not None and most >= number else None)


def at_most(number: int, filters: ListFilter) -> Q:
    """The quantity can be so small; nothing, where `at_least` asks for that."""
    least = filters.number("quantity_from")
    return Q() if least is not None and least <= number else _can_be(None, number)


def _can_be(least: int | None, most: int | None) -> Q:
    """The quantity can be one of these. Written as the index `claim_by_quantity` has it."""
    # The end is not one of them, and the largest number has none above it.
    end = None if most is None or most == MOST else most + 1
    asked = Func(Value(least), Value(end), function="int8range", output_field=BigIntegerRangeField())
    return Q(Overlap(QUANTITY, asked))


def some_claim(*conditions: Q, **lookups: Any) -> Exists:
    return Exists(Claim.objects.shown().filter(*conditions, transfer=OuterRef("pk"), **lookups))


def told_in(languages: list[str], filters: ListFilter) -> Exists:
    """Transfers of which a claim tells in one of the languages."""
    if as_of.is_past():
        return some_claim(article__language__in=languages)
    return Exists(KeptLanguages.objects.filter(transfer=OuterRef("pk"), language__in=languages))


def told_by(keys: list[str], filters: ListFilter) -> Exists:
    """Transfers of which one of the outlets tells in a claim."""
    ids, of_none = filters.ids(OUTLETS, keys), NONE in keys
    if as_of.is_past():
        return some_claim(Q(article__outlet__in=ids) | (Q(article__outlet__isnull=True) if of_none else Q(pk__in=[])))
    asked = Q(outlet__in=ids) | (Q(outlet__isnull=True) if of_none else Q(pk__in=[]))
    return Exists(KeptTellers.objects.filter(asked, transfer=OuterRef("pk")))


def in_claims(path: str, named: Named, **kwargs: Any) -> AnyOf:
    """Transfers one of whose claims has any of the rows at `path`."""

    def where(values: list[str], filters: ListFilter) -> Exists:
        missing = Q(**{f"{path}__isnull": True}) if NONE in values else Q(pk__in=[])
        return some_claim(Q(**{f"{path}__in": filters.ids(named, values)}) | missing)

    return of_rows(path, named, where=where, of_claims=True, **kwargs)
