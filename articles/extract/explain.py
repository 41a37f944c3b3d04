"""Why an event was read, or missed: sentence by sentence what the steps of the reading have seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from articles.extract.clauses import Group, Sentence
from articles.extract.events import Article, Event
from articles.extract.extraction import trace
from articles.extract.lexicon import Lexicon, Materiel
from articles.extract.mentions import Mark
from articles.extract.modality import modality_of
from articles.extract.quantities import find_quantities
from articles.extract.readings import Reading
from articles.extract.scopes import Cue
from articles.extract.slots import dates_of
from articles.extract.trace import Attempt, Step, Trace
from articles.extract.triggers import choose, find_operator

# What became of a trigger beyond the words of Why.
PSEUDO, OTHER_TRIGGER, REPEATED, TOLD = "pseudo", "other_trigger", "repeated", "told"


@dataclass(frozen=True, slots=True)
class Word:
    """Words of the text, text[start:end], and what they were taken for: codes and numbers in their order."""

    text: str
    start: int
    end: int
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """One word that may tell of a transfer.

    `frame` is its dictionary form, `roles` whose word it is (Frame.roles), `operator` the word that changes its stage.
    The parties and the materiel are those of its events, or else those that its own sentence gives it. `outcome`
    is TOLD, or else why it gave no event: a code of Why, PSEUDO, OTHER_TRIGGER or REPEATED.
    """

    word: Word
    outcome: str
    frame: str = ""
    stage: str = ""
    roles: str = ""
    voice: str = ""
    operator: str = ""
    supplier: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    intermediary: tuple[str, ...] = ()
    end_user: tuple[str, ...] = ()
    materiel: tuple[str, ...] = ()
    modality: str = ""
    cue: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One sentence with all that was seen in it. `answers`: it tells by answering what was told before."""

    start: int
    end: int
    headline: bool
    parties: tuple[Word, ...]
    materiel: tuple[Word, ...]
    triggers: tuple[Trigger, ...]
    cues: tuple[Word, ...]
    dates: tuple[Word, ...]
    quantities: tuple[Word, ...]
    source: tuple[str, ...]
    answers: bool
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reading and what it saw. `ended` is a code of Why where the text was read no further, else empty."""

    language: str
    ended: str
    skipped: tuple[tuple[int, int], ...]
    sentences: tuple[Seen, ...]
    events: tuple[Event, ...]


def explain(article: Article, lexicon: Lexicon) -> Explanation:
    """The reading that `extract` makes of the text, with what each of its steps has seen."""
    done = trace(article, lexicon)
    skipped = tuple(sorted(span for span in done.skipped if span[0] < span[1]))
    sentences = tuple(_seen(step, done, article.published) for step in done.steps)
    return Explanation(done.language.code, done.ended or "", skipped, sentences, tuple(done.events))


def _seen(step: Step, done: Trace, published: date | None) -> Seen:
    sentence = step.sentence
    pseudo = [mark for mark in done.marks.pseudo if _inside(sentence, mark)] if done.marks else []
    triggers = [Trigger(_word(sentence, mark), PSEUDO) for mark in pseudo]
    # A line of a list has no trigger of its own.
    lines = [one for one in step.main if not any(one is other for other in step.attempts)]
    triggers += [_trigger(step, one) for one in [*step.attempts, *lines]]
    told = [event for one in step.main for event in one.events]
    return Seen(
        sentence.start,
        sentence.end,
        sentence.headline,
        tuple(_parties(sentence)),
        tuple(_materiel(sentence)),
        tuple(sorted(triggers, key=lambda one: one.word.start)),
        tuple(_cues(sentence)),
        tuple(Word(one.text, one.start, one.end, _meant(one.first, one.last)) for one in dates_of(sentence, published)),
        tuple(_quantities(sentence)),
        _source(step),
        any(all(event is not other for other in told) for event in step.events),
        tuple(step.events),
    )


def _inside(sentence: Sentence, mark: Mark) -> bool:
    return sentence.start <= mark.start < sentence.end


def _word(sentence: Sentence, mark: Any, *meant: str) -> Word:
    return Word(sentence.text[mark.start : mark.end], mark.start, mark.end, meant)


def _meant(*values: object) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)


def _parties(sentence: Sentence) -> Iterable[Word]:
    for group in sentence.groups:
        for side in group.sides:
            yield _word(sentence, side, side.key, side.actor.named(sentence.language.code), group.preposition)


def _materiel(sentence: Sentence) -> Iterable[Word]:
    """Every mention, also one that only describes another."""
    for mark in sentence.names:
        entry = next((one for one in mark.entries if isinstance(one, Materiel)), None)
        if entry is not None:
            yield _word(sentence, mark, entry.category, entry.kind)


def _cues(sentence: Sentence) -> Iterable[Word]:
    for mark in sentence.cues:
        cue = next((one for one in mark.entries if isinstance(one, Cue)), None)
        if cue is not None:
            yield _word(sentence, mark, cue.value, cue.direction, str(cue.reach))


def _quantities(sentence: Sentence) -> Iterable[Word]:
    offset = sentence.start
    for one in find_quantities(sentence.text[sentence.start : sentence.end], sentence.language):
        yield Word(one.text, one.start + offset, one.end + offset, _meant(one.min, one.max, one.unit))


def _source(step: Step) -> tuple[str, ...]:
    said = step.source
    return tuple(one.text for one in (said.speaker, said.institution, said.relayed_by) if one is not None)


def _trigger(step: Step, one: Attempt) -> Trigger:
    sentence, reading = step.sentence, one.reading
    if reading is None:
        frame, voice = choose(sentence, one.mark)
        operator = None if frame.kind == "operator" else find_operator(sentence, one.mark, voice)[0]
    else:
        frame, voice, operator = reading.frame, reading.frame.voice, reading.operator
    values: dict[str, Any] = {
        "frame": frame.lemma,
        "stage": frame.stage,
        "roles": frame.roles,
        "voice": voice,
        "operator": sentence.text[operator.start : operator.end] if operator else "",
    }
    if reading is not None:
        values |= _roles(sentence, reading)
        modality = modality_of(sentence, reading)
        values |= {"modality": modality.value, "cue": _word(sentence, modality.mark).text if modality.mark else ""}
    kept = [event for event in one.events if any(event is other for other in step.events)]
    if kept:
        values |= _told(kept)
    return Trigger(_word(sentence, one.mark), _outcome(step, one, kept), **values)


def _outcome(step: Step, one: Attempt, kept: list[Event]) -> str:
    if kept:
        return TOLD
    if one.events:
        return REPEATED
    if one.reading is not None and not any(one is other for other in step.main):
        return OTHER_TRIGGER
    return one.why or OTHER_TRIGGER


def _roles(sentence: Sentence, reading: Reading) -> dict[str, tuple[str, ...]]:
    """What the sentence itself gives the trigger."""

    def names(group: Group | None) -> tuple[str, ...]:
        return tuple(sentence.text[side.start : side.end] for side in group.sides) if group else ()

    roles = {name: names(getattr(reading, name)) for name in ("supplier", "recipient", "intermediary", "end_user")}
    return roles | {"materiel": tuple(sentence.text[one.start : one.end] for one in reading.things)}


def _told(events: list[Event]) -> dict[str, Any]:
    """What the events of the trigger hold, with what was carried over from elsewhere."""
    values: dict[str, Any] = {
        name: tuple(dict.fromkeys(party.name for event in events if (party := getattr(event, name)) is not None))
        for name in ("supplier", "recipient", "intermediary", "end_user")
    }
    values["materiel"] = tuple(dict.fromkeys(item.text for event in events for item in event.materiel))
    values |= {"stage": events[0].stage, "modality": events[0].modality}
    return values | {"notes": tuple(dict.fromkeys(note for event in events for note in event.reasons))}
