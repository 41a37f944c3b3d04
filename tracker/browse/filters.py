"""What lists and exports are filtered by. A page and its CSV read the same parameters through the same class."""

from functools import cached_property
from typing import Any

import django_filters
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles.codes import LADDER, Category, Language, Modality, Reliability, Stage
from articles.models import Article, Outlet
from tracker.browse.facets import NONE, AnyOf, Day, ListFilter, Words, YesNo
from tracker.models import Actor, Claim, Materiel, ReviewItem, Transfer
from tracker.models.actors import ActorKind
from tracker.models.derivation import SUPPORTING
from tracker.models.materiel import MaterielKind
from tracker.models.transfers import Credibility, TransferStatus

BEARING = (
    ("supports", gettext_lazy("supports")),
    ("denies", gettext_lazy("denies")),
    ("no_evidence", gettext_lazy("no evidence")),
    ("beside", gettext_lazy("beside the ladder")),
)


def party(role: str, kind: str, **kwargs: Any) -> AnyOf:
    """Any of the actors, by code, in one role."""

    def options(filters: ListFilter) -> list[tuple[str, str]]:
        return [(actor.code, actor.name) for actor in filters.parties if getattr(actor, kind)]

    def where(codes: list[str], filters: ListFilter) -> Q:
        found = Q(**{f"{role}_id__in": filters.actor_ids(codes)})
        return found | Q(**{f"{role}_id__isnull": True}) if NONE in codes else found

    return AnyOf(options=options, where=where, **kwargs)


def either_party(**kwargs: Any) -> AnyOf:
    """Any of the actors, by code, as supplier or recipient."""

    def options(filters: ListFilter) -> list[tuple[str, str]]:
        return [(actor.code, actor.name) for actor in filters.parties]

    def where(codes: list[str], filters: ListFilter) -> Q:
        ids = filters.actor_ids(codes)
        return Q(supplier_id__in=ids) | Q(recipient_id__in=ids)

    return AnyOf(options=options, where=where, **kwargs)


def keyed(path: str, model: type[Actor] | type[Materiel], key: str, **kwargs: Any) -> AnyOf:
    """Any of the rows of `model`, by their key."""

    def where(keys: list[str], filters: ListFilter) -> Q:
        rows = model._default_manager.filter(**{f"{key}__in": keys}).values_list("pk", flat=True)
        found = Q(**{f"{path}_id__in": list(rows)})
        return found | Q(**{f"{path}_id__isnull": True}) if NONE in keys else found

    return AnyOf(open=True, where=where, **kwargs)


def outlet(path: str = "outlet", **kwargs: Any) -> AnyOf:
    """Any of the outlets, by key."""

    def where(keys: list[str], filters: ListFilter) -> Q:
        found = Q(**{f"{path}_id__in": filters.outlet_ids(keys)})
        return found | Q(**{f"{path}__isnull": True}) if NONE in keys else found

    kwargs.setdefault("where", where)
    return AnyOf(
        options=lambda filters: [(one.key, one.name) for one in filters.outlets], label=gettext_lazy("Outlet"), **kwargs
    )


def transfer_number(word: str) -> int | None:
    """The number of a transfer that is written T-000123."""
    digits = word.upper().removeprefix("T-")
    return int(digits) if word[:2].upper() == "T-" and digits.isdecimal() and len(digits) < 16 else None


def _in_transfer(word: str) -> Q:
    if number := transfer_number(word):
        return Q(pk=number)
    actors = Actor.objects.with_word(word).values("pk")
    return (
        Q(supplier__in=actors) | Q(recipient__in=actors) | Q(materiel__in=Materiel.objects.with_word(word).values("pk"))
    )


def _in_claim(word: str) -> Q:
    if number := transfer_number(word):
        return Q(transfer=number)
    actors = Actor.objects.with_word(word).values("pk")
    return (
        Q(supplier__in=actors)
        | Q(recipient__in=actors)
        | Q(quote__icontains=word, article__withheld_at__isnull=True)
        | Q(materiel_text__icontains=word)
        | Q(speaker__icontains=word)
    )


