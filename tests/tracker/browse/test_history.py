"""The history of every object that people edit: who, when, what, from which event, by which decision."""

from uuid import uuid4

import pytest
from django.urls import reverse

from articles.models import Article, Outlet
from tests.factories import make_actor, make_article, make_claim, make_item, make_outlet, make_transfer, make_user
from tests.tracker.review.test_views import filled_in
from tracker.browse import history
from tracker.browse.fields import FIELDS
from tracker.models import Actor, ActorName, Claim, Decision, Materiel, ReviewItem, Transfer
from tracker.models.materiel import MaterielName
from tracker.review import actions

pytestmark = pytest.mark.django_db
# Entries are told apart by the transactions that wrote them.
really_written = pytest.mark.django_db(transaction=True)


def page(client, kind, number, **query):
    return client.get(reverse("history", args=[kind, number]), query)


def said(entries):
    """What the entries say, newest first."""
    return [(entry.what, [(str(c.field), c.before, c.after) for c in entry.changes]) for entry in entries]


@really_written
def test_a_decision_is_named_with_its_event_and_who_took_it(sign_in):
    reviewer = sign_in("reviewer", username="rina")
    item = make_item()
    reviewer.post(reverse("decide", args=[item.event_id]), filled_in(item, verdict="new"))
    claim, decision = Claim.objects.get(), Decision.objects.get()
    for kind, number in (("claim", claim.pk), ("transfer", claim.transfer_id), ("event", item.event_id)):
        answer = page(reviewer, kind, number)
        newest = answer.context["history"][0]
        assert (newest.by, newest.decision, newest.event) == ("rina", decision, item.event_id)
        text = answer.content.decode()
        assert f"decision {decision.pk}: accepted as a new transfer" in text
        assert reverse("workbench", args=[item.event_id]) in text
    assert reverse("workbench", args=[item.event_id]) not in page(sign_in(), "claim", claim.pk).content.decode()


@really_written
def test_fields_are_named_in_words_and_never_by_id(analyst):
    user = make_user(username="sari")
    brazil, outlet = make_actor("BR", "Brazil"), make_outlet("Kabar")
    claim = make_claim(make_transfer(), origin_outlet=outlet)
    values = {"supplier": brazil, "origin": brazil, "origin_outlet": None, "stage": "order", "quantity_min": 1200}
    actions.edit(claim=claim, values=values, by=user, version=1, key=uuid4(), new_transfer=True)
    (entry, _first) = page(analyst, "claim", claim.pk).context["history"]
    claim.refresh_from_db()
    assert (entry.by, entry.decision.verdict) == ("sari", "edit")
    assert said([entry])[0][1] == [
        ("transfer", f"T-{claim.transfer_id - 1:06d}", claim.transfer.public_id),
        ("supplier", "Norway", "Brazil"),
        ("stage", "shipment", "order"),
        ("quantity from", "", "1,200"),
        ("origin", "", "Brazil"),
        ("origin", "Kabar", ""),
    ]


@really_written
def test_actors_materiel_outlets_and_articles_have_theirs(analyst):
    state = make_actor("NO", "Norway")
    actor = make_actor("office", "Office", kind="institution")
    ActorName.objects.create(actor=actor, language="en", kind="abbreviation", name="OFF")
    Actor.objects.filter(pk=actor.pk).update(parent=state, name_en="The office")
    assert said(page(analyst, "actor", actor.pk).context["history"]) == [
        ("changed it", [("English name", "Office", "The office"), ("speaks for", "", "Norway")]),
        ("added the name OFF", []),
        (
            "added it",
            [
                ("English name", "", "Office"),
                ("Indonesian name", "", "Office"),
                ("code", "", "office"),
                ("kind", "", "institution"),
            ],
        ),
    ]
    outlet = make_outlet("Kabar", domains=["kabar.example"])
    Outlet.objects.filter(pk=outlet.pk).update(reliability="B")
    (changed, _added) = said(page(analyst, "outlet", outlet.pk).context["history"])
    assert changed == ("changed it", [("source reliability", "F reliability cannot be judged", "B usually reliable")])
    first, copy = make_article("A text.", title="The first"), make_article("Another text.")
    Article.objects.filter(pk=copy.pk).update(copy_of=first)
    assert said(page(analyst, "article", copy.pk).context["history"])[0][1] == [("copy of", "", "The first")]
    materiel = Materiel.objects.create(
        key="dart", kind="designation", category="missiles", name_en="Dart", name_id="Panah", sort_key="dart"
    )
    MaterielName.objects.create(materiel=materiel, language="en", name="Dart 2")
    assert [what for what, _changes in said(page(analyst, "materiel", materiel.pk).context["history"])] == [
        "added the name Dart 2",
        "added it",
    ]


@really_written
def test_a_long_history_comes_in_pages_that_lose_and_repeat_nothing(analyst, monkeypatch):
    monkeypatch.setattr(history, "SIZE", 4)
    outlet = make_outlet("Name 0")
    for number in range(1, 11):
        Outlet.objects.filter(pk=outlet.pk).update(name=f"Name {number}")
    seen, query = [], {}
    for _ in range(9):
        found = history.page(outlet, size=4, **query)
        seen += [change.after for entry in found.entries for change in entry.changes if str(change.field) == "name"]
        if found.older is None:
            break
        query = {"before": found.older}
    assert seen == [f"Name {number}" for number in range(10, -1, -1)]
    before = [change.before for entry in history.page(outlet, size=4).entries for change in entry.changes]
    assert before == ["Name 9", "Name 8", "Name 7", "Name 6"]


