"""The embedded PostgreSQL by hand: start, stop, status, psql, backup, restore."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tracker import backups, localdb


class Command(BaseCommand):
    help = "Start, stop and look at the embedded database; back it up and restore it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("start", help="start the server if it does not run")
        actions.add_parser("stop", help="stop the server; the data stays")
        actions.add_parser("status", help="say whether the server runs, and where; exit code 1 if it does not")
        psql = actions.add_parser("psql", help='open psql; what follows -- goes to it: psql -- -c "SELECT 1"')
        psql.add_argument("--role", choices=["app", "owner", "superuser"], default="app")
        psql.add_argument("arguments", nargs="*")
        backup = actions.add_parser("backup", help="write the whole database to a new file")
        backup.add_argument("file", type=Path)
        restore = actions.add_parser("restore", help="put a backup in the place of the database")
        restore.add_argument("file", type=Path)

    def handle(self, *, action, **options):
        external = os.environ.get("DATABASE_URL")
        if action in {"backup", "psql"}:
            if not external:
                localdb.ensure_running()
            getattr(self, action)(external, **options)
            return
        if external:
            raise CommandError(
                f"DATABASE_URL is set, so there is no embedded database to {action}: use PostgreSQL's own tools "
                "(docs/operations.md), or unset it."
            )
        getattr(self, action)(**options)

    def start(self, **options) -> None:
        localdb.ensure_running()
        self.stdout.write(f"The database runs in {localdb.cluster_folder()}.")

    def stop(self, **options) -> None:
        self.stdout.write("The database has stopped." if localdb.stop() else "The database was not running.")

    def status(self, **options) -> None:
        found = localdb.status()
        if found.process is None:
            raise CommandError(f"The database in {found.cluster} does not run.")
        self.stdout.write(
            f"PostgreSQL {found.version or '(it does not answer)'} runs as process {found.process}\n"
            f"data    {found.cluster}\nsocket  {found.socket}\nlog     {found.cluster / 'log'}"
        )

    def psql(self, external: str | None, role: str, arguments: list[str], **options) -> None:
        command, environment = backups.client(external or localdb.url(role), "psql", *arguments)
        os.execve(command[0], command, environment)

    def backup(self, external: str | None, file: Path, **options) -> None:
        url = (os.environ.get("DATABASE_OWNER_URL") or external) if external else localdb.url("superuser")
        backups.backup(url, file)
        self.stdout.write(f"{file} holds the whole database ({file.stat().st_size / 1e6:.1f} MB).")

    def restore(self, file: Path, **options) -> None:
        localdb.ensure_running()
        backups.restore(file)
        self.stdout.write(
            f"{file} is now the database; what was there before is kept as the database {backups.PREVIOUS}. "
            "`python manage.py start` migrates it if it comes from an older release."
        )
