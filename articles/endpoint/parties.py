"""Which actor, materiel or source a quote names: looked up in the lexicon, never taken from the model."""

import re

from articles.extract.events import Item, Party, Source, Span
from articles.extract.languages import Pattern
from articles.extract.lexicon import Actor, Lexicon, Materiel
from articles.extract.mentions import Mark, Marks, find_marks
from articles.extract.scopes import Cue
from articles.extract.text import fold, language_of

_NOT_SKIPPED: tuple[tuple[int, int], ...] = ()
_LINK = Pattern(r"[,&/]|\b(?:«links of parties»)\b", re.IGNORECASE)


class Names:
    """The names of one text, by place. `language` is the text's own where the lexicon has it, else recognised."""

    def __init__(self, text: str, language: str | None, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.language = lexicon.languages.get(language or "") or language_of(text, lexicon.languages)
        self._marks = self._find(text)

    def _find(self, text: str) -> Marks:
        return find_marks(self.lexicon.automaton(self.language), self.language, text, f" {fold(text)} ", _NOT_SKIPPED)

    def _within(self, span: Span) -> list[Mark]:
        """The names inside a quote; where a longer name runs over its edge, those of the quote by itself."""
        found = [mark for mark in self._marks.names if span.start <= mark.start and mark.end <= span.end]
        return found or self._find(span.text).names

    def _actors(self, span: Span) -> list[Actor]:
        marks = self._within(span)
        picked = [next((entry for entry in mark.entries if isinstance(entry, Actor)), None) for mark in marks]
        return [actor for actor in picked if actor is not None]

    def _unnamed_group(self, span: Span) -> bool:
        """ "Syrian rebels" are not the state that their adjective names."""
        cues = (entry for mark in self._find(span.text).words for entry in mark.entries)
        return any(isinstance(cue, Cue) and cue.axis == "nonstate" for cue in cues)

    def party(self, span: Span) -> tuple[Party, str]:
        """The party that a quote names, and "" or what is doubtful: it then has no code, and goes by its words."""
        actors = self._actors(span)
        groups = {actor.code: actor for actor in actors if not self.lexicon.state_of(actor.code)}
        states = {state: actor for actor in actors if (state := self.lexicon.state_of(actor.code))}
        where = (span.text, span.start, span.end)
        # "Lebanon's Hezbollah" is the group, "Iran and Hezbollah" are two.
        if len(groups) == 1 and not (states and _LINK[self.language].search(span.text)):
            group = next(iter(groups.values()))
            return Party(group.name, group.named(self.language.code), *where), ""
        if not groups and self._unnamed_group(span):
            return Party(span.text, span.text, *where), ""
        if len(states) == 1 and not groups:
            state = next(iter(states))
            company = next((actor for actor in actors if actor.kind == "company"), None)
            return Party(state, company.name if company else self.lexicon.actors[state].name, *where), ""
        if not groups and not states:
            return Party(None, span.text, *where), "not in the lexicon"
        return Party(None, span.text, *where), f"ambiguous: {', '.join(sorted({*groups, *states}))}"

    def item(self, span: Span, category: str) -> tuple[Item, str]:
        """The materiel that a quote names, and "" or how the lexicon's category differs.

        The lexicon decides where it knows the quote as a whole. A part of it says less than the model does, which
        has read all of it: "Patriot components" are no air defence.
        """
        marks = [mark for mark in self._within(span) if any(isinstance(entry, Materiel) for entry in mark.entries)]
        entries = [entry for mark in marks for entry in mark.entries if isinstance(entry, Materiel)]
        if not entries:
            return Item(category, None, span.text, span.start, span.end), ""
        known = next((entry for entry in entries if entry.kind == "designation"), None)
        known = known or next((entry for entry in entries if entry.kind == "family"), None)
        # The last word of "a missile launcher truck" heads it in English, the first where the head comes first.
        head = known or entries[0 if self.language.head_first else -1]
        whole = len(marks) == 1 and marks[0].end - marks[0].start == len(span.text)
        decided = head.category if category == "unspecified" or whole and head.category != "unspecified" else category
        differs = head.category not in (category, "unspecified") and category != "unspecified"
        difference = f"model says {category}, lexicon says {head.category}" if differs else ""
        return Item(decided, known.code if known else None, span.text, span.start, span.end), difference

    def source(self, span: Span) -> Source:
        """Who is quoted, with the key of the body or state that they speak for where the lexicon has exactly one."""
        keys = {self.lexicon.institution_of(actor.code) for actor in self._actors(span)} - {""}
        bodies = {key for key in keys if self.lexicon.actors[key].kind not in ("state", "alliance")} or keys
        return Source(span.text, span.start, span.end, next(iter(bodies)) if len(bodies) == 1 else None)
