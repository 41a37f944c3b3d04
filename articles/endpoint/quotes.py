"""Where a quote stands in a text: letter for letter and at the edges of words, or nowhere."""

from collections.abc import Iterable

from articles.extract.events import Span

MOST_PLACES = 1000


def places(text: str, quote: str, start: int, end: int) -> list[Span]:
    """Every place of `quote` in text[start:end], in its order, at most 1,000. Offsets are those of `text`."""
    found: list[Span] = []
    at = text.find(quote, start, end) if quote else -1
    while at >= 0 and len(found) < MOST_PLACES:
        stop = at + len(quote)
        if not (_inside_word(text, at) or _inside_word(text, stop)):
            found.append(Span(quote, at, stop))
        at = text.find(quote, at + 1, end)
    return found


def nearest(found: Iterable[Span], evidence: Iterable[Span]) -> Span | None:
    """The place that lies in the evidence, else the one nearest to it; the first of equals. None without a place."""
    around = tuple(evidence)
    return min(found, key=lambda one: (min((_gap(one, span) for span in around), default=0), one.start), default=None)


def overlaps(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _gap(one: Span, other: Span) -> int:
    """Code points that `one` reaches out of, or lies away from, `other`; 0 inside it."""
    return max(other.start - one.start, one.end - other.end, 0)


def _inside_word(text: str, at: int) -> bool:
    """Between two letters or digits of a script that parts its words with blanks."""
    return 0 < at < len(text) and _of_word(text[at - 1]) and _of_word(text[at])


def _of_word(char: str) -> bool:
    return char.isdigit() or char.lower() != char.upper()
