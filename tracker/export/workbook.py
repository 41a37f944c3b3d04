"""A workbook of two sheets, the rows and what they are, written row by row to disk and sent from there."""

import json
from collections.abc import Generator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xlsxwriter import Workbook

from tracker.browse.columns import DAY, LIST, NUMBER, SHARE, SWITCH, Column
from tracker.export.about import About
from tracker.export.statements import Selection
from tracker.export.stream import CHUNK, Export

# What the format itself allows.
ROWS = 1_048_575
CELL = 32_767
# Spreadsheets count with 15 digits, and know no day before 1900; two months later their calendar is right, too.
DIGITS = 10**15
FIRST_DAY = date(1900, 3, 1)
# A text stays what it is: no formula, no link, no number.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}


def xlsx(export: Export) -> Generator[bytes, None, None]:
    """The rows, and on a second sheet the data dictionary, the filter and the time."""
    with TemporaryDirectory(prefix="tracker-xlsx-") as folder:
        path = Path(folder, "rows.xlsx")
        _write(path, folder, export)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _write(path: Path, folder: str, export: Export) -> None:
    workbook = Workbook(path, {**OPTIONS, "tmpdir": folder})
    workbook.use_zip64()
    bold = workbook.add_format({"bold": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    columns = export.columns[export.table.name]
    sheet = workbook.add_worksheet(export.table.name)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, bold)
    cut = 0
    lines = export.copied(export.table, Selection.json)
    with closing(lines):
        for line in lines:
            export.rows += 1
            values = json.loads(bytes(line)).values()
            for place, (column, value) in enumerate(zip(columns, values, strict=True)):
                if value is not None:
                    cut += _put(sheet, export.rows, place, column, value, day)
    about = About.of(export)
    if cut:
        about.notes.append(f"{cut} texts are longer than the {CELL} characters that a cell holds, and end with […].")
    _describe(workbook.add_worksheet("about"), about, bold)
    workbook.close()


def _put(sheet: Any, row: int, place: int, column: Column, value: Any, day: Any) -> int:
    """Write one value; 1 where it had to be cut."""
    if column.kind in {NUMBER, SHARE} and abs(value) < DIGITS:
        sheet.write_number(row, place, value)
    elif column.kind == SWITCH:
        sheet.write_boolean(row, place, value)
    elif column.kind == DAY and (found := date.fromisoformat(value)) >= FIRST_DAY:
        sheet.write_datetime(row, place, found, day)
    else:
        return _text(sheet, row, place, value if column.kind != LIST else joined(value))
    return 0


def _text(sheet: Any, row: int, place: int, value: Any) -> int:
    text = str(value)
    # Cells are counted as the program counts that reads them.
    long = len(text) * 2 > CELL and len(text.encode("utf-16-le")) > CELL * 2
    if long:
        text = text.encode("utf-16-le")[: (CELL - 3) * 2].decode("utf-16-le", "ignore") + "[…]"
    sheet.write_string(row, place, text)
    return int(long)


def joined(words: list[str]) -> str:
    """Several texts in one cell, as in the CSV."""
    return " | ".join(word.replace("|", "\\|") for word in words)


def _describe(sheet: Any, about: About, bold: Any) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 2, 60)
    row = 0
    for name, value in about.facts():
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value[:CELL])
        row += 1
    for note in about.notes:
        sheet.write_string(row, 0, note)
        row += 1
    row += 1
    for place, name in enumerate(("column", "form", "meaning")):
        sheet.write_string(row, place, name, bold)
    for column, form in about.columns():
        row += 1
        for place, text in enumerate((column.name, form, column.doc)):
            sheet.write_string(row, place, text)
