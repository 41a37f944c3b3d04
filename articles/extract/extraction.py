"""An article's text to its events: frames read, sides carried over, sources named, repetitions merged."""

from dataclasses import replace
from datetime import date
from itertools import product

from articles.extract.acts import main_readings
from articles.extract.attribution import said
from articles.extract.clauses import Group, Sentence, Side, Things
from articles.extract.context import Context
from articles.extract.counts import counted_again, quantity
from articles.extract.denials import answered
from articles.extract.elsewhere import Told, dated
from articles.extract.events import Article, Event, EventDate, Item, Party, Span, check_spans
from articles.extract.evidence import evidence_of
from articles.extract.lexicon import Lexicon, Materiel
from articles.extract.mentions import Mark, find_marks, has_arms
from articles.extract.merge import merge
from articles.extract.modality import Modality, as_told, modality_of
from articles.extract.readings import Reading
from articles.extract.relays import only_relay
from articles.extract.roles import inventory_line, read
from articles.extract.score import score
from articles.extract.sentences import sentences
from articles.extract.slots import event_date
from articles.extract.sources import Said
from articles.extract.speakers import carried, closed, quotations, quoted
from articles.extract.text import fold, language_of, parts
from articles.extract.topics import TOPIC, is_topic, told_of
from articles.extract.trace import Attempt, Step, Trace, Why
from articles.extract.urging import halt_called_for, only_urged, urged_not_to
from articles.extract.views import sentence_view

UNDERWAY = frozenset({"shipment", "delivery", "use"})
TURNABLE = frozenset({"deal", "taker", "giver"})
SIDE_STAGES = frozenset({"sanction", "halted", "cancelled"})


def extract(article: Article, lexicon: Lexicon) -> list[Event]:
    """The events that the text tells, in its order. Pure: the same input gives the same output."""
    return trace(article, lexicon).events


def trace(article: Article, lexicon: Lexicon) -> Trace:
    """The reading of a text with all that it has looked at."""
    text = article.text
    language = lexicon.languages.get(article.language or "") or language_of(text, lexicon.languages)
    folded = f" {fold(text)} "
    if not has_arms(lexicon.gate(language), folded):
        return Trace(language, Why.NO_ARMS)
    layout = parts(text, article.title, language)
    marks = find_marks(lexicon.automaton(language), language, text, folded, (*layout.skipped, layout.dateline))
    done = Trace(language, None if marks.frames else Why.NO_TRIGGER, (*layout.skipped, layout.dateline), marks)
    if done.ended:
        return done
    starts = {layer: [mark.start for mark in getattr(marks, layer)] for layer in ("names", "frames", "cues", "words")}
    context = Context()
    views = [
        sentence_view(text, span, language, marks, starts, lexicon) for span in sentences(text, layout.lines, language)
    ]
    for sentence in views:
        sentence.headline = sentence.end <= layout.headline_end
        attempts = [_attempt(sentence, mark) for mark in sentence.frames]
        readings = main_readings(sentence, [one.reading for one in attempts if one.reading is not None])
        of = {id(one.reading): one for one in attempts}
        done.steps.append(Step(sentence, attempts, [of[id(reading)] for reading in readings]))
        context.survey(readings)
        for group in sentence.groups:
            for side in group.sides:
                context.sides.setdefault(side.key, side)
    body: list[Event] = []
    headline: list[Event] = []
    quotes = quotations(text)
    ended = [quote for quote in quotes if closed(text, quote)]
    sources = [said(sentence, lexicon, ended) for sentence in views]
    relay = only_relay([source.relayed_by for source in sources], language)
    within = quoted(views, quotes)
    all_told: list[Told] = []
    last: list[Event] = []
    for at, step in enumerate(done.steps):
        sentence = step.sentence
        context.number += 1
        source = carried(at, views, sources, within, context.said, lexicon)
        source = context.in_full(context.known(source).relayed(relay, at, language), text)
        if not step.main and _continues_list(text, sentence, context) and (line := inventory_line(sentence)):
            step.main = [Attempt(line.mark, line)]
        for one in step.main:
            one.events = _events(sentence, one, context, source, lexicon, article.published)
        once = _once(sentence, [one.events for one in step.main], step.readings) or answered(sentence, last, source)
        step.source, step.events = source, once
        last = once or (last if context.recent else [])
        (headline if sentence.headline else body).extend(once)
        all_told.append(Told(sentence, tuple(once)))
        context.remember(sentence, source)
        context.colon = text[sentence.start : sentence.end].rstrip("*_ ").endswith(":")
    # A headline leaves out half the story: where the body has told who gives or who gets, the body decides the rest.
    told = {side for event in body for side in enumerate(_pair(event))}
    events = body + [event for event in headline if not told.intersection(enumerate(_pair(event)))]
    done.events = [check_spans(event, text) for event in dated(merge(told_of(events)), all_told, article.published)]
    return done


