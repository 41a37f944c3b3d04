"""The one place that writes reviewed rows: record a decision with what it changed, and undo it.

A decision is a context: rows are created and changed through it, and what was before and after is stored with it.

    with deciding(by=user, verdict=Verdict.ACCEPT, key=key, item=item) as decision:
        claim = decision.create(Claim, …)
        decision.change(item, version=3, state=ReviewItem.State.ACCEPTED)
"""

from tracker.decisions.record import Conflict, Recorder, Refused, Repeated, deciding
from tracker.decisions.undo import CannotUndo, last_undoable, net, undo

__all__ = ["CannotUndo", "Conflict", "Recorder", "Refused", "Repeated", "deciding", "last_undoable", "net", "undo"]
