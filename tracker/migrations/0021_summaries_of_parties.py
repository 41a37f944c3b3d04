from importlib import import_module

from django.db import migrations

kept = import_module("tracker.migrations.0014_kept_summaries")
ADDED = {
    "suppliers": ("supplier", "month", "stage", "modality", "contested"),
    "recipients": ("recipient", "month", "stage", "modality", "contested"),
}
EVERY = kept.SUMMARIES | ADDED
AGAIN = """
DROP VIEW tracker_kept_wrong;
DROP FUNCTION tracker_kept_fold(integer), tracker_kept_recount();
"""


def made(summaries):
    return kept.check(summaries) + kept.fold(summaries) + kept.recount(summaries)


MAKE = AGAIN + "".join(kept.summary(*one) for one in ADDED.items()) + made(EVERY) + kept.FILL
UNDO = (
    AGAIN
    + "".join(f"DROP VIEW tracker_kept_{name}; DROP TABLE tracker_kept_{name}_folded;" for name in ADDED)
    + made(kept.SUMMARIES)
)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0020_linked_claims")]

    operations = [migrations.RunSQL(MAKE, UNDO), *(kept.model(*one) for one in ADDED.items())]
