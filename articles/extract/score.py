"""How far an event may be trusted, from what it rests on; the same reasons give the same score."""

_START = 0.9
_COSTS = {
    "supplier inferred": 0.2,
    "recipient inferred": 0.2,
    "supplier missing": 0.25,
    "recipient missing": 0.25,
    "maker of the type": 0.2,
    "pronoun": 0.1,
    "materiel carried over": 0.15,
    "materiel implied": 0.05,
    "noun": 0.1,
    "headline only": 0.1,
    "adjective": 0.05,
    "long sentence": 0.05,
}


def score(marks: list[str]) -> float:
    """0.05 to 0.95: every weakness that the marks name costs its share."""
    return round(min(0.95, max(0.05, _START - sum(_COSTS.get(mark, 0.0) for mark in marks))), 2)
