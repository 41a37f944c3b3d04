"""From an article and a model's answer to events: the gate, the rules' second opinion, pieces and costs."""

import datetime
import re

import pytest

from articles.endpoint import errors, gate, reader
from articles.endpoint.answer import Told
from articles.extract import Article, extract
from tests.articles.endpoint.stub import KEY, breaking_off, completing, sending

TEXT = """Norway arms Peru

Norway has sent ten howitzers to Peru, the defence ministry of Peru said on Tuesday. The guns left Bergen in May 2024.
Norway could sell missiles to Chile, an official in Santiago said. Chile's navy wants the missiles for its frigates.
Hezbollah in Lebanon received drones from Iran, Israel claims. Tehran denied that Iran sent drones to Hezbollah.
"""
ARTICLE = Article(
    text=TEXT, id="7", title="Norway arms Peru", language="en", published=datetime.date(2024, 6, 5), outlet="Andes Wire"
)
SENT = "Norway has sent ten howitzers to Peru, the defence ministry of Peru said on Tuesday."
GUNS = {
    "evidence": [SENT],
    "supplier": "Norway",
    "recipient": "Peru",
    "materiel": [{"text": "howitzers", "category": "artillery"}],
    "quantity": "ten howitzers",
    "stage": "shipment",
    "stage_text": "has sent",
    "modality": "asserted",
    "date": "in May 2024",
    "institution": "defence ministry of Peru",
}
MISSILES = {
    "evidence": ["Norway could sell missiles to Chile, an official in Santiago said."],
    "supplier": "Norway",
    "recipient": "Chile",
    "materiel": [{"text": "missiles", "category": "missiles"}],
    "stage": "order",
    "stage_text": "sell",
    "modality": "potential",
    "modality_text": "could",
    "speaker": "an official in Santiago",
}


@pytest.fixture
def read(stub, lexicon):
    """Let the stub tell these events of the article, and read it."""

    def tell(*events, article=ARTICLE, **values):
        stub.will_tell(*events)
        return reader.read(article, lexicon, stub.endpoint(**values))

    return tell


def quoted(span):
    return TEXT[span.start : span.end]


def test_a_good_answer_becomes_the_same_events_as_those_of_the_rules(read, stub):
    [event] = read(GUNS)
    assert (event.supplier.code, event.supplier.name, event.recipient.code) == ("NO", "Norway", "PE")
    assert [(item.category, item.text) for item in event.materiel] == [("artillery", "howitzers")]
    assert (event.quantity.min, event.quantity.max, event.quantity.qualifier) == (10, 10, "exact")
    assert (event.stage, quoted(event.stage_span)) == ("shipment", "has sent")
    assert (event.modality, event.modality_span) == ("asserted", None)
    assert (event.date.first, event.date.last) == (datetime.date(2024, 5, 1), datetime.date(2024, 5, 31))
    assert (event.attribution.institution.text, event.attribution.speaker) == ("defence ministry of Peru", None)
    assert [quoted(span) for span in event.evidence] == [SENT]
    assert event.score == 0.9
    assert len(stub.asked) == 1
    assert stub.asked[0]["messages"][1]["content"] == f"<article>\n{TEXT}\n</article>"


def test_the_cost_is_the_first_reason(read):
    [event] = read(GUNS, price_in=1.0, price_out=6.0)
    assert re.fullmatch(r"endpoint: 812 tokens in, 240 out, \d+\.\d s, 0\.0023 USD", event.reasons[0])
    [event] = read(GUNS)
    assert re.fullmatch(r"endpoint: 812 tokens in, 240 out, \d+\.\d s", event.reasons[0])


def test_uncounted_tokens_are_said_to_be_so(stub, lexicon):
    stub.will_tell(GUNS, usage=None)
    [event] = reader.read(ARTICLE, lexicon, stub.endpoint(price_in=1.0, price_out=1.0))
    assert re.fullmatch(r"endpoint: tokens not told, \d+\.\d s", event.reasons[0])


def test_an_answer_without_events_is_none(read):
    assert read() == []


def test_offsets_and_codes_of_the_model_count_for_nothing(read):
    lying = {"text": "Norway", "code": "SE", "name": "Sweden", "start": 400, "end": 3}
    [event] = read(GUNS | {"supplier": lying, "evidence": [{"text": SENT, "start": 0, "end": 1}]})
    assert (event.supplier.code, event.supplier.name, quoted(event.supplier)) == ("NO", "Norway", "Norway")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"evidence": ["Norway has sent ten tanks to Peru."]}, "evidence is not in the text"),
        ({"evidence": [SENT.replace("ten", "TEN")]}, "evidence is not in the text"),
        ({"evidence": [TEXT[:-1] * 2]}, "evidence of"),
        ({"evidence": []}, "no evidence"),
        ({"supplier": "Sweden"}, "supplier is not in the text: “Sweden”"),
        ({"supplier": "Norw"}, "supplier is not in the text: “Norw”"),
        ({"recipient": "the Republic of Peru"}, "recipient is not in the text"),
        ({"intermediary": "Panama"}, "intermediary is not in the text"),
        ({"end_user": "Peruvian Army"}, "end_user is not in the text"),
        ({"stage_text": "shipped"}, "stage is not in the text"),
        ({"modality_text": "reportedly"}, "modality is not in the text"),
        ({"supplier": None, "recipient": None}, "neither supplier nor recipient"),
        ({"supplier": "Peru"}, "supplier and recipient are both “Peru”"),
        ({"stage": "gift"}, "event 1 has another form (stage)"),
    ],
)
def test_an_event_whose_words_are_not_the_text_is_refused_and_said_to_be(read, change, reason):
    with pytest.raises(errors.AllRefused, match=re.escape(reason)):
        read(GUNS | change)
    [event] = read(GUNS | change, MISSILES)
    assert event.recipient.code == "CL"
    assert any(reason in one and one.startswith("refused another event: ") for one in event.reasons)


