"""What lists and exports are filtered by. A page and its CSV read the same parameters through the same class."""

import django_filters
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles.codes import LADDER, Category, Language, Modality, Precision, Qualifier, Reliability, Stage
from articles.models import Article, Outlet
from tracker.browse.conditions import (
    Voices,
    at_least,
    at_most,
    either_party,
    in_claims,
    in_role,
    of_rows,
    origin_is,
    outlet,
    register,
    some_claim,
    told_by,
    told_in,
)
from tracker.browse.facets import NONE, AnyOf, Day, Instant, ListFilter, Number, Since, Until, YesNo
from tracker.browse.named import ACTORS, COUNTRIES, MATERIEL, OUTLETS, TEXTS, UNITS, USERS
from tracker.browse.sought import Sought
from tracker.browse.terms import transfer_number
from tracker.browse.words import Exact, Words
from tracker.models import Claim, KeptQueue, ReviewItem, Transfer
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


PRECISIONS = [*Precision.choices, (NONE, gettext_lazy("not said"))]
QUALIFIERS = [*Qualifier.choices, (NONE, gettext_lazy("not said"))]


class TransferFilter(ListFilter):
    """Transfers."""

    name = "transfers"
    shown = ("supplier", "recipient", "category", "stage", "status", "contested", "outlet")
    ranges = (("published", gettext_lazy("Published")),)
    further_ranges = (
        ("dated", gettext_lazy("Dated")),
        ("quantity", gettext_lazy("Quantity")),
        ("supports", gettext_lazy("Supports")),
        ("denies", gettext_lazy("Denies")),
        ("no_evidence", gettext_lazy("No evidence")),
        ("origins", gettext_lazy("Origins")),
        ("created", gettext_lazy("New")),
        ("updated", gettext_lazy("Updated")),
    )

    q, exact = Words(Sought.transfers), Exact()
    supplier = in_role("supplier", label=gettext_lazy("Supplier"))
    recipient = in_role("recipient", label=gettext_lazy("Recipient"))
    party = either_party(label=gettext_lazy("Supplier or recipient"))
    intermediary = in_claims("intermediary_id", ACTORS, label=gettext_lazy("Intermediary"))
    end_user = in_claims("end_user_id", ACTORS, label=gettext_lazy("End user"))
    materiel = of_rows("materiel_id", MATERIEL, label=gettext_lazy("Materiel"))
    category = AnyOf("category", choices=Category.choices, label=gettext_lazy("Category"))
    sipri = register("sipri", label=gettext_lazy("SIPRI category"))
    unroca = register("unroca", label=gettext_lazy("UNROCA category"))
    unit = AnyOf("quantity_unit", named=UNITS, label=gettext_lazy("Unit"))
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
    precision = AnyOf("date_precision", choices=PRECISIONS, label=gettext_lazy("Precision of the date"))
    origin = of_rows(
        "origin_id",
        ACTORS,
        where=lambda codes, filters: some_claim(origin_is(codes, filters)),
        by=Voices(),
        of_claims=True,
        label=gettext_lazy("Origin"),
    )
    outlet = of_rows("article__outlet_id", OUTLETS, where=told_by, of_claims=True, label=gettext_lazy("Outlet"))
    language = AnyOf(
        choices=Language.choices,
        where=told_in,
        by="article__language",
        of_claims=True,
        label=gettext_lazy("Language"),
    )
    quantity_from = Number(where=at_least, label=gettext_lazy("Quantity from"))
    quantity_to = Number(where=at_most, label=gettext_lazy("Quantity to"))
    supports_from = Number("supports", lookup_expr="gte", label=gettext_lazy("Supports from"))
    supports_to = Number("supports", lookup_expr="lte", label=gettext_lazy("Supports to"))
    denies_from = Number("denies", lookup_expr="gte", label=gettext_lazy("Denies from"))
    denies_to = Number("denies", lookup_expr="lte", label=gettext_lazy("Denies to"))
    no_evidence_from = Number("no_evidence", lookup_expr="gte", label=gettext_lazy("No evidence from"))
    no_evidence_to = Number("no_evidence", lookup_expr="lte", label=gettext_lazy("No evidence to"))
    origins_from = Number("origins", lookup_expr="gte", label=gettext_lazy("Origins from"))
    origins_to = Number("origins", lookup_expr="lte", label=gettext_lazy("Origins to"))
    published_from = Day(field_name="last_published", lookup_expr="gte", label=gettext_lazy("Published from"))
    published_to = Day(field_name="first_published", lookup_expr="lte", label=gettext_lazy("Published to"))
    dated_from = Day(field_name="date_to", lookup_expr="gte", label=gettext_lazy("Dated from"))
    dated_to = Day(field_name="date_from", lookup_expr="lte", label=gettext_lazy("Dated to"))
    created_from = Since(field_name="created_at", label=gettext_lazy("New since"))
    created_since = Instant(field_name="created_at", lookup_expr="gte", label=gettext_lazy("New since"))
    created_to = Until(field_name="created_at", label=gettext_lazy("New until"))
    updated_from = Since(field_name="updated_at", label=gettext_lazy("Updated from"))
    updated_to = Until(field_name="updated_at", label=gettext_lazy("Updated to"))


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


