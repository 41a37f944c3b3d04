"""What can be exported: the rows, the filters and the columns of each CSV."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles.models import ExtractedEvent
from tracker.browse import tables
from tracker.browse.as_of import Moment, NotATime, moment
from tracker.browse.columns import Column, UnknownColumn, chosen
from tracker.browse.facets import ListFilter
from tracker.browse.filters import ClaimFilter, EventFilter, TransferFilter
from tracker.export import registers
from tracker.models import Claim, Transfer

# Parameters of a page's address that change neither its rows nor its columns.
IGNORED = ("sort", "after", "before", "for", "columns")
DATED = ("as_of",)
# The name of a data package of every table.
ALL = "all"


class NotUnderstood(ValueError):
    """A filter or a column that does not exist, or a value that a filter does not take."""


@dataclass(frozen=True, slots=True)
class Table:
    """What one file holds; `title` names it, `label` says what a row is, and `doc` says it in the data dictionary.

    A `dated` one can be had as it stood at an earlier time. `page` names the one that shows the same rows, `bar` the
    filters that its page offers, where they are not all.
    """

    name: str
    title: Any
    label: Any
    rows: Callable[[], QuerySet[Any]]
    filters: type[ListFilter]
    columns: tuple[Column, ...]
    doc: str
    dated: bool = False
    page: str = ""
    bar: tuple[str, ...] = ()

    def moment(self, query: QueryDict) -> Moment | None:
        """The time that is asked for, or None for now. Raises NotUnderstood."""
        written = query.get("as_of", "").strip()
        if not (self.dated and written):
            return None
        try:
            return moment(written)
        except NotATime as error:
            raise NotUnderstood(str(error)) from error

    def chosen(self, query: QueryDict) -> tuple[Column, ...]:
        """The columns that `columns=a,b` asks for, in the declared order; all without it. Raises NotUnderstood."""
        try:
            return chosen(self.columns, query.getlist("columns"))
        except UnknownColumn as error:
            raise NotUnderstood(_("There is no column called %s.") % error) from error

    def said(self, query: QueryDict) -> list[tuple[str, str]]:
        """The filters in words: what is filtered by, and the value."""
        return [(chip.label, chip.value) for chip in self.filters(query, queryset=self.rows()).chips()]

    def filtered(self, query: QueryDict) -> QuerySet[Any]:
        """The rows that the filters leave, by id. Raises NotUnderstood: an ignored filter would show too much."""
        found = self.filters(query, queryset=self.rows())
        if refusal := found.refusal(*IGNORED, *(DATED if self.dated else ())):
            raise NotUnderstood(refusal)
        return found.qs.order_by("id")


TABLES = {
    table.name: table
    for table in (
        Table(
            "claims",
            _("Claims"),
            _("One row a claim, as a reviewer accepted it, with its quote."),
            lambda: Claim.objects.shown(),
            ClaimFilter,
            tables.CLAIMS,
            "A row is one claim: one statement in one article on one group of materiel, as a reviewer accepted it.",
            dated=True,
            page="claim_list",
        ),
        Table(
            "transfers",
            _("Transfers"),
            _("One row a reported transfer, with what its claims add up to."),
            lambda: Transfer.objects.standing(),
            TransferFilter,
            tables.TRANSFERS,
            "A row is one reported transfer with at least one active claim; its values follow from its claims.",
            dated=True,
            page="transfer_list",
        ),
        Table(
            "events",
            _("Events"),
            _("One row an event as the machine read it, with the state of its review."),
            lambda: ExtractedEvent.objects.all(),
            EventFilter,
            tables.EVENTS,
            "A row is one event as the machine read it, with the state of its review. A later reading of the same "
            "article makes events of its own; `not_state=superseded` leaves out those that it replaced.",
            bar=("category", "stage", "modality", "state", "flagged", "outlet", "language"),
        ),
    )
}
# Transfers as two registers would list them.
REGISTERS = {
    table.name: table
    for table in (
        Table(
            "sipri",
            _("SIPRI’s columns"),
            _("One row a reported transfer, in the columns of SIPRI’s trade register."),
            lambda: Transfer.objects.standing(),
            TransferFilter,
            registers.SIPRI_COLUMNS,
            "A row is one reported transfer, in the columns of SIPRI's trade register and, after them, some of ours. "
            "What a report cannot tell is left empty; the values follow from claims that are asserted or alleged.",
            dated=True,
            page="transfer_list",
        ),
        Table(
            "unroca",
            _("UNROCA’s categories"),
            _("One row a reported transfer, in the categories I to VII of the UN Register of Conventional Arms."),
            lambda: Transfer.objects.standing(),
            TransferFilter,
            registers.UNROCA_COLUMNS,
            "A row is one reported transfer, in the categories of the UN Register of Conventional Arms. What a report "
            "cannot tell is left empty; the values follow from claims that are asserted or alleged.",
            dated=True,
            page="transfer_list",
        ),
    )
}
EVERY = TABLES | REGISTERS
