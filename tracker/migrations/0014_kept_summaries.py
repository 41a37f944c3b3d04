from django.db import migrations, models

# Both the type of a column and how a claim, its article and its transfer give its value. contested is said apart:
# it is settled when the transfer is derived, under its lock.
TYPES = {
    "supplier": "bigint",
    "recipient": "bigint",
    "month": "date",
    "category": "text",
    "stage": "text",
    "modality": "text",
    "outlet": "bigint",
    "language": "text",
    "contested": "boolean",
}
OF_CLAIM = {
    "supplier": "c.supplier_id",
    "recipient": "c.recipient_id",
    "month": "date_trunc('month', c.published_on::timestamp)::date",
    "category": "c.category",
    "stage": "c.stage",
    "modality": "c.modality",
    "outlet": "a.outlet_id",
    "language": "a.language",
}
SUMMARIES = {
    "months": ("month", "stage", "modality", "language", "contested"),
    "pairs": ("supplier", "recipient", "category", "stage", "modality", "contested"),
    "outlets": ("outlet", "language", "category", "contested"),
    "cells": tuple(TYPES),
}
APART = tuple(name for name in TYPES if name != "contested")
VALUES = ", ".join(f"{OF_CLAIM[name]} AS {name}" for name in APART)

CHANGES = f"""
CREATE TABLE tracker_kept_changes (
    {", ".join(f"{name} {kind}" for name, kind in TYPES.items())},
    -- Set where contested is not settled yet: the transfer that says it.
    transfer_id bigint,
    n bigint NOT NULL
);
-- what a transfer settles when it is derived
CREATE INDEX kept_unsettled ON tracker_kept_changes (transfer_id) WHERE contested IS NULL;
CREATE VIEW tracker_kept_waiting AS
    SELECT {", ".join(f"k.{name}" for name in APART)}, coalesce(k.contested, t.contested, false) AS contested, k.n
    FROM tracker_kept_changes k LEFT JOIN tracker_transfer t ON t.id = k.transfer_id AND k.contested IS NULL;
-- One row a claim that counts, as a recount sees it.
CREATE VIEW tracker_kept_truth AS
    SELECT {VALUES}, coalesce(t.contested, false) AS contested
    FROM tracker_claim c
    JOIN articles_article a ON a.id = c.article_id
    LEFT JOIN tracker_transfer t ON t.id = c.transfer_id
    WHERE c.state = 'active';
"""


def summary(name, dimensions):
    columns = ", ".join(dimensions)
    return f"""
CREATE TABLE tracker_kept_{name}_folded (
    {", ".join(f"{column} {TYPES[column]}" for column in dimensions)}, n bigint NOT NULL,
    CONSTRAINT kept_{name}_once UNIQUE NULLS NOT DISTINCT ({columns})
);
CREATE VIEW tracker_kept_{name} AS
    SELECT {columns}, n FROM tracker_kept_{name}_folded UNION ALL SELECT {columns}, n FROM tracker_kept_waiting;
"""


def add_up(name, dimensions, source):
    columns = ", ".join(dimensions)
    return f"""INSERT INTO tracker_kept_{name}_folded AS f ({columns}, n)
        SELECT {columns}, sum(n) FROM {source} GROUP BY {columns} HAVING sum(n) <> 0
        ON CONFLICT ON CONSTRAINT kept_{name}_once DO UPDATE SET n = f.n + excluded.n"""


def trigger_function(name, body, returns="trigger", arguments=""):
    # What runs as the owner looks nothing up where somebody else may have put it.
    return f"""
CREATE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
{body}
$$;
"""


def changed(rows):
    return f"""
        INSERT INTO tracker_kept_changes ({", ".join(TYPES)}, transfer_id, n)
        SELECT {", ".join(APART)}, CASE WHEN transfer_id IS NULL THEN false END, transfer_id, sum(n)
        FROM (SELECT {VALUES}, c.transfer_id, c.n FROM ({rows}) c JOIN articles_article a ON a.id = c.article_id) k
        GROUP BY {", ".join(APART)}, transfer_id HAVING sum(n) <> 0"""