def _attempt(sentence: Sentence, mark: Mark) -> Attempt:
    attempt = Attempt(mark)
    attempt.reading = read(sentence, mark, attempt.fails)
    return attempt


def _continues_list(text: str, sentence: Sentence, context: Context) -> bool:
    """A line behind a colon, or behind another line of the list."""
    listed = context.listing == context.number - 1 or context.colon and context.recent
    if not listed or sentence.headline:
        return False
    return not text[text.rfind("\n", 0, sentence.start) + 1 : sentence.start].strip("-•*·–—▪►o \t")


def _pair(event: Event) -> tuple[str | None, str | None]:
    return (event.supplier.code if event.supplier else None, event.recipient.code if event.recipient else None)


def _events(
    sentence: Sentence, attempt: Attempt, context: Context, source: Said, lexicon: Lexicon, published: date | None
) -> list[Event]:
    reading = attempt.reading
    if reading is None:
        return []
    carried_type = context.same_type(reading)
    suppliers, recipients, notes = context.resolve(sentence, reading, source)
    maker = None
    if reading.frame.roles in ("taker", "use") and reading.supplier is None and not reading.anaphoric:
        buyers = reading.recipient.sides if reading.recipient else recipients if "pronoun" in notes else []
        maker = context.maker(reading, buyers, lexicon) if buyers else None
    elif reading.frame.roles == "giver" and not suppliers and recipients and context.names_a_maker(reading):
        maker = context.maker(reading, recipients, lexicon)
    elif reading.frame.roles in ("arrive", "deal") and reading.supplier is None and recipients and not carried_type:
        unsaid = "supplier inferred" in notes or not suppliers and reading.frame.roles == "arrive"
        maker = context.maker(reading, recipients, lexicon) if unsaid else None
    if maker is not None and "supplier inferred" in notes or not suppliers and recipients and maker is not None:
        suppliers, notes = [maker], [note for note in notes if note != "supplier inferred"] + ["maker of the type"]
    if not suppliers or not recipients:
        attempt.fails(Why.NO_RECIPIENT if suppliers else Why.NO_SUPPLIER if recipients else Why.NO_PARTIES)
        return []
    if reading.weak and not context.recent:
        attempt.fails(Why.ONLY_GOODS)
        return []
    if reading.bare:
        attempt.fails(Why.NO_MATERIEL)
        if reading.supplier is not None and reading.recipient is not None:
            context.tell(suppliers[0], recipients[0], [])
        return []
    if only_urged(sentence, reading):
        attempt.fails(Why.URGED)
        return []
    source = source if source.covers(reading.end) else Said()
    modality = modality_of(sentence, reading)
    stage, stage_mark = _stage(reading, modality)
    called_for = modality.value != "alleged" and halt_called_for(sentence, reading)
    if called_for or urged_not_to(sentence, reading):
        stage, modality = "halted", Modality("potential", reading.operator or reading.mark, False)
    if is_topic(sentence, reading, source):
        notes = [*notes, TOPIC]
    if reading.anaphoric and stage != "sanction":
        reading.things = list(context.things)
    if reading.frame.roles == "list" and context.last is not None:
        stage, modality = context.last[0], modality if modality.mark else context.last[1]
    events = []
    for things, own in _by_category(reading):
        takers = things[-1].side.sides if things and things[-1].side and things[-1].side.preposition == "to" else None
        for supplier, recipient in product(own or suppliers, takers or recipients):
            if supplier.key == recipient.key:
                seller = _foreign_maker(reading, things, recipient, lexicon)
                if seller is None:
                    attempt.fails(Why.SAME_PARTY)
                    continue
                supplier, notes = seller, [*notes, "maker of the type"]
            turned = (recipient.key, supplier.key) in context.pairs and (
                supplier.key,
                recipient.key,
            ) not in context.pairs
            if reading.symmetric and turned or _sells_to_its_maker(reading, things, supplier, recipient):
                supplier, recipient = recipient, supplier
            if supplier.key == "UN" and stage not in ("sanction", "halted"):
                attempt.fails(Why.NO_SUPPLIER)
                continue
            events.append(
                _event(
                    sentence,
                    reading,
                    None if supplier.key == "UN" else supplier,
                    recipient,
                    things,
                    stage,
                    stage_mark,
                    modality,
                    source,
                    notes,
                    lexicon,
                    published,
                )
            )
    if events:
        context.tell(suppliers[0], recipients[0], reading.things, (stage, modality))
    return events


