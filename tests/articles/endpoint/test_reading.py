"""The setting chooses who reads: the rules, and then nothing of the endpoint is loaded or asked, or the model."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from articles import reading
from articles.endpoint import EndpointError
from articles.models import ExtractedEvent
from tests.articles.endpoint.stub import KEY, sending
from tests.factories import make_article

TEXT = "Norway has sent ten howitzers to Peru, the defence ministry of Peru said on Tuesday."
GUNS = {
    "evidence": [TEXT],
    "supplier": "Norway",
    "recipient": "Peru",
    "materiel": [{"text": "howitzers", "category": "artillery"}],
    "quantity": "ten",
    "stage": "shipment",
    "stage_text": "has sent",
    "modality": "alleged",
}


@pytest.fixture
def article(db):
    return make_article(text=TEXT, reading="waiting")


@pytest.fixture
def asking_the_stub(settings, stub):
    """The settings of an installation that reads with a model."""
    settings.EXTRACTOR = "llm"
    settings.LLM_URL, settings.LLM_MODEL, settings.LLM_KEY, settings.LLM_TIMEOUT = stub.url, "small-7b", KEY, 5
    settings.LLM_PRICE_IN, settings.LLM_PRICE_OUT = 1.0, 6.0
    return stub


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("EXTRACTOR", "LLM_"))}
    return subprocess.run([sys.executable, "-c", code], env=clean | environment, capture_output=True, text=True)


def test_without_the_setting_nothing_of_the_endpoint_is_loaded():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tracker.settings'; import django; django.setup()\n"
        "import articles.reading, tracker.urls; articles.reading.extractor()\n"
        "print(sorted({'httpx', 'pydantic', 'articles.endpoint'} & set(sys.modules)))"
    )
    ran = python(code)
    assert (ran.stdout.strip(), ran.returncode) == ("[]", 0), ran.stderr


def test_without_the_setting_nobody_is_asked(article, stub, settings):
    settings.LLM_URL, settings.LLM_MODEL = stub.url, "small-7b"
    assert reading.read(article).extractor == reading.EXTRACTOR
    assert stub.asked == []


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"EXTRACTOR": "magic"}, "EXTRACTOR must be rules or llm"),
        ({"EXTRACTOR": "llm"}, "needs LLM_URL and LLM_MODEL"),
        ({"LLM_TIMEOUT": "long"}, "LLM_TIMEOUT must be a number"),
    ],
)
def test_settings_that_make_no_sense_are_told_at_the_start(environment, words):
    ran = python("import tracker.settings", **environment)
    assert ran.returncode != 0
    assert words in ran.stderr


def test_what_the_model_tells_is_stored_with_its_name_cost_and_disagreement(article, asking_the_stub):
    asking_the_stub.will_tell(GUNS)
    extraction = reading.read(article)
    assert extraction.extractor == "llm small-7b prompt-1"
    event = extraction.events.get()
    assert (event.supplier_code, event.recipient_code, event.quantity_min) == ("NO", "PE", 10)
    assert [TEXT[start:end] for start, end in event.spans["stage"]] == ["has sent"]
    assert event.reasons[0].startswith("endpoint: 812 tokens in, 240 out, ")
    assert event.reasons[0].endswith(" s, 0.0023 USD")
    assert "modality: model says alleged, rules say asserted" in event.reasons
    article.refresh_from_db()
    assert article.reading == "read"


def test_a_failure_is_kept_on_the_article_in_plain_words_without_the_key(article, asking_the_stub):
    asking_the_stub.will(sending(KEY.encode(), 403))
    with pytest.raises(EndpointError, match="refused the key"):
        reading.read_article(article_id=article.pk)
    article.refresh_from_db()
    host = asking_the_stub.url.split("/")[2]
    assert article.reading == "failed"
    assert article.reading_error == (f"BadStatus: The endpoint {host} refused the key or the model (HTTP status 403).")
    assert not ExtractedEvent.objects.exists()


def test_an_article_that_this_model_has_read_is_not_stale(article, asking_the_stub, capsys):
    asking_the_stub.will_tell(GUNS)
    reading.read(article)
    call_command("extract", "--stale")
    assert capsys.readouterr().out == "0 articles are queued for reading.\n"
    article.refresh_from_db()
    assert article.reading == "read"


def test_the_command_says_what_went_wrong_in_the_words_of_the_endpoint(article, settings):
    settings.EXTRACTOR = "llm"
    settings.LLM_URL, settings.LLM_MODEL = "http://127.0.0.1:9/v1", "small-7b"
    with pytest.raises(CommandError, match="127.0.0.1:9"):
        call_command("extract", "--article", str(article.pk))
    assert not article.extractions.exists()
