"""The gate, the JSON form, carry-over between sentences, and texts that no one would write."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.extract import Article, Event, extract
from articles.extract.events import Span, SpanError, check_spans, spans

PIECES = st.sampled_from(
    [
        "Iran", "İran", "Rusia", "Russia", "AS", "US$8", "U.S.", "Kim Jong Un", "drone", "drones", "rudal", "S-400",
        "S‑400", "F-16s", "sent", "mengirim", "to", "ke", "from", "dari", "buatan", "said", "kata", "menurut", "CNN",
        "according to", "will", "akan", "dilaporkan", "reportedly", "200", "puluhan", "last year", "akhir tahun lalu",
        "5/9/2023", "embargo", "sale", "kedua negara", "🚀", "e\u0301", "\u0130", "\u00df", "\u00a0", "\x00", "\u200f",
        "한국", "россия", "ﬁ", "“", "”", '"', "'", "(", ")", ",", ".", "\n", "\r\n", "-", "—", ":", "BACA JUGA:",
        "2 dari 2 halaman",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=60).map(" ".join) | st.lists(PIECES, max_size=60).map(
    "".join
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=TEXTS, language=st.sampled_from(["en", "id", None]), title=st.sampled_from(["", "Iran sent drones to Russia"])
)
def test_every_span_quotes_the_text(text, language, title, small_lexicon):
    body = f"{title}\n\n{text}" if title else text
    article = Article(body, language=language, title=title, published=date(2023, 9, 5))
    events = extract(article, small_lexicon)
    assert events == extract(article, small_lexicon)
    for event in events:
        assert event.evidence
        for span in spans(event):
            assert body[span.start : span.end] == span.text
        assert all(span.end - span.start <= 400 for span in event.evidence)
    if title and language == "en":
        assert events


def test_offsets_hold_behind_characters_that_change_length_in_lower_case(small_lexicon):
    text = "İİİ 🚀🚀 e\u0301 — İran? Iran sent 200 drones to Russia."
    (event,) = extract(Article(text, language="en"), small_lexicon)
    assert event.supplier.start == text.index("Iran sent")
    assert event.materiel[0].text == "drones"


def test_a_span_that_is_not_the_text_is_refused(small_lexicon):
    (event,) = extract(Article("Iran sent 200 drones to Russia.", language="en"), small_lexicon)
    with pytest.raises(SpanError):
        check_spans(event, "Iran sent 300 drones to Russia!")
    with pytest.raises(SpanError):
        check_spans(replace(event, stage_span=Span("", 3, 3)), "Iran sent 200 drones to Russia.")


def test_the_json_form_has_every_key(small_lexicon):
    text = "In March 2023 Iran sent 200 drones to Russia for use by Hamas, CNN reported, according to U.S. officials."
    (event,) = extract(Article(text, language="en", published=date(2023, 9, 5)), small_lexicon)
    out = event.as_dict()
    assert list(out) == list(Event.__dataclass_fields__)
    assert out["supplier"] == {"code": "IR", "name": "Iran", "text": "Iran", "start": 14, "end": 18}
    assert list(out["materiel"][0]) == ["category", "designation", "text", "start", "end"]
    assert out["quantity"]["min"] == 200
    assert out["quantity"]["text"] == "200"
    assert (out["date"]["from"], out["date"]["to"]) == ("2023-03-01", "2023-03-31")
    assert out["attribution"]["relayed_by"]["text"] == "CNN"
    assert list(out["attribution"]) == ["speaker", "institution", "relayed_by"]
    assert out["end_user"]["name"] == "Hamas"


def pairs(text, lexicon, language="en"):
    events = extract(Article(text, language=language, published=date(2024, 5, 14)), lexicon)
    return {(event.supplier.code, event.recipient.code, event.stage) for event in events}


def test_both_countries_are_the_two_that_were_named(small_lexicon):
    text = "Kim Jong Un travelled to meet Vladimir Putin. The arms talks between the two countries go on."
    assert {pair[2] for pair in pairs(text, small_lexicon)} == {"talks"}
    assert {side for pair in pairs(text, small_lexicon) for side in pair[:2]} == {"KP", "RU"}


def test_an_elided_recipient_is_carried_over(small_lexicon):
    text = "Rusia menerima amunisi dari Iran. Korea Utara juga mengirimkan rudal."
    assert pairs(text, small_lexicon, "id") == {("IR", "RU", "delivery"), ("KP", "RU", "shipment")}


def test_what_was_carried_over_is_marked_and_costs_confidence(small_lexicon):
    text = "Rusia menerima amunisi dari Iran. Korea Utara juga mengirimkan rudal."
    first, second = extract(Article(text, language="id"), small_lexicon)
    assert "recipient inferred" in second.reasons
    assert second.score < first.score


def test_a_package_is_itemised_by_the_lines_below_it(small_lexicon):
    told = "The United States will send weapons to Ukraine. The package includes:"
    text = f"{told}\n- 20 tanks\n- artillery shells\n- radars"
    found = extract(Article(text, language="en"), small_lexicon)
    assert {event.materiel[0].category for event in found} == {
        "unspecified",
        "armoured_vehicles",
        "ammunition",
        "sensors",
    }
    assert {(event.supplier.code, event.recipient.code, event.modality) for event in found} == {("US", "UA", "planned")}


def test_the_same_event_twice_is_one_with_two_pieces_of_evidence(small_lexicon):
    text = "Iran sent drones to Russia. Officials repeated it. Iran sent 200 drones to Russia in March 2024."
    (event,) = extract(Article(text, language="en", published=date(2024, 5, 14)), small_lexicon)
    assert len(event.evidence) == 2
    assert event.quantity.min == 200


def test_the_dateline_is_no_party(small_lexicon):
    text = (
        "Washington - Iran mengirimkan ratusan drone ke Rusia untuk dipakai dalam perang yang sudah berjalan lama, "
        "demikian laporan itu menyebutkan."
    )
    assert {pair[:2] for pair in pairs(text, small_lexicon, "id")} == {("IR", "RU")}


def test_a_title_alone_gives_an_event_only_if_the_body_does_not(small_lexicon):
    title = "Iran sent drones to Russia"
    alone = extract(Article(f"{title}\n\nThe report did not say when.", language="en", title=title), small_lexicon)
    assert "headline only" in alone[0].reasons
    both = extract(Article(f"{title}\n\nTehran supplied drones to Moscow.", language="en", title=title), small_lexicon)
    assert [event.stage for event in both] == ["delivery"]


def test_no_weapon_no_work(small_lexicon):
    assert extract(Article("The minister visited the school. " * 50), small_lexicon) == []
    assert extract(Article(""), small_lexicon) == []
