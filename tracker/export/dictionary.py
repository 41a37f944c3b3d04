"""The data dictionary: what every column of every CSV holds, written from the columns themselves."""

from tracker.browse.columns import DAY, LIST, NUMBER, SHARE, SWITCH, TEXT, TIME, Column
from tracker.export.tables import EVERY, Table

KINDS = {
    TEXT: "text",
    LIST: "texts, joined by ` | `",
    NUMBER: "whole number",
    SHARE: "number from 0 to 1",
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
With `?columns=claim_id,quote` a file holds these columns alone, in the order in which they are declared here.

The same rows come in other forms: `.jsonl` (JSON Lines: an object a row with the same names, numbers as numbers,
several texts as an array, `null` where the CSV is empty), `.xlsx` (a workbook of at most 1,048,575 rows: days from
March 1900 on are dates, numbers of more than 15 digits and times are text, no text is a formula or a link; a second
sheet holds what stands on this page) and `.zip` (a data package: the plain CSV with `datapackage.json`, which gives the
types, the filter, the time, the last seal of the history, the licence, the size and the SHA-256, and a README).
`/exports/all.zip` holds all tables, of one moment.

With `?as_of=2024-03-01` claims and transfers are as they stood at the end of that day in the reader's time zone, or at
a time such as `2024-03-01T12:00:00Z`; names of actors, materiel, outlets and users, and what is known of articles, are
those of today. The answer carries the number and the head of the last seal of the history in the header
`Tracker-Seal`; `manage.py audit verify HEAD` finds that head in the chain.
"""


def dictionary() -> str:
    """The whole page, as Markdown."""
    return HEAD + "".join(columns_of(table, table.columns) for table in EVERY.values())


def columns_of(table: Table, columns: tuple[Column, ...]) -> str:
    """What a row of a table is, and what its columns hold."""
    head = f"\n## {table.name}.csv\n\n{table.doc}\n\n| column | form | meaning |\n|---|---|---|\n"
    return head + "".join(f"| `{column.name}` | {KINDS[column.kind]} | {column.doc} |\n" for column in columns)
