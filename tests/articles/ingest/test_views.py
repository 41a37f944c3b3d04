"""Imports over HTTP: look first, then store."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import Article
from tests.factories import make_article, make_event, make_outlet, make_user

pytestmark = pytest.mark.django_db
TEXT = "Peru takes ten tanks from Norway\n\nThe government of Peru has received ten tanks, it said on March 6, 2024."


@pytest.fixture
def desk(client):
    client.force_login(make_user(), "tracker.account.backends.RoleBackend")
    return client


def file(data: bytes, name: str = "a.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "text/plain")


def shown(answer) -> list[dict]:
    """What the preview proposes to store."""
    return [form.initial for form in answer.context["forms"].initial_forms]


def store(desk, *articles: dict, **changes):
    sent = {"form-TOTAL_FORMS": len(articles), "form-INITIAL_FORMS": len(articles)}
    for number, article in enumerate(articles):
        values = {name: "" if value is None else value for name, value in (article | changes).items()}
        sent |= {f"form-{number}-{name}": value for name, value in values.items()}
    return desk.post(reverse("import_store"), sent)


def test_a_preview_stores_nothing(desk):
    (article,) = shown(desk.post(reverse("import_preview"), {"text": TEXT}))
    assert (article["title"], article["language"]) == ("Peru takes ten tanks from Norway", "en")
    assert not Article.objects.exists()


def test_what_was_corrected_is_what_is_stored(desk):
    outlet = make_outlet("Cakrawala Andes")
    (article,) = shown(desk.post(reverse("import_preview"), {"text": TEXT}))
    answer = store(desk, article, title="Ten tanks", outlet="cakrawala andes", published_on="2024-03-07")
    stored = Article.objects.get()
    assert answer.url == stored.get_absolute_url()
    assert (stored.title, stored.outlet, str(stored.published_on)) == ("Ten tanks", outlet, "2024-03-07")


def test_the_bytes_of_a_file_are_kept_as_they_were_sent(desk):
    data = ("\ufeff" + TEXT.replace("\n", "\r\n")).encode("utf-16")
    (article,) = shown(desk.post(reverse("import_preview"), {"uploads": [file(data)]}))
    store(desk, article)
    stored = Article.objects.get()
    assert stored.text == TEXT
    assert bytes(stored.original.data) == data


def test_one_bad_file_stops_no_other(desk):
    answer = desk.post(reverse("import_preview"), {"uploads": [file(b"\x89PNG\x00", "map.png"), file(TEXT.encode())]})
    assert len(shown(answer)) == 1
    assert "map.png: This is not a text file." in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Paste the text of an article, or choose a file."),
        ({"text": "  \n "}, "Paste the text of an article, or choose a file."),
        ({"text": "a\x00b"}, "Null characters are not allowed."),
        ({"text": "a\x07b"}, "control character"),
        ({"text": TEXT, "url": "not an address"}, "Enter a valid URL."),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_pasted_stays(desk, sent, message):
    answer = desk.post(reverse("import_preview"), sent)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_a_file_that_cannot_be_read_is_named(desk):
    answer = desk.post(reverse("import_preview"), {"uploads": [file(b"", "empty.txt")]})
    assert answer.status_code == 422
    assert "empty" in answer.content.decode()


def test_an_unknown_outlet_is_said_before_anything_is_stored(desk):
    (article,) = shown(desk.post(reverse("import_preview"), {"text": TEXT}))
    answer = store(desk, article, outlet="Nowhere Times")
    assert answer.status_code == 422
    assert "No outlet is called “Nowhere Times”" in answer.content.decode()
    assert not Article.objects.exists()


def test_the_same_text_again_is_said_and_leads_to_the_article(desk):
    article = make_article(text=TEXT, outlet=None)
    (again,) = shown(desk.post(reverse("import_preview"), {"text": TEXT}))
    answer = desk.post(store(desk, again).url, follow=True)
    assert Article.objects.count() == 1
    page = desk.get(reverse("import_list")).content.decode()
    assert "This text is already here" in page or "This text is already here" in answer.content.decode()
    assert article.get_absolute_url() in page


def test_progress_is_shown_until_every_article_is_read(desk):
    make_article(reading="waiting", title="Still waiting")
    page = desk.get(reverse("import_list"), headers={"hx-request": "true"}).content.decode()
    assert "every 1s" in page
    assert "Still waiting" in page
    assert "<html" not in page
    Article.objects.update(reading="failed", reading_error="ValueError: no")
    page = desk.get(reverse("import_list"), headers={"hx-request": "true"}).content.decode()
    assert "every 1s" not in page
    assert "ValueError: no" in page


def test_only_the_events_of_the_newest_reading_are_counted(desk):
    article = make_article()
    make_event(article), make_event(article)
    make_event(article, extraction=make_event(article).extraction)
    assert "2 events" in desk.get(reverse("import_list")).content.decode()


def test_the_list_takes_a_fixed_number_of_queries(desk, django_assert_num_queries):
    make_article()
    with django_assert_num_queries(5):
        desk.get(reverse("import_list"))
    for number in range(3):
        make_article(text=f"Another text, number {number}.")
    with django_assert_num_queries(5):
        desk.get(reverse("import_list"))
