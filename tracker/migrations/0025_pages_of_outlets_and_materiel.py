from importlib import import_module

from django.db import migrations, models

kept = import_module("tracker.migrations.0014_kept_summaries")
folding = import_module("tracker.migrations.0023_fold_what_is_settled")
told = import_module("tracker.migrations.0024_told_and_waiting")
ADDED = {
    "outlet_months": ("outlet", "month", "stage", "modality", "contested"),
    "outlet_pairs": ("outlet", "supplier", "recipient"),
}
EVERY = told.every | ADDED
DROP = """
DROP VIEW tracker_kept_wrong;
DROP FUNCTION tracker_kept_fold(integer), tracker_kept_recount();
"""


def made(summaries):
    return folding.fold(summaries) + told.check(summaries) + told.recount(summaries)


def fill(name, dimensions):
    """From what all nine dimensions have folded, which is sooner read than the claims; what waits is in the log.

    In order, so that the rows of an outlet stand together.
    """
    columns = ", ".join(dimensions)
    return f"""
INSERT INTO tracker_kept_{name}_folded ({columns}, n)
    SELECT {columns}, sum(n) FROM tracker_kept_cells_folded GROUP BY {columns} HAVING sum(n) <> 0 ORDER BY 1;
"""


MAKE = (
    "SELECT pg_advisory_xact_lock(hashtext('tracker_kept'));"
    + DROP
    + "".join(kept.summary(*one) for one in ADDED.items())
    + made(EVERY)
    + "".join(fill(*one) for one in ADDED.items())
    # outlets of one supplier or recipient
    + "CREATE INDEX kept_outlet_pairs_supplier ON tracker_kept_outlet_pairs_folded (supplier);"
    + "CREATE INDEX kept_outlet_pairs_recipient ON tracker_kept_outlet_pairs_folded (recipient);"
    + "".join(f"ANALYZE tracker_kept_{name}_folded;" for name in ADDED)
)
UNDO = (
    DROP
    + "".join(f"DROP VIEW tracker_kept_{name}; DROP TABLE tracker_kept_{name}_folded;" for name in ADDED)
    + made(told.every)
)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0024_told_and_waiting")]

    operations = [
        migrations.RunSQL(MAKE, UNDO),
        *(kept.model(*one) for one in ADDED.items()),
        migrations.AddIndex(
            "claim",
            models.Index(
                fields=["materiel"],
                include=["supplier", "recipient", "published_on", "stage", "modality"],
                name="claim_of_materiel",
                condition=models.Q(state="active"),
            ),
        ),
        migrations.AddIndex(
            "claim", models.Index(fields=["id"], name="claim_hidden", condition=~models.Q(state="active"))
        ),
    ]
