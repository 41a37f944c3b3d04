"""Where a text says what is sought: the place, with the words that were found marked."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from tracker.browse.sought import Sought
from tracker.browse.terms import TOKEN
from tracker.models.sorting import sort_key

LENGTH = 260
BEFORE = 80
# Code points of a text in which a place is looked for; a longer text shows its beginning otherwise.
READ = 40_000


class Piece(NamedTuple):
    """A run of a text, and whether it is what was sought."""

    text: str
    hit: bool


class Snippets:
    """The places in some texts; one query for the stems of all their words, none for an exact search."""

    def __init__(self, sought: Sought, texts: Iterable[str]) -> None:
        # A word is met again and again; it is made plain once.
        self.plain: dict[str, str] = {}
        self.words = {text: self._words(text) for text in texts}
        words = set(self.plain.values())
        phrases = [tuple(map(sort_key, phrase)) for phrase in sought.phrases()]
        wanted = {token for phrase in phrases for token in phrase}
        self.same = {token: {token} & words for token in wanted} if sought.exact else _same(wanted, words)
        # The phrases that may begin with a word.
        self.begun: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            for word in self.same[phrase[0]]:
                self.begun.setdefault(word, []).append(phrase)

    def whole(self, text: str) -> list[Piece]:
        """The text, with what was found marked."""
        return _pieces(text, self._hits(text), 0, len(text))

    def place(self, text: str) -> list[Piece]:
        """The first place that has most of what is sought, or else the beginning."""
        hits = self._hits(text)
        if len(text) <= LENGTH:
            return _pieces(text, hits, 0, len(text))
        first = _fullest(text, hits)
        start = max(0, first - BEFORE)
        start = text.find(" ", start, first) + 1 or start if start else 0
        end = min(len(text), start + LENGTH)
        end = text.rfind(" ", start, end) if end < len(text) and " " in text[start:end] else end
        pieces = _pieces(text, hits, start, end)
        return [*([Piece("… ", False)] if start else []), *pieces, *([Piece(" …", False)] if end < len(text) else [])]

    def _words(self, text: str) -> list[str]:
        """The words of a text, as they are compared."""
        found = TOKEN.findall(text[:READ])
        for word in found:
            if word not in self.plain:
                self.plain[word] = sort_key(word)
        return [self.plain[word] for word in found]

    def _hits(self, text: str) -> list[tuple[int, int]]:
        words = self.words[text]
        begun = [(at, phrase) for at, word in enumerate(words) if word in self.begun for phrase in self.begun[word]]
        # Where each word stands is asked only of a text that has one of them.
        spans = [match.span() for match in TOKEN.finditer(text[:READ])] if begun else []
        found = []
        for at, phrase in begun:
            run = words[at : at + len(phrase)]
            if len(run) == len(phrase) and all(one in self.same[token] for one, token in zip(run, phrase, strict=True)):
                found.append((spans[at][0], spans[at + len(phrase) - 1][1]))
        return found


def _fullest(text: str, hits: list[tuple[int, int]]) -> int:
    """Where the first place begins in which most different words are found."""
    inside: Counter[str] = Counter()
    said = [text[start:end].lower() for start, end in hits]
    best, place, last = 0, 0, 0
    for number, (start, _end) in enumerate(hits):
        while last < len(hits) and hits[last][0] < start + LENGTH - BEFORE:
            inside[said[last]] += 1
            last += 1
        if len(inside) > best:
            best, place = len(inside), start
        inside[said[number]] -= 1
        if not inside[said[number]]:
            del inside[said[number]]
    return place


def _pieces(text: str, hits: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for first, last in hits:
        if last > end or last <= at:
            continue
        first = max(first, at)
        if first > at:
            pieces.append(Piece(text[at:first], False))
        pieces.append(Piece(text[first:last], True))
        at = last
    return [*pieces, Piece(text[at:end], False)] if at < end else pieces


SAME = """
WITH stems AS (
    SELECT word, wanted, language, stem
    FROM (
        SELECT word, false AS wanted FROM unnest(%(words)s::text[]) AS word
        UNION ALL
        SELECT word, true FROM unnest(%(wanted)s::text[]) AS word
    ) AS word
    CROSS JOIN LATERAL (VALUES
        ('en', (ts_lexize('public.stem_en', word))[1]), ('id', (ts_lexize('public.stem_id', word))[1])
    ) AS stem (language, stem)
)
SELECT DISTINCT asked.word, there.word
FROM stems asked JOIN stems there ON asked.wanted AND NOT there.wanted
    AND asked.language = there.language AND asked.stem = there.stem
"""


def _same(wanted: set[str], words: set[str]) -> dict[str, set[str]]:
    """The words that have the stem of a wanted one, in either language."""
    same: dict[str, set[str]] = {token: {token} & words for token in wanted}
    if wanted and words:
        with connection.cursor() as cursor:
            cursor.execute(SAME, {"wanted": sorted(wanted), "words": sorted(words)})
            for token, word in cursor.fetchall():
                same[token].add(word)
    return same
