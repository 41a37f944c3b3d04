"""The rows that decisions write, and what an undo does with one that the decision created."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from tracker.models import (
    Actor,
    ActorName,
    Claim,
    Materiel,
    MaterielName,
    Note,
    NotSame,
    Opinion,
    Report,
    ReviewItem,
    Transfer,
)

NOT_RETRACTED = ~Q(state=Claim.State.RETRACTED)
NOT_WITHDRAWN = Q(withdrawn=False)


@dataclass(frozen=True, slots=True)
class Kind:
    """One model whose rows decisions write.

    `withdrawal` is what an undo sets on a row that the decision created; nothing is ever deleted. `uses` are the
    fields that build on such a row, each with its model and the condition under which it counts: an undo refuses
    where rows of other decisions use it.
    """

    model: Any
    withdrawal: dict[str, Any] = field(default_factory=dict)
    uses: tuple[tuple[Any, str, Q], ...] = ()


WITHDRAWN = {"withdrawn": True}
RECORDED = {
    # A review is opened by the reading of an article, and never created by a decision.
    "review": Kind(ReviewItem),
    "claim": Kind(Claim, {"state": Claim.State.RETRACTED}),
    # A transfer goes by itself when its last claim has gone.
    "transfer": Kind(Transfer, uses=((Claim, "transfer", NOT_RETRACTED), (Transfer, "merged_into", Q()))),
    "actor": Kind(
        Actor,
        WITHDRAWN,
        (
            *((Claim, role, NOT_RETRACTED) for role in ("supplier", "recipient", "intermediary", "end_user", "origin")),
            *((Transfer, role, Q(state=Transfer.State.STANDING)) for role in ("supplier", "recipient")),
            (Actor, "parent", NOT_WITHDRAWN),
            (Actor, "merged_into", NOT_WITHDRAWN),
            (ActorName, "actor", NOT_WITHDRAWN),
        ),
    ),
    "actor_name": Kind(ActorName, WITHDRAWN),
    "materiel": Kind(
        Materiel, WITHDRAWN, ((Claim, "materiel", NOT_RETRACTED), (MaterielName, "materiel", NOT_WITHDRAWN))
    ),
    "materiel_name": Kind(MaterielName, WITHDRAWN),
    "not_same": Kind(NotSame, WITHDRAWN),
    "note": Kind(Note, WITHDRAWN),
    "opinion": Kind(Opinion, WITHDRAWN),
    "report": Kind(Report, WITHDRAWN),
}
LABELS = {kind.model: label for label, kind in RECORDED.items()}
