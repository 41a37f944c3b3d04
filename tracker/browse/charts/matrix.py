"""Flows as a table of suppliers by recipients."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracker.browse.charts.shades import shade, shades
from tracker.browse.flows import Flow, Flows, Party

# So many rows and columns, the largest; the others share one.
MOST = 14


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, what it says, its step of shade from 0, and the list behind it."""

    number: int
    contested: int
    shade: int
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a row or column and its total."""

    name: str
    total: Cell


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table: heads of the columns, rows with their cells, the sum of all, and the steps of the shades."""

    heads: list[Head]
    rows: list[tuple[Head, list[Cell]]]
    total: Cell
    steps: list[tuple[int, int]]


def top(parties: list[tuple[Party, int]]) -> list[str]:
    """The codes of the largest parties, which get a row or column of their own."""
    sums: dict[str, int] = defaultdict(int)
    for party, number in parties:
        sums[party.code] += number
    return sorted(sums, key=lambda code: (-sums[code], code))[:MOST]


def chart(flows: Flows) -> Matrix | None:
    """The matrix of the flows; None where there are none. Without others, it has no row or column for them."""
    found = flows.flows
    if not found:
        return None
    rows = _keys([(flow.supplier, flow.n) for flow in found])
    columns = _keys([(flow.recipient, flow.n) for flow in found])
    cells, row_sums, column_sums = _sums(found, rows, columns)
    suppliers = _names([flow.supplier for flow in found], _("other suppliers"))
    recipients = _names([flow.recipient for flow in found], _("other recipients"))
    # The others would outshine every pair, and are left unshaded.
    steps = shades(max((n for key, (n, _contested) in cells.items() if all(key)), default=1))

    def only(role: str, key: str, codes: list[str]) -> dict[str, list[str]]:
        return {role: [key]} if key else {f"not_{role}": flows.without(role, [code for code in codes if code])}

    def cell(row: str, column: str) -> Cell:
        n, contested = cells.get((row, column), (0, 0))
        words = flows.said(suppliers[row], recipients[column], n, contested)
        url = flows.listed(**only("supplier", row, rows), **only("recipient", column, columns))
        return Cell(n, contested, shade(n, steps) if row and column else 0, words, url)

    def total(role: str, key: str) -> Cell:
        codes, names, sums = {"supplier": (rows, suppliers, row_sums), "recipient": (columns, recipients, column_sums)}[
            role
        ]
        n, contested = sums[key]
        words = _("%(name)s supplies: %(number)s") if role == "supplier" else _("%(name)s receives: %(number)s")
        label = words % {"name": names[key], "number": flows.counted(n, contested)}
        return Cell(n, contested, 0, label, flows.listed(**only(role, key, codes)))

    contested = sum(flow.contested for flow in found)
    return Matrix(
        heads=[Head(recipients[column], total("recipient", column)) for column in columns],
        rows=[
            (Head(suppliers[row], total("supplier", row)), [cell(row, column) for column in columns]) for row in rows
        ],
        total=Cell(flows.total, contested, 0, flows.counted(flows.total, contested), flows.listed()),
        steps=steps,
    )


def _keys(parties: list[tuple[Party, int]]) -> list[str]:
    """The codes of the rows or columns, the largest first; an empty one for all others, where there are any."""
    largest = top(parties)
    return largest if len({party.code for party, _number in parties}) == len(largest) else [*largest, ""]


def _names(parties: list[Party], others: str) -> dict[str, str]:
    return {party.code: party.name for party in parties} | {"": others}


def _sums(found: list[Flow], rows: list[str], columns: list[str]) -> tuple[dict, dict, dict]:
    """(number, contested) by cell, by row and by column."""
    cells: dict[tuple[str, str], tuple[int, int]] = {}
    row_sums: dict[str, tuple[int, int]] = {}
    column_sums: dict[str, tuple[int, int]] = {}
    for flow in found:
        row = flow.supplier.code if flow.supplier.code in rows else ""
        column = flow.recipient.code if flow.recipient.code in columns else ""
        cells[row, column] = _more(cells.get((row, column)), flow)
        row_sums[row] = _more(row_sums.get(row), flow)
        column_sums[column] = _more(column_sums.get(column), flow)
    return cells, row_sums, column_sums


def _more(numbers: tuple[int, int] | None, flow: Flow) -> tuple[int, int]:
    n, contested = numbers or (0, 0)
    return n + flow.n, contested + flow.contested
