from django.db import migrations

CREATE = """
CREATE FUNCTION tracker_actor_of(said text) RETURNS bigint LANGUAGE sql STABLE AS $$
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
    dependencies = [("tracker", "0002_actor_root")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION tracker_actor_of(text)")]
