from importlib import import_module

from django.db import migrations, models

kept = import_module("tracker.migrations.0014_kept_summaries")
every = import_module("tracker.migrations.0021_summaries_of_parties").EVERY

TABLES = """
-- The review items that await a decision, each with its article.
CREATE TABLE tracker_kept_queue (
    item bigint PRIMARY KEY REFERENCES tracker_reviewitem ON DELETE CASCADE, article bigint NOT NULL
);
-- the articles that have something to review, and how much
CREATE INDEX kept_queue_article ON tracker_kept_queue (article);
-- The languages in which active claims tell of a transfer, and the outlets that do.
CREATE TABLE tracker_kept_languages (
    transfer bigint NOT NULL REFERENCES tracker_transfer ON DELETE CASCADE, language text NOT NULL,
    CONSTRAINT kept_languages_once UNIQUE (transfer, language)
);
CREATE TABLE tracker_kept_tellers (
    transfer bigint NOT NULL REFERENCES tracker_transfer ON DELETE CASCADE, outlet bigint,
    CONSTRAINT kept_tellers_once UNIQUE NULLS NOT DISTINCT (transfer, outlet)
);
-- the transfers of one outlet
CREATE INDEX kept_tellers_outlet ON tracker_kept_tellers (outlet, transfer);
"""
# Each with its columns, and the rows that it has to have.
PENDING = "tracker_reviewitem i JOIN articles_extractedevent e ON e.id = i.event_id WHERE i.state = 'pending'"
TELLING = """tracker_claim c JOIN articles_article a ON a.id = c.article_id
    WHERE c.state = 'active' AND c.transfer_id IS NOT NULL"""
TRUE = {
    "queue": ("item, article", f"SELECT i.id, e.article_id FROM {PENDING}"),
    "languages": ("transfer, language", f"SELECT DISTINCT c.transfer_id, a.language FROM {TELLING}"),
    "tellers": ("transfer, outlet", f"SELECT DISTINCT c.transfer_id, a.outlet_id FROM {TELLING}"),
}


def forget(name, column):
    """The statement that removes what nobody tells any longer of the transfers `ids`."""
    return f"""DELETE FROM tracker_kept_{name} k USING (
            SELECT transfer, {column} FROM tracker_kept_{name} WHERE transfer = ANY (ids)
            EXCEPT SELECT transfer, {column} FROM told
        ) AS untold
        WHERE k.transfer = untold.transfer AND k.{column} IS NOT DISTINCT FROM untold.{column}"""


def note(name, column):
    return f"""INSERT INTO tracker_kept_{name} (transfer, {column})
        SELECT DISTINCT transfer, {column} FROM told ON CONFLICT DO NOTHING"""


# Called by who holds the locks of these transfers. What others have written about them and not committed yet is not
# seen here: they wait for the locks, and then call it in their turn.
KEEP_TOLD = kept.trigger_function(
    "tracker_keep_told",
    f"""
BEGIN
    WITH told AS MATERIALIZED (
        SELECT DISTINCT c.transfer_id AS transfer, a.language, a.outlet_id AS outlet
        FROM {TELLING} AND c.transfer_id = ANY (ids)
    ), untold_languages AS ({forget("languages", "language")}
    ), untold_tellers AS ({forget("tellers", "outlet")}
    ), told_languages AS ({note("languages", "language")}
    ) {note("tellers", "outlet")};
END
""",
    "void",
    "ids bigint[]",
)
# Whoever changes the claims of a transfer derives it, holding its lock.
ON_TRANSFER = kept.trigger_function(
    "tracker_keep_told_transfers",
    """
BEGIN
    PERFORM tracker_keep_told(ARRAY(SELECT id FROM new_rows));
    RETURN NULL;
END
""",
)
ON_ARTICLE = kept.trigger_function(
    "tracker_keep_told_articles",
    """
DECLARE
    moved bigint[] := ARRAY(
        SELECT n.id FROM old_rows o JOIN new_rows n USING (id)
        WHERE (o.outlet_id, o.language) IS DISTINCT FROM (n.outlet_id, n.language)
    );
BEGIN
    IF moved <> '{}' THEN
        PERFORM tracker_keep_told(ARRAY(
            SELECT id FROM tracker_transfer
            WHERE id IN (SELECT transfer_id FROM tracker_claim WHERE article_id = ANY (moved))
            ORDER BY id FOR NO KEY UPDATE
        ));
    END IF;
    RETURN NULL;
END
""",
)
ON_ITEM = kept.trigger_function(
    "tracker_keep_queue",
    """
BEGIN
    IF NEW.state = 'pending' THEN
        INSERT INTO tracker_kept_queue (item, article)
        SELECT NEW.id, article_id FROM articles_extractedevent WHERE id = NEW.event_id
        ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM tracker_kept_queue WHERE item = NEW.id;
    END IF;
    RETURN NULL;
END
""",
)
TRIGGERS = (
    ("keep_told", "tracker_transfer", "tracker_keep_told_transfers", "UPDATE"),
    ("keep_told", "articles_article", "tracker_keep_told_articles", "UPDATE"),
)
# A lease changes no state, and costs nothing here.
OF_ITEMS = """
CREATE TRIGGER keep_queue_insert AFTER INSERT ON tracker_reviewitem
FOR EACH ROW WHEN (NEW.state = 'pending') EXECUTE FUNCTION tracker_keep_queue();
CREATE TRIGGER keep_queue_update AFTER UPDATE ON tracker_reviewitem
FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION tracker_keep_queue();
"""