NEW = "SELECT *, 1 AS n FROM new_rows WHERE state = 'active'"
OLD = "SELECT *, -1 AS n FROM old_rows WHERE state = 'active'"
# An article that is edited at this moment is waited for: its outlet and language count for the claim.
ON_CLAIM = trigger_function(
    "tracker_keep_claims",
    f"""
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM 1 FROM articles_article WHERE id IN (SELECT article_id FROM new_rows) ORDER BY id FOR SHARE;
    END IF;
    IF TG_OP = 'INSERT' THEN {changed(NEW)};
    ELSIF TG_OP = 'DELETE' THEN {changed(OLD)};
    ELSE {changed(f"{NEW} UNION ALL {OLD}")};
    END IF;
    RETURN NULL;
END
""",
)
# Whoever changes the claims of a transfer derives it afterwards, holding its lock: only now is it known for certain
# whether its claims are contested. What is not settled yet counts as the transfer was, and then all its claims move.
# One statement, so that both see the same claims.
ON_TRANSFER = trigger_function(
    "tracker_keep_contested",
    f"""
BEGIN
    WITH derived AS (
        SELECT n.id, o.contested AS was, n.contested AS is_now FROM old_rows o JOIN new_rows n USING (id)
    ), settled AS (
        UPDATE tracker_kept_changes k SET contested = d.was
        FROM derived d WHERE k.transfer_id = d.id AND k.contested IS NULL
    )
    INSERT INTO tracker_kept_changes ({", ".join(TYPES)}, transfer_id, n)
    SELECT {VALUES}, v.contested, d.id, sum(v.n)
    FROM derived d
    JOIN tracker_claim c ON c.transfer_id = d.id AND c.state = 'active'
    JOIN articles_article a ON a.id = c.article_id
    CROSS JOIN LATERAL (VALUES (d.was, -1), (d.is_now, 1)) AS v(contested, n)
    WHERE d.was <> d.is_now
    GROUP BY {", ".join(str(place + 1) for place in range(len(APART)))}, v.contested, d.id;
    RETURN NULL;
END
""",
)
ON_ARTICLE = trigger_function(
    "tracker_keep_articles",
    f"""
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM old_rows o JOIN new_rows n USING (id)
        WHERE (o.outlet_id, o.language) IS DISTINCT FROM (n.outlet_id, n.language)
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO tracker_kept_changes ({", ".join(TYPES)}, transfer_id, n)
    SELECT {VALUES}, CASE WHEN c.transfer_id IS NULL THEN false END, c.transfer_id, a.n
    FROM (SELECT id, outlet_id, language, 1 AS n FROM new_rows
          UNION ALL SELECT id, outlet_id, language, -1 FROM old_rows) a
    JOIN tracker_claim c ON c.article_id = a.id AND c.state = 'active';
    RETURN NULL;
END
""",
)


def trigger(name, table, function, operation):
    tables = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}[operation]
    referencing = " ".join(f"{which} TABLE AS {which.lower()}_rows" for which in tables)
    return f"""
CREATE TRIGGER {name}_{operation.lower()} AFTER {operation} ON {table} REFERENCING {referencing}
FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""


TRIGGERS = (
    ("keep_claims", "tracker_claim", "tracker_keep_claims", "INSERT"),
    ("keep_claims", "tracker_claim", "tracker_keep_claims", "UPDATE"),
    ("keep_claims", "tracker_claim", "tracker_keep_claims", "DELETE"),
    ("keep_contested", "tracker_transfer", "tracker_keep_contested", "UPDATE"),
    ("keep_articles", "articles_article", "tracker_keep_articles", "UPDATE"),
)


def fold(summaries):
    return trigger_function(
        "tracker_kept_fold",
        f"""