@pytest.mark.parametrize(
    ("change", "empty"),
    [
        ({"materiel": [{"text": "tanks", "category": "armoured_vehicles"}]}, lambda event: event.materiel == ()),
        ({"quantity": "twelve"}, lambda event: event.quantity is None),
        ({"date": "last June"}, lambda event: event.date is None),
        ({"institution": "the Pentagon"}, lambda event: event.attribution is None),
        ({"relayed_by": "Reuters"}, lambda event: event.attribution.relayed_by is None),
    ],
)
def test_a_value_whose_words_are_not_the_text_is_refused_alone(read, change, empty):
    [event] = read(GUNS | change)
    assert empty(event)
    [name] = change
    assert any(one.startswith(f"refused {name}: not in the text: ") for one in event.reasons)
    assert event.score == 0.8


def test_a_quote_that_stands_twice_is_the_one_near_the_evidence(read):
    denied = {
        "evidence": ["Tehran denied that Iran sent drones to Hezbollah."],
        "supplier": "Iran",
        "recipient": "Hezbollah",
        "materiel": [{"text": "drones", "category": "drones"}],
        "stage": "shipment",
        "stage_text": "sent",
        "modality": "denied",
        "modality_text": "denied",
    }
    [event] = read(denied)
    last = TEXT.index("Tehran denied")
    assert event.supplier.start == TEXT.index("Iran", last)
    assert event.recipient.start == TEXT.index("Hezbollah", last)
    assert event.materiel[0].start == TEXT.index("drones", last)
    assert event.stage_span.start == TEXT.index("sent", last)
    [first] = read(
        denied
        | {
            "evidence": ["Hezbollah in Lebanon received drones from Iran"],
            "modality": "alleged",
            "modality_text": "claims",
            "stage_text": "received",
            "stage": "delivery",
        }
    )
    assert first.supplier.start == TEXT.index("Iran")


@pytest.mark.parametrize(
    ("words", "code", "name", "doubt"),
    [
        ("Hezbollah", "Hezbollah", "Hezbollah", None),
        ("Hezbollah in Lebanon", "Hezbollah", "Hezbollah", None),
        ("Israel", "IL", "Israel", None),
        ("The guns", None, "The guns", "recipient: not in the lexicon"),
        (
            "Hezbollah in Lebanon received drones from Iran, Israel",
            None,
            None,
            "recipient: ambiguous: IL, IR, LB, hezbollah",
        ),
    ],
)
def test_parties_are_looked_up_and_never_guessed(read, words, code, name, doubt):
    [event] = read(GUNS | {"recipient": words})
    assert event.recipient.code == code
    assert event.recipient.name == (name or words)
    assert (doubt in event.reasons) if doubt else not any(one.startswith("recipient") for one in event.reasons)


def test_rebels_are_not_the_state_that_their_adjective_names(read):
    text = "Iran has sent rifles to Peruvian militants, officials said."
    sent = {"evidence": [text], "supplier": "Iran", "recipient": "Peruvian militants", "stage_text": "sent"}
    [event] = read({**sent, "stage": "shipment", "modality": "asserted"}, article=Article(text=text, language="en"))
    assert event.recipient.code == "Peruvian militants"


def test_a_disagreement_about_the_modality_is_shown(read, lexicon):
    assert [own.modality for own in extract(ARTICLE, lexicon) if own.recipient.code == "CL"] == ["potential"]
    [event] = read(MISSILES | {"modality": "asserted", "modality_text": None})
    assert "modality: model says asserted, rules say potential" in event.reasons
    assert (event.modality, event.score) == ("asserted", 0.7)
    [event] = read(MISSILES)
    assert not any(one.startswith("modality:") for one in event.reasons)


def test_what_the_rules_do_not_read_is_said_to_be_so_and_trusted_less(read):
    [event] = read(GUNS | {"supplier": "Chile"})
    assert "not read by the rules" in event.reasons
    assert event.score == 0.6


