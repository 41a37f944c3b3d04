"""What is kept of every change to a row that people edit: who, when, before and after, append-only."""

from typing import Any

import pghistory
from django.contrib.postgres.indexes import BrinIndex


def tracked(**options):
    """A class decorator: every insert, update and delete of the model writes a history row, bulk writes included."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options)


def by_time(name: str) -> dict[str, Any]:
    """The options of a history table in which "what has changed since" is looked up, for `?as_of=`."""
    return {"indexes": [BrinIndex(fields=["pgh_created_at"], name=name, pages_per_range=16, autosummarize=True)]}