def differs(name):
    """The rows that are there and should not be, or the other way round."""
    columns, true = TRUE[name]
    there = f"SELECT {columns} FROM tracker_kept_{name}"
    return f"(({true}) EXCEPT {there}) UNION ALL ({there} EXCEPT ({true}))"


def check(summaries):
    """The view of what is wrong, of the summaries that count and of the tables that are kept here."""
    here = "".join(f" UNION ALL SELECT '{name}', count(*) FROM ({differs(name)}) AS wrong" for name in TRUE)
    return kept.check(summaries).rstrip().removesuffix(";") + here + ";"


# Items and transfers are locked before they are put right: whoever changes one at this moment is waited for.
RECOUNT_HERE = f"""
    DELETE FROM tracker_kept_queue WHERE item IN (
        SELECT i.id FROM tracker_reviewitem i JOIN tracker_kept_queue k ON k.item = i.id
        WHERE i.state <> 'pending' FOR UPDATE OF i
    );
    INSERT INTO tracker_kept_queue (item, article)
    SELECT i.id, e.article_id FROM {PENDING}
        AND NOT EXISTS (SELECT FROM tracker_kept_queue k WHERE k.item = i.id)
    FOR UPDATE OF i ON CONFLICT DO NOTHING;
    PERFORM tracker_keep_told(ARRAY(
        SELECT id FROM tracker_transfer WHERE id IN (
            SELECT transfer_id FROM ({differs("languages")}) AS wrong
            UNION SELECT transfer_id FROM ({differs("tellers")}) AS wrong
        ) ORDER BY id FOR NO KEY UPDATE
    ));
END
"""


def recount(summaries):
    whole = kept.recount(summaries)
    return whole.replace("\nEND\n", RECOUNT_HERE)


AGAIN = """
DROP VIEW tracker_kept_wrong;
DROP FUNCTION tracker_kept_recount();
"""
MAKE = (
    TABLES
    + KEEP_TOLD
    + ON_TRANSFER
    + ON_ARTICLE
    + ON_ITEM
    + "".join(kept.trigger(*one) for one in TRIGGERS)
    + OF_ITEMS
    + AGAIN
    + check(every)
    + recount(every)
    + "".join(f"INSERT INTO tracker_kept_{name} ({columns}) {true};" for name, (columns, true) in TRUE.items())
)
UNDO = f"""
{" ".join(f"DROP TRIGGER {name}_{operation.lower()} ON {table};" for name, table, _function, operation in TRIGGERS)}
DROP TRIGGER keep_queue_insert ON tracker_reviewitem;
DROP TRIGGER keep_queue_update ON tracker_reviewitem;
{AGAIN}
DROP FUNCTION tracker_keep_told_transfers(), tracker_keep_told_articles(), tracker_keep_queue(),
    tracker_keep_told(bigint[]);
DROP TABLE tracker_kept_queue, tracker_kept_languages, tracker_kept_tellers;
{kept.check(every)}
{kept.recount(every)}
"""
UNMANAGED = {"managed": False}


class Migration(migrations.Migration):
    dependencies = [("tracker", "0023_fold_what_is_settled")]

    operations = [
        migrations.RunSQL(MAKE, UNDO),
        migrations.CreateModel(
            "KeptQueue",
            [("item", models.BigIntegerField(primary_key=True, serialize=False)), ("article", models.BigIntegerField())],
            UNMANAGED | {"db_table": "tracker_kept_queue"},
        ),
        migrations.CreateModel(
            "KeptLanguages",
            [
                ("transfer", models.BigIntegerField(primary_key=True, serialize=False)),
                ("language", models.TextField()),
            ],
            UNMANAGED | {"db_table": "tracker_kept_languages"},
        ),
        migrations.CreateModel(
            "KeptTellers",
            [
                ("transfer", models.BigIntegerField(primary_key=True, serialize=False)),
                ("outlet", models.BigIntegerField(null=True)),
            ],
            UNMANAGED | {"db_table": "tracker_kept_tellers"},
        ),
        migrations.AddIndex(
            "reviewitem",
            models.Index(fields=["created_at"], name="review_since", condition=models.Q(state="pending")),
        ),
        migrations.AddIndex(
            "claim",
            models.Index(fields=["category", "-published_key", "-id"], name="claim_by_category"),
        ),
        # Who supplies whom goes together: without knowing it, the planner expects a tenth of the claims of a busy pair
        # and reads all of them for one page.
        migrations.RunSQL(
            "CREATE STATISTICS claim_pairs (mcv, dependencies) ON supplier_id, recipient_id FROM tracker_claim;"
            "ANALYZE tracker_claim (supplier_id, recipient_id)",
            "DROP STATISTICS claim_pairs",
        ),
    ]
