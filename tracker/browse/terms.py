"""The words of a search as they were typed: which belong together, which are left out, and how each may be spelled."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from articles.stems import forms
from tracker.models.sorting import sort_key

PART = re.compile(r'(?P<minus>-*)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
TOKEN = re.compile(r"[^\W_]+")
PIECE = re.compile(r"[^\W\d_]+|\d+")
Phrase = tuple[str, ...]


def tokens(words: str) -> Phrase:
    """The words and numbers of a text in lower case; what joins them is left out."""
    return tuple(TOKEN.findall(words.lower()))


def squashed(words: str) -> str:
    """A name without accents and without what joins its parts: "su35" for "Su-35"."""
    return "".join(TOKEN.findall(sort_key(words)))


def transfer_number(word: str) -> int | None:
    """The number of a transfer that is written T-000123."""
    digits = word.upper().removeprefix("T-")
    return int(digits) if word[:2].upper() == "T-" and digits.isdecimal() and len(digits) < 16 else None


@dataclass(frozen=True)
class Term:
    """One word, or one phrase. `written` is how it was typed, without quotation marks and sign."""

    written: str
    quoted: bool = False
    negated: bool = False

    @cached_property
    def tokens(self) -> Phrase:
        return tokens(self.written)

    @cached_property
    def spellings(self) -> list[Phrase]:
        """The term as it is written, and where figures are in it, as one word and taken apart."""
        found = [self.tokens]
        if not self.quoted and len(self.tokens) < 5 and any(character.isdigit() for character in self.written):
            pieces = tuple(piece for token in self.tokens for piece in PIECE.findall(token))
            found += [("".join(self.tokens),), pieces]
        return [phrase for phrase in dict.fromkeys(found) if phrase]

    @cached_property
    def alternatives(self) -> list[Phrase]:
        """What is searched for it as usual: its spellings and, for a single word, the forms of its root."""
        if self.quoted or len(self.tokens) != 1:
            return self.spellings
        return [*self.spellings, *((form,) for form in forms(self.tokens[0]))]

    @property
    def begins(self) -> str:
        """The tsquery that names have to fit: any spelling, the last word only begun."""
        return " | ".join(
            _phrase(phrase) + (":*" if len(phrase[-1]) > 2 and not self.quoted else "") for phrase in self.spellings
        )


def _phrase(phrase: Phrase) -> str:
    return " <-> ".join(f"'{token}'" for token in phrase)


def any_of(phrases: Iterable[Phrase]) -> str:
    """The tsquery for any of the phrases."""
    return "(" + " | ".join(f"({_phrase(phrase)})" for phrase in phrases) + ")"


def within(part: Phrase, whole: Phrase) -> bool:
    """Whether a phrase holds another: its words side by side."""
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def read(words: str) -> list[Term]:
    """The terms of a search; what holds no letter and no figure is none."""
    found = []
    for part in PART.finditer(words):
        quoted = part["phrase"] is not None
        term = Term(part["phrase"] if quoted else part["word"], quoted, bool(part["minus"]))
        if term.tokens:
            found.append(term)
    return found
