"""What awaits a decision, and every decision that was made."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models import ExtractedEvent, one_of
from tracker.models.actors import Actor
from tracker.models.history import tracked
from tracker.models.materiel import Materiel


class ReviewItemQuerySet(models.QuerySet["ReviewItem"]):
    def waiting(self) -> "ReviewItemQuerySet":
        """Items that await a decision."""
        return self.filter(state=ReviewItem.State.PENDING)


class ReviewState(models.TextChoices):
    PENDING = "pending", _("pending")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    AWAITING_SECOND = "awaiting_second", _("awaiting a second opinion")
    ADJUDICATING = "adjudicating", _("being adjudicated")
    SUPERSEDED = "superseded", _("superseded")


class Compared(models.TextChoices):
    FIRST = "first", _("of the first reading")
    NEW = "new", _("new in this reading")
    CHANGED = "changed", _("changed in this reading")
    UNCHANGED = "unchanged", _("unchanged in this reading")


@tracked(exclude=["leased_by", "leased_until"])
class ReviewItem(models.Model):
    """The review of one extracted event. There is exactly one for each event.

    `priority` is the calibrated confidence, from 0 to 1; the parties and the materiel are the reference rows that
    the event's codes name. `compared` says how the event stood to the earlier readings of its article when it was
    stored, and `earlier` is the event that it is a changed or an unchanged reading of. A `sampled` or `flagged` one
    gets a second opinion, blind to the first.
    """

    State = ReviewState
    Compared = Compared

    class Reason(models.IntegerChoices):
        NO_ARMS = 1, _("no arms")
        DOMESTIC = 2, _("domestic or own forces")
        WRONG_READING = 3, _("wrong reading")
        DUPLICATE = 4, _("duplicate here")
        DAMAGED_TEXT = 5, _("damaged text")
        OTHER = 6, _("other")

    event = models.OneToOneField(ExtractedEvent, models.CASCADE, related_name="review")
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    reason = models.PositiveSmallIntegerField(choices=Reason.choices, null=True, blank=True)
    note = models.TextField(blank=True)
    flagged = models.BooleanField(default=False)
    priority = models.FloatField(default=0.5)
    leased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="leases"
    )
    leased_until = models.DateTimeField(null=True, blank=True)
    supplier = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")
    recipient = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")
    intermediary = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")
    end_user = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")
    materiel = models.ForeignKey(Materiel, models.PROTECT, null=True, blank=True, related_name="+")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assigned"
    )
    sampled = models.BooleanField(default=False, db_default=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    compared = models.CharField(max_length=10, choices=Compared.choices, default=Compared.FIRST)
    # Of the same article, and so removed with it alone.
    earlier = models.ForeignKey(ExtractedEvent, models.CASCADE, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    # The events of the article that are not superseded, in order; the query of the workbench annotates it.
    siblings: list[int]
    # Whether another article has the same text; the same query says so.
    copied: bool
    # Whether somebody wrote a note on it; likewise.
    noted: bool

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("state", ReviewState), name="review_state_known"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="review_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="rejected", reason__isnull=False) | ~Q(state="rejected") & Q(reason__isnull=True),
                name="review_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=True) | ~Q(reason=6) | ~Q(note=""), name="review_other_reason_with_note"
            ),
            models.CheckConstraint(condition=Q(priority__gte=0, priority__lte=1), name="review_priority_from_0_to_1"),
            models.CheckConstraint(
                condition=Q(leased_by__isnull=True, leased_until__isnull=True)
                | Q(leased_by__isnull=False, leased_until__isnull=False),
                name="review_lease_who_and_until",
            ),
            models.CheckConstraint(
                condition=Q(compared__in=["first", "new"], earlier__isnull=True)
                | Q(compared__in=["changed", "unchanged"], earlier__isnull=False),
                name="review_compared_with_earlier",
            ),
        ]
        indexes = [
            # the queue, oldest first
            models.Index(fields=["id"], name="review_oldest", condition=Q(state="pending")),
            # dashboard: how many wait, and the oldest, from the index alone
            models.Index(fields=["created_at"], name="review_since", condition=Q(state="pending")),
            # the queue of what a reviewer left to a second one
            models.Index(fields=["id"], name="review_flagged", condition=Q(state="pending", flagged=True)),
            # the queue of what is assigned to one reviewer
            models.Index(fields=["assigned_to", "id"], name="review_mine", condition=Q(state="pending")),
            # what awaits a second opinion or an adjudication
            models.Index(
                fields=["state", "id"],
                name="review_opinions",
                condition=Q(state__in=["awaiting_second", "adjudicating"]),
            ),
            # the queue, least sure first
            models.Index(F("priority"), F("id"), name="review_least_sure", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"review of event {self.event_id}"


class Verdict(models.TextChoices):
    ACCEPT = "accept", _("accepted")
    LINK = "link", _("accepted and linked")
    NEW = "new", _("accepted as a new transfer")
    REJECT = "reject", _("rejected")
    FLAG = "flag", _("flagged for a second reviewer")
    EDIT = "edit", _("edited")
    MERGE = "merge", _("merged")
    UNMERGE = "unmerge", _("unmerged")
    SPLIT = "split", _("split")
    WRITE = "write", _("written by hand")
    NOT_SAME = "not_same", _("not the same")
    ADD = "add", _("added")
    SECOND = "second", _("second opinion given")
    ADJUDICATE = "adjudicate", _("adjudicated")
    REPORT = "report", _("reported as wrong")
    ANSWER = "answer", _("report answered")
    ASSIGN = "assign", _("assigned")
    NOTE = "note", _("note written")
    UNDO = "undo", _("undone")


class Decision(models.Model):
    """One thing that a person decided. Append-only; an undo is a decision of its own.

    `changes` is a list of {model, pk, version, before, after}: the fields that were changed, the version that was
    written, and None as `before` where the row was created. `key` makes a repeated request harmless.
    """

    Verdict = Verdict

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    # No constraint in the database: the record of a decision outlives demo data that is removed.
    item = models.ForeignKey(
        ReviewItem, models.DO_NOTHING, null=True, blank=True, related_name="decisions", db_constraint=False
    )
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    seconds = models.FloatField(null=True, blank=True)
    key = models.UUIDField(unique=True)
    changes = models.JSONField()
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=one_of("verdict", Verdict), name="decision_verdict_known"),
            models.CheckConstraint(
                condition=Q(verdict="undo", undoes__isnull=False) | ~Q(verdict="undo") & Q(undoes__isnull=True),
                name="decision_undo_names_decision",
            ),
        ]
        indexes = [
            # my last decision that is not undone
            models.Index(fields=["user", "-id"], name="decision_of_user"),
            # how many I made today
            models.Index(fields=["user", "created_at"], name="decision_today", condition=~Q(verdict="undo")),
            # the merge by which a transfer or an actor went, and what it moved
            models.Index(fields=["-id"], name="decision_merges", condition=Q(verdict="merge")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.user_id}"


class Calibration(models.Model):
    """One fit of the confidence to what reviewers had decided by then. The newest of an extractor counts.

    `extractor` is its name without the version, the last word: the scores of its versions are on one scale. `curve` is
    [[score, share accepted], …], both rising from 0 to 1, straight between the points and level beyond them.
    `decided` counts the decisions it rests on. The Brier scores (0 is perfect) are those of the raw score, and of the
    curve on articles that it was not fitted to.
    """

    extractor = models.CharField(max_length=80)
    curve = models.JSONField()
    decided = models.PositiveIntegerField()
    brier_before = models.FloatField()
    brier_after = models.FloatField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(curve=[]), name="calibration_curve_not_empty"),
            models.CheckConstraint(
                condition=Q(brier_before__range=(0, 1), brier_after__range=(0, 1)), name="calibration_brier_from_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"calibration of {self.extractor} on {self.decided} decisions"
