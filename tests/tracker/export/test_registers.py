"""Transfers as SIPRI and the UN Register would list them: what claims tell, and nothing that they do not."""

from datetime import date

import pytest

from tests.factories import make_actor, make_claim, make_transfer
from tests.tracker.export.taken import checked, file, of_csv, of_json
from tracker.models import CategoryCrosswalk, Materiel

pytestmark = pytest.mark.django_db
# The head of SIPRI's current export.
SIPRI = (
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
    "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,Delivery year is estimate,"
    "Status,SIPRI estimate,TIV deal unit,TIV delivery values,Local production"
)


@pytest.fixture
def deal():
    """A howitzer that was ordered in 2022, and delivered since; parts of it are denied."""
    howitzer = Materiel.objects.create(
        key="m777", kind="designation", category="artillery", name_en="M777", name_id="M777", sort_key="m777",
        sipri="Artillery", unroca="III",
    )  # fmt: skip
    transfer = make_transfer()
    common = {"materiel": howitzer, "category": "artillery"}
    year = {"date_from": date(2022, 1, 1), "date_to": date(2022, 12, 31)}
    exact = {"quantity_min": 12, "quantity_max": 12, "quantity_qualifier": "exact", "quantity_unit": "gun"}
    make_claim(transfer, stage="order", **common, **year, **exact)
    make_claim(
        transfer, stage="delivery", modality="alleged", quantity_min=8, quantity_max=10,
        intermediary=make_actor("CL", "Chile"), date_from=date(2023, 11, 1), date_to=date(2024, 1, 31), **common,
    )  # fmt: skip
    make_claim(
        transfer, stage="delivery", modality="denied", date_from=date(1999, 1, 1), date_to=date(1999, 1, 1), **common
    )
    make_claim(transfer, stage="delivery", modality="planned", quantity_min=999, quantity_max=999, **common)
    make_claim(transfer, stage="delivery", state="retracted", quantity_min=1, quantity_max=1, **common)
    return transfer


def test_the_head_begins_as_the_register_s(deal):
    assert (
        file("sipri")
        .decode()
        .startswith(f"{SIPRI},Number ordered,Number ordered is estimate,Transfer,Stage,Comments\n")
    )


def test_a_deal_in_sipri_s_columns(deal):
    (row,) = of_csv(file("sipri"))
    assert row == dict.fromkeys(row, "") | {
        "Supplier": "Norway",
        "Recipient": "Peru",
        "Designation": "M777",
        "Description": "artillery",
        "Armament category": "Artillery",
        "Order date": "2022",
        "Numbers delivered": "8",
        "Numbers delivered is estimate": "?",
        "Delivery year": "2023-2024",
        "Delivery year is estimate": "?",
        "Local production": "false",
        "Number ordered": "12",
        "Transfer": deal.public_id,
        "Stage": "delivery",
        "Comments": "contested; claims that support it: 3; that deny it: 1; counted in: gun",
    }


def test_a_deal_in_the_categories_of_the_un_register(deal):
    (row,) = of_csv(file("unroca"))
    assert row == dict.fromkeys(row, "") | {
        "Exporting state": "Norway",
        "Importing state": "Peru",
        "Category": "III",
        "Category name": "Large-calibre artillery systems",
        "Calendar year": "2023-2024",
        "Calendar year is estimate": "?",
        "Number of items": "8",
        "Number of items is estimate": "?",
        "Intermediate location": "Chile",
        "Description": "M777",
        "Transfer": deal.public_id,
        "Stage": "delivery",
        "Comments": "contested; claims that support it: 3; that deny it: 1; counted in: gun",
    }


def test_what_is_only_talked_about_has_neither_year_nor_number():
    make_claim(
        make_transfer(), stage="talks", quantity_min=5, quantity_max=5,
        date_from=date(2024, 1, 1), date_to=date(2024, 1, 1),
    )  # fmt: skip
    (row,) = of_json(file("sipri", "jsonl"))
    known = {"Supplier", "Recipient", "Description", "Local production", "Transfer", "Stage", "Comments"}
    assert {name for name, value in row.items() if value is not None} == known


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "number", "doubt"),
    [
        (5, 5, "exact", "5", ""),
        (5, 5, "about", "5", "?"),
        (5, None, "at_least", "5", "?"),
        (None, 5, "up_to", "", "?"),
        (None, None, "", "", ""),
    ],
)
def test_a_number_that_is_not_certain_is_marked(low, high, qualifier, number, doubt):
    make_claim(make_transfer(), stage="use", quantity_min=low, quantity_max=high, quantity_qualifier=qualifier)
    (row,) = of_csv(file("sipri"))
    assert (row["Numbers delivered"], row["Numbers delivered is estimate"]) == (number, doubt)


def test_what_a_register_leaves_out_has_no_category():
    CategoryCrosswalk.objects.create(category="ammunition", position=1, sipri="", unroca="")
    make_claim(make_transfer(), category="ammunition", stage="production")
    (sipri,), (unroca,) = of_csv(file("sipri")), of_csv(file("unroca"))
    assert (sipri["Armament category"], unroca["Category"], unroca["Category name"]) == ("", "", "")
    assert sipri["Local production"] == "true"


@pytest.mark.parametrize("name", ["sipri", "unroca"])
def test_filters_forms_and_times_are_those_of_transfers(deal, name):
    make_claim(make_transfer(supplier=make_actor("CL", "Chile")))
    assert len(of_csv(file(name, query="stage=delivery"))) == 1
    assert of_csv(file(name, query="as_of=2020-01-01")) == []
    _described, rows = checked(file(name, "zip"))
    assert len(rows[name]) == 2
