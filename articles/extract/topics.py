"""What a statement is about, and not what it says: "…", she said of the arms talks between the two."""

from dataclasses import replace

from articles.extract.clauses import Sentence
from articles.extract.events import Attribution, Event
from articles.extract.languages import Pattern
from articles.extract.readings import Reading
from articles.extract.sources import Said

TOPIC = "topic of a statement"
_ABOUT = Pattern(r"\b(?:«about a topic»)\s+(?:[\w’'-]+\s+){0,4}$")

_THAT = Pattern(r"\b(?:«that»)\b")


def is_topic(sentence: Sentence, reading: Reading, source: Said) -> bool:
    """Whether a noun stands behind the speaker of a sentence and its "about"."""
    name = source.speaker or source.institution
    if reading.frame.voice != "noun" or name is None or source.verb[0] < sentence.start:
        return False
    said, own = max(source.verb[1], name.end), sentence.language
    told = any(said <= frame.start < reading.mark.start for frame in sentence.frames)
    if said > reading.mark.start or told or _THAT[own].search(sentence.text, said, reading.mark.start):
        return False
    return bool(_ABOUT[own].search(sentence.text, said, reading.mark.start))


def told_of(events: list[Event]) -> list[Event]:
    """The events without the topics of statements on another one; who makes the statement is then its source."""
    found = [event for event in events if TOPIC not in event.reasons]
    for topic in events:
        if TOPIC not in topic.reasons:
            continue
        alike = [at for at, event in enumerate(found) if _same(event, topic)]
        before = [at for at in alike if found[at].evidence[0].start < topic.evidence[0].start]
        if not alike:
            found.append(topic)
            continue
        at = before[-1] if before else alike[0]
        event = found[at]
        found[at] = replace(
            event,
            attribution=_source(event.attribution, topic.attribution),
            evidence=(*event.evidence, *(span for span in topic.evidence if span not in event.evidence)),
        )
    return found


def _same(event: Event, topic: Event) -> bool:
    parties = (event.supplier, event.recipient), (topic.supplier, topic.recipient)
    one, other = ([(side.code or side.name) if side else "" for side in pair] for pair in parties)
    have, asked = ({item.category for item in found.materiel} - {"unspecified"} for found in (event, topic))
    return one == other and event.stage == topic.stage and (not have or not asked or bool(have & asked))


def _source(own: Attribution | None, topic: Attribution | None) -> Attribution | None:
    """Its own source; that of the statement where it names nobody but an outlet."""
    if own is None or topic is None:
        return own or topic
    if own.speaker is not None or own.institution is not None:
        return own
    return replace(topic, relayed_by=own.relayed_by or topic.relayed_by)
