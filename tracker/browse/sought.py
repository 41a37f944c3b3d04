"""What the words of a search ask for: read once, the same for the page of search, the lists and their exports.

Every word has to be there. A search as usual also finds a word's other forms, spellings of a designation, and the
further names of an actor or materiel that the words name; an exact search finds the words as they are written.
A phrase in quotation marks stands together, and a word after − is left out wherever it stands as written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.search import SearchQuery, SearchVectorExact
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.models import Article
from tracker.browse.called import Named, named, names_of, worth_searching
from tracker.browse.hits import among
from tracker.browse.stemmed import CONFIGS, Lexemes, Stemmed, all_of
from tracker.browse.terms import Phrase, Term, read, squashed, transfer_number, within
from tracker.models.words import ClaimStems, ClaimWords

LONGEST = 300
MOST_TERMS = 12


@dataclass(frozen=True, slots=True)
class Part:
    """Terms that belong together: one alone, or those that together name something. `names` are its further names."""

    terms: Sequence[int]
    actors: frozenset[int]
    materiel: frozenset[int]
    names: Sequence[str]


class Sought:
    """What a search asks for. `problem` says what is wrong with it, in words; then it finds nothing."""

    def __init__(self, words: str, *, exact: bool = False) -> None:
        self.words, self.exact = words.strip(), exact
        readable = "\0" not in self.words and len(self.words) <= LONGEST
        every = read(self.words) if readable else []
        self.terms = [term for term in every if not term.negated]
        self.left_out = [term for term in every if term.negated]
        self.problem = self._problem(every)

    def _problem(self, every: list[Term]) -> str:
        if "\0" in self.words:
            return _("There is a character in it that no text has.")
        if len(self.words) > LONGEST:
            return _("That is too long for a search: at most %d characters.") % LONGEST
        if self.words and not every:
            return _("There is no word in it.")
        if every and not self.terms:
            return _("It only says what to leave out. Add a word to look for.")
        if len(every) > MOST_TERMS:
            return _("That is too much at once: at most %d words.") % MOST_TERMS
        return ""

    def __bool__(self) -> bool:
        return bool(self.terms) and not self.problem

    @property
    def number(self) -> int | None:
        """The number of the transfer that is asked for, where nothing else is."""
        return transfer_number(self.terms[0].written) if len(self.terms) == 1 and not self.left_out else None

    # Names

    @cached_property
    def _named(self) -> list[list[Named]]:
        """The names that fit each term, those to leave out behind the others."""
        return named(self.terms, self.left_out, exact=self.exact)

    @cached_property
    def parts(self) -> list[Part]:
        """The terms, longest names first: "north korea" is one part, as the names of a state."""
        found: list[Part] = []
        place = 0
        known: dict[tuple[str, int], None] = {}
        spans: list[tuple[list[int], list[Named]]] = []
        while place < len(self.terms):
            for length in (3, 2, 1):
                span = list(range(place, min(place + length, len(self.terms))))
                called = self._called(span)
                if len(span) == length and (length == 1 or called):
                    break
            spans.append((span, called))
            known |= {(one.kind, one.pk): None for one in called}
            place += len(span)
        further = names_of(known) if known else {}
        for span, called in spans:
            own = [self.terms[number].tokens for number in span]
            # Two words with a figure may be one elsewhere: Su 35 is also SU35, by its name.
            whole = tuple(token for phrase in own for token in phrase)
            apart = [] if any(token.isdigit() for token in whole) else [whole]
            names = [name for one in called for name in further.get((one.kind, one.pk), ())]
            fitting = called if len(span) > 1 else self._named[span[0]]
            found.append(
                Part(
                    span,
                    frozenset(one.pk for one in fitting if one.kind == "actor"),
                    frozenset(one.pk for one in fitting if one.kind == "materiel"),
                    worth_searching(names, self.terms[span[0]].spellings if len(span) == 1 else apart),
                )
            )
        return found

    def _called(self, span: list[int]) -> list[Named]:
        """What the terms name, whole; a materiel also where only a number follows: Shahed, and Shahed-136."""
        terms = [self.terms[number] for number in span]
        if self.exact or any(term.quoted for term in terms):
            return []
        words = "".join(term.written for term in terms)
        wanted = squashed(words)
        numbered = len(span) == 1 and len(wanted) > 3 and wanted.isalpha()
        found = {}
        for one in self._named[span[0]]:
            name = squashed(one.name)
            # Short names are also words: US, and us.
            same = name == wanted and (len(wanted) > 3 or one.name in words)
            more = numbered and one.kind == "materiel" and name.startswith(wanted) and name[len(wanted) :].isdigit()
            if same or more:
                found[one.kind, one.pk] = one
        return list(found.values())

    @property
    def also(self) -> list[str]:
        """The further names that are searched, too."""
        return list(dict.fromkeys(name for part in self.parts for name in part.names))

    def phrases(self) -> list[Phrase]:
        """Every phrase that is searched for, to mark it."""
        found = [phrase for number in range(len(self.terms)) for phrase in self._alternatives(number)]
        further = (phrase for part in self.parts for phrase in _spelled(part.names))
        return list(dict.fromkeys([*found, *further]))

    # Conditions

    @cached_property
    def _stemmed(self) -> Stemmed:
        return Stemmed([*self.phrases(), *(term.tokens for term in self.left_out)])

    def _alternatives(self, number: int) -> list[Phrase]:
        term = self.terms[number]
        return [term.tokens] if self.exact else term.alternatives

    def _term(self, number: int, configs: Sequence[str]) -> str:
        """The tsquery of one term."""
        return self._stemmed.any_of(self._alternatives(number), *configs)

    def _further(self, part: Part, configs: Sequence[str]) -> str:
        """The tsquery of a part's further names, without those that hold its words anyway."""
        own = [self._alternatives(number) for number in part.terms]
        further = [
            name
            for name in _spelled(part.names)
            if not all(any(within(phrase, name) for phrase in of_term) for of_term in own)
        ]
        return self._stemmed.any_of(further, *configs)

    def _text(self, part: Part, configs: Sequence[str]) -> str:
        """The tsquery of one part."""
        words = all_of(self._term(number, configs) for number in part.terms)
        return " | ".join(filter(None, (words, self._further(part, configs))))

    @cached_property
    def _whole(self) -> str:
        configs = ("written",) if self.exact else CONFIGS
        return all_of(self._text(part, configs) for part in self.parts)

    def query(self) -> SearchQuery:
        """The whole as a tsquery for articles."""
        return Lexemes(self._whole)

    def ranking(self) -> SearchQuery:
        """What articles that hold it are ranked by: each of its words, wherever it stands.

        A tsquery that asks for all its words is ranked by how near they are, and a title with one of them by nothing.
        """
        return Lexemes(self._whole.replace(" & ", " | ").replace(" <-> ", " | "))

    def articles(self) -> Q:
        """The articles that hold it; a withheld text is not searched."""
        found = Q(**{"written" if self.exact else "search": self.query()}, withheld_at__isnull=True)
        for term in self.left_out:
            found &= ~Q(written=Lexemes(self._stemmed.any_of([term.tokens], "written")))
        return found

    def claims(self) -> Q:
        """The claims whose words, parties or materiel fit; the words of a withheld article's claim are not searched."""
        configs = ("written",) if self.exact else ("stems_en", "stems_id")
        texts, parties = Q(), Q()
        for part in self.parts:
            every, named = Q(), Q()
            for number in part.terms:
                of_term = self._parties(*self._ids(number)) | self._of_transfer(self.terms[number])
                words = self._term(number, configs) if len(part.terms) > 1 else self._text(part, configs)
                every &= of_term | self._in_claim(words)
                named &= of_term
            if len(part.terms) > 1:
                whole = self._parties(part.actors, part.materiel)
                every, named = every | whole, named | whole
                if further := self._further(part, configs):
                    every |= self._in_claim(further)
            texts &= every
            parties &= named
        found = texts & (~Q(article__in=Article.objects.filter(withheld_at__isnull=False)) | parties)
        for number, term in enumerate(self.left_out, len(self.terms)):
            words = self._stemmed.any_of([term.tokens], "written")
            found &= ~(self._parties(*self._ids(number), left_out=True) | _holds(ClaimWords(), words))
        return found

    def transfers(self) -> Q:
        """The transfers whose parties or materiel are so called, or whose number it is."""
        found = Q()
        for part in self.parts:
            every = Q()
            for number in part.terms:
                by_number = transfer_number(self.terms[number].written)
                every &= Q(pk=by_number) if by_number else self._parties(*self._ids(number))
            found &= every | self._parties(part.actors, part.materiel) if len(part.terms) > 1 else every
        for number, _term in enumerate(self.left_out, len(self.terms)):
            found &= ~self._parties(*self._ids(number), left_out=True)
        return found

    def actors(self) -> Q:
        """The actors that are so called."""
        return self._entities("actor")

    def materiel(self) -> Q:
        """The materiel that is so called."""
        return self._entities("materiel")

    def outlets(self) -> Q:
        """The outlets with the words in a name or a domain."""
        found = Q()
        for term in self.terms:
            found &= _in_outlet(term.written)
        for term in self.left_out:
            found &= ~_in_outlet(term.written)
        return found

    def _entities(self, kind: str) -> Q:
        numbers = range(len(self._named))
        named = [{one.pk for one in self._fitting(number) if one.kind == kind} for number in numbers]
        kept: set[int] | None = None
        for part in self.parts:
            every = set.intersection(*(named[number] for number in part.terms))
            every |= set(part.actors if kind == "actor" else part.materiel) if len(part.terms) > 1 else set()
            kept = every if kept is None else kept & every
        return Q(pk__in=(kept or set()).difference(*named[len(self.terms) :]))

    def _fitting(self, number: int) -> list[Named]:
        """The names that fit a term; what is left out is so by its main names, in an exact search as in any."""
        found = self._named[number]
        return found if number < len(self.terms) else [one for one in found if one.own]

    def _ids(self, number: int) -> tuple[frozenset[int], frozenset[int]]:
        found = self._fitting(number)
        return (
            frozenset(one.pk for one in found if one.kind == "actor"),
            frozenset(one.pk for one in found if one.kind == "materiel"),
        )

    def _parties(self, actors: Iterable[int], materiel: Iterable[int], *, left_out: bool = False) -> Q:
        """The rows between or about these. To be left out, a row without a party must be known to be about none."""
        found = Q(pk__in=[])
        for path, ids in (("supplier_id", actors), ("recipient_id", actors), ("materiel_id", materiel)):
            if ids := sorted(ids):
                found |= Q(**{f"{path}__in": ids}) if left_out else among(path, f"{{{','.join(map(str, ids))}}}")
        return found

    def _of_transfer(self, term: Term) -> Q:
        number = transfer_number(term.written)
        return Q(transfer=number) if number else Q(pk__in=[])

    def _in_claim(self, words: str) -> Q:
        return _holds(ClaimWords() if self.exact else ClaimStems(), words)


def _spelled(names: Iterable[str]) -> list[Phrase]:
    """The names in any spelling of theirs."""
    return [phrase for name in names for phrase in Term(name).spellings[:2]]


def _holds(vector: ClaimWords, words: str) -> Q:
    return Q(SearchVectorExact(vector, Lexemes(words)))


def _in_outlet(word: str) -> Q:
    return Q(name__icontains=word) | Q(names__icontains=word) | Q(domains__icontains=word)
