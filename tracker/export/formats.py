"""The forms that a file can have."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker.export import stream, workbook
from tracker.export.package import zipped
from tracker.export.stream import Export


@dataclass(frozen=True, slots=True)
class Format:
    """One form: `name` ends the address, `query` is what else asks for it, `media` its type, `limit` the most rows."""

    name: str
    label: Any
    about: Any
    media: str
    write: Callable[[Export], Generator[bytes, None, None]]
    query: str = ""
    limit: int | None = None

    @property
    def key(self) -> str:
        """What tells it from the others: csv, csv-spreadsheet, jsonl, xlsx, zip."""
        return "-".join(part for part in (self.name, self.query.partition("=")[2]) if part)

    def address(self, table: str, query: str) -> str:
        """Where the rows of a table are to be had in this form; `query` is the filter, without "?"."""
        asked = "&".join(part for part in (query, self.query) if part)
        return reverse("export_file", args=[table, self.name]) + (f"?{asked}" if asked else "")


FORMATS = {
    made.key: made
    for made in (
        Format("csv", "CSV", _("Exact: every value reads back as it was."), "text/csv; charset=utf-8", stream.csv),
        Format(
            "csv",
            _("CSV for a spreadsheet"),
            _("With a byte order mark; a text that could be taken for a formula gets an apostrophe."),
            "text/csv; charset=utf-8",
            stream.guarded_csv,
            "for=spreadsheet",
        ),
        Format(
            "jsonl",
            "JSON Lines",
            _("An object a row: numbers, lists and null as such."),
            "application/jsonl; charset=utf-8",
            stream.json_lines,
        ),
        Format(
            "xlsx",
            "XLSX",
            _("A workbook with the data dictionary on a second sheet; 1,048,575 rows at most."),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook.xlsx,
            limit=workbook.ROWS,
        ),
        Format(
            "zip",
            _("Data package"),
            _("The CSV with datapackage.json and a README: schema, filter, time, seal, hash, licence."),
            "application/zip",
            zipped,
        ),
    )
}


def asked_for(name: str, reader: str) -> Format | None:
    """The form that an address ends with; `reader` is its `for`."""
    return FORMATS.get(f"{name}-{reader}") or FORMATS.get(name)
