"""Whatever an endpoint answers: events whose every quote is the text, or an error with a name."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.endpoint import EndpointError, reader
from articles.endpoint.answer import CATEGORIES, MODALITIES, STAGES
from articles.extract import Article
from articles.extract.events import spans
from tests.articles.endpoint.stub import Stub, sending

TEXTS = (
    "Norway has sent ten howitzers to Peru, Peru said on Tuesday.\n"
    "Peru denied it. “İran” sent 20 drones to Peru’s army.",
    "Korea Utara disebut telah mengirimkan ratusan rudal ke Rusia akhir tahun lalu, kata pejabat AS kepada CNN.\n"
    "Moskwa membantah. Iran juga mengirimkan drone ke Rusia dan Wagner.",
)
TEXT = "\n".join(TEXTS)
ARTICLE = Article(text=TEXT, id="1", language="en")


@st.composite
def pieces_of_text(draw) -> str:
    """Words of the text as they stand there."""
    words = TEXT.split(" ")
    start = draw(st.integers(0, len(words) - 1))
    return " ".join(words[start : start + draw(st.integers(1, 8))])


QUOTES = st.one_of(
    pieces_of_text(),
    st.sampled_from(
        ["Norway", "Peru", "Iran", "Rusia", "Korea Utara", "Wagner", "drone", "drones", "ten", "20", "Sweden"]
    ),
    st.sampled_from(TEXT.replace(". ", ".\n").split("\n")),
    st.text(max_size=12),
    st.none(),
    st.builds(lambda text, start: {"text": text, "start": start, "code": "XX"}, pieces_of_text(), st.integers()),
)
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)), max_leaves=6)  # fmt: skip
EVENTS = st.fixed_dictionaries(
    {
        "evidence": st.lists(QUOTES, min_size=1, max_size=2),
        "supplier": QUOTES,
        "recipient": QUOTES,
        "stage": st.sampled_from(STAGES),
        "stage_text": pieces_of_text(),
        "modality": st.sampled_from(MODALITIES),
    },
    optional={
        "intermediary": QUOTES,
        "end_user": QUOTES,
        "modality_text": QUOTES,
        "quantity": QUOTES,
        "date": QUOTES,
        "speaker": QUOTES,
        "institution": QUOTES,
        "relayed_by": QUOTES,
        "materiel": st.lists(
            st.fixed_dictionaries({"text": QUOTES, "category": st.sampled_from(CATEGORIES)}), max_size=3
        ),
    },
)
CONTENTS = st.one_of(
    st.lists(EVENTS, max_size=3).map(lambda events: json.dumps({"events": events})),
    st.lists(EVENTS | JSON, max_size=2).map(lambda events: json.dumps({"events": events})),
    JSON.map(json.dumps),
    st.text(max_size=40),
)
BODIES = st.one_of(
    CONTENTS.map(lambda content: json.dumps({"choices": [{"message": {"content": content}}]}).encode()),
    CONTENTS.map(lambda content: json.dumps({"choices": [{"message": {"content": content}}]}).encode()),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=60),
)


def check(body: bytes, stub: Stub, lexicon) -> int:
    stub.will(sending(body))
    try:
        events = reader.read(ARTICLE, lexicon, stub.endpoint(waits=()))
    except EndpointError:
        return 0
    for event in events:
        assert event.evidence
        for span in spans(event):
            assert TEXT[span.start : span.end] == span.text != ""
        assert 0.05 <= event.score <= 0.9
        assert all(reason.isprintable() for reason in event.reasons)
    return len(events)


@settings(max_examples=100, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(body=BODIES)
def test_every_span_of_every_event_is_the_text(body, module_stub, lexicon):
    check(body, module_stub, lexicon)


@pytest.mark.parametrize("evidence", TEXT.replace(". ", ".\n").split("\n"))
def test_such_answers_do_give_events(evidence, module_stub, lexicon):
    """The property above would hold for a reader that refuses everything."""
    words = evidence.rstrip(".").split(" ")
    event = {"evidence": evidence, "supplier": words[0], "stage": "use", "stage_text": words[1], "modality": "alleged"}
    content = json.dumps({"events": [event]})
    body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
    assert check(body, module_stub, lexicon) == 1