@really_written
def test_pages_link_to_the_older_ones_and_back(analyst):
    outlet = make_outlet("Name 0")
    for number in range(1, history.SIZE + 3):
        Outlet.objects.filter(pk=outlet.pk).update(name=f"Name {number}")
    first = page(analyst, "outlet", outlet.pk)
    assert len(first.context["history"]) == history.SIZE
    assert first.context["older_url"] in first.content.decode().replace("&amp;", "&")
    second = analyst.get(reverse("history", args=["outlet", outlet.pk]) + first.context["older_url"])
    assert len(second.context["history"]) == 3
    assert (second.context["older_url"], second.context["first"]) == (None, False)
    # A place that is not understood is the beginning; one beyond the end says so.
    assert len(page(analyst, "outlet", outlet.pk, before="x").context["history"]) == history.SIZE
    beyond = page(analyst, "outlet", outlet.pk, before="2001-01-01T00:00:00+00:00")
    assert "Nothing is older than this" in beyond.content.decode()


@really_written
def test_a_page_costs_the_same_for_any_length(analyst, django_assert_num_queries):
    user, transfer = make_user(), make_transfer()
    claims = [make_claim(transfer, origin=make_actor("CL", "Chile"), origin_outlet=None) for _ in range(2)]

    def edit(times):
        for number in range(times):
            for claim in claims:
                claim.refresh_from_db()
                values = {"quantity_min": number + claim.version}
                actions.edit(claim=claim, values=values, by=user, version=claim.version, key=uuid4())

    edit(1)
    page(analyst, "transfer", transfer.pk)
    with django_assert_num_queries(13):
        page(analyst, "transfer", transfer.pk)
    edit(5)
    with django_assert_num_queries(13):
        page(analyst, "transfer", transfer.pk)


@pytest.mark.parametrize("state", ["awaiting_second", "adjudicating"])
def test_the_history_of_an_event_is_hidden_while_a_second_opinion_is_out(reviewer, state):
    item = make_item()
    assert page(reviewer, "event", item.event_id).status_code == 200
    ReviewItem.objects.filter(pk=item.pk).update(state=state)
    assert page(reviewer, "event", item.event_id).status_code == 404


def test_a_claim_that_a_second_opinion_is_out_on_is_in_no_history(reviewer):
    transfer = make_transfer()
    make_claim(transfer)
    hidden = make_claim(transfer, state="provisional", note="the first opinion")
    assert page(reviewer, "claim", hidden.pk).status_code == 404
    text = page(reviewer, "transfer", transfer.pk).content.decode()
    assert f"claim {hidden.pk}" not in text
    assert "the first opinion" not in text


def test_the_words_of_an_article_that_was_taken_down_are_not_shown(analyst):
    claim = make_claim(make_transfer(), translation="A word of it.")
    article = claim.article
    Article.objects.filter(pk=article.pk).update(withheld_at="2024-01-01T00:00Z", withheld_reason="an order")
    Claim.objects.filter(pk=claim.pk).update(translation="Another word of it.")
    text = page(analyst, "claim", claim.pk).content.decode()
    assert "word of it" not in text


def test_what_is_not_there_is_not_found(analyst):
    for kind, number in (("claim", 9), ("spoon", 1), ("user", 1)):
        assert page(analyst, kind, number).status_code == 404


def test_each_page_links_to_its_history(reviewer):
    item = make_item()
    transfer = make_transfer()
    claim = make_claim(transfer)
    for address, kind, number in (
        (claim.get_absolute_url(), "claim", claim.pk),
        (transfer.get_absolute_url(), "transfer", transfer.pk),
        (transfer.supplier.get_absolute_url(), "actor", transfer.supplier_id),
        (claim.article.get_absolute_url(), "article", claim.article_id),
        (claim.article.outlet.get_absolute_url(), "outlet", claim.article.outlet_id),
        (reverse("workbench", args=[item.event_id]), "event", item.event_id),
    ):
        assert reverse("history", args=[kind, number]) in reviewer.get(address).content.decode(), address


def test_every_field_that_is_shown_is_in_the_history():
    for model, fields in FIELDS.items():
        columns = {field.attname for field in model.pgh_event_model._meta.concrete_fields}
        assert set(fields) <= columns


def test_every_kind_that_people_edit_has_a_page():
    assert set(history.KINDS.values()) == {Claim, Transfer, Actor, Materiel, Outlet, Article, ReviewItem}


def test_many_claims_written_at_once_are_counted(monkeypatch):
    monkeypatch.setattr(history, "NAMED", 2)
    transfer = make_transfer()
    claims = [make_claim(transfer).pk for _ in range(5)]
    said = [entry.what for entry in history.of_transfer(transfer)]
    assert any(what.endswith(f"accepted claims {claims[0]}, {claims[1]} and 3 more") for what in said)
