"""What a file says of itself: the filter, the time, the seal, and what its columns mean."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from tracker import __version__
from tracker.browse.columns import Column
from tracker.export.dictionary import KINDS
from tracker.models import Seal

if TYPE_CHECKING:
    from tracker.export.stream import Export

NOT_STATED = "not stated"


@dataclass(slots=True)
class About:
    """One file. `said` is the filter in words; `as_of` the time that it shows, or None for the time it was `made`."""

    export: "Export"
    made: datetime
    seal: Seal | None
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, export: "Export") -> "About":
        return cls(export, timezone.now(), export.seal)

    @property
    def said(self) -> str:
        """The filter in words."""
        return "; ".join(f"{label}: {value}" for label, value in self.export.said) or "none"

    @property
    def query(self) -> str:
        """The filter as the address has it."""
        return self.export.query.urlencode()

    @property
    def as_of(self) -> str | None:
        """The time that the rows are of, ISO 8601; None for the time at which the file was made."""
        return self.export.moment.at.isoformat() if self.export.moment else None

    @property
    def licence(self) -> str:
        """Under which licence the data may be used."""
        return settings.DATA_LICENCE or NOT_STATED

    def facts(self) -> list[tuple[str, str]]:
        """What there is to know, each with its name."""
        sealed = f"{self.seal.pk}, head {self.seal.head}" if self.seal else "nothing is sealed yet"
        return [
            ("made", self.made.isoformat(timespec="seconds")),
            ("as of", self.as_of or "the time at which it was made"),
            ("tables", ", ".join(table.name for table in self.export.tables)),
            ("rows", str(self.export.rows)),
            ("filter", self.said),
            ("filter as written", self.query or "none"),
            ("last seal of the history", sealed),
            ("licence", self.licence),
            ("program", f"tracker {__version__}"),
        ]

    def columns(self) -> Iterator[tuple[Column, str]]:
        """Every column with its form in words."""
        for columns in self.export.columns.values():
            for column in columns:
                yield column, KINDS[column.kind]