def _of_claims(**lookups: Any) -> Exists:
    return Exists(Claim.objects.shown().filter(transfer=OuterRef("pk"), **lookups))


class TransferFilter(ListFilter):
    """Transfers."""

    shown = ("supplier", "recipient", "category", "stage", "outlook", "status", "contested", "outlet", "language")
    ranges = (("published", gettext_lazy("Published")), ("dated", gettext_lazy("Dated")))

    q = Words(_in_transfer)
    supplier = party("supplier", "supplies", label=gettext_lazy("Supplier"))
    recipient = party("recipient", "receives", label=gettext_lazy("Recipient"))
    party = either_party(label=gettext_lazy("Supplier or recipient"))
    category = AnyOf("category", choices=Category.choices, label=gettext_lazy("Category"))
    stage = AnyOf(
        "stage",
        choices=[*((stage.value, stage.label) for stage in LADDER), (NONE, gettext_lazy("none"))],
        label=gettext_lazy("Stage"),
    )
    outlook = AnyOf(
        "outlook",
        choices=[*((stage.value, stage.label) for stage in LADDER), (NONE, gettext_lazy("none"))],
        label=gettext_lazy("Outlook"),
    )
    status = AnyOf("status", choices=TransferStatus.choices, label=gettext_lazy("Status"))
    contested = YesNo(Q(contested=True), label=gettext_lazy("Contested"))
    supported = YesNo(Q(supports__gt=0), label=gettext_lazy("Supported"))
    credibility = AnyOf("credibility", choices=Credibility.choices, label=gettext_lazy("Credibility"))
    materiel = keyed("materiel", Materiel, "key", label=gettext_lazy("Materiel"))
    outlet = outlet(where=lambda keys, filters: _of_claims(article__outlet_id__in=filters.outlet_ids(keys)))
    language = AnyOf(
        choices=Language.choices,
        where=lambda codes, filters: _of_claims(article__language__in=codes),
        label=gettext_lazy("Language"),
    )
    published_from = Day(field_name="last_published", lookup_expr="gte", label=gettext_lazy("Published from"))
    published_to = Day(field_name="first_published", lookup_expr="lte", label=gettext_lazy("Published to"))
    dated_from = Day(field_name="date_to", lookup_expr="gte", label=gettext_lazy("Dated from"))
    dated_to = Day(field_name="date_from", lookup_expr="lte", label=gettext_lazy("Dated to"))
    created_from = Day(field_name="created_at__date", lookup_expr="gte", label=gettext_lazy("New since"))

    @cached_property
    def parties(self) -> list[Actor]:
        out = Transfer.objects.standing().filter(supplier=OuterRef("pk"))
        into = Transfer.objects.standing().filter(recipient=OuterRef("pk"))
        actors = Actor.objects.annotate(supplies=Exists(out), receives=Exists(into))
        return list(actors.filter(Q(supplies=True) | Q(receives=True)).order_by("sort_key"))


def _bearing(sides: list[str], filters: ListFilter) -> Q:
    ladder = Q(stage__in=[stage.value for stage in LADDER])
    conditions = {
        "supports": ladder & Q(modality__in=[modality.value for modality in SUPPORTING]),
        "denies": ladder & Q(modality=Modality.DENIED),
        "no_evidence": Q(modality=Modality.NO_EVIDENCE),
        "beside": ~ladder & ~Q(modality=Modality.NO_EVIDENCE),
    }
    found = Q(pk__in=[])
    for side in sides:
        found |= conditions[side]
    return found


