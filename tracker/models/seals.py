"""The chain of hashes that seals the history."""

import pgtrigger
from django.db import models
from django.db.models import Q


class Seal(models.Model):
    """One link of the chain: the rows of the append-only tables that were settled by then and not sealed before.

    `head` is the SHA-256 that the chain has come to: begun with `previous`, the head of the link before (empty for
    the first), and carried on by the canonical JSON of each row, table by table and id by id. `upto` is the highest
    id of each table that is sealed so far; `counts` and `columns` say of each table how many rows this link covers
    and which of their columns. `prints` is one (id, first 8 bytes of the chain behind the row) of 16 bytes a row:
    it proves nothing, and tells which row does not fit. `seen` are the highest ids that were given out when the link
    was made, and `horizon` the transaction id of that moment: once no older transaction runs, they are settled.
    """

    previous = models.CharField(max_length=64, blank=True)
    head = models.CharField(max_length=64)
    upto = models.JSONField()
    counts = models.JSONField()
    columns = models.JSONField()
    prints = models.BinaryField()
    rows = models.PositiveIntegerField()
    seen = models.JSONField()
    horizon = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["previous"], name="seal_follows_one_alone"),
            models.UniqueConstraint(fields=["head"], name="seal_head_once"),
            models.CheckConstraint(condition=Q(head__regex="^[0-9a-f]{64}$"), name="seal_head_hex"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"seal {self.pk} {self.head}"
