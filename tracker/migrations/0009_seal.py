import django.contrib.postgres.indexes
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# How a claim bears on its transfer, as Claim.bearing says it.
SIDE = """
CREATE FUNCTION tracker_side(stage text, modality text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN modality = 'no_evidence' THEN 'no_evidence'
                WHEN stage IN ('halted', 'cancelled', 'sanction') THEN 'beside'
                WHEN modality = 'denied' THEN 'denies'
                ELSE 'supports' END
$$
"""
ORIGINS = """
CREATE FUNCTION tracker_origins(
    of_transfer bigint, on_side text, own_actor bigint DEFAULT NULL, own_outlet bigint DEFAULT NULL
) RETURNS TABLE (actor_id bigint, outlet_id bigint) LANGUAGE sql STABLE AS $$
    -- The independent origins of the active claims that bear on a transfer in one way, and of one claim more: an actor
    -- at its root, or an outlet that speaks for itself. A hedge that names nobody has none.
    SELECT tracker_actor_root(c.origin_id), c.origin_outlet_id
    FROM tracker_claim c
    WHERE c.transfer_id = of_transfer AND c.state = 'active' AND tracker_side(c.stage, c.modality) = on_side
      AND (c.origin_id IS NOT NULL OR c.origin_outlet_id IS NOT NULL)
    UNION
    SELECT tracker_actor_root(own_actor), own_outlet WHERE own_actor IS NOT NULL OR own_outlet IS NOT NULL
$$
"""
ROOT_AT = """
CREATE FUNCTION tracker_actor_root_at(moment timestamptz, actor bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    -- What tracker_actor_root said of an actor at a moment, from the history.
    WITH RECURSIVE up AS (
        (SELECT h.id, h.kind, h.parent_id, h.merged_into_id, 0 AS depth FROM tracker_actorevent h
         WHERE h.pgh_obj_id = actor AND h.pgh_created_at <= moment ORDER BY h.pgh_id DESC LIMIT 1)
        UNION ALL
        SELECT a.id, a.kind, a.parent_id, a.merged_into_id, up.depth + 1
        FROM up CROSS JOIN LATERAL (
            SELECT h.id, h.kind, h.parent_id, h.merged_into_id FROM tracker_actorevent h
            WHERE h.pgh_obj_id = coalesce(
                      up.merged_into_id, CASE WHEN up.kind IN ('institution', 'person') THEN up.parent_id END
                  ) AND h.pgh_created_at <= moment
            ORDER BY h.pgh_id DESC LIMIT 1
        ) a
        WHERE up.depth < 10
    )
    SELECT id FROM up ORDER BY depth DESC LIMIT 1
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_languages_from_data"),
        ("tracker", "0008_standing_names"),
    ]

    operations = [
        migrations.RunSQL(SIDE, "DROP FUNCTION tracker_side(text, text)"),
        migrations.RunSQL(ORIGINS, "DROP FUNCTION tracker_origins(bigint, text, bigint, bigint)"),
        migrations.RunSQL(ROOT_AT, "DROP FUNCTION tracker_actor_root_at(timestamptz, bigint)"),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("head", models.CharField(max_length=64)),
                ("upto", models.JSONField()),
                ("counts", models.JSONField()),
                ("columns", models.JSONField()),
                ("prints", models.BinaryField()),
                ("rows", models.PositiveIntegerField()),
                ("seen", models.JSONField()),
                ("horizon", models.BigIntegerField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="claimevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["pgh_created_at"], name="claim_history_by_time", pages_per_range=16
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["created_at"], name="decision_by_time"),
        ),
        migrations.AddIndex(
            model_name="transferevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["pgh_created_at"], name="transfer_history_by_time", pages_per_range=16
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="confirmed_by_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."credibility" = 1)',
                    constraint="CONSTRAINT",
                    func="\n            IF EXISTS (\n                SELECT 1 FROM tracker_claim t\n                WHERE t.id = NEW.id AND t.credibility = 1\n                  AND (SELECT count(*) FROM tracker_origins(t.transfer_id, tracker_side(t.stage, t.modality), t.origin_id, t.origin_outlet_id)) < 2\n                  AND NOT EXISTS (\n                      SELECT 1 FROM tracker_claimevent h WHERE h.pgh_obj_id = t.id AND h.credibility = 1 AND h.pgh_created_at < now()\n                  )\n            ) THEN\n                RAISE EXCEPTION 'credibility 1 asks for two independent origins (constraint \"tracker_claim_confirmed_by_two\")'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'tracker_claim_confirmed_by_two';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="75b63ba115bea792ab93195ecdfb70c50be2892f",
                    operation='INSERT OR UPDATE OF "credibility"',
                    pgid="pgtrigger_confirmed_by_two_fe234",
                    table="tracker_claim",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="confirmed_by_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."credibility" = 1)',
                    constraint="CONSTRAINT",
                    func="\n            IF EXISTS (\n                SELECT 1 FROM tracker_transfer t\n                WHERE t.id = NEW.id AND t.credibility = 1\n                  AND (SELECT count(*) FROM tracker_origins(t.id, 'supports')) < 2\n                  AND NOT EXISTS (\n                      SELECT 1 FROM tracker_transferevent h WHERE h.pgh_obj_id = t.id AND h.credibility = 1 AND h.origins >= 2\n                  )\n            ) THEN\n                RAISE EXCEPTION 'credibility 1 asks for two independent origins (constraint \"tracker_transfer_confirmed_by_two\")'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'tracker_transfer_confirmed_by_two';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="194e9fd2433d9a89637c2f619fdf1dc3c14e930d",
                    operation='INSERT OR UPDATE OF "credibility"',
                    pgid="pgtrigger_confirmed_by_two_4f1c2",
                    table="tracker_transfer",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("previous",), name="seal_follows_one_alone"),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("head",), name="seal_head_once"),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(("head__regex", "^[0-9a-f]{64}$")), name="seal_head_hex"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="44c7b2d3d7fae16c802473522306ca808ee5c33d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1f2da",
                    table="tracker_seal",
                    when="BEFORE",
                ),
            ),
        ),
    ]