def _side() -> Case:
    """The bearing of a claim, in SQL."""
    return Case(
        When(modality=Modality.NO_EVIDENCE, then=Value("no_evidence")),
        When(~Q(stage__in=[stage.value for stage in LADDER]), then=Value("beside")),
        When(modality=Modality.DENIED, then=Value("denies")),
        default=Value("supports"),
    )


class ClaimFilter(ListFilter):
    """Claims."""

    name = "claims"
    shown = ("supplier", "recipient", "category", "stage", "bearing", "contested", "outlet")
    ranges = (("published", gettext_lazy("Published")),)
    further_ranges = (
        ("dated", gettext_lazy("Dated")),
        ("quantity", gettext_lazy("Quantity")),
        ("reviewed", gettext_lazy("Reviewed")),
        ("updated", gettext_lazy("Updated")),
    )

    q, exact = Words(Sought.claims, few=25_000), Exact()
    supplier = in_role("supplier", label=gettext_lazy("Supplier"))
    recipient = in_role("recipient", label=gettext_lazy("Recipient"))
    party = either_party(label=gettext_lazy("Supplier or recipient"))
    intermediary = in_role("intermediary", label=gettext_lazy("Intermediary"))
    end_user = in_role("end_user", label=gettext_lazy("End user"))
    materiel = of_rows("materiel_id", MATERIEL, label=gettext_lazy("Materiel"))
    designation = AnyOf("designation", named=TEXTS, label=gettext_lazy("Designation"))
    category = AnyOf("category", choices=Category.choices, label=gettext_lazy("Category"))
    sipri = register("sipri", label=gettext_lazy("SIPRI category"))
    unroca = register("unroca", label=gettext_lazy("UNROCA category"))
    unit = AnyOf("quantity_unit", named=UNITS, label=gettext_lazy("Unit"))
    qualifier = AnyOf("quantity_qualifier", choices=QUALIFIERS, label=gettext_lazy("Number meant"))
    stage = AnyOf("stage", choices=Stage.choices, label=gettext_lazy("Stage"))
    modality = AnyOf("modality", choices=Modality.choices, label=gettext_lazy("Modality"))
    bearing = AnyOf(choices=BEARING, where=_bearing, by=_side(), label=gettext_lazy("Bearing"))
    contested = YesNo(Q(transfer__contested=True), label=gettext_lazy("Contested"))
    linked = YesNo(Q(transfer__isnull=False), label=gettext_lazy("Linked"))
    transfer = AnyOf(
        open=True,
        where=lambda ids, filters: Q(transfer__in=[transfer_number(one) or 0 for one in ids]),
        label=gettext_lazy("Transfer"),
    )
    article = django_filters.NumberFilter(field_name="article", label=gettext_lazy("Article"))
    precision = AnyOf("date_precision", choices=PRECISIONS, label=gettext_lazy("Precision of the date"))
    speaker = AnyOf("speaker", named=TEXTS, label=gettext_lazy("Speaker"))
    institution = AnyOf("institution", named=TEXTS, label=gettext_lazy("Institution"))
    relayed_by = AnyOf("relayed_by", named=TEXTS, label=gettext_lazy("Relayed by"))
    origin = of_rows("origin_id", ACTORS, where=origin_is, by=Voices(), label=gettext_lazy("Origin"))
    origin_outlet = of_rows("origin_outlet_id", OUTLETS, label=gettext_lazy("In the outlet’s own voice"))
    credibility = AnyOf("credibility", choices=Credibility.choices, label=gettext_lazy("Credibility"))
    outlet = outlet("article__outlet")
    country = AnyOf("article__outlet__country", named=COUNTRIES, label=gettext_lazy("Country of the outlet"))
    reliability = AnyOf(
        "article__outlet__reliability", choices=Reliability.choices, label=gettext_lazy("Source reliability")
    )
    language = AnyOf("article__language", choices=Language.choices, label=gettext_lazy("Language"))
    extractor = AnyOf("event__extraction__extractor", named=TEXTS, label=gettext_lazy("Extractor"))
    reviewed_by = of_rows("reviewed_by_id", USERS, label=gettext_lazy("Reviewed by"))
    quantity_from = Number(where=at_least, label=gettext_lazy("Quantity from"))
    quantity_to = Number(where=at_most, label=gettext_lazy("Quantity to"))
    published_from = Day(field_name="published_key", lookup_expr="gte", label=gettext_lazy("Published from"))
    published_to = Day(field_name="published_on", lookup_expr="lte", label=gettext_lazy("Published to"))
    dated_from = Day(field_name="date_to", lookup_expr="gte", label=gettext_lazy("Dated from"))
    dated_to = Day(field_name="date_from", lookup_expr="lte", label=gettext_lazy("Dated to"))
    reviewed_from = Since(field_name="reviewed_at", label=gettext_lazy("Reviewed from"))
    reviewed_to = Until(field_name="reviewed_at", label=gettext_lazy("Reviewed to"))
    updated_from = Since(field_name="updated_at", label=gettext_lazy("Updated from"))
    updated_to = Until(field_name="updated_at", label=gettext_lazy("Updated to"))