def _sells_to_its_maker(reading: Reading, things: list[Things], supplier: Side, recipient: Side) -> bool:
    """ "The French firm is to receive an order of Rafales from Egypt": who designed a type is hardly its buyer."""
    told = reading.frame.roles == "giver" and reading.recipient is not None and reading.recipient.preposition == "to"
    if told or reading.frame.roles not in TURNABLE:
        return False
    homes = {one.head.maker for one in things if one.head.kind != "class"}
    return recipient.key in homes and supplier.key not in homes


def _foreign_maker(reading: Reading, things: list[Things], holder: Side, lexicon: Lexicon) -> Side | None:
    """A state that hands imported equipment to its own forces: the designer's home has supplied it."""
    if reading.frame.roles not in ("giver", "taker") or reading.frame.stage not in ("delivery", "order"):
        return None
    for one in things:
        maker = lexicon.actors.get(one.head.maker)
        if maker is not None and maker.code != holder.key and one.head.kind != "class":
            mark = next(mark for mark in one.marks if one.head in mark.entries)
            return Side(maker.code, maker, mark.start, mark.end)
    return None


def _by_category(reading: Reading) -> list[tuple[list[Things], list[Side]]]:
    """The groups of materiel, with suppliers of their own where the items name them ("British X or French Y")."""
    groups: dict[tuple[str, int], list[Things]] = {}
    if any(things.side is not None for things in reading.things):
        return _by_side(reading.things)
    origins = [things.origin for things in reading.things if things.origin is not None]
    apart = len(origins) > 1 and reading.supplier in origins
    current = origins[0] if origins else None
    for things in reading.things:
        current = things.origin or current
        groups.setdefault((things.head.category, current.start if apart and current else 0), []).append(things)
    if len(groups) > 1:
        groups = {key: found for key, found in groups.items() if key[0] != "unspecified"} or groups
    found = []
    for group in groups.values():
        own = next((things.origin.sides for things in group if things.origin is not None), []) if apart else []
        found.append((group, own))
    return found or [([], [])]


def _by_side(listed: list[Things]) -> list[tuple[list[Things], list[Side]]]:
    """Items with a party each; one without takes that of the next ("radars and drones from X, tanks from Y")."""
    groups: dict[tuple[str, int], list[Things]] = {}
    side: Group | None = None
    for things in reversed(listed):
        side = things.side or side
        things.side = side
        groups.setdefault((things.head.category, side.start if side else 0), []).append(things)
    return [
        (group, group[0].side.sides if group[0].side and group[0].side.preposition == "from" else [])
        for group in reversed(groups.values())
    ]


def _once(sentence: Sentence, found: list[list[Event]], readings: list[Reading]) -> list[Event]:
    """The main predicate alone tells of one pair and category; complements and relative clauses repeat it."""
    kept: list[Event] = []
    for events, reading in sorted(zip(found, readings, strict=True), key=lambda pair: pair[1].anaphoric):
        for event in events:
            same = [
                one
                for one in kept
                if _pair(one) == _pair(event) and (reading.anaphoric or _category(one) == _category(event))
            ]
            again = next((one for one in same if event.stage not in SIDE_STAGES and _repeats(one, event)), None)
            if again is None:
                kept.append(event)
            elif _in_its_name(sentence, again) and event.materiel and not _in_its_name(sentence, event):
                kept[kept.index(again)] = replace(again, materiel=event.materiel)
    return kept


