"""The forms of an Indonesian word.

The database's stemmer takes "pengiriman" and "dikirim" apart. A search therefore asks for every form of a word's root:
those that the rules make, and those of reference/stems_id.csv. A form that nobody writes costs one look into an index.
"""

import csv
import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "reference" / "stems_id.csv"
# Endings that say "its", "indeed", "too" and the like.
PARTICLE = re.compile(r"(?:nya|lah|kah|pun)$")
ENDING = re.compile(r"(?:kan|an|i)$")
PREFIX = re.compile(r"^(?:mem|men|me|pem|pen|pe|di|ter|ber)")
# A root that no list vouches for is believed in where it is as long as this, and stood between prefix and ending.
SHORTEST = 4


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """The roots of the field, each with the forms that the rules do not make."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["root"]: tuple(filter(None, row["forms"].split("|"))) for row in csv.DictReader(file)}


@cache
def _roots() -> dict[str, str]:
    """The root of every form of a root of the field."""
    found: dict[str, str] = {}
    for root in _known():
        for form in _made(root):
            found.setdefault(form, root)
    return found | {root: root for root in _known()}


def _nasal(root: str) -> list[str]:
    """The root behind me- and pe-, without the prefix's first two letters: "ngirim" of "kirim"."""
    first = root[0]
    if first in "lrwymn":
        return [root]
    if first in "bfv":
        return [f"m{root}"]
    if first in "dcjz":
        return [f"n{root}"]
    if first in "aiueogh":
        return [f"ng{root}"]
    # These melt into the nasal; in loan words they may stay.
    melted = {"p": f"m{root[1:]}", "t": f"n{root[1:]}", "s": f"ny{root[1:]}", "k": f"ng{root[1:]}"}
    kept = {"p": f"m{root}", "t": f"n{root}", "s": f"n{root}", "k": f"ng{root}"}
    return [melted[first], kept[first]] if first in melted else [root]


def _made(root: str) -> list[str]:
    """The root, its forms by the rules, and those that the list adds."""
    made = [root, *(f"{root}{ending}" for ending in ("kan", "i", "an", "nya", "annya"))]
    for nasal in _nasal(root):
        made += [f"me{nasal}{ending}" for ending in ("", "kan", "i", "nya", "kannya")]
        made += [f"pe{nasal}{ending}" for ending in ("", "an", "nya", "annya")]
    made += [f"di{root}{ending}" for ending in ("", "kan", "i", "nya", "kannya")]
    made += [f"ter{root}", f"ter{root}kan", f"ber{root}", f"per{root}an", f"ke{root}an"]
    return [*made, *_known().get(root, ())]


def forms(word: str) -> list[str]:
    """The other forms of a word in lower case; none where it is no form of a root that is known or plainly seen."""
    roots = _roots()
    bare = PARTICLE.sub("", word)
    if root := roots.get(word) or roots.get(bare):
        found = _made(root)
    else:
        found = [form for root in _seen(bare) for form in _made(root)]
    return [form for form in dict.fromkeys(found) if form != word]


def _seen(word: str) -> list[str]:
    """The roots that a word with both a prefix and an ending may have, by the rules alone."""
    if not (PREFIX.search(word) and ENDING.search(word)):
        return []
    stems = {word[: -len(ending)] for ending in ("kan", "an", "i") if word.endswith(ending)}
    roots = set()
    for stem in stems:
        for prefix, starts in STARTS.items():
            if stem.startswith(prefix):
                roots |= {start + stem[len(prefix) :] for start in starts}
    return sorted(root for root in roots if len(root) >= SHORTEST and root.isalpha() and word in _made(root))


# What a prefix may hide of the root's beginning.
STARTS = {
    **{f"{first}e": ("",) for first in "mp"},
    **{f"{first}em": ("", "p") for first in "mp"},
    **{f"{first}en": ("", "t") for first in "mp"},
    **{f"{first}eny": ("s",) for first in "mp"},
    **{f"{first}eng": ("", "k") for first in "mp"},
    "di": ("",),
    "ter": ("",),
    "per": ("",),
    "ke": ("",),
}
