"""Kept summaries: how many active claims there are by some of nine dimensions, exact at every moment.

The database keeps them itself. Whatever changes a claim, the transfer that it is linked to, or its article writes
rows of +1 and -1 into `tracker_kept_changes`, which nobody waits for; a job folds these into one table a summary. A
view a summary adds up both, and the models here read these views: sum `n` over what is asked for. The app's role may
read all of it and write none of it. docs/adr/0012 says why it is made this way.

Three tables are not counts but what a join would find: which items and so which articles wait for review, and in which
languages and by which outlets a transfer is told. Each row belongs to one item, or to one transfer whose lock its
writer holds, so nobody waits for these either.

A month is its first day; parties and outlets are ids; a claim without a transfer is not contested.
"""

from django.db import models


class Kept(models.Model):
    """A number of claims that share the values of the dimensions. Several rows may share them: they add up."""

    # Django asks for a key, and what adds up has none.
    n = models.BigIntegerField(primary_key=True)

    class Meta:
        abstract = True


class ByMonth(Kept):
    """What the charts over time ask for."""

    month = models.DateField(null=True)
    stage = models.TextField()
    modality = models.TextField()
    contested = models.BooleanField()

    class Meta:
        abstract = True


class KeptMonths(ByMonth):
    """Claims by month of publication and stage."""

    language = models.TextField()

    class Meta:
        managed = False
        db_table = "tracker_kept_months"


class KeptPairs(Kept):
    """Claims by supplier and recipient."""

    supplier = models.BigIntegerField(null=True)
    recipient = models.BigIntegerField(null=True)
    category = models.TextField()
    stage = models.TextField()
    modality = models.TextField()
    contested = models.BooleanField()

    class Meta:
        managed = False
        db_table = "tracker_kept_pairs"


class KeptSuppliers(ByMonth):
    """Claims by supplier and month: a busy supplier has a tenth of the rows that all dimensions would leave it."""

    supplier = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "tracker_kept_suppliers"


class KeptRecipients(ByMonth):
    """Claims by recipient and month."""

    recipient = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "tracker_kept_recipients"


class KeptOutlets(Kept):
    """Claims by outlet and language of the article."""

    outlet = models.BigIntegerField(null=True)
    language = models.TextField()
    category = models.TextField()
    contested = models.BooleanField()

    class Meta:
        managed = False
        db_table = "tracker_kept_outlets"


class KeptOutletPairs(Kept):
    """Claims by outlet, supplier and recipient."""

    outlet = models.BigIntegerField(null=True)
    supplier = models.BigIntegerField(null=True)
    recipient = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "tracker_kept_outlet_pairs"


class KeptOutletMonths(ByMonth):
    """Claims by outlet and month."""

    outlet = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "tracker_kept_outlet_months"


class KeptCells(Kept):
    """Claims by all nine dimensions: for what the smaller summaries cannot answer together."""

    supplier = models.BigIntegerField(null=True)
    recipient = models.BigIntegerField(null=True)
    month = models.DateField(null=True)
    category = models.TextField()
    stage = models.TextField()
    modality = models.TextField()
    outlet = models.BigIntegerField(null=True)
    language = models.TextField()
    contested = models.BooleanField()

    class Meta:
        managed = False
        db_table = "tracker_kept_cells"


class KeptQueue(models.Model):
    """A review item that awaits a decision, and its article: which articles wait is told without their events."""

    item = models.BigIntegerField(primary_key=True)
    article = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "tracker_kept_queue"


class KeptLanguages(models.Model):
    """A transfer, and a language in which an active claim tells of it."""

    # Not alone a key: a transfer has a row for each language.
    transfer = models.BigIntegerField(primary_key=True)
    language = models.TextField()

    class Meta:
        managed = False
        db_table = "tracker_kept_languages"


class KeptTellers(models.Model):
    """A transfer, and an outlet of which an article tells of it in an active claim; None stands for no outlet."""

    # Not alone a key, likewise.
    transfer = models.BigIntegerField(primary_key=True)
    outlet = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "tracker_kept_tellers"


# The first that covers what is asked for answers it: from the smallest to the largest, those of pairs before those of
# pairs at an outlet.
SUMMARIES: tuple[type[Kept], ...] = (
    KeptOutlets,
    KeptMonths,
    KeptPairs,
    KeptOutletPairs,
    KeptSuppliers,
    KeptRecipients,
    KeptOutletMonths,
    KeptCells,
)


def dimensions(summary: type[Kept]) -> list[str]:
    """The dimensions that a summary keeps apart."""
    return [field.name for field in summary._meta.concrete_fields if field.name != "n"]
