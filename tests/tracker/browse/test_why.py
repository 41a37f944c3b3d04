"""Why the machine read, or missed, what an article tells: the page of the reviewers."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.codes import Modality
from articles.extract.explain import OTHER_TRIGGER, PSEUDO, REPEATED, TOLD
from articles.extract.languages import languages
from articles.extract.scopes import cue_forms
from articles.extract.trace import Why
from articles.models import Extraction
from articles.reading import read
from tests.factories import make_article
from tracker.browse import why
from tracker.browse.views.why import PART, _cuts

pytestmark = pytest.mark.django_db
ENGLISH = "Norway will deliver ten tanks to Peru in May 2024, a minister said. Somebody bought rifles. It rained."
INDONESIAN = "Norwegia mengirimkan sepuluh tank ke Peru. Kedua pihak menyepakati gencatan senjata."


def look(client, article, **query):
    return client.get(reverse("article_why", args=[article.pk]), query)


def test_each_sentence_stands_beside_what_was_seen_in_it(reviewer):
    answer = look(reviewer, make_article(ENGLISH))
    first, second, third = answer.context["rows"]
    (tried,) = first.tried
    assert tried.told
    assert [(str(label), words) for label, words in tried.roles] == [
        ("supplier", "Norway"),
        ("recipient", "Peru"),
        ("materiel", "tanks"),
    ]
    seen = {str(label): words for label, words in first.seen}
    assert seen["parties"] == ["“Norway”", "“Peru”"]
    assert seen["dates"] == ["“in May 2024”: 1 May 2024 – 31 May 2024"]
    assert seen["quantities"][0].startswith("“ten")
    assert any("planned" in cue for cue in seen["cues"])
    (missed,) = second.tried
    assert (missed.told, missed.outcome) == (False, why.OUTCOMES[Why.NO_PARTIES])
    assert third.empty
    page = answer.content.decode()
    assert "no event: neither supplier nor recipient was found" in page
    assert "nothing seen" in page
    assert "not found" in page


def test_an_indonesian_text_and_a_reader_of_indonesian(sign_in):
    reviewer = sign_in("reviewer", language="id")
    rows = look(reviewer, make_article(INDONESIAN, language="id")).context["rows"]
    assert [one.told for one in rows[0].tried] == [True]
    assert {one.text: one.outcome for one in rows[1].tried}["gencatan senjata"] == why.OUTCOMES[PSEUDO]


@pytest.mark.parametrize(("text", "why_not"), [("It rained.", Why.NO_ARMS), ("A tank was full.", Why.NO_TRIGGER)])
def test_a_text_that_is_read_no_further_is_shown_with_the_reason(reviewer, text, why_not):
    page = look(reviewer, make_article(text)).content.decode()
    assert str(why.ENDED[why_not]) in page
    assert text in page


def test_what_another_lexicon_has_read_is_said(reviewer):
    article = make_article(ENGLISH)
    read(article)
    assert "Here is what the rules of today see." not in look(reviewer, article).content.decode()
    Extraction.objects.create(article=article, extractor="rules 0.1", lexicon="sha256-0", seconds=0.1)
    assert "were read by rules 0.1" in look(reviewer, article).content.decode()


def test_a_text_is_shown_escaped(reviewer):
    page = look(reviewer, make_article("Norway delivered <b>ten tanks</b> to Peru.")).content.decode()
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_a_very_long_text_comes_in_parts(reviewer):
    text = "\n".join(f"Norway delivered {number} tanks to Peru in the year {number}." for number in range(1, 2500))
    article = make_article(text)
    cuts = _cuts(text)
    assert (cuts[0], cuts[-1], max(b - a for a, b in zip(cuts, cuts[1:], strict=False)) <= PART) == (0, len(text), True)
    assert all(text[cut - 1] == "\n" for cut in cuts[1:-1])
    first, last = look(reviewer, article), look(reviewer, article, part=str(len(cuts) - 1))
    assert "part 1 of" in first.content.decode()
    assert last.context["rows"][-1].tried[0].told
    for part in ("0", str(len(cuts)), "x", "-1", "9" * 20):
        assert look(reviewer, article, part=part).status_code == 404


def test_a_line_without_end_is_cut_all_the_same():
    text = "x" * (3 * PART + 5)
    assert _cuts(text) == [0, PART, 2 * PART, 3 * PART, len(text)]


def test_what_was_taken_down_is_not_explained(reviewer):
    article = make_article(ENGLISH, withheld_at=timezone.now(), withheld_reason="an order")
    assert look(reviewer, article).status_code == 404


def test_an_analyst_may_not(analyst):
    assert look(analyst, make_article(ENGLISH)).status_code == 403


def test_the_page_of_an_article_leads_here(reviewer, analyst):
    article = make_article(ENGLISH)
    address = reverse("article_why", args=[article.pk])
    assert address in reviewer.get(article.get_absolute_url()).content.decode()
    assert address not in analyst.get(article.get_absolute_url()).content.decode()


def test_it_costs_the_same_for_any_text(reviewer, django_assert_num_queries):
    short, long = make_article(ENGLISH), make_article(ENGLISH * 40)
    look(reviewer, short)
    for article in (short, long):
        with django_assert_num_queries(8):
            look(reviewer, article)


def test_every_outcome_has_words():
    ends = {Why.NO_ARMS, Why.NO_TRIGGER}
    assert set(why.OUTCOMES) == ({*Why} - ends) | {TOLD, REPEATED, OTHER_TRIGGER, PSEUDO}
    assert set(why.ENDED) == ends


def test_every_cue_of_every_language_has_words():
    cues = [cue for language in languages().values() for _form, cue in cue_forms(language) if cue.direction]
    assert {cue.value for cue in cues} <= set(why.CUES) | set(Modality.values)
    assert {cue.direction for cue in cues} <= set(why.REACH)
