"""What is kept of every change to a row that people edit: who, when, before and after, append-only."""

import pghistory


def tracked(**options):
    """A class decorator: every insert, update and delete of the model writes a history row, bulk writes included."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options)