class ClaimFilter(ListFilter):
    """Claims."""

    shown = ("supplier", "recipient", "category", "stage", "modality", "bearing", "contested", "outlet", "language")
    ranges = (("published", gettext_lazy("Published")), ("dated", gettext_lazy("Dated")))

    q = Words(_in_claim)
    supplier = party("supplier", "supplies", label=gettext_lazy("Supplier"))
    recipient = party("recipient", "receives", label=gettext_lazy("Recipient"))
    party = either_party(label=gettext_lazy("Supplier or recipient"))
    category = AnyOf("category", choices=Category.choices, label=gettext_lazy("Category"))
    stage = AnyOf("stage", choices=Stage.choices, label=gettext_lazy("Stage"))
    modality = AnyOf("modality", choices=Modality.choices, label=gettext_lazy("Modality"))
    bearing = AnyOf(choices=BEARING, where=_bearing, label=gettext_lazy("Bearing"))
    contested = YesNo(Q(transfer__contested=True), label=gettext_lazy("Contested"))
    linked = YesNo(Q(transfer__isnull=False), label=gettext_lazy("Linked"))
    transfer = AnyOf(
        open=True,
        where=lambda ids, filters: Q(transfer__in=[transfer_number(one) or 0 for one in ids]),
        label=gettext_lazy("Transfer"),
    )
    article = django_filters.NumberFilter(field_name="article", label=gettext_lazy("Article"))
    origin = keyed("origin", Actor, "code", label=gettext_lazy("Origin"))
    materiel = keyed("materiel", Materiel, "key", label=gettext_lazy("Materiel"))
    credibility = AnyOf("credibility", choices=Credibility.choices, label=gettext_lazy("Credibility"))
    reliability = AnyOf(
        "article__outlet__reliability", choices=Reliability.choices, label=gettext_lazy("Source reliability")
    )
    outlet = outlet("article__outlet")
    language = AnyOf("article__language", choices=Language.choices, label=gettext_lazy("Language"))
    published_from = Day(field_name="published_key", lookup_expr="gte", label=gettext_lazy("Published from"))
    published_to = Day(field_name="published_on", lookup_expr="lte", label=gettext_lazy("Published to"))
    dated_from = Day(field_name="date_to", lookup_expr="gte", label=gettext_lazy("Dated from"))
    dated_to = Day(field_name="date_from", lookup_expr="lte", label=gettext_lazy("Dated to"))

    @cached_property
    def parties(self) -> list[Actor]:
        out = Claim.objects.shown().filter(supplier=OuterRef("pk"))
        into = Claim.objects.shown().filter(recipient=OuterRef("pk"))
        actors = Actor.objects.annotate(supplies=Exists(out), receives=Exists(into))
        return list(actors.filter(Q(supplies=True) | Q(receives=True)).order_by("sort_key"))


