"""Columns as data: the table on the page, the CSV and the data dictionary all follow one declared list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Func, OuterRef, Subquery, TextField, Value
from django.db.models.expressions import Case, Combinable, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import get_language

from tracker.models import Actor, CategoryCrosswalk

TEXT, LIST, NUMBER, SHARE, DAY, TIME, SWITCH = "text", "list", "number", "share", "day", "time", "switch"

# By which a spreadsheet knows that a file is UTF-8.
BOM = "\ufeff"
# What a spreadsheet may take for a formula, behind anything that it does not show: for PostgreSQL and Python alike.
UNSEEN = r"\s\u00a0\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
FORMULA = rf"^[{UNSEEN}]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]"


class UnknownColumn(LookupError):
    """A column that is not declared; the message is its name."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `sql` is what the CSV holds; `kind` says how to read it: `text`, `list` (several texts joined by " | ", a "|" in
    one of them written "\\|"), `number` (a whole one), `share` (0 to 1), `day` and `time` (ISO 8601), `switch` (true
    or false). `codes` are all that it may hold, where they are few; a `required` one is never empty.
    `label` heads it on the page, `cell` names the partial of browse/cells.html that shows it there, from the row;
    without one, or with one that is `plain_…`, the page shows what the CSV holds. `key` is the field, never NULL, that
    the page sorts by, `key_id` that for readers of Indonesian where it differs; `falls` says that the first press sorts
    downwards.
    """

    name: str
    doc: str
    kind: str = TEXT
    sql: Combinable | None = None
    label: Any = ""
    cell: str = ""
    key: str = ""
    key_id: str = ""
    falls: bool = False
    numeric: bool = False
    codes: tuple[str, ...] = ()
    required: bool = False

    @property
    def template(self) -> str:
        """The partial that shows it."""
        return f"browse/cells.html#{self.cell or f'plain_{self.kind}'}"

    @property
    def sorted_by(self) -> str:
        """The field that the page sorts by, in the language of its reader."""
        return self.key_id if self.key_id and get_language() == "id" else self.key

    @property
    def own_cell(self) -> bool:
        """Whether the page shows it from the row; if not, from what the CSV holds."""
        return bool(self.cell) and not self.cell.startswith("plain_")


def chosen(columns: tuple[Column, ...], written: Iterable[str]) -> tuple[Column, ...]:
    """The columns whose names `written` holds, joined by commas, in the order in which they are declared.

    All of them where it holds none. Raises UnknownColumn.
    """
    names = {name.strip() for part in written for name in part.split(",")} - {""}
    for name in sorted(names - {column.name for column in columns}):
        raise UnknownColumn(name)
    return tuple(column for column in columns if column.name in names) if names else columns


def public_id(path: str) -> Func:
    """T-000123 of the number at `path`, and NULL of NULL."""
    template = "'T-' || lpad(%(expressions)s::text, greatest(6, length(%(expressions)s::text)), '0')"
    return Func(F(path), template=template, output_field=TextField())


def instant(path: str) -> Func:
    """A time in UTC as 2024-03-01T08:00:00.000000Z."""
    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return Func(F(path), template=template, output_field=TextField())


def switch(path: str) -> Cast:
    """true or false."""
    return Cast(path, TextField())


def crosswalk(register: str) -> Case:
    """The register's category of the materiel, or of our category where no materiel is named."""
    coarse = CategoryCrosswalk.objects.filter(category=OuterRef("category")).values(register)[:1]
    return Case(
        When(materiel__isnull=False, then=F(f"materiel__{register}")),
        default=Subquery(coarse, output_field=CharField()),
    )


def origin_name() -> Coalesce:
    """The English name of the actor at the root of the claim's origin, or of the outlet that speaks for itself."""
    root = Func(OuterRef("origin_id"), function="tracker_actor_root", output_field=BigIntegerField())
    actor = Actor.objects.filter(pk=root).values("name_en")[:1]
    return Coalesce(Subquery(actor, output_field=CharField()), "origin_outlet__name")


def unless_withheld(expression: Combinable) -> Case:
    """Words of an article; nothing where it was withheld."""
    return Case(When(article__withheld_at__isnull=True, then=expression), default=Value(""), output_field=TextField())


class Words(Func):
    """The words at spans [[start, end], …] of a text, joined as a list: Words("evidence", "article__text")."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        (spans, a), (text, b) = (compiler.compile(expression) for expression in self.get_source_expressions())
        words = f"substr({text}, (span->>0)::int + 1, (span->>1)::int - (span->>0)::int)"
        sql = (
            f"(SELECT string_agg(replace({words}, '|', '\\|'), ' | ' ORDER BY place)"
            f" FROM jsonb_array_elements({spans}) WITH ORDINALITY AS part(span, place))"
        )
        return sql, (*b, *a)


class Joined(Func):
    """A JSON list of texts, joined as a list."""

    output_field = TextField()
    template = (
        "(SELECT string_agg(replace(word, '|', '\\|'), ' | ' ORDER BY place)"
        " FROM jsonb_array_elements_text(%(expressions)s) WITH ORDINALITY AS part(word, place))"
    )
