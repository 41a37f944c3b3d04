"""Seal the history by hand, and verify that nothing in it was changed since."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker import seal
from tracker.models import Seal


class Command(BaseCommand):
    help = "Seals the append-only history by a chain of hashes, and verifies the chain."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("seal", help="seal the rows that are settled; the worker does it every ten minutes")
        verify = actions.add_parser(
            "verify", help="recompute the chain and name the first row that does not fit; exit code 1 if there is one"
        )
        verify.add_argument("head", nargs="?", help="a head that a log or an export cites: it has to be in the chain")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "seal":
            self.seal()
        else:
            self.verify(options["head"])

    def seal(self) -> None:
        try:
            links = seal.seal()
        except seal.Busy as error:
            raise CommandError("The history is just being sealed by another process.") from error
        for link in links:
            self.stdout.write(f"seal {link.pk}: head {link.head} over {link.rows} rows")
        if not links:
            self.stdout.write("Nothing is new since the last seal.")

    def verify(self, head: str | None) -> None:
        found = seal.verify()
        if found.misfit:
            row = found.misfit.table if found.misfit.id is None else f"{found.misfit.table} {found.misfit.id}"
            raise CommandError(f"{row} does not fit: {found.misfit.what} (seal {found.misfit.seal}).", returncode=1)
        if head and not Seal.objects.filter(head=head).exists():
            raise CommandError(f"No seal has the head {head}: seals were taken away or made anew.", returncode=1)
        said = f"{found.rows} rows in {found.seals} seals fit; {found.unsealed} are not sealed yet."
        self.stdout.write(f"{said} Head: {found.head or '–'}")
