"""The parts of a text, and a folded copy of the same length. The text itself is never changed."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from articles.extract.languages import FALLBACK, Language, Pattern, Words, languages

_PAGER = Pattern(r"^\s*(?:«pagers»|\d+\s*/\s*\d+)\s*$", re.I)
_READ_ALSO = Pattern(r"^\s*[\W_]*(?:«read also»)\b", re.I)
_CAPTION = Pattern(r"^\s*(?:\W?\s*(?:«captions»)\b\s*[:/(|–-]|.{0,200}\((?:«credits»)[^)]{0,60}\)\s*$)", re.I)
_COMMON = Words("commonest words")
_DATELINE = re.compile(
    r"\s*(?:[\w.&']+(?:\.com|\.co\.id|\.id|\.net|\.tv|\.news)\b[\w.,:\s-]{0,20}?)?"
    r"(?:[A-ZÀ-Þ][\w.'’/-]*(?:[ ,]+[A-ZÀ-Þ(][\w.'’/)-]*){0,5})?[\s,]*(?:\([^)]{2,30}\))?\s*(?:--+|[-–—]+|:)\s",
)


class _Fold(dict[int, int | str]):
    """One character for one: lower case, without accents; a space for everything that is no letter or digit."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if kind[0] not in "LNM":
            folded = " "
        else:
            base = unicodedata.normalize("NFKD", char)[0].lower()
            folded = base if len(base) == 1 and unicodedata.category(base)[0] in "LNM" else char
        self[code] = folded
        return folded


_FOLD = _Fold()


def fold(text: str) -> str:
    """`text` for looking words up, of exactly the same length, so that every offset holds in both."""
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the headline and the dateline end, and the lines that are no part of the report. Offsets of the text."""

    headline_end: int
    dateline: tuple[int, int]
    skipped: tuple[tuple[int, int], ...]
    lines: tuple[tuple[int, int], ...]


def parts(text: str, title: str, language: Language) -> Parts:
    """Tag the lines of `text`. A title that the text repeats on its first line is the headline."""
    lines = []
    skipped = []
    headline_end = 0
    dateline = (0, 0)
    start = 0
    wanted = title.strip()
    body_seen = False
    for raw in text.split("\n"):
        end = start + len(raw)
        stripped = raw.strip()
        if stripped:
            if wanted and not body_seen and headline_end == 0 and (stripped == wanted or stripped.startswith(wanted)):
                headline_end = end
                lines.append((start, end))
            elif any(pattern[language].match(raw) for pattern in (_PAGER, _READ_ALSO, _CAPTION)):
                skipped.append((start, end))
            else:
                if not body_seen and len(stripped) > 120:
                    found = _DATELINE.match(raw[:120])
                    if found and found.end() < 100:
                        dateline = (start, start + found.end())
                    body_seen = True
                lines.append((start, end))
        start = end + 1
    return Parts(headline_end, dateline, tuple(skipped), tuple(lines))


def recognised(text: str, known: Mapping[str, Language]) -> Language | None:
    """Of the known languages, the one whose commonest words make up most of the text's beginning; none below 4 %."""
    words = fold(text[:8000]).split()
    counts = {code: sum(word in _COMMON[language] for word in words) for code, language in known.items()}
    best = max(counts, key=lambda code: (counts[code], code == FALLBACK))
    return known[best] if counts[best] >= max(2, 0.04 * len(words)) else None


def language_of(text: str, known: Mapping[str, Language] | None = None) -> Language:
    """The language of a text as far as its words tell it, else English."""
    found = languages() if known is None else known
    return recognised(text, found) or found.get(FALLBACK) or next(iter(found.values()))
