"""What a request leaves behind in its thread: nothing."""

from django.utils import timezone, translation

from tests.factories import make_user


def test_language_and_time_zone_of_a_reader_end_with_the_answer(client, db):
    client.force_login(make_user("analyst", language="id", time_zone="Asia/Jakarta"))
    before = translation.get_language(), timezone.get_current_timezone_name()
    response = client.get("/account/")
    assert response.headers["Content-Language"] == "id"
    assert "Akun" in response.text
    assert (translation.get_language(), timezone.get_current_timezone_name()) == before
