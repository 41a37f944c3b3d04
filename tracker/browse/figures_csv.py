"""The figures of a page as a CSV file; the tables of the register leave by `tracker.export`."""

import csv
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from tracker.browse.columns import BOM, FORMULA


def figures_csv(request: HttpRequest, name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A file of that name, the head first. Values stand as they are; with `for=spreadsheet` the file begins with a
    byte order mark, and a text that could be taken for a formula gets an apostrophe."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    if request.GET.get("for") == "spreadsheet":
        response.write(BOM)
        rows = ([_guarded(value) for value in row] for row in rows)
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return response


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and re.match(FORMULA, value) else value
