"""Keeps the kept summaries small and true: folding what has changed, checking them against a recount, putting right.

What they are, and how the database writes them, is told in tracker/models/summaries.py.
"""

from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

# Changes that are folded in one statement.
BATCH = 50_000


def fold() -> int:
    """Add up the changes that wait; returns how many. None while another process is at it."""
    folded = 0
    while (batch := _patiently("SELECT tracker_kept_fold(%s)", BATCH)[0][0]) > 0:
        folded += batch
        if batch < BATCH:
            break
    return folded


def wrong() -> dict[str, int]:
    """The number of rows of each summary that a recount of the claims contradicts."""
    return dict(_patiently("SELECT summary, rows FROM tracker_kept_wrong"))


def recount() -> None:
    """Put right what a recount contradicts. Nobody has to stop deciding meanwhile."""
    _patiently("SELECT tracker_kept_recount()")


def _patiently(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that may take longer than a page does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(statement, parameters)
        return cursor.fetchall()


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="fold-summaries")
def fold_summaries(timestamp: int) -> int:
    """The job that folds. Returns how many changes it folded."""
    return fold()
