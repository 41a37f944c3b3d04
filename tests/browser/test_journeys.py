"""What people come to do: sign in, paste an article, filter a list, carry off the CSV."""

import csv

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from tests.factories import make_actor, make_claim, make_transfer, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_signing_in_and_out(watched: Page, live_server):
    make_user("analyst", username="dewi")
    watched.goto(f"{live_server.url}/transfers/")
    watched.get_by_label("Username").fill("dewi")
    watched.get_by_label("Password").fill("wrong")
    watched.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(watched.get_by_text("Please enter a correct username and password")).to_be_visible()
    watched.get_by_label("Password").fill("secret")
    watched.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(watched).to_have_url(f"{live_server.url}/transfers/")
    watched.get_by_label("Account").first.click()
    watched.get_by_role("button", name="Sign out").click()
    expect(watched.get_by_role("heading", name="Sign in")).to_be_visible()


def test_pasting_an_article_shows_what_was_recognised_before_it_is_stored(watched: Page, sign_in, live_server):
    sign_in("reviewer")
    watched.goto(f"{live_server.url}/imports/")
    text = (
        "Peru takes ten tanks from Norway\n\nThe government of Peru has received ten tanks, it said on March 6, 2024."
    )
    watched.get_by_label("Text of the article").fill(text)
    watched.get_by_role("button", name="Preview").click()
    expect(watched.get_by_label("Title")).to_have_value("Peru takes ten tanks from Norway")
    expect(watched.get_by_label("Published on")).to_have_value("2024-03-06")
    assert not Article.objects.exists()
    watched.get_by_label("Title").fill("Ten tanks for Peru")
    watched.get_by_role("button", name="Store and read").click()
    expect(watched.get_by_role("heading", name="Ten tanks for Peru").first).to_be_visible()
    assert Article.objects.get().title == "Ten tanks for Peru"


def test_a_filtered_list_has_an_address_and_its_csv_holds_the_same_rows(watched: Page, sign_in, live_server, tmp_path):
    for code in ("PE", "CL"):
        make_claim(make_transfer(supplier=make_actor("NO", "Norway"), recipient=make_actor(code, code)))
    sign_in("analyst")
    watched.goto(f"{live_server.url}/transfers/?recipient=PE")
    rows = watched.locator("table.rows tbody tr")
    expect(rows).to_have_count(1)
    with watched.expect_download() as download:
        watched.locator("summary", has_text="CSV").click()
        watched.get_by_role("link", name="CSV", exact=True).first.click()
    path = tmp_path / "transfers.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["recipient_code"] for row in csv.DictReader(file)] == ["PE"]


def test_the_language_switch_keeps_the_page(watched: Page, sign_in, live_server):
    sign_in("analyst")
    watched.goto(f"{live_server.url}/transfers/?q=x")
    watched.get_by_role("button", name="Bahasa Indonesia").click()
    expect(watched.locator("html")).to_have_attribute("lang", "id")
    expect(watched).to_have_url(f"{live_server.url}/transfers/?q=x")


@pytest.mark.parametrize("address", ["/transfers/", "/claims/"])
def test_on_a_phone_an_entry_is_headed_by_its_two_parties(watched: Page, sign_in, live_server, address):
    make_claim(make_transfer(supplier=make_actor("NO", "Norway"), recipient=make_actor("PE", "Peru")))
    sign_in("analyst")
    watched.set_viewport_size({"width": 390, "height": 800})
    watched.goto(live_server.url + address)
    entry = watched.locator("table.rows tbody tr")
    supplier, recipient, number = (entry.locator(cell).bounding_box() for cell in (".from a", ".to a", ".lead a"))
    assert abs(supplier["y"] - recipient["y"]) < 2
    assert supplier["x"] < recipient["x"]
    assert number["y"] > supplier["y"] + supplier["height"] / 2
