"""What people say beside the decisions: notes, and reports that a claim is wrong."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from tracker.models.actors import Actor
from tracker.models.history import tracked
from tracker.models.reviews import ReviewItem
from tracker.models.transfers import Claim, Transfer

SUBJECTS = ("item", "article", "claim", "transfer", "actor")


def one_subject() -> Q:
    """The condition that exactly one of SUBJECTS is set."""
    condition = Q()
    for subject in SUBJECTS:
        condition |= Q(**{f"{name}__isnull": name != subject for name in SUBJECTS})
    return condition


@tracked()
class Note(models.Model):
    """A reviewer's note on one event, article, claim, transfer or actor: `shared` with all, or its writer's own."""

    item = models.ForeignKey(ReviewItem, models.CASCADE, null=True, blank=True, related_name="notes")
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="notes")
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="notes")
    transfer = models.ForeignKey(Transfer, models.CASCADE, null=True, blank=True, related_name="notes")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="notes")
    text = models.TextField(_("note"))
    shared = models.BooleanField(_("shared"), default=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes")
    written_at = models.DateTimeField(db_default=models.functions.Now())
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=one_subject(), name="note_on_one_thing"),
            models.CheckConstraint(condition=~Q(text=""), name="note_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class Report(models.Model):
    """Somebody's word that a claim is wrong, and why. It waits in the queue until a reviewer answers it."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="reports")
    text = models.TextField(_("what is wrong"))
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports")
    reported_at = models.DateTimeField(db_default=models.functions.Now())
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reports_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="report_not_empty"),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_at__isnull=True)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="report_answered_who_and_when",
            ),
            # Nobody approves their own work.
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("reported_by")),
                name="report_answered_by_another",
            ),
        ]
        indexes = [
            # the queue of reported claims, oldest first
            models.Index(fields=["id"], name="report_open", condition=Q(answered_at__isnull=True, withdrawn=False)),
        ]

    def __str__(self) -> str:
        return f"report on claim {self.claim_id}"
