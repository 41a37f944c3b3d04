"""Which articles are read again, and that each is queued once."""

from io import StringIO

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from articles import reading
from articles.models import Article, Extraction
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def extract(*options: str) -> str:
    out = StringIO()
    call_command("extract", *options, stdout=out)
    return out.getvalue()


def queued() -> list[int]:
    return sorted(job.args["article_id"] for job in ProcrastinateJob.objects.all())


def read_by(extractor: str, lexicon: str | None = None) -> Article:
    article = make_article()
    lexicon = lexicon or reading.load_lexicon().hash
    Extraction.objects.create(article=article, extractor=extractor, lexicon=lexicon, seconds=0)
    return article


def test_stale_is_what_another_version_or_another_lexicon_read_last():
    stale = [read_by("rules 0.1"), read_by(reading.extractor(), "sha256-old"), make_article()]
    fresh = read_by(reading.extractor())
    Extraction.objects.create(article=stale[0], extractor="rules 0.2", lexicon="sha256-old", seconds=0)
    assert extract("--stale") == "3 articles are queued for reading.\n"
    assert queued() == [article.pk for article in stale]
    assert set(Article.objects.filter(reading="waiting")) == set(stale)
    fresh.refresh_from_db()
    assert fresh.reading == "read"


def test_what_is_queued_already_is_not_queued_again():
    read_by("rules 0.1")
    extract("--stale")
    assert extract("--stale") == "0 articles are queued for reading.\n"
    assert len(queued()) == 1


def test_a_withheld_article_is_left_alone():
    article = read_by("rules 0.1")
    Article.objects.filter(pk=article.pk).update(withheld_at="2024-01-01T00:00Z", withheld_reason="court order")
    assert extract("--stale") == extract("--all") == "0 articles are queued for reading.\n"


def test_one_article_is_read_at_once():
    article = make_article(text="Norway has sent ten howitzers to Peru, the ministry said on Tuesday.")
    assert extract("--article", str(article.pk)).endswith("1 events\n")
    assert article.extractions.count() == 1
    assert queued() == []
