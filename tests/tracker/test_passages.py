"""How an article's text is written on a page."""

from articles.passages import Mark, paragraphs
from tracker.templatetags.passages import passages


def written(text: str, *marks: Mark, title: str = "") -> str:
    return passages(paragraphs(text, marks), title)


def test_text_is_escaped_with_a_mark_over_it_and_without():
    hostile = "<script>&'"
    assert written(hostile) == '<p data-at="0">&lt;script&gt;&amp;&#x27;</p>'
    assert written(hostile, Mark(0, 8, "supplier")) == (
        '<p data-at="0"><mark class="f-supplier" data-n="1">&lt;script&gt;</mark>&amp;&#x27;</p>'
    )


def test_a_paragraph_carries_its_place_and_one_like_the_title_is_the_headline():
    assert written("Head.\n\nBody.", title="Head.") == (
        '<p class="headline" role="heading" aria-level="2" data-at="0">Head.</p>\n<p data-at="7">Body.</p>'
    )
    assert 'data-at="2001"' in written("a" * 2000 + "\nb")


def test_a_piece_names_its_field_the_others_over_it_and_its_evidence():
    found = written("Peru bought", Mark(0, 4, "recipient"), Mark(0, 11, "stage"), Mark(0, 11, "evidence"))
    assert found == (
        '<p data-at="0"><span class="evidence">'
        '<mark class="f-recipient" data-also="stage" data-n="2">Peru</mark></span>'
        '<span class="evidence"><mark class="f-stage" data-n="5"> bought</mark></span></p>'
    )


def test_what_cannot_be_seen_is_named():
    assert written("a\u202eb") == ('<p data-at="0">a<span class="invisible" title="U+202E">\u202e</span>b</p>')