class ArticleFilter(ListFilter):
    """Articles."""

    shown = ("outlet", "language", "country", "state", "waiting", "claimed")
    ranges = (("published", gettext_lazy("Published")),)

    q = django_filters.CharFilter(method="search", label=gettext_lazy("Search"))
    outlet = outlet()
    language = AnyOf("language", choices=Language.choices, label=gettext_lazy("Language"))
    country = AnyOf("outlet__country", options=lambda filters: filters.countries, label=gettext_lazy("Country"))
    state = AnyOf("reading", choices=Article.Reading.choices, label=pgettext_lazy("of an article", "State"))
    waiting = YesNo(
        Q(Exists(ReviewItem.objects.waiting().filter(event__article=OuterRef("pk")))),
        label=gettext_lazy("Waiting for review"),
    )
    claimed = YesNo(Q(Exists(Claim.objects.shown().filter(article=OuterRef("pk")))), label=gettext_lazy("With claims"))
    copy = YesNo(Q(copy_of__isnull=False), label=gettext_lazy("Copy"))
    withheld = YesNo(Q(withheld_at__isnull=False), label=gettext_lazy("Withheld"))
    published_from = Day(field_name="published_key", lookup_expr="gte", label=gettext_lazy("Published from"))
    published_to = Day(field_name="published_on", lookup_expr="lte", label=gettext_lazy("Published to"))

    @cached_property
    def countries(self) -> list[tuple[str, str]]:
        """The countries of outlets that have articles."""
        published = Article.objects.filter(outlet__country=OuterRef("code"))
        actors = Actor.objects.filter(kind=ActorKind.STATE).filter(Exists(published)).order_by("sort_key")
        return [(actor.code, actor.name) for actor in actors]

    def search(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        """Full text, in the words of either language; a withheld text is not searched."""
        query = SearchQuery(value, config="indonesian", search_type="websearch")
        query |= SearchQuery(value, config="english", search_type="websearch")
        query |= SearchQuery(value, config="simple", search_type="websearch")
        return queryset.filter(search=query, withheld_at__isnull=True)


class ActorFilter(ListFilter):
    """Actors."""

    shown = ("kind", "supplies", "receives")

    q = Words(lambda word: Q(pk__in=Actor.objects.with_word(word).values("pk")))
    kind = AnyOf("kind", choices=ActorKind.choices, label=gettext_lazy("Kind"))
    supplies = YesNo(
        Q(Exists(Transfer.objects.standing().filter(supplier=OuterRef("pk")))), label=gettext_lazy("Supplies")
    )
    receives = YesNo(
        Q(Exists(Transfer.objects.standing().filter(recipient=OuterRef("pk")))), label=gettext_lazy("Receives")
    )


class MaterielFilter(ListFilter):
    """Materiel."""

    shown = ("category", "kind", "reported")

    q = Words(lambda word: Q(pk__in=Materiel.objects.with_word(word).values("pk")))
    category = AnyOf("category", choices=Category.choices, label=gettext_lazy("Category"))
    kind = AnyOf("kind", choices=MaterielKind.choices, label=gettext_lazy("Kind"))
    reported = YesNo(Q(Exists(Claim.objects.shown().filter(materiel=OuterRef("pk")))), label=gettext_lazy("In a claim"))


class OutletFilter(ListFilter):
    """Outlets."""

    shown = ("kind", "language", "reliability", "published")

    q = Words(lambda word: Q(name__icontains=word) | Q(names__icontains=word) | Q(domains__icontains=word))
    kind = AnyOf("kind", choices=Outlet.Kind.choices, label=gettext_lazy("Kind"))
    language = AnyOf("language", choices=Language.choices, label=gettext_lazy("Language"))
    country = AnyOf("country", open=True, label=gettext_lazy("Country"))
    reliability = AnyOf("reliability", choices=Reliability.choices, label=gettext_lazy("Source reliability"))
    published = YesNo(Q(Exists(Article.objects.filter(outlet=OuterRef("pk")))), label=gettext_lazy("With articles"))


class EventFilter(ListFilter):
    """Extracted events, by the codes that the machine wrote and the state of their review."""

    supplier = AnyOf("supplier_code", open=True, label=gettext_lazy("Supplier"))
    recipient = AnyOf("recipient_code", open=True, label=gettext_lazy("Recipient"))
    category = AnyOf("category", choices=Category.choices, label=gettext_lazy("Category"))
    stage = AnyOf("stage", choices=Stage.choices, label=gettext_lazy("Stage"))
    modality = AnyOf("modality", choices=Modality.choices, label=gettext_lazy("Modality"))
    state = AnyOf("review__state", choices=ReviewItem.State.choices, label=gettext_lazy("State of review"))
    flagged = YesNo(Q(review__flagged=True), label=gettext_lazy("Flagged"))
    article = django_filters.NumberFilter(field_name="article", label=gettext_lazy("Article"))
    extraction = django_filters.NumberFilter(field_name="extraction", label=gettext_lazy("Extraction"))
    outlet = outlet("article__outlet")
    language = AnyOf("article__language", choices=Language.choices, label=gettext_lazy("Language"))
    published_from = Day(field_name="article__published_key", lookup_expr="gte", label=gettext_lazy("Published from"))
    published_to = Day(field_name="article__published_on", lookup_expr="lte", label=gettext_lazy("Published to"))
