"""What is reported: claims in articles, and the transfers in the world that they are linked to."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import BigIntegerRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex, HashIndex
from django.db import connection, models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.codes import LADDER, Category, Modality, Precision, Qualifier, Stage, displayed
from articles.models import Article, Outlet, dates_in_order, one_of, quantities_in_order
from tracker.models.actors import Actor
from tracker.models.confirmed import confirmed_by_two
from tracker.models.derivation import AS_IF, DERIVE
from tracker.models.history import by_time, tracked
from tracker.models.materiel import Materiel
from tracker.models.words import ClaimStems, ClaimWords

# The numbers that a quantity can mean, as one range: of one that overlaps another, the database knows how many there
# are. NULL where none is given; one without an end has none, and the largest that a column holds is as good as none.
QUANTITY = Case(
    When(
        Q(quantity_min__isnull=False) | Q(quantity_max__isnull=False),
        then=Func(
            Coalesce("quantity_min", Value(0)),
            NullIf("quantity_max", Value(2**63 - 1)),
            Value("[]"),
            function="int8range",
            output_field=BigIntegerRangeField(),
        ),
    )
)
# Active claims for which nobody is named: neither who says it, nor an outlet in its own voice.
UNVOICED = Q(state="active", origin__isnull=True, origin_outlet__isnull=True)


class Credibility(models.IntegerChoices):
    """Information credibility of the NATO Admiralty system, set by people, apart from the source's reliability."""

    CONFIRMED = 1, _("1 confirmed by other sources")
    PROBABLY = 2, _("2 probably true")
    POSSIBLY = 3, _("3 possibly true")
    DOUBTFUL = 4, _("4 doubtful")
    IMPROBABLE = 5, _("5 improbable")
    UNJUDGED = 6, _("6 truth cannot be judged")


class TransferQuerySet(models.QuerySet["Transfer"]):
    def standing(self) -> "TransferQuerySet":
        """Transfers that lists and exports show: with at least one active claim, and not merged away."""
        return self.filter(state=Transfer.State.STANDING)

    def derive(self, pks: Iterable[int]) -> None:
        """Recompute, in one statement, what the transfers `pks` show from their active claims.

        Deterministic: the same claims give the same row, so an undo restores it by deriving again.
        """
        wanted = sorted({pk for pk in pks if pk})
        if not wanted:
            return
        with connection.cursor() as cursor:
            cursor.execute(DERIVE, {"ids": wanted})

    def as_if(self, pks: Iterable[int], *, moved: Iterable[int], onto: int) -> "dict[int, dict[str, Any]]":
        """What the transfers `pks` would show if the claims `moved` were those of `onto`, by id; stores nothing."""
        with connection.cursor() as cursor:
            asked: dict[str, Any] = {"ids": sorted({*pks}), "moved": sorted({*moved}), "onto": onto}
            cursor.execute(f"{AS_IF} SELECT * FROM shown", asked)
            names = [column.name for column in cursor.description]
            return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


class TransferStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    HALTED = "halted", _("halted")
    CANCELLED = "cancelled", _("cancelled")


