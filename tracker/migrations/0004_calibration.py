import django.db.models.functions.datetime
from django.db import migrations, models

CREATE = """
CREATE FUNCTION tracker_confidence(score double precision, curve jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT AS $$
    -- The height of the curve [[x, y], …] at the score: straight between its points, level beyond them.
    WITH point AS (SELECT (p ->> 0)::float8 AS x, (p ->> 1)::float8 AS y FROM jsonb_array_elements(curve) p),
         below AS (SELECT x, y FROM point WHERE x <= score ORDER BY x DESC LIMIT 1),
         above AS (SELECT x, y FROM point WHERE x >= score ORDER BY x LIMIT 1)
    SELECT CASE WHEN a.x > b.x THEN b.y + (a.y - b.y) * (score - b.x) / (a.x - b.x) ELSE coalesce(b.y, a.y) END
    FROM above a FULL JOIN below b ON true
$$;
CREATE FUNCTION tracker_calibrated(score double precision, extractor text) RETURNS double precision
LANGUAGE sql STABLE STRICT AS $$
    -- The confidence by the newest calibration of the extractor, which is named without its version, the last word;
    -- the score itself where there is none.
    SELECT coalesce((SELECT tracker_confidence(score, c.curve) FROM tracker_calibration c
                     WHERE c.extractor = regexp_replace($2, ' [^ ]+$', '') ORDER BY c.id DESC LIMIT 1), score)
$$;
"""
DROP = """
DROP FUNCTION tracker_calibrated(double precision, text);
DROP FUNCTION tracker_confidence(double precision, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0003_actor_of")]
    operations = [
        migrations.CreateModel(
            name="Calibration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("extractor", models.CharField(max_length=80)),
                ("curve", models.JSONField()),
                ("decided", models.PositiveIntegerField()),
                ("brier_before", models.FloatField()),
                ("brier_after", models.FloatField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("curve", []), _negated=True), name="calibration_curve_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("brier_after__range", (0, 1)), ("brier_before__range", (0, 1))),
                        name="calibration_brier_from_0_to_1",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
