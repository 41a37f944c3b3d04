"""The columns of claims, transfers and events, in the order of their CSV."""

from tracker.browse.tables.claims import CLAIMS
from tracker.browse.tables.events import EVENTS
from tracker.browse.tables.transfers import TRANSFERS

__all__ = ["CLAIMS", "EVENTS", "TRANSFERS"]
