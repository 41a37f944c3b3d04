"""What a model may write, and what is made of it before any of it is used."""

import json

import pytest

from articles.codes import Category, Modality, Stage
from articles.endpoint import errors
from articles.endpoint.answer import CATEGORIES, MODALITIES, STAGES, told
from articles.endpoint.prompt import INSTRUCTIONS, LONGEST_NAME, extractor_name

EVENT = {
    "evidence": ["A sent B guns."],
    "supplier": "A",
    "stage": "shipment",
    "stage_text": "sent",
    "modality": "asserted",
}


def test_the_codes_are_those_of_the_program():
    assert Stage.values == list(STAGES)
    assert sorted(Modality.values) == sorted(MODALITIES)
    assert sorted(Category.values) == sorted(CATEGORIES)


def test_every_code_is_explained_to_the_model():
    for code in (*STAGES, *MODALITIES, *CATEGORIES):
        assert code in INSTRUCTIONS


@pytest.mark.parametrize(
    "wrapping",
    ["{}", "```json\n{}\n```", "```\n{}\n```", "Here it is:\n```json\n{}\n```\nDone.", "<think>{{</think>\n{}"],
)
def test_wrappings_come_off(wrapping):
    events, refused = told(wrapping.format(json.dumps({"events": [EVENT]})))
    assert events[0].supplier == "A"
    assert refused == []


def test_offsets_codes_and_names_of_the_model_are_dropped():
    lying = EVENT | {"supplier": {"text": "A", "code": "XX", "name": "Xanadu", "start": 99, "end": 7}, "score": 1}
    [event], _ = told(json.dumps({"events": [lying]}))
    assert event.supplier == "A"
    assert "Xanadu" not in repr(event)


@pytest.mark.parametrize("empty", [None, "", "  ", {"text": ""}])
def test_nothing_is_none(empty):
    [event], _ = told(json.dumps({"events": [EVENT | {"recipient": empty}]}))
    assert event.recipient is None


@pytest.mark.parametrize("content", ["", "I cannot do that.", '{"events": [', "{'events': []}", "[" * 100_000])
def test_no_json(content):
    with pytest.raises(errors.NotJson):
        told(content)


@pytest.mark.parametrize(
    "content", ["null", "[]", "{}", '{"events": null}', '{"events": {}}', '{"events": ["A sent B"]}']
)
def test_json_of_another_form(content):
    with pytest.raises(errors.WrongShape):
        told(content)


def test_more_events_than_any_article_holds():
    with pytest.raises(errors.WrongShape, match="201 events"):
        told(json.dumps({"events": [EVENT] * 201}))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"stage": "gift"}, "stage"),
        ({"modality": None}, "modality"),
        ({"evidence": [7]}, "evidence.0"),
        ({"evidence": None}, "evidence"),
        ({"stage_text": ""}, "stage_text"),
        ({"supplier": 7}, "supplier"),
        ({"materiel": [{"text": "guns", "category": "guns"}]}, "materiel.0.category"),
    ],
)
def test_a_bad_event_spoils_no_other(change, where):
    events, refused = told(json.dumps({"events": [EVENT | change, EVENT]}))
    assert len(events) == 1
    assert refused == [f"event 1 has another form ({where})"]


def test_an_empty_answer_is_an_answer():
    assert told('{"events": []}') == ([], [])


def test_the_name_fits_its_column():
    assert extractor_name("small-7b") == "llm small-7b prompt-1"
    assert len(extractor_name("x" * 300)) == LONGEST_NAME
