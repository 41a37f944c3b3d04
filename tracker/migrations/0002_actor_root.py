from django.db import migrations

CREATE = """
CREATE FUNCTION tracker_actor_root(actor bigint) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- Whom an actor speaks for in the end: merged actors count as the one they became, state bodies and officials
    -- as their state. Companies and groups speak for themselves.
    WITH RECURSIVE up AS (
        SELECT id, kind, parent_id, merged_into_id, 0 AS depth FROM tracker_actor WHERE id = actor
        UNION ALL
        SELECT a.id, a.kind, a.parent_id, a.merged_into_id, up.depth + 1
        FROM up JOIN tracker_actor a
          ON a.id = coalesce(up.merged_into_id, CASE WHEN up.kind IN ('institution', 'person') THEN up.parent_id END)
        WHERE up.depth < 10
    )
    SELECT id FROM up ORDER BY depth DESC LIMIT 1
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION tracker_actor_root(bigint)")]
