"""What reviewers answered, each for themselves, where an event asks for more than one opinion."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import one_of
from tracker.models.history import tracked
from tracker.models.reviews import ReviewItem
from tracker.models.transfers import Transfer


class OpinionVerdict(models.TextChoices):
    ACCEPT = "accept", _("accepted")
    REJECT = "reject", _("rejected")


@tracked()
class Opinion(models.Model):
    """One reviewer's answer to an event that gets a second opinion, blind to the other's until both have decided.

    `round` is 1 for the first answer, 2 for the second, 3 for the adjudication. `values` holds the fields of the claim
    as that reviewer would accept it, in the form of Decision.changes; it is empty for a rejection.
    """

    Verdict = OpinionVerdict

    item = models.ForeignKey(ReviewItem, models.CASCADE, related_name="opinions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.PositiveSmallIntegerField(choices=ReviewItem.Reason.choices, null=True, blank=True)
    note = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, blank=True, related_name="+")
    seconds = models.FloatField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["round"]
        constraints = [
            models.CheckConstraint(condition=one_of("verdict", OpinionVerdict), name="opinion_verdict_known"),
            models.CheckConstraint(condition=Q(round__range=(1, 3)), name="opinion_round_1_to_3"),
            models.CheckConstraint(
                condition=Q(verdict="reject", reason__isnull=False) | ~Q(verdict="reject") & Q(reason__isnull=True),
                name="opinion_rejected_with_reason",
            ),
            # Nobody approves their own work.
            models.UniqueConstraint(fields=["item", "user"], condition=Q(withdrawn=False), name="opinion_once_a_user"),
            models.UniqueConstraint(
                fields=["item", "round"], condition=Q(withdrawn=False), name="opinion_once_a_round"
            ),
        ]

    def __str__(self) -> str:
        return f"opinion {self.round} on event {self.item.event_id}"