@pytest.mark.parametrize(
    ("words", "told", "category", "shown"),
    [
        ("howitzers", "naval", "artillery", True),
        ("howitzers", "unspecified", "artillery", False),
        ("howitzers", "artillery", "artillery", False),
        ("missiles for its frigates", "components_materials", "components_materials", True),
        ("Bergen", "other", "other", False),
    ],
)
def test_the_lexicon_decides_about_the_category_of_what_it_knows_as_a_whole(read, words, told, category, shown):
    [event] = read(GUNS | {"materiel": [{"text": words, "category": told}]})
    assert event.materiel[0].category == category
    assert any(one.startswith(f"category of “{words}”: model says {told}, ") for one in event.reasons) == shown


def test_materiel_of_two_categories_makes_two_events(read):
    items = [{"text": "frigates", "category": "naval"}, {"text": "howitzers", "category": "artillery"}]
    events = read(GUNS | {"materiel": items})
    assert sorted((event.materiel[0].category, event.quantity is not None) for event in events) == [
        ("artillery", True),
        ("naval", False),
    ]


def test_numbers_and_days_come_from_the_rules(read):
    [event] = read(GUNS | {"quantity": "guns left Bergen", "date": "Tuesday"})
    assert (event.quantity.min, event.quantity.qualifier) == (None, "unspecified")
    assert "quantity: no number is read in “guns left Bergen”" in event.reasons
    assert event.date.first == event.date.last == datetime.date(2024, 6, 4)


def test_an_event_told_twice_is_one(read):
    assert len(read(GUNS, GUNS)) == 1


def test_a_model_can_put_neither_the_key_nor_control_characters_into_a_reason(read, caplog):
    caplog.set_level("DEBUG")
    [event] = read(MISSILES, GUNS | {"supplier": f"\u0000\u202e {KEY}"})
    [reason] = [one for one in event.reasons if one.startswith("refused")]
    assert reason == "refused another event: supplier is not in the text: “\ufffd\ufffd [key]”"
    with pytest.raises(errors.AllRefused) as failed:
        read(GUNS | {"supplier": f"{KEY} {KEY}"})
    assert KEY not in f"{failed.value}{caplog.text}"


def test_many_refusals_are_summed_up(read):
    with pytest.raises(errors.AllRefused, match=r"All 9 events .* and 4 more") as failed:
        read(*[GUNS | {"supplier": "Sweden"}] * 9)
    assert str(failed.value).count("Sweden") == reader.MOST_SHOWN


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (breaking_off, errors.BrokenOff),
        (sending(b"no", 500), errors.BadStatus),
        (completing("Sorry."), errors.NotJson),
        (completing('{"transfers": []}'), errors.WrongShape),
        (completing('{"events": [{"supp'), errors.NotJson),
    ],
)
def test_a_failure_is_never_an_empty_list(stub, lexicon, behaviour, error):
    stub.will(behaviour)
    with pytest.raises(error):
        reader.read(ARTICLE, lexicon, stub.endpoint())


# Long articles


def test_a_long_article_is_asked_about_in_pieces_whose_offsets_are_those_of_the_whole(stub, lexicon, monkeypatch):
    monkeypatch.setattr(reader, "LONGEST_PIECE", 200)
    # Every piece is answered alike: where an event does not stand, it is refused.
    article = Article(text=f"{TEXT}{TEXT.replace('Peru', 'Oman')}", language="en")
    stub.will_tell(GUNS | {"date": None}, MISSILES)
    events = reader.read(article, lexicon, stub.endpoint())
    assert len(stub.asked) == len(list(reader.pieces(article.text))) > 2
    assert {event.recipient.code for event in events} == {"PE", "CL"}
    [missiles] = [event for event in events if event.recipient.code == "CL"]
    assert [span.start for span in missiles.evidence] == [
        found.start() for found in re.finditer("Norway could sell", article.text)
    ]
    assert f"{812 * len(stub.asked)} tokens in" in missiles.reasons[0]


def test_a_quote_must_stand_in_the_piece_that_was_asked_about(lexicon):
    names = gate.Names(TEXT, "en", lexicon)
    half = TEXT.index("Norway could")
    told = Told.model_validate(GUNS)
    assert gate.events_of(told, gate.Passage(TEXT, 0, half, names, None), [])
    with pytest.raises(gate.Refused):
        gate.events_of(told, gate.Passage(TEXT, half, len(TEXT), names, None), [])


@pytest.mark.parametrize(
    ("text", "words"), [("x" * 24_001, "a paragraph of more"), ("x\n" * 96_001, "192002 characters")]
)
def test_an_article_that_does_not_fit_is_refused_before_anybody_is_asked(stub, lexicon, text, words):
    with pytest.raises(errors.ArticleTooLong, match=words):
        reader.read(Article(text=text), lexicon, stub.endpoint())
    assert stub.asked == []


def test_pieces_cover_the_text_between_lines(monkeypatch):
    monkeypatch.setattr(reader, "LONGEST_PIECE", 10)
    text = "one two\nthree\nfour\n\nfive six\nseven"
    cut = [text[start:end] for start, end in reader.pieces(text)]
    assert "".join(cut) == text
    assert all(len(piece) <= 10 for piece in cut)
