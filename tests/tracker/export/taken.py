"""Files as a reader gets them, and what is in them."""

import csv
import hashlib
import io
import json
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

from django.http import QueryDict

from tracker.browse.columns import BOM
from tracker.export.formats import FORMATS
from tracker.export.stream import Export
from tracker.export.tables import ALL, EVERY, TABLES

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def file(name: str, form: str = "csv", query: str = "") -> bytes:
    """The whole file, `form` being a key of FORMATS."""
    asked = FORMATS[form]
    tables = tuple(TABLES.values()) if name == ALL else (EVERY[name],)
    export = Export(tables, QueryDict(query), asked.write, limit=asked.limit)
    try:
        return b"".join(export)
    finally:
        export.close()


def values(cell: str) -> list[str]:
    """The several texts of a cell, as the data dictionary says."""
    return [part.replace("\\|", "|") for part in cell.split(" | ")]


def of_csv(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV, plain or for spreadsheets."""
    return list(csv.DictReader(io.StringIO(data.removeprefix(BOM.encode()).decode(), newline="")))


def of_json(data: bytes) -> list[dict[str, Any]]:
    """The rows of JSON Lines."""
    return [json.loads(line) for line in data.split(b"\n")[:-1]]


def of_xlsx(data: bytes, sheet: int = 1) -> list[list[Any]]:
    """The cells of a worksheet, as ISO 29500 says: texts, numbers, truth; a day where the number has that style."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    found = []
    for row in root.iter(f"{SHEET}row"):
        cells: dict[int, Any] = {}
        for cell in row.iter(f"{SHEET}c"):
            assert cell.find(f"{SHEET}f") is None, "a formula"
            letters = re.match(r"[A-Z]+", cell.attrib["r"])[0]
            place = 0
            for letter in letters:
                place = place * 26 + ord(letter) - 64
            cells[place - 1] = _value(cell)
        found.append([cells.get(place) for place in range(max(cells) + 1)] if cells else [])
    return found


def _value(cell: ElementTree.Element) -> Any:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        text = "".join(part.text or "" for part in cell.iter(f"{SHEET}t"))
        return ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)
    value = cell.find(f"{SHEET}v").text
    if kind == "b":
        return value == "1"
    number = float(value) if "." in value or "E" in value else int(value)
    return date(1899, 12, 30) + timedelta(days=number) if cell.attrib.get("s") == "2" else number


def checked(data: bytes) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """A data package, held against its own description: files, sizes, hashes, heads, types, constraints, keys.

    Returns datapackage.json and the typed rows of each resource; None where a value is missing.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        described = json.loads(archive.read("datapackage.json"))
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert set(contents) == {"datapackage.json", "README.md"} | {one["path"] for one in described["resources"]}
    rows = {}
    for one in described["resources"]:
        content = contents[one["path"]]
        assert len(content) == one["bytes"]
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == one["hash"]
        schema = one["schema"]
        read = csv.DictReader(io.StringIO(content.decode(one["encoding"]), newline=""))
        written = list(read)
        assert read.fieldnames == [field["name"] for field in schema["fields"]]
        assert len(written) == one["rows"]
        rows[one["name"]] = [
            {field["name"]: _typed(row[field["name"]], field, schema["missingValues"]) for field in schema["fields"]}
            for row in written
        ]
        if key := schema.get("primaryKey"):
            keys = [row[key] for row in rows[one["name"]]]
            assert len(set(keys)) == len(keys)
            assert None not in keys
    return described, rows


def _typed(value: str, field: dict[str, Any], missing: list[str]) -> Any:
    constraints = field.get("constraints", {})
    if value in missing:
        assert not constraints.get("required"), field["name"]
        return None
    typed: Any
    match field["type"]:
        case "integer":
            typed = int(value)
        case "number":
            typed = float(value)
        case "date":
            typed = date.fromisoformat(value)
        case "datetime":
            typed = datetime.strptime(value, field["format"])  # noqa: DTZ007 - the form says UTC
        case "boolean":
            typed = {"true": True, "false": False}[value]
        case "string":
            typed = value
    assert value in constraints.get("enum", [value]), (field["name"], value)
    assert constraints.get("minimum", 0) <= typed <= constraints["maximum"] if "maximum" in constraints else True
    return typed
