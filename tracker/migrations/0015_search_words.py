from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from tracker.models.words import ClaimStems, ClaimWords, NameWords

# A function's COST tells the planner what taking text apart costs: it must not do so for thousands of rows where an
# index knows. In PL/pgSQL, since a function in SQL would be inlined and lose it.
CREATE = """
CREATE FUNCTION tracker_words(words text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 5000 AS $$
BEGIN
    RETURN to_tsvector('public.written'::regconfig, translate(words, '-–—‑/._@', '        '));
END $$;
CREATE FUNCTION tracker_claim_words(quote text, translation text, materiel text, speaker text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 10000 AS $$
BEGIN
    RETURN to_tsvector(
        'public.written'::regconfig,
        translate(concat_ws(' | ', quote, translation, materiel, speaker), '-–—‑/._@', '        ')
    );
END $$;
CREATE FUNCTION tracker_claim_stems(quote text, translation text, materiel text, speaker text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 10000 AS $$
DECLARE
    words text := translate(concat_ws(' | ', quote, translation, materiel, speaker), '-–—‑/._@', '        ');
BEGIN
    RETURN to_tsvector('public.stems_en'::regconfig, words) || to_tsvector('public.stems_id'::regconfig, words);
END $$;
"""
DROP = """
DROP FUNCTION tracker_claim_stems(text, text, text, text);
DROP FUNCTION tracker_claim_words(text, text, text, text);
DROP FUNCTION tracker_words(text);
"""


def names(model: str) -> list[migrations.AddIndex]:
    name = f"{model}name"
    return [
        migrations.AddIndex(model, GinIndex(NameWords("name_en"), name=f"{model}_words_en")),
        migrations.AddIndex(model, GinIndex(NameWords("name_id"), name=f"{model}_words_id")),
        migrations.AddIndex(name, GinIndex(NameWords("name"), name=f"{model}_name_words")),
        migrations.AddIndex(name, GinIndex(OpClass("name", "gin_trgm_ops"), name=f"{model}_name_alike")),
    ]


class Migration(migrations.Migration):
    dependencies = [("tracker", "0014_kept_summaries"), ("articles", "0004_search_words")]
    operations = [
        migrations.RunSQL(CREATE, DROP),
        *names("actor"),
        *names("materiel"),
        migrations.AddIndex("claim", GinIndex(ClaimStems(), name="claim_stems")),
        migrations.AddIndex("claim", GinIndex(ClaimWords(), name="claim_words")),
    ]
