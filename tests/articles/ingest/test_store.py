"""An article is stored once for each outlet, with its bytes."""

import hashlib
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from articles.ingest import UnreadableText, ingest
from articles.models import Article
from tests.factories import make_outlet

pytestmark = pytest.mark.django_db
TEXT = "Norway sent ten tanks to Peru, the ministry said."


def store(text=TEXT, **values):
    return ingest(text, **({"title": "Tanks", "language": "en", "published_on": date(2024, 3, 6)} | values))


def test_the_bytes_and_their_hash_are_kept():
    data = b"\xef\xbb\xbf" + TEXT.encode() + b"\r\n"
    article = store(TEXT, original=data).article
    assert bytes(article.original.data) == data
    assert article.original.sha256 == hashlib.sha256(data).hexdigest()
    assert article.text_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert article.reading == "waiting"


@pytest.mark.parametrize("known", [True, False])
def test_the_same_text_of_the_same_outlet_is_one_article(known):
    outlet = make_outlet() if known else None
    first, second = store(outlet=outlet), store(TEXT + "\r\n", outlet=outlet)
    assert (first.created, second.created) == (True, False)
    assert first.article == second.article
    assert Article.objects.count() == 1


def test_the_same_text_at_another_outlet_is_a_copy_of_the_first():
    first = store(outlet=make_outlet()).article
    second = store(outlet=make_outlet()).article
    third = store(outlet=make_outlet()).article
    assert (first.copy_of, second.copy_of, third.copy_of) == (None, first, first)


def test_another_text_at_the_same_address_supersedes_the_one_before():
    outlet, url = make_outlet(), "https://teluk.example/tanks"
    first = store(outlet=outlet, url=url).article
    second = store("Norway sent twelve tanks to Peru.", outlet=outlet, url=url).article
    assert second.supersedes == first


def test_a_text_that_is_too_large_is_refused(settings):
    settings.ARTICLE_MAX_BYTES = 1024 * 1024
    with pytest.raises(UnreadableText, match="larger than 1 MB"):
        store("x" * 1024 * 1025)


def test_the_text_never_changes_once_it_is_stored():
    store()
    with pytest.raises(DatabaseError), transaction.atomic():
        Article.objects.update(text="something else")
    assert Article.objects.get().text == TEXT
