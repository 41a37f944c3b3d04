"""Expressions with long lists: laid out anew, they match what they matched before."""

import re

import pytest

from articles.extract.alternatives import compiled
from articles.extract.languages import languages, read_shared

LONG = "an|and|annul|bid|by|buy|İ|in|is|kit|see|sell|sold|so"
FORMS = [
    LONG,
    f"(?:{LONG})+",
    f"(?P<word>{LONG})(?!\\w)",
    f"(?<!\\w)(?:{LONG})",
    f"(?i:{LONG}) [A-Z]",
    f"(?-i:{LONG})",
    "a?|an|b{2}|[a|b]c|and|\\|x|(?:do|does) it|e|f|g|hello|help",
    "(?P<open>\\()?(?:one|two|three|four|five|six|seven|eight)(?(open)\\)|!)",
]
TEXTS = [
    "AN and ANNUL",
    "by Buy BID",
    "İn ın IN in",
    "ſell Sell ſo",
    "Kit kit",
    "(two) three! (four",
    "a||x bb help",
    "",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_every_match_and_group_is_that_of_the_expression_as_written(form, flags):
    for text in TEXTS:
        expected = [(found.span(), found.groups()) for found in re.finditer(form, text, flags)]
        assert [(found.span(), found.groups()) for found in compiled(form, flags).finditer(text)] == expected


def test_the_lists_of_the_reference_match_their_own_words():
    words = " ".join(row["words"].replace("|", " ") for row in read_shared("word_lists"))
    for language in languages().values():
        for name in language._lists:
            form = rf"\b(?:{language.forms(name)})"
            expected = [found.span() for found in re.finditer(form, words, re.IGNORECASE)]
            assert [found.span() for found in compiled(form, re.IGNORECASE).finditer(words)] == expected, name


def test_every_letter_that_stands_for_another_case_is_kept():
    listed = "|".join(f"{letter}x" for letter in "abcdefghijklmnopqrstuvwxyz")
    plain, grouped = re.compile(listed, re.IGNORECASE), compiled(listed, re.IGNORECASE)
    assert grouped.pattern != listed
    for code in range(0x250, 0x2200):
        text = f"{chr(code)}x"
        assert bool(grouped.match(text)) == bool(plain.match(text)), text
    for code in range(0x250):
        text = f"{chr(code)}x"
        assert bool(grouped.match(text)) == bool(plain.match(text)), text