@tracked(exclude=["supplier_key", "recipient_key", "published_key"], meta=by_time("transfer_history_by_time"))
class Transfer(models.Model):
    """One reported transfer in the world. Talks, order and delivery of one deal are one transfer.

    People judge the parties, the credibility, and which claims belong to it; everything from `stage` on is derived
    from the active claims by `TransferQuerySet.derive`. The public id T-000123 is the primary key, never used again.
    """

    class State(models.TextChoices):
        STANDING = "standing", _("standing")
        WITHDRAWN = "withdrawn", _("withdrawn")
        MERGED = "merged", _("merged")

    Status = TransferStatus

    supplier = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="transfers_out")
    recipient = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="transfers_in")
    credibility = models.PositiveSmallIntegerField(
        _("information credibility"), choices=Credibility.choices, default=Credibility.UNJUDGED
    )
    note = models.TextField(_("note"), blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    edited_at = models.DateTimeField(db_default=models.functions.Now())

    state = models.CharField(max_length=10, choices=State.choices, default=State.WITHDRAWN)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, blank=True)
    stage_rank = models.PositiveSmallIntegerField(default=0)
    outlook = models.CharField(_("outlook"), max_length=12, choices=Stage.choices, blank=True)
    outlook_rank = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    contested = models.BooleanField(_("contested"), default=False)
    claim_count = models.PositiveIntegerField(_("claims"), default=0)
    supports = models.PositiveIntegerField(_("supports"), default=0)
    denies = models.PositiveIntegerField(_("denies"), default=0)
    no_evidence = models.PositiveIntegerField(_("no evidence"), default=0)
    origins = models.PositiveIntegerField(_("origins"), default=0)
    category = models.CharField(_("category"), max_length=24, choices=Category.choices, default=Category.UNSPECIFIED)
    materiel = models.ForeignKey(Materiel, models.PROTECT, null=True, blank=True, related_name="transfers")
    quantity_min = models.BigIntegerField(null=True, blank=True)
    quantity_max = models.BigIntegerField(null=True, blank=True)
    quantity_unit = models.TextField(blank=True)
    date_from = models.DateField(null=True, blank=True)
    date_to = models.DateField(null=True, blank=True)
    date_precision = models.CharField(max_length=10, choices=Precision.choices, blank=True)
    first_published = models.DateField(null=True, blank=True)
    last_published = models.DateField(null=True, blank=True)
    supplier_key = models.CharField(max_length=200, blank=True)
    recipient_key = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(db_default=models.functions.Now())
    published_key = models.GeneratedField(
        expression=models.functions.Coalesce("last_published", models.Value("0001-01-01", models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )

    get_stage_display = displayed("stage", Stage)
    get_outlook_display = displayed("outlook", Stage)
    get_status_display = displayed("status", Status)
    get_category_display = displayed("category", Category)
    get_credibility_display = displayed("credibility", Credibility)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(supplier__isnull=False) | Q(recipient__isnull=False), name="transfer_has_a_party"
            ),
            models.CheckConstraint(condition=Q(credibility__range=(1, 6)), name="transfer_credibility_1_to_6"),
            models.CheckConstraint(condition=one_of("stage", Stage, empty=True), name="transfer_stage_known"),
            models.CheckConstraint(condition=one_of("outlook", Stage, empty=True), name="transfer_outlook_known"),
            models.CheckConstraint(condition=one_of("status", TransferStatus), name="transfer_status_known"),
            models.CheckConstraint(condition=one_of("category", Category), name="transfer_category_known"),
            models.CheckConstraint(condition=dates_in_order(), name="transfer_dates_in_order"),
            models.CheckConstraint(condition=quantities_in_order(), name="transfer_quantities_in_order"),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="transfer_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | Q(merged_into__isnull=True) & ~Q(state="merged"),
                name="transfer_merged_into_another",
            ),
        ]
        indexes = [
            # transfer list, by what was last published
            models.Index(F("published_key").desc(), F("id").desc(), name="transfer_newest"),
            # transfer list by stage, supplier, recipient, number of claims
            models.Index(F("stage_rank").desc(), F("id").desc(), name="transfer_by_stage"),
            models.Index(fields=["supplier_key", "id"], name="transfer_by_supplier"),
            models.Index(fields=["recipient_key", "id"], name="transfer_by_recipient"),
            models.Index(F("supports").desc(), F("id").desc(), name="transfer_by_supports"),
            # dashboard: what was changed last, and what is new
            models.Index(
                F("updated_at").desc(), F("id").desc(), name="transfer_changed", condition=Q(state="standing")
            ),
            models.Index(fields=["created_at"], name="transfer_new", condition=Q(state="standing")),
            # dashboard and flows: transfers by pair, from the index alone
            models.Index(
                fields=["supplier", "recipient", "contested"], name="transfer_flows", condition=Q(state="standing")
            ),
            # the queue of events between the parties of a contested transfer
            models.Index(
                fields=["supplier", "recipient"],
                name="transfer_contested_pair",
                condition=Q(contested=True, state="standing"),
            ),
            # suggested links: same pair of known parties
            models.Index(fields=["supplier", "recipient", "category"], name="transfer_pair"),
        ]
        triggers = [confirmed_by_two("tracker_transfer", "t.id, 'supports'", "h.origins >= 2")]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        return reverse("transfer", args=[self.public_id])

    @property
    def public_id(self) -> str:
        """The permanent id that people cite."""
        return f"T-{self.pk:06d}"

    @property
    def survivor(self) -> "Transfer":
        """The transfer that it was merged into, or itself. A merge leaves none merged into the one that goes."""
        return self.merged_into or self

    @property
    def grade_holds(self) -> bool:
        """Whether its credibility is one that it may have: two origins stood behind a 1 when it was given."""
        return self.credibility != Credibility.CONFIRMED or self.origins >= 2

    @property
    def no_support(self) -> bool:
        """Nothing supports it: what there is denies it, or says that nothing shows it."""
        return self.supports == 0


