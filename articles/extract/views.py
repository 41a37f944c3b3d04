"""The materiel of a sentence, grouped and with its origin, beside its actors: what roles are read from."""

import re

from articles.extract.clauses import (
    POSSESSOR,
    PUNCTUATION,
    Sentence,
    Things,
    frames_in,
    group_actors,
    within,
)
from articles.extract.languages import Language, Pattern, Words
from articles.extract.lexicon import Actor, Lexicon, Materiel
from articles.extract.mentions import Mark, Marks
from articles.extract.scopes import Cue

_NOUNS = Pattern(r"\b(?:«nouns between party and item»)\b", re.I)
_VERBAL = Pattern(r"\b(?:«words of a verb»)\b")


def sentence_view(
    text: str, span: tuple[int, int], language: Language, marks: Marks, starts: dict[str, list[int]], lexicon: Lexicon
) -> Sentence:
    """The sentence with its actors and materiel grouped."""
    start, end = span
    sentence = Sentence(
        text,
        start,
        end,
        language,
        within(marks.frames, starts["frames"], start, end),
        within(marks.cues, starts["cues"], start, end),
        within(marks.words, starts["words"], start, end),
        within(marks.names, starts["names"], start, end),
    )
    group_actors(sentence, lexicon)
    _group_things(sentence)
    _find_origins(sentence)
    return sentence


def _group_things(sentence: Sentence) -> None:
    current: Things | None = None
    for mark in sentence.names:
        found = mark.of(Materiel)
        if found is None or _are_people(sentence, mark) or _is_verb(sentence, mark):
            continue
        if current is not None and _same_phrase(sentence, current.end, mark.start):
            current.marks.append(mark)
            current.end = mark.end
            current.head = _head(sentence.language, [_materiel(one) for one in current.marks])
            continue
        current = Things([mark], mark.start, mark.end, found, text_start=mark.start)
        sentence.things.append(current)


_PEOPLE = Words("people and also materiel")


def _are_people(sentence: Sentence, mark: Mark) -> bool:
    """ "Hezbollah fighters" fly nowhere: behind the name of a group."""
    if sentence.text[mark.start : mark.end].lower() not in _PEOPLE[sentence.language]:
        return False
    groups = [entry for name in sentence.names if name.end == mark.start - 1 for entry in name.entries]
    return any(isinstance(entry, Actor) and entry.kind == "group" for entry in groups)


_MODALS = Words("modals before a verb")


def _is_verb(sentence: Sentence, mark: Mark) -> bool:
    """ "will ship": the verb."""
    before = sentence.text[max(sentence.start, mark.start - 7) : mark.start].split()
    if not before or before[-1].lower() not in _MODALS[sentence.language]:
        return False
    return any(frame.start == mark.start and frame.end == mark.end for frame in sentence.frames)


def _materiel(mark: Mark) -> Materiel:
    return next(entry for entry in mark.entries if isinstance(entry, Materiel))


def _same_phrase(sentence: Sentence, start: int, end: int) -> bool:
    gap = sentence.gap(start, end)
    if PUNCTUATION.search(gap.replace("(", "").replace(")", "")) or len(gap) > 25:
        return False
    if any(start <= mark.start < end for mark in sentence.words) or frames_in(sentence, start, end):
        return False
    between = [name for name in sentence.names if start <= name.start < end and not isinstance(name.entry, Materiel)]
    if between:
        adjective = sentence.language.head_first and between[0].use == "demonym" and gap.count(" ") == 2
        return adjective and len(between) == 1
    return sentence.words_between(start, end) <= 2


_HEADS = frozenset({"components_materials", "ammunition", "engines", "sensors"})


def _head(language: Language, found: list[Materiel]) -> Materiel:
    """Heads come first or last, as the language has it; a type tells more than a class, unless the head is a part."""
    head = found[0] if language.head_first else found[-1]
    if head.category in _HEADS and head.kind == "class":
        return head
    typed = [one for one in found if one.kind != "class"]
    if typed:
        return typed[0]
    if head.category == "unspecified":
        return next((one for one in found if one.category != "unspecified"), head)
    return head


def _find_origins(sentence: Sentence) -> None:
    for things in sentence.things:
        for group in sentence.groups:
            if group.end <= things.start:
                gap = sentence.gap(group.end, things.start)
                made = bool(sentence.words_in(group.end, things.start, "origin")) and "-" in gap
                if sentence.language.head_first and not made:
                    if group.use == "demonym" and gap == " " and things.head.kind != "class":
                        things.origin = group
                        group.origin = True
                    continue
                plain = not PUNCTUATION.search(gap) and sentence.words_between(group.end, things.start) <= (
                    5 if made else 3
                )
                clear = not any(
                    group.end <= mark.start < things.start and _axis(mark) not in ("origin",) for mark in sentence.words
                )
                frames = [mark for mark in sentence.frames if group.end <= mark.start < things.start]
                plain = plain and not _NOUNS[sentence.language].search(gap)
                names_itself = group.use not in ("demonym", "abbreviation") and not made
                plain = plain and not (names_itself and _VERBAL[sentence.language].search(gap))
                if plain and clear and (made or not frames) and group.preposition != "between":
                    things.origin, things.made = group, made
                    group.origin = True
            elif things.start < group.start < things.end:
                things.origin = group
                group.origin = True
            elif sentence.language.head_first and group.start >= things.end:
                gap = sentence.gap(things.end, group.start)
                words = sentence.words_in(things.end, group.start, "origin")
                if (
                    gap.strip() == ""
                    or (words and sentence.words_between(things.end, group.start) <= 2 and not PUNCTUATION.search(gap))
                ) and not group.preposition:
                    things.origin, things.made = group, bool(words)
                    group.origin = True
                elif words and sentence.words_between(things.end, group.start) <= 3 and not PUNCTUATION.search(gap):
                    things.origin, things.made = group, True
                    group.origin = True
                elif group.preposition == "of" and POSSESSOR[sentence.language].fullmatch(gap):
                    things.origin = group
                    group.origin = True


def _axis(mark: Mark) -> str:
    return mark.entry.axis if isinstance(mark.entry, Cue) else ""