DECLARE folded bigint;
BEGIN
    -- Adds up to `most` of the waiting changes; returns how many, 0 where somebody else is at it. Readers see either
    -- the changes or what has become of them, since it is one statement.
    IF NOT pg_try_advisory_xact_lock(hashtext('tracker_kept')) THEN
        RETURN 0;
    END IF;
    WITH gone AS (
        DELETE FROM tracker_kept_changes WHERE ctid IN (SELECT ctid FROM tracker_kept_changes LIMIT most) RETURNING *
    ), taken AS MATERIALIZED (
        SELECT {", ".join(f"g.{name}" for name in APART)}, coalesce(g.contested, t.contested, false) AS contested, g.n
        FROM gone g LEFT JOIN tracker_transfer t ON t.id = g.transfer_id AND g.contested IS NULL
    ), {", ".join(f"to_{name} AS ({add_up(name, columns, 'taken')})" for name, columns in summaries.items())}
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END
""",
        "bigint",
        "most integer DEFAULT 50000",
    )


def difference(name, dimensions):
    columns = ", ".join(dimensions)
    return f"""(
        SELECT {columns}, count(*) AS n FROM tracker_kept_truth GROUP BY {columns}
        UNION ALL SELECT {columns}, -n FROM tracker_kept_{name}
    ) AS differs"""


def wrong(name, dimensions):
    columns = ", ".join(dimensions)
    return f"""SELECT '{name}', count(*) FROM
        (SELECT 1 FROM {difference(name, dimensions)} GROUP BY {columns} HAVING sum(n) <> 0) AS wrong"""


# Each is one statement over one moment, so that nobody has to stop deciding meanwhile.
def check(summaries):
    return f"""
CREATE VIEW tracker_kept_wrong (summary, rows) AS {" UNION ALL ".join(wrong(*one) for one in summaries.items())};
"""


def recount(summaries):
    return trigger_function(
        "tracker_kept_recount",
        f"""
BEGIN
    -- Puts right what a recount of the claims finds wrong.
    PERFORM pg_advisory_xact_lock(hashtext('tracker_kept'));
    {" ".join(f"{add_up(name, columns, difference(name, columns))};" for name, columns in summaries.items())}
END
""",
        "void",
    )


FILL = "SELECT tracker_kept_recount()"
UNDO = f"""
{" ".join(f"DROP TRIGGER {name}_{operation.lower()} ON {table};" for name, table, _function, operation in TRIGGERS)}
DROP FUNCTION tracker_kept_recount(), tracker_kept_fold(integer), tracker_keep_claims(), tracker_keep_contested(),
    tracker_keep_articles();
DROP VIEW tracker_kept_wrong;
{" ".join(f"DROP VIEW tracker_kept_{name}; DROP TABLE tracker_kept_{name}_folded;" for name in SUMMARIES)}
DROP VIEW tracker_kept_truth, tracker_kept_waiting;
DROP TABLE tracker_kept_changes;
"""
MAKE = (
    CHANGES
    + "".join(summary(*one) for one in SUMMARIES.items())
    + check(SUMMARIES)
    + ON_CLAIM
    + ON_TRANSFER
    + ON_ARTICLE
    + "".join(trigger(*one) for one in TRIGGERS)
    + fold(SUMMARIES)
    + recount(SUMMARIES)
    + FILL
)
FIELDS: dict[str, models.Field] = {
    "bigint": models.BigIntegerField(null=True),
    "date": models.DateField(null=True),
    "text": models.TextField(),
    "boolean": models.BooleanField(),
}


def model(name, dimensions):
    columns = [(column, FIELDS[TYPES[column]].clone()) for column in dimensions]
    return migrations.CreateModel(
        name=f"Kept{name.title().replace('_', '')}",
        fields=[("n", models.BigIntegerField(primary_key=True, serialize=False)), *columns],
        options={"managed": False, "db_table": f"tracker_kept_{name}"},
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_demo_index"), ("tracker", "0013_contested_pairs")]

    operations = [migrations.RunSQL(MAKE, UNDO), *(model(*one) for one in SUMMARIES.items())]
