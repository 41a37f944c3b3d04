"""An article's text on a page: escaped, and highlighted as its pieces say.

Written in Python, since a report of many pages has thousands of pieces, and the workbench shows them with every card.
"""

from collections.abc import Iterable

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from articles.passages import Paragraph, Piece

register = template.Library()


@register.simple_tag
def passages(paragraphs: Iterable[Paragraph], title: str) -> SafeString:
    """The paragraphs, a line each. One that repeats the title of the article is its headline."""
    return mark_safe("\n".join(_paragraph(one, headline=one.text == title) for one in paragraphs))


def _paragraph(paragraph: Paragraph, *, headline: bool) -> SafeString:
    words = mark_safe("".join(map(_piece, paragraph.pieces)))
    head = mark_safe(' class="headline" role="heading" aria-level="2"') if headline else ""
    # As text, since a number would be localised.
    return format_html('<p{} data-at="{}">{}</p>', head, str(paragraph.start), words)


def _piece(piece: Piece) -> SafeString:
    words = escape(piece.text)
    if piece.invisible:
        words = format_html('<span class="invisible" title="{}">{}</span>', piece.invisible, words)
    elif piece.field:
        also = format_html(' data-also="{}"', piece.also) if piece.also else ""
        number = format_html(' data-n="{}"', str(piece.number)) if piece.number else ""
        words = format_html('<mark class="f-{}"{}{}>{}</mark>', piece.field, also, number, words)
    return format_html('<span class="evidence">{}</span>', words) if piece.evidence else words
