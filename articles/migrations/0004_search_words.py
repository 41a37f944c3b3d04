from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models import Q

import articles.models

# No stop words: what an exact search finds, a search as usual must find, too.
CONFIGURE = """
CREATE TEXT SEARCH CONFIGURATION public.written (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION public.written ALTER MAPPING
    FOR asciihword, asciiword, hword, hword_asciipart, hword_numpart, hword_part, numhword, numword, word
    WITH public.unaccent, simple;
CREATE TEXT SEARCH DICTIONARY public.stem_en (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION public.stems_en (COPY = public.written);
ALTER TEXT SEARCH CONFIGURATION public.stems_en ALTER MAPPING
    FOR asciihword, asciiword, hword, hword_asciipart, hword_part, word WITH public.unaccent, public.stem_en;
CREATE TEXT SEARCH DICTIONARY public.stem_id (TEMPLATE = snowball, LANGUAGE = indonesian);
CREATE TEXT SEARCH CONFIGURATION public.stems_id (COPY = public.written);
ALTER TEXT SEARCH CONFIGURATION public.stems_id ALTER MAPPING
    FOR asciihword, asciiword, hword, hword_asciipart, hword_part, word WITH public.unaccent, public.stem_id;
"""
FORGET = """
DROP TEXT SEARCH CONFIGURATION public.stems_id, public.stems_en, public.written;
DROP TEXT SEARCH DICTIONARY public.stem_id, public.stem_en;
"""
VECTOR = """setweight(to_tsvector({0}, translate(title, '-–—‑/._@', '        ')), 'A')
    || to_tsvector({0}, translate(text, '-–—‑/._@', '        '))"""
# In one statement, so that the table is written anew once.
COLUMNS = f"""
ALTER TABLE articles_article
    DROP COLUMN search,
    ADD COLUMN search tsvector GENERATED ALWAYS AS ({VECTOR.format(articles.models.STEMS)}) STORED,
    ADD COLUMN written tsvector GENERATED ALWAYS AS ({VECTOR.format(articles.models.WRITTEN)}) STORED;
"""
BEFORE = """
ALTER TABLE articles_article
    DROP COLUMN search, DROP COLUMN written,
    ADD COLUMN search tsvector GENERATED ALWAYS AS (
        to_tsvector(CASE language WHEN 'id' THEN 'indonesian'::regconfig WHEN 'en' THEN 'english'::regconfig
                    ELSE 'simple'::regconfig END, text)
    ) STORED;
"""


def column(config: str) -> models.GeneratedField:
    expression = articles.models.ArticleVector(config=config)
    return models.GeneratedField(expression=expression, output_field=SearchVectorField(), db_persist=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_demo_index")]
    operations = [
        migrations.RunSQL(CONFIGURE, FORGET),
        migrations.RemoveIndex("article", "article_search"),
        migrations.RunSQL(
            COLUMNS,
            BEFORE,
            state_operations=[
                migrations.RemoveField("article", "search"),
                migrations.AddField("article", "search", column(articles.models.STEMS)),
                migrations.AddField("article", "written", column(articles.models.WRITTEN)),
            ],
        ),
        migrations.AddIndex("article", GinIndex(fields=["search"], name="article_search")),
        migrations.AddIndex("article", GinIndex(fields=["written"], name="article_written")),
        migrations.AddIndex(
            "article", models.Index(fields=["id"], name="article_withheld", condition=Q(withheld_at__isnull=False))
        ),
    ]
