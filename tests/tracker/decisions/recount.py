"""What a transfer shows, counted in plain Python from its claims, apart from the SQL of the program."""

from collections import Counter
from typing import Any

from articles.codes import LADDER

SUPPORTING = {"asserted", "alleged", "planned", "potential"}
FIGURES = ("claim_count", "supports", "denies", "no_evidence", "origins", "contested", "stage", "outlook", "state")
ACTOR = ("pk", "kind", "parent_id", "merged_into_id")


def root(actor: int, actors: dict[int, list[Any]]) -> int:
    """Whose voice it is: what it was merged into, and of an institution or a person whom that speaks for."""
    kind, parent, merged = actors[actor]
    above = merged or (parent if kind in ("institution", "person") else None)
    return root(above, actors) if above else actor


def counted(claims: list[list[Any]], actors: dict[int, list[Any]], merged: int | None) -> dict[str, Any]:
    """The figures of a transfer from its active claims, each [stage, modality, origin, outlet]."""
    sides: Counter[str] = Counter()
    origins, stages, outlooks = set(), {-1}, {-1}
    for stage, modality, origin, outlet in claims:
        rung = LADDER.index(stage) if stage in LADDER else -1
        if modality == "no_evidence":
            sides["no_evidence"] += 1
        elif rung >= 0 and modality == "denied":
            sides["denies"] += 1
        elif rung >= 0 and modality in SUPPORTING:
            sides["supports"] += 1
            (stages if modality in ("asserted", "alleged") else outlooks).add(rung)
            if origin or outlet:
                origins.add(("actor", root(origin, actors)) if origin else ("outlet", outlet))
    best, outlook = max(stages), max(outlooks)
    return {
        "claim_count": len(claims),
        **{side: sides[side] for side in ("supports", "denies", "no_evidence")},
        "origins": len(origins),
        "contested": bool(sides["supports"] and sides["denies"]),
        "stage": str(LADDER[best]) if best >= 0 else "",
        "outlook": str(LADDER[outlook]) if outlook >= 0 else "",
        "state": "merged" if merged else "standing" if claims else "withdrawn",
    }
