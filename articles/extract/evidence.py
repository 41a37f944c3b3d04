"""What is quoted for an event: its sentence, or the part of a long one that holds the trigger and the materiel."""

from articles.extract.clauses import Sentence
from articles.extract.readings import Reading

LONGEST_EVIDENCE = 400


def evidence_of(sentence: Sentence, reading: Reading) -> tuple[int, int]:
    """First and last code point, at most LONGEST_EVIDENCE apart, cut at words."""
    if sentence.end - sentence.start <= LONGEST_EVIDENCE:
        return sentence.start, sentence.end
    begin = max(sentence.start, min([reading.mark.start, *[things.start for things in reading.things]]) - 180)
    end = min(sentence.end, begin + LONGEST_EVIDENCE)
    while begin > sentence.start and not sentence.text[begin - 1].isspace():
        begin += 1
    while end < sentence.end and not sentence.text[end].isspace():
        end -= 1
    return begin, end
