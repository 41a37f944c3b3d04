"""An article's text on a page: escaped, and highlighted as its pieces say.

Written in Python, since a report of many pages has thousands of pieces, and the workbench shows them with every card.
The words are all that comes from outside, and so all that is escaped.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from articles.passages import Paragraph, Piece

register = template.Library()


@register.simple_tag
def passages(paragraphs: Iterable[Paragraph], title: str) -> SafeString:
    """The paragraphs, a line each. One that repeats the title of the article is its headline."""
    return mark_safe("\n".join(_paragraph(one, headline=one.text == title) for one in paragraphs))


def _paragraph(paragraph: Paragraph, *, headline: bool) -> str:
    head = ' class="headline" role="heading" aria-level="2"' if headline else ""
    return f'<p{head} data-at="{paragraph.start}">{"".join(map(_piece, paragraph.pieces))}</p>'


def _piece(piece: Piece) -> str:
    words = escape(piece.text)
    if piece.invisible:
        words = f'<span class="invisible" title="{piece.invisible}">{words}</span>'
    elif piece.field:
        also = f' data-also="{piece.also}"' if piece.also else ""
        number = f' data-n="{piece.number}"' if piece.number else ""
        words = f'<mark class="f-{piece.field}"{also}{number}>{words}</mark>'
    return f'<span class="evidence">{words}</span>' if piece.evidence else words
