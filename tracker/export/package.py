"""A data package: the CSV files with what describes them, as a ZIP that is sent while it is written."""

import hashlib
import json
from collections.abc import Generator
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings

from tracker import __version__
from tracker.browse.columns import DAY, LIST, NUMBER, SHARE, SWITCH, TEXT, TIME, Column
from tracker.export.about import About
from tracker.export.dictionary import columns_of
from tracker.export.statements import Selection
from tracker.export.stream import CHUNK, Export, chunked
from tracker.export.tables import Table

# Level 6 costs three times the time of the rows themselves, for a tenth of the size.
LEVEL = 2
TYPES = {
    TEXT: {"type": "string"},
    LIST: {"type": "string"},
    NUMBER: {"type": "integer"},
    SHARE: {"type": "number"},
    DAY: {"type": "date"},
    TIME: {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S.%fZ"},
    SWITCH: {"type": "boolean"},
}


class Outlet:
    """What a ZIP writes into, without going back; `take` gives what has come since."""

    def __init__(self) -> None:
        self._parts = bytearray()

    def __len__(self) -> int:
        return len(self._parts)

    def write(self, data: Any) -> int:
        self._parts += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken, self._parts = bytes(self._parts), bytearray()
        return taken


def zipped(export: Export) -> Generator[bytes, None, None]:
    """Each table as CSV, then datapackage.json, which knows their sizes and hashes, and the README."""
    outlet = Outlet()
    resources = []
    with ZipFile(cast(IO[bytes], outlet), "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for table in export.tables:
            digest, size, before = hashlib.sha256(), 0, export.rows
            with archive.open(f"{table.name}.csv", "w", force_zip64=True) as file:
                for chunk in chunked(export.copied(table, Selection.csv), export, head=1):
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                    if len(outlet) >= CHUNK:
                        yield outlet.take()
            written = {"bytes": size, "hash": f"sha256:{digest.hexdigest()}", "rows": export.rows - before}
            resources.append(resource(table, export.columns[table.name]) | written)
        about = About.of(export)
        described = json.dumps(package(about, resources), ensure_ascii=False, indent=2)
        archive.writestr("datapackage.json", f"{described}\n")
        archive.writestr("README.md", readme(about))
    yield outlet.take()


def resource(table: Table, columns: tuple[Column, ...]) -> dict[str, Any]:
    """One file, as the Frictionless specification describes it."""
    key = table.columns[0]
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.doc,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "header": True},
        "schema": {
            "fields": [_field(column, column is key) for column in columns],
            "missingValues": [""],
        }
        | ({"primaryKey": key.name} if key in columns and key.required else {}),
    }


def _field(column: Column, unique: bool) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
        if unique:
            constraints["unique"] = True
    if column.codes:
        constraints["enum"] = list(column.codes)
    if column.kind == SHARE:
        constraints |= {"minimum": 0, "maximum": 1}
    described = {"name": column.name, **TYPES[column.kind], "description": column.doc}
    return described | ({"constraints": constraints} if constraints else {})


def package(about: About, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """datapackage.json."""
    names = [resource["name"] for resource in resources]
    described: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "-".join(names),
        "title": f"Arms transfers as reported: {', '.join(names)}",
        "created": about.made.isoformat(timespec="seconds"),
        "as_of": about.as_of,
        "filter": {"query": about.query, "words": about.said},
        "seal": {"number": about.seal.pk, "head": about.seal.head} if about.seal else None,
        "program": f"tracker {__version__}",
        "licence": about.licence,
    }
    if settings.DATA_LICENCE:
        described["licenses"] = [licence(settings.DATA_LICENCE)]
    return described | {"resources": resources}


def licence(written: str) -> dict[str, str]:
    """A licence by its address, or by its name such as CC-BY-4.0."""
    return {"path": written} if "://" in written else {"name": written}


def readme(about: About) -> str:
    """The page for people: where the rows come from, and what every column means."""
    facts = "".join(f"- {name}: {value}\n" for name, value in about.facts())
    parts = [f"# Arms transfers as reported\n\n{facts}"]
    parts += [columns_of(table, about.export.columns[table.name]) for table in about.export.tables]
    return "".join(parts)
