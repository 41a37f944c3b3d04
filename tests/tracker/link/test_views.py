"""Merging, bringing back and linking over HTTP, without JavaScript."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_actor, make_claim, make_transfer, make_user
from tests.tracker.link.together import exported
from tracker.models import Actor, Claim, Decision, NotSame, Transfer

pytestmark = pytest.mark.django_db


def signed_in(client, role):
    client.force_login(make_user(role, username=f"the-{role}"), "tracker.account.backends.RoleBackend")
    return client


@pytest.fixture
def desk(client):
    return signed_in(client, "reviewer")


@pytest.fixture
def office(client):
    return signed_in(client, "admin")


@pytest.fixture
def pair():
    rows = make_transfer(), make_transfer()
    make_claim(rows[0], stage="order", quantity_min=10, quantity_max=10)
    make_claim(rows[1], stage="delivery", quantity_min=12, quantity_max=12)
    return rows


def fields(page: str, action: str) -> dict[str, str]:
    """What the form to `action` would send as it stands."""
    forms = re.findall(r"<form\b[^>]*>.*?</form>", page, re.S)
    form = next(one for one in forms if 'method="post"' in one and f'action="{action}"' in one.split(">")[0])
    sent = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        values = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if values.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        if "name" in values:
            sent[values["name"]] = values.get("value", "on")
    versions = re.findall(r'name="(version-\d+)" value="(\d+)"', form)
    return {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"} | dict(versions)


def merge_address(one, other=None):
    return reverse("transfer_merge", args=[one.public_id]) + (f"?with={other.public_id}" if other else "")


def test_from_the_page_of_a_transfer_to_the_merge_and_back_by_its_links_alone(desk, pair):
    one, two = pair
    before = exported()
    page = desk.get(two.get_absolute_url()).content.decode()
    assert merge_address(two) in page
    page = desk.get(merge_address(two)).content.decode()
    assert f"?with={one.public_id}" in page
    assert '<li class="agree">pair</li>' in page
    page = desk.get(merge_address(two, one)).content.decode()
    for value in ("10", "12", "10–12", "delivery", "differ"):
        assert value in page
    answer = desk.post(merge_address(two), fields(page, merge_address(two)))
    assert answer.url == one.get_absolute_url()
    page = desk.get(answer.url).content.decode()
    assert f"{two} is merged into {one}." in page
    assert reverse("transfer_unmerge", args=[two.public_id]) in page
    answer = desk.get(two.get_absolute_url())
    assert (answer.status_code, answer.url) == (302, one.get_absolute_url())
    assert f"{two} was merged into {one}." in desk.get(answer.url).content.decode()
    unmerge = reverse("transfer_unmerge", args=[two.public_id])
    page = desk.get(unmerge).content.decode()
    assert f"{two} then" in page
    answer = desk.post(unmerge, fields(page, unmerge))
    assert answer.url == two.get_absolute_url()
    assert desk.get(answer.url).status_code == 200
    assert exported() == before


def test_the_other_number_may_stay(desk, pair):
    one, two = pair
    sent = fields(desk.get(merge_address(one, two)).content.decode(), merge_address(one))
    answer = desk.post(merge_address(one), sent | {"keep": two.public_id})
    assert answer.url == two.get_absolute_url()
    one.refresh_from_db()
    assert one.merged_into == two


def test_sending_a_merge_twice_merges_once(desk, pair):
    one, two = pair
    sent = fields(desk.get(merge_address(two, one)).content.decode(), merge_address(two))
    assert [desk.post(merge_address(two), sent).url for _ in range(2)] == [one.get_absolute_url()] * 2
    assert Decision.objects.count() == 1


def test_what_somebody_else_merged_meanwhile_is_a_conflict(desk, pair):
    one, two = pair
    sent = fields(desk.get(merge_address(two, one)).content.decode(), merge_address(two))
    Transfer.objects.filter(pk=two.pk).update(version=5)
    answer = desk.post(merge_address(two), sent)
    assert answer.status_code == 409
    assert "Somebody has changed one of them" in answer.content.decode()
    assert f'name="version-{two.pk}" value="5"' in answer.content.decode()
    assert not Decision.objects.exists()


def test_other_parties_are_said_and_may_be_merged_all_the_same(desk, pair):
    third = make_transfer(supplier=make_actor("NO"), recipient=make_actor("CL", "Chile"))
    make_claim(third)
    page = desk.get(merge_address(pair[0]), {"q": "chile"}).content.decode()
    assert f"?with={third.public_id}" in page
    page = desk.get(merge_address(pair[0], third)).content.decode()
    assert "Their parties differ" in page
    assert desk.post(merge_address(pair[0]), fields(page, merge_address(pair[0]))).status_code == 302


@pytest.mark.parametrize("words", ["T-999999", "nobody at all", "%", "\0nobody"])
def test_a_search_that_finds_nothing_says_so(desk, pair, words):
    assert "No other transfer fits." in desk.get(merge_address(pair[0]), {"q": words}).content.decode()


@pytest.mark.parametrize("other", ["", "T-999999", "itself"])
def test_a_merge_with_nothing_or_itself_is_refused(desk, pair, other):
    one = pair[0]
    sent = {"other": one.public_id if other == "itself" else other, "key": uuid4(), f"version-{one.pk}": 1}
    answer = desk.post(merge_address(one), sent)
    assert answer.status_code == 422
    assert "Choose another transfer." in answer.content.decode()
    assert not Decision.objects.exists()


def test_two_that_are_not_the_same_are_suggested_no_more_until_it_is_taken_back(desk, pair):
    one, two = pair
    address = reverse("transfer_not_same", args=[two.public_id])
    page = desk.get(merge_address(two)).content.decode()
    desk.post(address, fields(page, address) | {"other": one.public_id})
    said = NotSame.objects.get()
    assert (said.transfer, said.other) == (one, two)
    page = desk.get(merge_address(two)).content.decode()
    assert f"?with={one.public_id}" not in page
    assert "the-reviewer" in page
    page = desk.get(merge_address(two, one)).content.decode()
    assert "the-reviewer has said that they are not the same" in page
    sent = fields(page, merge_address(two))
    answer = desk.post(merge_address(two), sent)
    assert answer.status_code == 422
    assert "the-reviewer has said" in answer.content.decode()
    back = reverse("not_same_take_back", args=[said.pk])
    desk.post(back, fields(desk.get(merge_address(two)).content.decode(), back))
    assert f"?with={one.public_id}" in desk.get(merge_address(two)).content.decode()
    desk.post(address, {"other": one.public_id, "key": uuid4()})
    answer = desk.post(merge_address(two), sent | {"despite": "on", "key": uuid4()})
    assert answer.status_code == 302
    assert not NotSame.objects.filter(withdrawn=False).exists()


def test_the_pages_cost_the_same_for_any_number_of_claims(desk, pair, django_assert_num_queries):
    one, two = pair
    numbers = {merge_address(two): 7, merge_address(two, one): 12}
    for _ in range(2):
        for address, number in numbers.items():
            desk.get(address)
            with django_assert_num_queries(number):
                desk.get(address)
        for row in pair:
            make_claim(row)


def test_a_merge_takes_at_most_25_queries_however_many_claims_move(desk, pair, django_assert_max_num_queries):
    one, two = pair
    for _ in range(5):
        make_claim(two)
    sent = fields(desk.get(merge_address(two, one)).content.decode(), merge_address(two))
    with django_assert_max_num_queries(25):
        assert desk.post(merge_address(two), sent).status_code == 302


# Claims ticked in the list


def ticks(page: str) -> list[str]:
    return re.findall(r'name="claim" value="([\d.]+)"', page)


def test_the_list_has_ticks_for_reviewers_and_links_what_is_ticked(desk, pair):
    one, _two = pair
    claims = [make_claim(), make_claim()]
    page = desk.get(reverse("claim_list"), {"linked": "no"}).content.decode()
    assert sorted(ticks(page)) == sorted(f"{claim.pk}.1" for claim in claims)
    assert 'form="ticked"' in page
    address = reverse("claims_link")
    page = desk.get(address, {"claim": ticks(page)}).content.decode()
    assert "Link 2 claims" in page
    sent = fields(page, address) | {"claim": ticks(page), "transfer": one.public_id}
    answer = desk.post(address, sent)
    assert answer.url == one.get_absolute_url()
    assert "2 claims are linked to" in desk.get(answer.url).content.decode()
    assert desk.post(address, sent).url == one.get_absolute_url()
    assert one.claims.count() == 3
    assert Decision.objects.count() == 1


def test_the_list_has_no_ticks_for_analysts(client, pair):
    assert ticks(signed_in(client, "analyst").get(reverse("claim_list")).content.decode()) == []


def test_ticked_claims_become_a_new_transfer_or_one_by_its_number(desk, pair):
    one, two = pair
    for to in ({"transfer": "new"}, {"number": str(two.pk)}, {"number": two.public_id, "transfer": one.public_id}):
        claim = make_claim()
        answer = desk.post(reverse("claims_link"), {"claim": f"{claim.pk}.1", "key": uuid4()} | to)
        claim.refresh_from_db()
        assert answer.url == claim.transfer.get_absolute_url()
        assert (claim.transfer == two) == ("number" in to)


def test_which_rows_differ_is_shown_and_what_was_chosen_stays(desk, pair):
    stranger = make_claim(recipient=make_actor("CL", "Chile"))
    claims = [make_claim(), make_claim(), stranger]
    address = reverse("claims_link")
    ticked = [f"{claim.pk}.1" for claim in claims]
    page = desk.get(address, {"claim": ticked}).content.decode()
    assert "1 claim is between other parties" in page
    assert re.search(rf'value="{stranger.pk}\.1"[^>]*>', page)
    assert not re.search(rf'value="{stranger.pk}\.1"[^>]* checked', page)
    answer = desk.post(address, {"claim": ticked, "key": uuid4(), "transfer": pair[0].public_id})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"These claims are between other parties: {stranger.pk}." in page
    assert re.search(rf'value="{pair[0].public_id}"[^>]* checked', page)
    assert not Claim.objects.filter(pk__in=[claim.pk for claim in claims], transfer__isnull=False).exists()


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({}, 422, "Choose the transfer to link to"),
        ({"transfer": "T-999999"}, 422, "Choose the transfer to link to"),
        ({"transfer": "new", "claim": []}, 422, "not there any more"),
        ({"transfer": "new", "claim": ["x", "1", "1.x"]}, 422, "not there any more"),
        ({"transfer": "new", "claim": "older"}, 409, "was changed in the meantime"),
    ],
)
def test_what_cannot_be_linked_is_said(desk, sent, status, words):
    claim = make_claim()
    ticked = {"claim": [f"{claim.pk}.1"], "key": uuid4()} | sent
    if sent.get("claim") == "older":
        ticked["claim"] = [f"{claim.pk}.7"]
    answer = desk.post(reverse("claims_link"), ticked)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Decision.objects.exists()


def test_nothing_ticked_says_what_to_do(desk):
    assert "No claim is ticked" in desk.get(reverse("claims_link")).content.decode()


# Actors


@pytest.fixture
def twins():
    rows = make_actor("fjord-arms", "Fjord Arms", kind="company"), make_actor("fjord", "Fjord Armaments")
    for row in rows:
        make_claim(make_transfer(supplier=row), supplier=row)
    return rows


def test_an_actor_is_merged_and_brought_back_by_links_alone(office, twins):
    one, two = twins
    before = exported()
    address = reverse("actor_merge", args=[two.pk])
    assert address in office.get(two.get_absolute_url()).content.decode()
    page = office.get(address, {"q": "fjord arms"}).content.decode()
    assert f"?with={one.pk}" in page
    page = office.get(address, {"with": one.pk}).content.decode()
    assert "Merge Fjord Armaments into Fjord Arms?" in page
    sent = fields(page, address)
    assert [office.post(address, sent).url for _ in range(2)] == [one.get_absolute_url()] * 2
    answer = office.get(two.get_absolute_url())
    assert (answer.status_code, answer.url) == (302, one.get_absolute_url())
    page = office.get(answer.url).content.decode()
    assert "Fjord Armaments was merged into Fjord Arms." in page
    back = reverse("actor_unmerge", args=[two.pk])
    assert back in page
    assert office.post(back, fields(office.get(back).content.decode(), back)).url == two.get_absolute_url()
    assert exported() == before


def test_a_reviewer_sees_no_way_to_merge_actors(desk, twins):
    assert "/merge/" not in desk.get(twins[0].get_absolute_url()).content.decode()


def test_an_actor_merge_that_cannot_be_is_said(office, twins):
    one, two = twins
    address = reverse("actor_merge", args=[two.pk])
    answer = office.post(address, {"other": two.pk, "version": 1, "key": uuid4()})
    assert (answer.status_code, "Choose another actor." in answer.content.decode()) == (422, True)
    answer = office.post(address, {"other": one.pk, "version": 7, "key": uuid4()})
    assert (answer.status_code, "Somebody has changed" in answer.content.decode()) == (409, True)
    assert not Actor.objects.filter(merged_into__isnull=False).exists()
