"""Why an event was read, or missed: the explanation is of the very reading that gives the events."""

from datetime import date

import pytest

from articles.extract import Article, extract
from articles.extract.explain import explain

DAY = date(2024, 3, 1)
# A sentence, one of its triggers, and what became of it.
OUTCOMES = [
    ("en", "France delivered ten tanks to Poland.", "delivered", "told"),
    ("id", "Prancis mengirimkan sepuluh tank ke Polandia.", "mengirimkan", "told"),
    ("en", "France supplied water to Poland while a tank stood there.", "supplied", "no_materiel"),
    (
        "id",
        "Prancis dan Polandia melakukan pembicaraan tentang jalan saat tank lewat.",
        "melakukan pembicaraan",
        "no_materiel",
    ),
    ("en", "France violated the arms embargo against Poland.", "arms embargo", "breach"),
    ("en", "France imposed sanctions on Poland over tanks.", "imposed sanctions", "penalty"),
    ("en", "France delivered tanks to its own army and to France.", "delivered", "same_party"),
    ("en", "Somebody delivered ten tanks in the night.", "delivered", "no_parties"),
    ("en", "Ten tanks were delivered to Poland in the night.", "delivered", "no_supplier"),
    ("id", "Prancis menjual sepuluh tank pada tahun itu.", "menjual", "no_recipient"),
    (
        "id",
        "Kedua pihak menyepakati gencatan senjata setelah Prancis mengirim tank ke Polandia.",
        "gencatan senjata",
        "pseudo",
    ),
    ("en", "France suspended the delivery of ten tanks to Poland.", "suspended", "other_trigger"),
]


@pytest.mark.parametrize(("language", "text", "trigger", "outcome"), OUTCOMES, ids=lambda value: str(value)[:40])
def test_every_trigger_says_what_became_of_it(language, text, trigger, outcome, small_lexicon):
    explanation = explain(Article(text, language=language, published=DAY), small_lexicon)
    found = {one.word.text: one.outcome for seen in explanation.sentences for one in seen.triggers}
    assert found.get(trigger) == outcome


def test_a_trigger_shows_what_fills_its_roles(small_lexicon):
    text = "The ministry denied that France had delivered ten tanks to Poland in March 2023."
    (seen,) = explain(Article(text, language="en", published=DAY), small_lexicon).sentences
    (told,) = [one for one in seen.triggers if one.outcome == "told"]
    assert (told.supplier, told.recipient, told.materiel) == (("France",), ("Poland",), ("tanks",))
    assert (told.stage, told.modality, told.cue) == ("delivery", "denied", "denied")
    assert [word.meant[1] for word in seen.parties] == ["France", "Poland"]
    assert [word.meant[0] for word in seen.materiel] == ["armoured_vehicles"]
    assert ("denied", "before") in [word.meant[:2] for word in seen.cues]
    assert [word.meant for word in seen.dates] == [("2023-03-01", "2023-03-31")]
    assert [word.meant[:2] for word in seen.quantities] == [("10", "10")]


@pytest.mark.parametrize(
    ("text", "ended"), [("The council met about roads.", "no_arms"), ("The tank was full of water.", "no_trigger")]
)
def test_a_text_that_is_read_no_further_says_why(text, ended, small_lexicon):
    explanation = explain(Article(text, language="en", published=DAY), small_lexicon)
    assert (explanation.ended, explanation.sentences, explanation.events) == (ended, (), ())


TEXTS = [(language, text) for language, text, _trigger, _outcome in OUTCOMES]
STORY = """France sends tanks to Poland

PARIS - France will send ten tanks to Poland, the minister said. Poland denied it.

The package includes:
- five howitzers
- 200 shells

Both countries signed the deal in May. "We gave Poland nothing," a spokesman said on Monday."""


@pytest.mark.parametrize(("language", "text"), [*TEXTS, ("en", STORY), ("en", ""), ("id", "🙂 tank İstanbul")])
def test_the_explanation_is_of_the_reading_that_extract_makes(language, text, small_lexicon):
    article = Article(text, title=text.split("\n")[0], language=language, published=DAY)
    explanation = explain(article, small_lexicon)
    assert list(explanation.events) == extract(article, small_lexicon)
    assert explain(article, small_lexicon) == explanation
    for seen in explanation.sentences:
        words = [*seen.parties, *seen.materiel, *seen.cues, *seen.dates, *seen.quantities]
        for word in [*words, *(one.word for one in seen.triggers)]:
            assert text[word.start : word.end] == word.text
            assert seen.start <= word.start < word.end <= seen.end
    events = [event for seen in explanation.sentences for event in seen.events]
    told = [one for seen in explanation.sentences for one in seen.triggers if one.outcome == "told"]
    answered = [seen for seen in explanation.sentences if seen.answers]
    assert bool(events) == bool(told or answered) == bool(explanation.events)
