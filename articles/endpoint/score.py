"""How far a model's event may be trusted; a fixed rule on the scale of articles.extract.score, and never above it.

0.9, what the rules give to a complete reading of their own, where both readers see the same sides in the same words
with the same modality. Less for everything that the rules cannot bear out, for every doubt about a side, and for
every value of the model that was refused. The same reasons give the same score.
"""

HIGHEST, LOWEST = 0.9, 0.05

_COSTS = {
    "not read by the rules": 0.3,
    "modality disagrees": 0.2,
    "supplier missing": 0.25,
    "recipient missing": 0.25,
    "supplier doubtful": 0.15,
    "recipient doubtful": 0.15,
    "value refused": 0.1,
}


def score(weaknesses: list[str]) -> float:
    """0.05 to 0.9: 0.9 less the cost of every weakness. KeyError for one that has no cost."""
    return round(min(HIGHEST, max(LOWEST, HIGHEST - sum(_COSTS[one] for one in weaknesses))), 2)
