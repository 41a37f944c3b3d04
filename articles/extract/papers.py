"""Papers that speak: "the report said", "laporan itu menunjukkan", and whose they are."""

import re

from articles.extract.clauses import Sentence
from articles.extract.events import Source
from articles.extract.languages import Pattern
from articles.extract.lexicon import Actor
from articles.extract.mentions import Mark
from articles.extract.names import source_at

_REPORT = Pattern(r"(?:«reports that speak»)")
_OF_SOMEBODY = Pattern(r" (?:«by behind a paper»)\b")
_BY = Pattern(r" (?:«author of a paper») (?:(?:«article of a speaker») )?(?=[A-Z])")
_BEFORE_BY = Pattern(r"\b(?:«reports that speak»)$")
_LONGEST = 40
_NAME = re.compile(r"[A-Z][\w&-]+(?:\s(?:of |for |the )*[A-Z][\w&-]+)*")


def paper_says(sentence: Sentence, mark: Mark, value: str) -> bool:
    """ "The report said", "according to the statement", "laporan itu menyebut": a paper that was told of before."""
    text, report = sentence.text, _REPORT[sentence.language]
    if value in ("according", "citing"):
        found = report.match(text, mark.end + 1, sentence.end)
        return found is not None and not _OF_SOMEBODY[sentence.language].match(text, found.end())
    before = text[max(sentence.start, mark.start - 60) : mark.start].rstrip()
    start = max(before.rfind(char) for char in ',;:"”') + 1
    return report.fullmatch(before, start + len(before[start:]) - len(before[start:].lstrip())) is not None


def paper_behind(sentence: Sentence, mark: Mark) -> bool:
    """Whether a paper follows a verb: "said the report"."""
    return _REPORT[sentence.language].match(sentence.text, mark.end + 1, sentence.end) is not None


def paper_shows(sentence: Sentence) -> bool:
    """Whether a paper says it by a verb that only papers speak with: "the chart showed that"."""
    shown = sentence.words_in(sentence.start, sentence.end, "paper")
    return any(paper_says(sentence, mark, value) for mark, value in shown)


def _paper_before(sentence: Sentence, at: int) -> bool:
    end = at - 1 if at > sentence.start and sentence.text[at - 1] == "," else at
    before = sentence.text[max(sentence.start, end - _LONGEST) : end]
    return _BEFORE_BY[sentence.language].search(before) is not None


def author_of_paper(sentence: Sentence) -> Source | None:
    """Who wrote what the sentence is about: "the report, by X, …", "laporan itu, oleh X"."""
    text, own = sentence.text, sentence.language
    paper = next(
        (by for by in _BY[own].finditer(text, sentence.start, sentence.end) if _paper_before(sentence, by.start())),
        None,
    )
    if paper is None:
        return None
    for name in sentence.names:
        for entry in name.entries:
            if name.start == paper.end() and isinstance(entry, Actor) and entry.kind != "person":
                return source_at(text, name.start, name.end, entry.code)
    found = _NAME.match(text, paper.end(), sentence.end)
    return source_at(text, *found.span(), None) if found else None
