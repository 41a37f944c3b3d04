#!/usr/bin/env python
"""The command line of the tracker: `python manage.py help` lists what it can do."""

import os
import sys

# These need no database, or see to it themselves.
WITHOUT_DATABASE = {"help", "version", "start", "db", "doctor", "check", "makemessages", "compilemessages", "shell"}
# These change tables, which the app's role may not.
AS_OWNER = {"migrate", "sqlmigrate", "pgtrigger"}


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an old Python gets as far as this line
        sys.exit(f"This is Python {sys.version_info[0]}.{sys.version_info[1]}, and the tracker needs 3.11 or newer.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in AS_OWNER:
        os.environ.setdefault("TRACKER_DB_ROLE", "owner")
    try:
        from django.core.management import execute_from_command_line

        from tracker import localdb
    except ImportError as error:
        sys.exit(
            f"{error}: run `pip install -r requirements.txt` for this Python, or use .venv/bin/python, "
            "which `make run` makes."
        )
    try:
        if command not in WITHOUT_DATABASE and not command.startswith("-") and not os.environ.get("DATABASE_URL"):
            localdb.ensure_running()
        execute_from_command_line(sys.argv)
    except localdb.LocalDatabaseError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
