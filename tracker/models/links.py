"""What was said about links: that two things are not the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tracker.models.history import tracked
from tracker.models.reviews import ReviewItem
from tracker.models.transfers import Claim, Transfer


@tracked()
class NotSame(models.Model):
    """A person's word that a transfer is not what an event, a claim or another transfer is about.

    It is never suggested again. Exactly one of `item`, `claim` and `other` is set; of two
    transfers, `transfer` is the one with the lower number.
    """

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="not_same")
    item = models.ForeignKey(ReviewItem, models.CASCADE, null=True, blank=True, related_name="not_same")
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="not_same")
    other = models.ForeignKey(Transfer, models.CASCADE, null=True, blank=True, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_default=models.functions.Now())
    withdrawn = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, claim__isnull=True, other__isnull=True)
                | Q(item__isnull=True, claim__isnull=False, other__isnull=True)
                | Q(item__isnull=True, claim__isnull=True, other__isnull=False),
                name="not_same_as_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | Q(transfer__lt=F("other")), name="not_same_lower_number_first"
            ),
            models.UniqueConstraint(
                fields=["transfer", "item"], condition=Q(withdrawn=False, item__isnull=False), name="not_same_item_once"
            ),
            models.UniqueConstraint(
                fields=["transfer", "claim"],
                condition=Q(withdrawn=False, claim__isnull=False),
                name="not_same_claim_once",
            ),
            models.UniqueConstraint(
                fields=["transfer", "other"],
                condition=Q(withdrawn=False, other__isnull=False),
                name="not_same_transfers_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer} is not {self.other or self.claim or self.item}"
