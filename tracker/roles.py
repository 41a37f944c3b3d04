"""The two roles of the database, and what each may do.

The owner makes the tables and runs the migrations. The app connects: it reads and writes rows, owns nothing, and so
can neither truncate a table nor disable a trigger. On append-only tables it may only read and add; the trigger that
guards them is not enough, since any role may set the variable by which pgtrigger skips its triggers.
"""

import os
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

OWNER = "tracker_owner"
APP = "tracker_app"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
APP_SETTINGS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "5min",
    # What a search over a million claims needs to remember each row that an index names; with less it remembers
    # pages, and takes the text of every row on them apart again.
    "work_mem": "16MB",
    # What is read is in memory or on a disk without a head to move. At the price that the planner assumes, it would
    # rather read whole tables than follow an index to some thousand rows.
    "random_page_cost": "1.1",
}


def make_roles(superuser: psycopg.Connection, passwords: dict[str, str]) -> None:
    """Make the roles that are missing, and give the app its settings. `passwords` has one for OWNER and one for APP."""
    for role in (OWNER, APP):
        if superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            continue
        # Hashed here, so that no password reaches the server's log.
        hashed = superuser.pgconn.encrypt_password(passwords[role].encode(), role.encode(), b"scram-sha-256")
        superuser.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(hashed.decode())
            )
        )
    settings = "SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setdatabase = 0 AND setrole = %s::regrole"
    held = {setting for (setting,) in superuser.execute(settings, [APP])}
    for name, value in APP_SETTINGS.items():
        if f"{name}={value}" not in held:
            superuser.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    sql.Identifier(APP), sql.Identifier(name), sql.Literal(value)
                )
            )


def make_database(superuser: psycopg.Connection, name: str, template: str = "template0") -> None:
    """Make a database that belongs to the owner and that only the two roles may enter."""
    database, owner = sql.Identifier(name), sql.Identifier(OWNER)
    superuser.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(database, owner, sql.Identifier(template))
    )
    superuser.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    superuser.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}, {}").format(database, owner, sql.Identifier(APP))
    )


def furnish(database: psycopg.Connection) -> None:
    """Give a new database its extensions and its default grants. The connection is the superuser's."""
    for extension in EXTENSIONS:
        database.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    for rights, objects in (
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
        ("USAGE, SELECT", "SEQUENCES"),
        ("EXECUTE", "FUNCTIONS"),
    ):
        database.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}").format(
                sql.Identifier(OWNER), sql.SQL(rights), sql.SQL(objects), sql.Identifier(APP)
            )
        )


APPEND_ONLY_TABLES = """
    SELECT DISTINCT relation.relname
    FROM pg_trigger AS guard
    JOIN pg_class AS relation ON relation.oid = guard.tgrelid
    WHERE NOT guard.tgisinternal AND guard.tgname LIKE 'pgtrigger\\_append\\_only\\_%'
      AND relation.relnamespace = 'public'::regnamespace
    ORDER BY 1
"""


# What the database keeps by itself: the functions that write it run as the owner.
KEPT_RELATIONS = """
    SELECT relname FROM pg_class
    WHERE relname LIKE 'tracker\\_kept\\_%' AND relkind IN ('r', 'v') AND relnamespace = 'public'::regnamespace
    ORDER BY 1
"""


def protect_summaries(cursor, app_role: str) -> None:
    """Leave `app_role` nothing but to read the kept summaries; run by the owner after every migration."""
    cursor.execute(KEPT_RELATIONS)
    for (name,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                sql.Identifier(name), sql.Identifier(app_role)
            )
        )


def protect_history(cursor, app_role: str) -> list[str]:
    """Take from `app_role` the right to change rows of append-only tables; returns their names.

    Run by the owner after every migration: the default grants give that right on each new table.
    """
    cursor.execute(APPEND_ONLY_TABLES)
    tables = [row[0] for row in cursor.fetchall()]
    for table in tables:
        cursor.execute(
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                sql.Identifier(table), sql.Identifier(app_role)
            )
        )
    return tables


def app_role() -> str:
    """The role that the app connects as: the user of DATABASE_URL, or the embedded database's."""
    return unquote(urlsplit(os.environ.get("DATABASE_URL", "")).username or APP)


def after_migration(using: str, **_: object) -> None:
    """Protect the history once the migrations have run; a database with a single role has nobody to protect it from."""
    from django.db import connections

    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] != app_role():
            protect_history(cursor, app_role())
            protect_summaries(cursor, app_role())