class ClaimQuerySet(models.QuerySet["Claim"]):
    def shown(self) -> "ClaimQuerySet":
        """Claims that browse, feeds and exports show: neither provisional nor retracted."""
        return self.filter(state=Claim.State.ACTIVE)


class ClaimState(models.TextChoices):
    ACTIVE = "active", _("active")
    PROVISIONAL = "provisional", _("provisional")
    RETRACTED = "retracted", _("retracted")


@tracked(exclude=["published_key"], meta=by_time("claim_history_by_time"))
class Claim(models.Model):
    """One statement in one article about one group of materiel, as a reviewer has accepted it.

    It may correct the extracted event and never overwrites it. `spans` has the form of ExtractedEvent.spans; the
    `*_text` fields hold the words of the article. The origin is an actor, or the outlet where it speaks in its own
    voice, or nobody for an unattributed hedge.
    """

    State = ClaimState

    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    # claim_of_article leads from an article to its claims.
    article = models.ForeignKey(Article, models.PROTECT, related_name="claims", db_index=False)
    # The row is kept when an older extraction goes: the claim stands without its event.
    event = models.ForeignKey("articles.ExtractedEvent", models.SET_NULL, null=True, blank=True, related_name="claims")
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, blank=True, related_name="claims")
    supplier = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="claims_out")
    supplier_text = models.TextField(blank=True)
    recipient = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="claims_in")
    recipient_text = models.TextField(blank=True)
    intermediary = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="claims_through")
    intermediary_text = models.TextField(blank=True)
    end_user = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="claims_for")
    end_user_text = models.TextField(blank=True)
    materiel = models.ForeignKey(Materiel, models.PROTECT, null=True, blank=True, related_name="claims")
    materiel_text = models.TextField(blank=True)
    designation = models.TextField(blank=True)
    category = models.CharField(max_length=24, choices=Category.choices)
    quantity_min = models.BigIntegerField(null=True, blank=True)
    quantity_max = models.BigIntegerField(null=True, blank=True)
    quantity_unit = models.TextField(blank=True)
    quantity_qualifier = models.CharField(max_length=12, choices=Qualifier.choices, blank=True)
    quantity_text = models.TextField(blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    modality = models.CharField(max_length=12, choices=Modality.choices)
    date_from = models.DateField(null=True, blank=True)
    date_to = models.DateField(null=True, blank=True)
    date_precision = models.CharField(max_length=10, choices=Precision.choices, blank=True)
    date_text = models.TextField(blank=True)
    speaker = models.TextField(blank=True)
    institution = models.TextField(blank=True)
    relayed_by = models.TextField(blank=True)
    origin = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="claims_said")
    origin_outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="claims_said")
    credibility = models.PositiveSmallIntegerField(choices=Credibility.choices, default=Credibility.UNJUDGED)
    quote = models.TextField()
    quote_start = models.PositiveIntegerField()
    quote_end = models.PositiveIntegerField()
    translation = models.TextField(blank=True)
    note = models.TextField(blank=True)
    spans = models.JSONField(default=dict)
    # The day of the article, kept here because lists of claims sort by it.
    published_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims_reviewed")
    reviewed_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    published_key = models.GeneratedField(
        expression=models.functions.Coalesce("published_on", models.Value("0001-01-01", models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )

    get_category_display = displayed("category", Category)
    get_stage_display = displayed("stage", Stage)
    get_modality_display = displayed("modality", Modality)
    get_credibility_display = displayed("credibility", Credibility)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("state", ClaimState), name="claim_state_known"),
            models.CheckConstraint(condition=one_of("category", Category), name="claim_category_known"),
            models.CheckConstraint(condition=one_of("stage", Stage), name="claim_stage_known"),
            models.CheckConstraint(condition=one_of("modality", Modality), name="claim_modality_known"),
            models.CheckConstraint(
                condition=one_of("date_precision", Precision, empty=True), name="claim_precision_known"
            ),
            models.CheckConstraint(
                condition=one_of("quantity_qualifier", Qualifier, empty=True), name="claim_qualifier_known"
            ),
            models.CheckConstraint(condition=dates_in_order(), name="claim_dates_in_order"),
            models.CheckConstraint(condition=quantities_in_order(), name="claim_quantities_in_order"),
            models.CheckConstraint(condition=Q(credibility__range=(1, 6)), name="claim_credibility_1_to_6"),
            models.CheckConstraint(
                condition=Q(quote_start__lt=F("quote_end")) & ~Q(quote=""), name="claim_quote_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(supplier__isnull=False) | Q(recipient__isnull=False), name="claim_has_a_party"
            ),
            models.CheckConstraint(
                condition=Q(origin__isnull=True) | Q(origin_outlet__isnull=True), name="claim_one_origin"
            ),
        ]
        indexes = [
            # claim list, newest first
            models.Index(F("published_key").desc(), F("id").desc(), name="claim_newest"),
            # the first claims of an article, as they stand in its text
            models.Index(fields=["article", "quote_start", "id"], name="claim_of_article"),
            # claims of a transfer, and the derivation of its values
            models.Index(fields=["transfer", "state"], name="claim_transfer_state"),
            # claim list by supplier, recipient, stage, category
            models.Index(fields=["supplier", "-published_key", "-id"], name="claim_by_supplier"),
            models.Index(fields=["recipient", "-published_key", "-id"], name="claim_by_recipient"),
            models.Index(fields=["stage", "-published_key", "-id"], name="claim_by_stage"),
            models.Index(fields=["category", "-published_key", "-id"], name="claim_by_category"),
            # search over claims: by stems, by words as they are written
            GinIndex(ClaimStems(), name="claim_stems"),
            GinIndex(ClaimWords(), name="claim_words"),
            # claim list by a rare designation, speaker, institution: texts may be longer than a tree takes
            HashIndex(fields=["designation"], name="claim_by_designation", condition=~Q(designation="")),
            HashIndex(fields=["speaker"], name="claim_by_speaker", condition=~Q(speaker="")),
            HashIndex(fields=["institution"], name="claim_by_institution", condition=~Q(institution="")),
            # claim list by a rare unit
            models.Index(fields=["quantity_unit"], name="claim_by_unit", condition=~Q(quantity_unit="")),
            # claim and transfer lists by who says it, from the index alone: one state has hundreds that speak for it
            models.Index(fields=["origin", "transfer"], name="claim_by_origin", condition=Q(state="active")),
            # claim list, transfer list by ?origin=none: what nobody is named for
            models.Index(F("published_key").desc(), F("id").desc(), name="claim_of_nobody", condition=UNVOICED),
            models.Index(fields=["transfer"], name="claim_of_nobody_linked", condition=UNVOICED),
            # transfers by the language or outlet of a claim, from the index alone
            models.Index(fields=["transfer"], include=["article"], name="claim_linked", condition=Q(state="active")),
            # the page of a materiel: its pairs and its months, from the index alone
            models.Index(
                fields=["materiel"],
                include=["supplier", "recipient", "published_on", "stage", "modality"],
                name="claim_of_materiel",
                condition=Q(state="active"),
            ),
            # the few that pages do not show: the history of a transfer leaves out those under a blind second look
            models.Index(fields=["id"], name="claim_hidden", condition=~Q(state="active")),
            # claim list by quantity: ?quantity_from= and ?quantity_to=
            GistIndex(QUANTITY, name="claim_by_quantity"),
            # claim list by ?updated_from= and ?reviewed_from=
            models.Index(fields=["updated_at"], name="claim_by_updated"),
            models.Index(fields=["reviewed_at"], name="claim_by_reviewed"),
        ]
        triggers = [
            confirmed_by_two(
                "tracker_claim",
                "t.transfer_id, tracker_side(t.stage, t.modality), t.origin_id, t.origin_outlet_id",
                "h.pgh_created_at < now()",
            )
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.pk])

    @property
    def bearing(self) -> str:
        """How the claim bears on its transfer: supports, denies, no_evidence or beside (halts and sanctions)."""
        if self.modality == Modality.NO_EVIDENCE:
            return "no_evidence"
        if self.stage not in LADDER:
            return "beside"
        return "denies" if self.modality == Modality.DENIED else "supports"
