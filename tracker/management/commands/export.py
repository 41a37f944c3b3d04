"""Export claims, transfers or events as a file."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from tracker.export.dictionary import dictionary
from tracker.export.formats import FORMATS, Format, asked_for
from tracker.export.stream import Busy, Export, TooMany
from tracker.export.tables import ALL, EVERY, TABLES, NotUnderstood


class Command(BaseCommand):
    help = "Writes claims, transfers or events as CSV or in another form, or the data dictionary of their columns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=[*EVERY, ALL, "dictionary"])
        parser.add_argument(
            "--filter", default="", metavar="QUERYSTRING", help="as in the address of a list: supplier=KP&stage=order"
        )
        parser.add_argument(
            "--format",
            choices=sorted({known.name for known in FORMATS.values()}),
            help="without it, as the name of the file ends, or else csv",
        )
        parser.add_argument("--columns", default="", metavar="A,B", help="the columns, by name; all without it")
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
        query = QueryDict(options["filter"].removeprefix("?"), mutable=True)
        if options["columns"]:
            query["columns"] = options["columns"]
        asked = self.form(options)
        tables = tuple(TABLES.values()) if options["what"] == ALL else (EVERY[options["what"]],)
        if options["what"] == ALL and asked.name != "zip":
            raise CommandError("All tables at once make a data package: --format zip.")
        try:
            export = Export(tables, query, asked.write, limit=asked.limit)
        except NotUnderstood as error:
            raise CommandError(str(error)) from error
        except TooMany as error:
            raise CommandError(f"These are more rows than the {error} that a worksheet holds.") from error
        except Busy as error:
            raise CommandError("Two exports are already under way. Try again when one has ended.") from error
        try:
            self.write(options["output"], export)
        finally:
            export.close()
        if options["output"]:
            sealed = export.seal
            cited = f"; seal {sealed.pk}, head {sealed.head}" if sealed else ""
            self.stdout.write(f"{export.rows} rows in {options['output']}{cited}")

    def form(self, options: dict[str, Any]) -> Format:
        """The form that is asked for, by its name or by the end of the file's."""
        name = options["format"] or Path(options["output"] or "").suffix.removeprefix(".").lower()
        return asked_for(name, options["reader"] or "") or asked_for("csv", options["reader"] or "") or FORMATS["csv"]

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
