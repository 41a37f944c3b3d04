"""Expressions with long lists of words, laid out so that a list costs what its first letters cost.

Without regard to case, `re` tries the alternatives of a list one after the other at every place of a text. Grouped by
their first letter, with its two forms as a class, most of them are passed at once, and the matches are the same.
"""

import re
from collections.abc import Iterator

# From this number of alternatives on the longer expression is worth the time that it takes to compile.
_MANY = 8
_PIECE = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P<\w+>|P=\w+|[a-z]*(?:-[a-z]+)?:|<?[=!]|\(\w+\)))?|.", re.DOTALL
)
_REPEATS = frozenset("?*+{")
# The letters that have more than two forms where the case does not count.
_FORMS = {"i": "iIİı", "k": "kK\u212a", "s": "sSſ"}


def compiled(form: str, flags: int = 0) -> re.Pattern[str]:
    """The expression, which matches what `re.compile(form, flags)` matches, with the same groups."""
    return re.compile(_read(iter(_PIECE.findall(form)), bool(flags & re.IGNORECASE)), flags)


def _read(pieces: Iterator[str], any_case: bool) -> str:
    """The expression up to the bracket that closes it."""
    listed: list[list[str]] = [[]]
    for piece in pieces:
        if piece == ")":
            break
        if piece == "|":
            listed.append([])
        elif piece[0] == "(":
            flags, minus, without = piece[2:-1].partition("-")
            inner = "i" in flags or any_case and "i" not in without if piece.endswith(":") else any_case
            listed[-1].append(f"{piece}{_read(pieces, inner)})")
        else:
            listed[-1].append(piece)
    if any_case and len(listed) >= _MANY:
        return _grouped(listed)
    return "|".join("".join(one) for one in listed)


def _grouped(listed: list[list[str]]) -> str:
    """Alternatives by first letter. Two that begin alike keep their order, and nothing moves past one without any."""
    out: list[str] = []
    by_letter: dict[str, list[str]] = {}
    for one in [*listed, []]:
        if one and _begins_plainly(one):
            by_letter.setdefault(one[0].lower(), []).append("".join(one[1:]))
            continue
        for letter, ends in by_letter.items():
            forms = _FORMS.get(letter, letter + letter.upper())
            out.append(f"(?-i:[{forms}])" + (ends[0] if len(ends) == 1 else f"(?:{'|'.join(ends)})"))
        by_letter.clear()
        out.append("".join(one))
    return "|".join(out[:-1])


def _begins_plainly(pieces: list[str]) -> bool:
    letter = len(pieces[0]) == 1 and pieces[0].isascii() and pieces[0].isalpha()
    return letter and not (len(pieces) > 1 and pieces[1] in _REPEATS)