class ArticleFilter(ListFilter):
    """Articles."""

    name = "articles"
    shown = ("outlet", "language", "country", "state", "waiting", "claimed")
    ranges = (("published", gettext_lazy("Published")),)
    further_ranges = (("retrieved", gettext_lazy("Retrieved")),)

    q, exact = Words(Sought.articles, few=4_000), Exact()
    outlet = outlet()
    language = AnyOf("language", choices=Language.choices, label=gettext_lazy("Language"))
    country = AnyOf("outlet__country", named=COUNTRIES, label=gettext_lazy("Country"))
    kind = AnyOf("outlet__kind", choices=Outlet.Kind.choices, label=gettext_lazy("Kind of outlet"))
    reliability = AnyOf("outlet__reliability", choices=Reliability.choices, label=gettext_lazy("Source reliability"))
    state = AnyOf("reading", choices=Article.Reading.choices, label=pgettext_lazy("of an article", "State"))
    waiting = YesNo(
        Q(Exists(KeptQueue.objects.filter(article=OuterRef("pk")))), label=gettext_lazy("Waiting for review")
    )
    claimed = YesNo(Q(Exists(Claim.objects.shown().filter(article=OuterRef("pk")))), label=gettext_lazy("With claims"))
    copy = YesNo(Q(copy_of__isnull=False), label=gettext_lazy("Copy"))
    withheld = YesNo(Q(withheld_at__isnull=False), label=gettext_lazy("Withheld"))
    published_from = Day(field_name="published_key", lookup_expr="gte", label=gettext_lazy("Published from"))
    published_to = Day(field_name="published_on", lookup_expr="lte", label=gettext_lazy("Published to"))
    retrieved_from = Since(field_name="retrieved_at", label=gettext_lazy("Retrieved from"))
    retrieved_to = Until(field_name="retrieved_at", label=gettext_lazy("Retrieved to"))


class ActorFilter(ListFilter):
    """Actors."""

    name = "actors"
    shown = ("kind", "supplies", "receives")

    q, exact = Words(Sought.actors), Exact()
    kind = AnyOf("kind", choices=ActorKind.choices, label=gettext_lazy("Kind"))
    parent = of_rows("parent_id", ACTORS, label=gettext_lazy("Speaks for"))
    supplies = YesNo(
        Q(Exists(Transfer.objects.standing().filter(supplier=OuterRef("pk")))), label=gettext_lazy("Supplies")
    )
    receives = YesNo(
        Q(Exists(Transfer.objects.standing().filter(recipient=OuterRef("pk")))), label=gettext_lazy("Receives")
    )
    speaks = YesNo(Q(Exists(Claim.objects.shown().filter(origin=OuterRef("pk")))), label=gettext_lazy("As origin"))


class MaterielFilter(ListFilter):
    """Materiel."""

    name = "materiel"
    shown = ("category", "kind", "reported")

    q, exact = Words(Sought.materiel), Exact()
    category = AnyOf("category", choices=Category.choices, label=gettext_lazy("Category"))
    kind = AnyOf("kind", choices=MaterielKind.choices, label=gettext_lazy("Kind"))
    sipri = AnyOf("sipri", named=TEXTS, label=gettext_lazy("SIPRI category"))
    unroca = AnyOf("unroca", named=TEXTS, label=gettext_lazy("UNROCA category"))
    maker = AnyOf("maker", named=COUNTRIES, label=gettext_lazy("Designed in"))
    reported = YesNo(Q(Exists(Claim.objects.shown().filter(materiel=OuterRef("pk")))), label=gettext_lazy("In a claim"))


class OutletFilter(ListFilter):
    """Outlets."""

    name = "outlets"
    shown = ("kind", "language", "reliability", "published")

    q, exact = Words(Sought.outlets), Exact()
    kind = AnyOf("kind", choices=Outlet.Kind.choices, label=gettext_lazy("Kind"))
    language = AnyOf("language", choices=Language.choices, label=gettext_lazy("Language"))
    country = AnyOf("country", named=COUNTRIES, label=gettext_lazy("Country"))
    reliability = AnyOf("reliability", choices=Reliability.choices, label=gettext_lazy("Source reliability"))
    published = YesNo(Q(Exists(Article.objects.filter(outlet=OuterRef("pk")))), label=gettext_lazy("With articles"))


class EventFilter(ListFilter):
    """Extracted events, by the codes that the machine wrote and the state of their review."""

    name = "events"
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
