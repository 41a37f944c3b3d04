"""Export claims, transfers or events as CSV."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from tracker.export.dictionary import dictionary
from tracker.export.stream import Busy, Export
from tracker.export.tables import TABLES, NotUnderstood
from tracker.seal import last


class Command(BaseCommand):
    help = "Writes claims, transfers or events as CSV, or the data dictionary of their columns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=[*TABLES, "dictionary"])
        parser.add_argument(
            "--filter", default="", metavar="QUERYSTRING", help="as in the address of a list: supplier=KP&stage=order"
        )
        parser.add_argument("-o", "--output", metavar="FILE", help="the file to write; standard output without it")
        parser.add_argument(
            "--for",
            dest="reader",
            choices=["spreadsheet"],
            help="with a BOM, and text that looks like a formula marked as text",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "dictionary":
            self.write(options["output"], [dictionary().encode()])
            return
        query = QueryDict(options["filter"].removeprefix("?"))
        try:
            export = Export(TABLES[options["what"]], query, guarded=options["reader"] == "spreadsheet")
        except NotUnderstood as error:
            raise CommandError(str(error)) from error
        except Busy as error:
            raise CommandError("Two exports are already under way. Try again when one has ended.") from error
        try:
            self.write(options["output"], export)
        finally:
            export.close()
        if options["output"]:
            sealed = last()
            cited = f"; seal {sealed.pk}, head {sealed.head}" if sealed else ""
            self.stdout.write(f"{export.rows} rows in {options['output']}{cited}")

    def write(self, output: str | None, chunks: Any) -> None:
        """Write to a file, which gets its name when it is whole, or to standard output."""
        if not output:
            for chunk in chunks:
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            return
        path = Path(output)
        draft = path.with_name(f".{path.name}.part")
        try:
            with draft.open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)
            draft.replace(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)
