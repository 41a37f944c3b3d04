"""Look after the kept summaries by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker import summaries


class Command(BaseCommand):
    help = "Checks the kept summaries, which charts and counts are read from, against a recount of the claims."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("check", help="recount; exit code 1 where a summary has other numbers")
        actions.add_parser("rebuild", help="put right what a recount contradicts; nobody has to stop working")
        actions.add_parser("fold", help="add up what has changed; the worker does it every minute")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "fold":
            self.stdout.write(f"{summaries.fold()} changes folded")
            return
        if action == "rebuild":
            summaries.recount()
        found = summaries.wrong()
        if any(found.values()):
            said = ", ".join(f"{name}: {rows} rows" for name, rows in found.items() if rows)
            raise CommandError(f"A recount contradicts {said}. `manage.py summaries rebuild` puts it right.")
        self.stdout.write(f"{', '.join(found)} are what a recount says.")
