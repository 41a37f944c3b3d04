"""Articles are shown whole, with marks at the right code points."""

from hypothesis import given
from hypothesis import strategies as st

from articles.passages import Mark, event_marks, joined, paragraphs

TEXT = "😀 Norway sent tanks.\n\nPeru paid."


def test_marks_are_cut_at_their_ends_and_the_last_piece_carries_the_number():
    first, second = paragraphs(TEXT, [Mark(2, 8, "supplier"), Mark(0, 19, "evidence")])
    assert [(piece.text, piece.field, piece.number) for piece in first.pieces] == [
        ("😀 ", "", None),
        ("Norway", "supplier", 1),
        (" sent tanks", "", None),
        (".", "", None),
    ]
    assert [piece.evidence for piece in first.pieces] == [True, True, True, False]
    assert second.start == TEXT.index("Peru")


def test_the_shortest_of_overlapping_marks_leads_and_the_others_are_named():
    (paragraph, _) = paragraphs(TEXT, [Mark(2, 19, "stage"), Mark(2, 8, "supplier")])
    assert [(piece.field, piece.also) for piece in paragraph.pieces if piece.field] == [
        ("supplier", "stage"),
        ("stage", ""),
    ]


def test_a_mark_may_run_over_several_lines_and_one_outside_the_text_is_left_out():
    marks = [Mark(14, len(TEXT), "evidence"), Mark(30, 99, "stage"), Mark(-1, 3, "stage"), Mark(5, 5, "date")]
    first, second = paragraphs(TEXT, marks)
    assert [(piece.text, piece.evidence) for piece in first.pieces] == [("😀 Norway sent ", False), ("tanks.", True)]
    assert [(piece.text, piece.evidence, piece.field) for piece in second.pieces] == [("Peru paid.", True, "")]


def test_characters_that_are_not_seen_are_named():
    pieces = paragraphs("Nor\u202eway", [])[0].pieces
    assert [piece.invisible for piece in pieces] == ["", "U+202E", ""]


def test_the_finer_names_of_spans_fall_under_the_fields():
    marks = event_marks({"speaker": [[0, 2]], "end_user": [[3, 4]], "modality": [[5, 6]]}, [[0, 9]])
    assert [mark.name for mark in marks] == ["said", "other", "stage", "evidence"]


@given(
    st.text(alphabet="ab\n 😀\u200b", max_size=60),
    st.lists(st.tuples(st.integers(-2, 70), st.integers(-2, 70), st.sampled_from(["supplier", "date", "evidence"]))),
)
def test_no_character_is_lost_whatever_the_marks(text, spans):
    found = paragraphs(text, [Mark(*span) for span in spans])
    shown = {p.start: "".join(piece.text for piece in p.pieces) for p in found}
    assert all(text[start : start + len(line)] == line for start, line in shown.items())
    assert [line for line in text.split("\n") if line.strip()] == list(shown.values())


@given(st.lists(st.text(alphabet="a|\\\\ ", min_size=1), min_size=1))
def test_joined_texts_show_where_each_ends(texts):
    assert joined(texts).count(" | ") >= len(texts) - 1
    assert joined(["a|b", "c"]) == r"a\|b | c"
