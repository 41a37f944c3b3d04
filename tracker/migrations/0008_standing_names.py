from django.db import migrations, models

# Withdrawn actors and names are what nobody is called any more.
CREATE = """
CREATE OR REPLACE FUNCTION tracker_actor_of(said text) RETURNS bigint LANGUAGE sql STABLE AS $$
    -- The actor that the extractor names: states and bodies by their code, groups and unnamed parties by a name.
    -- A merged actor's code and names are those of the one it became. NULL where nobody or more than one actor is
    -- called so.
    WITH called AS (
        SELECT coalesce(merged_into_id, id) AS id, 1 AS rank FROM tracker_actor
        WHERE code = said AND NOT withdrawn
        UNION
        SELECT coalesce(merged_into_id, id), 2 FROM tracker_actor
        WHERE lower(said) IN (lower(name_en), lower(name_id)) AND NOT withdrawn
        UNION
        SELECT coalesce(a.merged_into_id, a.id), 3
        FROM tracker_actorname n JOIN tracker_actor a ON a.id = n.actor_id
        WHERE lower(n.name) = lower(said) AND NOT n.withdrawn AND NOT a.withdrawn
    ), best AS (SELECT DISTINCT id FROM called WHERE rank = (SELECT min(rank) FROM called))
    SELECT CASE WHEN said <> '' AND (SELECT count(*) FROM best) = 1 THEN (SELECT id FROM best) END
$$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION tracker_actor_of(said text) RETURNS bigint LANGUAGE sql STABLE AS $$
    -- The actor that the extractor names: states and bodies by their code, groups and unnamed parties by a name.
    -- NULL where nobody or more than one actor is called so.
    WITH called AS (
        SELECT coalesce(merged_into_id, id) AS id, 1 AS rank FROM tracker_actor WHERE code = said
        UNION
        SELECT coalesce(merged_into_id, id), 2 FROM tracker_actor WHERE lower(said) IN (lower(name_en), lower(name_id))
        UNION
        SELECT coalesce(a.merged_into_id, a.id), 3
        FROM tracker_actorname n JOIN tracker_actor a ON a.id = n.actor_id WHERE lower(n.name) = lower(said)
    ), best AS (SELECT DISTINCT id FROM called WHERE rank = (SELECT min(rank) FROM called))
    SELECT CASE WHEN said <> '' AND (SELECT count(*) FROM best) = 1 THEN (SELECT id FROM best) END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0007_workflow")]
    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(condition=models.Q(("verdict", "merge")), fields=["-id"], name="decision_merges"),
        ),
        migrations.RunSQL(CREATE, BEFORE),
    ]
