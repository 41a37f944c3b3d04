"""The parts of a text, and a folded copy of the same length. The text itself is never changed."""

import re
import unicodedata
from dataclasses import dataclass

_PAGER = re.compile(r"^\s*(?:\d+ dari \d+ halaman|(?:halaman|page) \d+(?: (?:of|dari) \d+)?|\d+\s*/\s*\d+)\s*$", re.I)
_READ_ALSO = re.compile(
    r"^\s*[\W_]*(?:baca (?:juga|selengkapnya|berita)|lihat juga|simak (?:juga|video|breaking)|tonton juga|saksikan|"
    r"read (?:also|more|next)|also read|see also|watch(?: also)?:|related(?: (?:stories|articles|coverage|video))?:|"
    r"pilihan redaksi|artikel ini|advertisement|scroll to continue|share this|sign up for|click here|"
    r"subscribe|follow us)\b",
    re.I,
)
_CAPTION = re.compile(
    r"^\s*(?:\W?\s*(?:foto|photo|image|picture|file photo|caption|video|ilustrasi|gambar)\b\s*[:/(|–-]|"
    r".{0,200}\((?:foto|photo|ap photo|afp|reuters|dok|file|getty|antara)[^)]{0,60}\)\s*$)",
    re.I,
)
_DATELINE = re.compile(
    r"\s*(?:[\w.&']+(?:\.com|\.co\.id|\.id|\.net|\.tv|\.news)\b[\w.,:\s-]{0,20}?)?"
    r"(?:[A-Z][\w.'’/-]*(?:[ ,]+[A-Z(][\w.'’/)-]*){0,5})?[\s,]*(?:\([^)]{2,30}\))?\s*(?:--+|[-–—]+|:)\s",
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


def parts(text: str, title: str) -> Parts:
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
            elif _PAGER.match(raw) or _READ_ALSO.match(raw) or _CAPTION.match(raw):
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


_WORDS = {
    "id": frozenset(
        [
            "yang",
            "dan",
            "di",
            "ke",
            "dari",
            "untuk",
            "dengan",
            "pada",
            "ini",
            "itu",
            "akan",
            "tidak",
            "telah",
            "dalam",
            "oleh",
            "adalah",
            "juga",
            "mereka",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "and",
            "of",
            "to",
            "in",
            "for",
            "with",
            "on",
            "is",
            "was",
            "that",
            "by",
            "has",
            "have",
            "are",
            "from",
            "at",
            "it",
            "said",
            "will",
            "be",
        ]
    ),
}


def language_of(text: str) -> str:
    """ "id" or "en", whichever's commonest words the beginning of the text holds more of."""
    words = fold(text[:4000]).split()
    counts = {code: sum(word in common for word in words) for code, common in _WORDS.items()}
    return "id" if counts["id"] > counts["en"] else "en"
