"""The data dictionary: what every column of every CSV holds, written from the columns themselves."""

from tracker.browse.columns import DAY, LIST, NUMBER, SWITCH, TEXT, TIME
from tracker.export.tables import TABLES

KINDS = {
    TEXT: "text",
    LIST: "texts, joined by ` | `",
    NUMBER: "number",
    DAY: "day",
    TIME: "time",
    SWITCH: "true or false",
}
HEAD = """# Data dictionary

Written by `manage.py export dictionary -o docs/data-dictionary.md` from the columns that the program exports; a test
compares the two.

Every file is UTF-8, comma separated, header first, one row for each entry, ordered by its id. Days are ISO 8601
(`2024-03-01`), times are UTC (`2024-03-01T08:00:00.000000Z`), the decimal sign is a point. Several texts in one cell
are joined by ` | `, and a `|` inside one of them is written `\\|`. An empty cell means unknown, not said or not
applicable.
The plain file is exact. With `?for=spreadsheet` it begins with a byte order mark, and a text that a spreadsheet could
take for a formula gets a leading apostrophe; numbers are never touched.
With `?as_of=2024-03-01` claims and transfers are as they stood at the end of that day in the reader's time zone, or at
a time such as `2024-03-01T12:00:00Z`; names of actors, materiel, outlets and users, and what is known of articles, are
those of today. The answer carries the number and the head of the last seal of the history in the header
`Tracker-Seal`; `manage.py audit verify HEAD` finds that head in the chain.
"""
ROWS = {
    "claims": "A row is one claim: one statement in one article on one group of materiel, as a reviewer accepted it.",
    "transfers": "A row is one reported transfer with at least one active claim; its values follow from its claims.",
    "events": "A row is one event as the machine read it, with the state of its review. A later reading of the same "
    "article makes events of its own; `not_state=superseded` leaves out those that it replaced.",
}


def dictionary() -> str:
    """The whole page, as Markdown."""
    parts = [HEAD]
    for table in TABLES.values():
        parts.append(f"\n## {table.name}.csv\n\n{ROWS[table.name]}\n\n| column | form | meaning |\n|---|---|---|\n")
        parts.extend(f"| `{column.name}` | {KINDS[column.kind]} | {column.doc} |\n" for column in table.columns)
    return "".join(parts)
