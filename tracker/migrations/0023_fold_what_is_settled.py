from importlib import import_module

from django.db import migrations

kept = import_module("tracker.migrations.0014_kept_summaries")
every = import_module("tracker.migrations.0021_summaries_of_parties").EVERY
DROP = "DROP FUNCTION tracker_kept_fold(integer);"


# What no transfer has settled counts as its transfer stands. Whoever derives that transfer at this moment may not have
# seen it: then it is left for the next time, so that it counts as the transfer will stand.
def fold(summaries):
    return kept.trigger_function(
        "tracker_kept_fold",
        f"""
DECLARE
    folded bigint;
    still bigint[];
BEGIN
    -- Adds up to `most` of the waiting changes; returns how many, 0 where somebody else is at it. Readers see either
    -- the changes or what has become of them, since it is one statement.
    IF NOT pg_try_advisory_xact_lock(hashtext('tracker_kept')) THEN
        RETURN 0;
    END IF;
    SELECT coalesce(array_agg(id), ARRAY[]::bigint[]) INTO still FROM (
        SELECT id FROM tracker_transfer
        WHERE id IN (SELECT transfer_id FROM tracker_kept_changes WHERE contested IS NULL)
        FOR SHARE SKIP LOCKED
    ) AS standing;
    WITH gone AS (
        DELETE FROM tracker_kept_changes WHERE ctid IN (
            SELECT ctid FROM tracker_kept_changes WHERE contested IS NOT NULL OR transfer_id = ANY (still) LIMIT most
        ) RETURNING *
    ), taken AS MATERIALIZED (
        SELECT {", ".join(f"g.{name}" for name in kept.APART)}, coalesce(g.contested, t.contested, false) AS contested,
            g.n
        FROM gone g LEFT JOIN tracker_transfer t ON t.id = g.transfer_id AND g.contested IS NULL
    ), {", ".join(f"to_{name} AS ({kept.add_up(name, columns, 'taken')})" for name, columns in summaries.items())}
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END
""",
        "bigint",
        "most integer DEFAULT 50000",
    )


class Migration(migrations.Migration):
    dependencies = [("tracker", "0022_cells_of_outlets")]

    operations = [migrations.RunSQL(DROP + fold(every), DROP + kept.fold(every))]
