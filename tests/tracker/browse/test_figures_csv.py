import re

import pytest
from django.test import RequestFactory
from django.urls import reverse

from tests.factories import make_article, make_outlet
from tracker.browse.figures_csv import figures_csv

ROWS = [["=1+1", -3, "a,b"], ["\u200b@sum", 0.5, 'said "no"'], ["Norway", 4, ""]]


def written(query: str) -> str:
    return figures_csv(RequestFactory().get(f"/{query}"), "flows", ["name", "n", "note"], ROWS).content.decode()


def test_values_stand_as_they_are():
    assert written("") == 'name,n,note\n=1+1,-3,"a,b"\n\u200b@sum,0.5,"said ""no"""\nNorway,4,\n'


def test_for_a_spreadsheet_texts_are_no_formulas_and_numbers_stay_numbers():
    assert (
        written("?for=spreadsheet") == '\ufeffname,n,note\n\'=1+1,-3,"a,b"\n\'\u200b@sum,0.5,"said ""no"""\nNorway,4,\n'
    )


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/flows/"])
def test_the_page_offers_both_files(analyst, page):
    make_article(outlet=make_outlet("=cmd"))
    links = re.findall(r'href="(/(?:dashboard|flows)/\w+\.csv\?[^"]*)"', analyst.get(page).content.decode())
    plain = [link.replace("&amp;", "&") for link in links if "for=spreadsheet" not in link]
    assert plain
    assert {f"{link}&for=spreadsheet" for link in plain} == {link.replace("&amp;", "&") for link in links} - set(plain)
    for link in plain:
        assert analyst.get(f"{link}&for=spreadsheet").content.decode().startswith("\ufeff")


@pytest.mark.django_db
def test_an_outlet_named_like_a_formula_is_guarded(analyst):
    make_article(outlet=make_outlet("=cmd"))
    address = reverse("chart_csv", args=["outlets"])
    assert "=cmd" in analyst.get(address).content.decode().splitlines()[1].split(",")
    assert "'=cmd" in analyst.get(address, {"for": "spreadsheet"}).content.decode().splitlines()[1].split(",")