def _in_its_name(sentence: Sentence, event: Event) -> bool:
    """Whether the materiel is only the "arms" of "arms talks", which an object of the complement says better."""
    return any(mark.start <= item.start and item.end <= mark.end for item in event.materiel for mark in sentence.frames)


def _repeats(one: Event, other: Event) -> bool:
    if one.stage in SIDE_STAGES or (one.stage == "use") != (other.stage == "use"):
        return False
    apart = other.date is not None and one.date is not None and other.date != one.date
    return not apart and (other.quantity is None or other.quantity == one.quantity)


def _category(event: Event) -> str:
    return event.materiel[0].category if event.materiel else "unspecified"


def _stage(reading: Reading, modality: Modality) -> tuple[str, tuple[int, int]]:
    if reading.under is not None and reading.operator is None and modality.value in ("planned", "potential"):
        return "agreement", (reading.under.start, reading.under.end)
    signed = (
        reading.frame.roles == "deal"
        and reading.operator_frame is not None
        and reading.operator_frame.stage == "agreement"
    )
    if reading.operator is not None and reading.operator_frame is not None and not signed:
        stage = reading.operator_frame.stage
        if stage == "agreement" and reading.operator_frame.roles == "giver" and reading.frame.roles == "taker":
            stage = "order"
        return stage, (reading.operator.start, reading.operator.end)
    return reading.frame.stage, (reading.mark.start, reading.mark.end)


def _event(
    sentence: Sentence,
    reading: Reading,
    supplier: Side | None,
    recipient: Side | None,
    things: list[Things],
    stage: str,
    stage_mark: tuple[int, int],
    modality: Modality,
    source: Said,
    notes: list[str],
    lexicon: Lexicon,
    published: date | None,
) -> Event:
    text = sentence.text
    parties = {side.key for side in (supplier, recipient) if side}
    source = source.of_parties(sentence, parties)
    value, reasons = as_told(sentence, reading, modality, source, parties)
    day = event_date(sentence, reading, stage, published)
    if value == "asserted" and stage in UNDERWAY and _to_come(day, published):
        value = "planned"
        reasons.append(f"{day.text if day else ''} is to come → planned")
    reasons.insert(0, f"frame {text[slice(*stage_mark)]} → {stage}")
    weak = list(notes)
    if supplier is None:
        weak.append("supplier missing")
    if recipient is None:
        weak.append("recipient missing")
    if not things:
        weak.append("materiel implied")
    if sentence.headline:
        weak.append("headline only")
    begin, end = evidence_of(sentence, reading)
    return Event(
        _party(sentence, supplier, lexicon),
        _party(sentence, recipient, lexicon),
        _party(sentence, reading.intermediary.sides[0], lexicon) if reading.intermediary else None,
        _party(sentence, reading.end_user.sides[0], lexicon) if reading.end_user else None,
        tuple(_item(text, one) for one in things),
        counted_again(sentence, reading.mark)
        if reading.anaphoric
        else quantity(sentence, [one for one in things if one.start >= sentence.start], stage),
        stage,
        Span(text[slice(*stage_mark)], *stage_mark),
        value,
        _span(text, modality.mark) if modality.mark else None,
        day,
        source.as_attribution(),
        (Span(text[begin:end], begin, end),),
        score(weak),
        (*reasons, *dict.fromkeys(weak)),
    )


def _to_come(day: EventDate | None, published: date | None) -> bool:
    return day is not None and day.first is not None and published is not None and day.first > published


def _span(text: str, mark: Mark) -> Span:
    return Span(text[mark.start : mark.end], mark.start, mark.end)


def _party(sentence: Sentence, side: Side | None, lexicon: Lexicon) -> Party | None:
    if side is None:
        return None
    actor = side.actor
    if not lexicon.state_of(side.key):
        name = actor.named(sentence.language.code)
        return Party(actor.name, name, sentence.text[side.start : side.end], side.start, side.end)
    name = actor.name
    if actor.kind != "company" and side.key in lexicon.actors:
        name = lexicon.actors[side.key].name
    return Party(side.key, name, sentence.text[side.start : side.end], side.start, side.end)


def _item(text: str, things: Things) -> Item:
    designations = [
        mark.entry for mark in things.marks if isinstance(mark.entry, Materiel) and mark.entry.kind != "class"
    ]
    designation = designations[0].code if designations else None
    return Item(things.head.category, designation, text[things.start : things.end], things.start, things.end)
