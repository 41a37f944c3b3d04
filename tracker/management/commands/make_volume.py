"""Fill a database of its own with invented data in the quantity that the budgets name."""

import os
import subprocess
import sys
import time

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg import sql

from tracker import localdata, localdb
from tracker.volume.load import load

DATABASE = "volume"


class Command(BaseCommand):
    help = "Makes a database of invented articles, claims and transfers beside the real one, for measuring."

    def add_arguments(self, parser):
        parser.add_argument("--articles", type=int, default=200_000)
        parser.add_argument("--claims", type=int, default=1_000_000)
        parser.add_argument("--transfers", type=int, default=100_000)
        parser.add_argument("--pending", type=int, default=100_000, help="events that still wait for a decision")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--database", default=DATABASE, help="its name in the embedded server; it is made anew")
        parser.add_argument("--url", action="store_true", help="print the address of the database and do nothing else")
        parser.add_argument("--fill", action="store_true", help="only fill the database that DATABASE_URL names")

    def handle(self, *, database, url, fill, articles, claims, transfers, pending, seed, **options):
        sizes = {"articles": articles, "claims": claims, "transfers": transfers, "pending": pending}
        if min(articles, transfers) < 1 or claims + pending < articles or articles < transfers:
            raise CommandError(
                "Every article tells something and every transfer has an article: "
                "ask for as many claims as articles, and as many articles as transfers."
            )
        if url:
            self.stdout.write(localdb.url("app", database))
            return
        if fill:
            began = time.monotonic()
            with connection.cursor() as cursor:
                # Constraints hold by construction, and the history is written at the end in one statement.
                cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
            load(**sizes, seed=seed, say=self.stdout.write)
            self.stdout.write(f"filled in {time.monotonic() - began:.0f} s")
            return
        if os.environ.get("DATABASE_URL"):
            raise CommandError("Invented data goes into the embedded server alone: unset DATABASE_URL.")
        if database == localdb.DATABASE or not database.isidentifier():
            raise CommandError(f"Give it a name of its own, such as {DATABASE}.")
        self.make(database, {**sizes, "seed": seed})

    def make(self, name: str, sizes: dict[str, int]) -> None:
        """Make the database anew, with its tables and the reference data, and fill it."""
        localdb.ensure_running()
        with localdb.connect() as superuser:
            self.drop(superuser, name)
        localdb.create_database(name)
        urls = {"DATABASE_URL": localdb.url("app", name), "DATABASE_OWNER_URL": localdb.url("owner", name)}
        self.manage(urls | {"TRACKER_DB_ROLE": "owner"}, "migrate", "--no-input", "--skip-checks", "--verbosity", "0")
        self.manage(urls, "load_reference")
        filling = {"DATABASE_URL": localdb.url("superuser", name), "DATABASE_POOLED": "0"}
        self.manage(filling, "make_volume", "--fill", *(f"--{option}={value}" for option, value in sizes.items()))
        with psycopg.connect(localdb.url("superuser", name), autocommit=True) as superuser:
            # What was copied in is visible to all: without the map that says so no index answers alone.
            superuser.execute("VACUUM (ANALYZE)")
        self.stdout.write('To look at it: DATABASE_URL="$(python manage.py make_volume --url)" python manage.py start')

    @staticmethod
    def drop(superuser: psycopg.Connection, name: str) -> None:
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @staticmethod
    def manage(environment: dict[str, str], *arguments: str) -> None:
        command = [sys.executable, str(localdata.CHECKOUT / "manage.py"), *arguments]
        finished = subprocess.run(command, env=os.environ | environment, check=False)
        if finished.returncode:
            raise CommandError(f"{arguments[0]} has failed; what it said stands above.")
