"""The pages of one transfer, claim, article and actor."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Original
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_item,
    make_outlet,
    make_transfer,
    make_user,
)
from tests.tracker.review.test_views import filled_in
from tracker.browse import history
from tracker.browse.views import articles, transfers
from tracker.decisions import undo
from tracker.models import ActorName, Claim, Transfer
from tracker.review import actions

pytestmark = pytest.mark.django_db
POLLED = {"headers": {"hx-request": "true", "hx-target": "reading"}}


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def disputed() -> Transfer:
    """Two origins support it, one denies it, one sees no evidence, and a sanction stands beside it."""
    transfer = make_transfer()
    ministry = make_actor("no-mod", "Norwegian ministry", kind="institution", parent=transfer.supplier)
    outlet = make_outlet("Kabar")
    make_claim(
        transfer,
        origin=ministry,
        quantity_min=10,
        quantity_max=10,
        quote="ten tanks",
        speaker="the minister",
        date_from=date(2024, 2, 1),
        date_to=date(2024, 2, 29),
    )
    make_claim(transfer, origin=transfer.supplier, quantity_min=10, quantity_max=10, quote="ten of them")
    make_claim(transfer, origin_outlet=outlet, quantity_min=20, quantity_max=20, quote="twenty tanks")
    make_claim(transfer, origin=transfer.recipient, modality="denied", quote="it is not so")
    make_claim(transfer, modality="no_evidence", quote="nothing was seen")
    make_claim(transfer, stage="sanction", modality="planned", quote="there will be sanctions")
    return transfer


def test_a_transfer_shows_every_side_with_its_quotes(analyst, disputed):
    answer = analyst.get(disputed.get_absolute_url())
    assert {side: number for side, _claims, number in answer.context["sides"]} == {
        "supports": 3,
        "denies": 1,
        "no_evidence": 1,
    }
    assert [claim.quote for claim in answer.context["beside"]] == ["there will be sanctions"]
    page = text(answer)
    for quote in ("ten tanks", "twenty tanks", "it is not so", "nothing was seen", "there will be sanctions"):
        assert f"“{quote}”" in page
    assert "the minister" in page
    assert f"testserver{disputed.get_absolute_url()}" in page


def test_a_transfer_costs_the_same_for_any_number_of_claims(analyst, disputed, django_assert_num_queries):
    analyst.get(disputed.get_absolute_url())
    with django_assert_num_queries(19):
        analyst.get(disputed.get_absolute_url())
    make_claim(disputed, origin=make_actor("CL", "Chile"))
    with django_assert_num_queries(19):
        analyst.get(disputed.get_absolute_url())


def test_values_carry_their_claims_and_independent_origins(analyst, disputed):
    fields = {str(field.label): field for field in analyst.get(disputed.get_absolute_url()).context["reported"]}
    quantity = fields["Quantity"]
    assert [(said.value, said.claims, said.origins) for said in quantity.values] == [("10", 2, 1), ("20", 1, 1)]
    assert quantity.disagree
    assert not fields["When"].disagree
    assert fields["End user"].values == []


def test_origins_are_counted_at_their_roots(analyst, disputed):
    found = {origin.name: origin.sides for origin in analyst.get(disputed.get_absolute_url()).context["origins"]}
    assert found["Norway"]["supports"] == 2
    assert found["Kabar"]["supports"] == 1
    assert found["Peru"]["denies"] == 1
    assert found[""] == {"supports": 0, "denies": 0, "no_evidence": 1, "beside": 0}


def test_the_ladder_names_what_is_reported_planned_and_denied(analyst):
    transfer = make_transfer()
    make_claim(transfer, stage="talks")
    make_claim(transfer, stage="order")
    make_claim(transfer, stage="delivery", modality="planned")
    make_claim(transfer, stage="offer", modality="denied")
    steps = analyst.get(transfer.get_absolute_url()).context["ladder"]
    assert [step.state for step in steps] == ["has", "", "against", "", "peak", "", "", "maybe", ""]


def test_every_claim_stands_on_the_timeline(analyst, disputed):
    chart = analyst.get(disputed.get_absolute_url()).context["timeline"]
    marks = [mark for lane in chart.lanes for mark in lane.marks]
    assert {mark.url for mark in marks} == {claim.get_absolute_url() for claim in Claim.objects.all()}
    assert sorted(mark.kind for mark in marks) == [
        "beside", "denies", "no_evidence", "supports", "supports", "supports",
    ]  # fmt: skip
    assert all(chart.left <= mark.start <= mark.x <= chart.right for mark in marks)


def test_an_unknown_transfer_is_not_there(analyst):
    for public_id in ("T-000999", "T-1", "x", "T-0000000000000000001"):
        assert analyst.get(f"/transfers/{public_id}/").status_code == 404


def test_the_busiest_origins_are_told_and_the_others_counted(analyst, monkeypatch):
    monkeypatch.setattr(transfers, "ORIGINS", 2)
    transfer = make_transfer()
    for number, name in enumerate(("Chile", "Peru", "Fiji"), start=1):
        for _ in range(number):
            make_claim(transfer, origin=make_actor(name, kind="group"))
    answer = analyst.get(transfer.get_absolute_url())
    assert [origin.name for origin in answer.context["origins"]] == ["Fiji", "Peru"]
    assert answer.context["more_origins"] == 1
    assert "1 more" in text(answer)


def test_a_merged_transfer_leads_on(analyst, disputed):
    merged = make_transfer(merged_into=disputed, state="merged")
    assert analyst.get(merged.get_absolute_url()).url == disputed.get_absolute_url()


def test_a_withdrawn_transfer_keeps_its_address(analyst):
    transfer = make_transfer()
    Transfer.objects.derive([transfer.pk])
    answer = analyst.get(transfer.get_absolute_url())
    assert answer.status_code == 410
    assert transfer.public_id in text(answer)


def test_a_retracted_claim_is_gone_and_a_provisional_one_is_not_there(analyst):
    retracted, provisional = make_claim(state="retracted"), make_claim(state="provisional")
    assert analyst.get(retracted.get_absolute_url()).status_code == 410
    assert analyst.get(provisional.get_absolute_url()).status_code == 404


def test_a_claim_shows_its_words_in_the_article(analyst):
    article = make_article(text="Head.\n\nNorway sent ten tanks to Peru, he said.\n\nFoot.")
    claim = make_claim(
        make_transfer(),
        article=article,
        quote="Norway sent ten tanks to Peru",
        quote_start=7,
        quote_end=36,
        spans={"supplier": [[7, 13]], "evidence": [[7, 36]]},
    )
    page = text(analyst.get(claim.get_absolute_url()))
    assert '<mark class="f-supplier" data-n="1">Norway</mark>' in page
    assert "Foot." not in page


@pytest.mark.django_db(transaction=True)
def test_history_says_who_decided_and_who_undid(client):
    item, user = make_item(), make_user(username="rina")
    client.force_login(user, "tracker.account.backends.RoleBackend")
    client.post(reverse("decide", args=[item.event_id]), filled_in(item, verdict="new"))
    claim = Claim.objects.get()
    (entry,) = client.get(claim.transfer.get_absolute_url()).context["history"]
    assert entry.by == "rina"
    assert entry.what == f"opened the transfer, accepted claim {claim.pk}"
    client.post(reverse("review_undo"), {"key": str(uuid4())})
    answer = client.get(claim.get_absolute_url())
    assert answer.status_code == 410
    assert [entry.what for entry in answer.context["history"]] == [
        f"withdrew claim {claim.pk}",
        f"accepted claim {claim.pk}",
    ]


@pytest.mark.django_db(transaction=True)
def test_an_edit_shows_before_and_after():
    user, claim = make_user(), make_claim(make_transfer(), quantity_min=10)
    actions.edit(claim=claim, values={"quantity_min": 1200}, by=user, version=claim.version, key=uuid4())
    changes = [change for entry in history.of_claim(claim) for change in entry.changes]
    assert [(str(change.field), change.before, change.after) for change in changes] == [
        ("quantity from", "10", "1,200")
    ]


@pytest.mark.django_db(transaction=True)
def test_undoing_a_link_is_said_on_the_transfer():
    user, item = make_user(), make_item()
    transfer = make_transfer()
    make_claim(transfer)
    values = {
        "supplier": transfer.supplier, "category": "naval", "stage": "order", "modality": "asserted",
        "quote": "sent", "quote_start": 7, "quote_end": 11,
    }  # fmt: skip
    actions.accept(item=item, values=values, by=user, version=item.version, key=uuid4(), transfer=transfer)
    undo(user.decisions.get(), by=user, key=uuid4())
    said = [entry.what for entry in history.of_transfer(transfer)]
    assert said[0] == f"withdrew claim {Claim.objects.latest('pk').pk}"


def test_an_article_shows_its_text_escaped_with_its_marks(analyst):
    article = make_article(text="Norway <b>sent</b> tanks to Peru.")
    event = make_event(article, spans={"supplier": [[0, 6]]}, evidence=[[0, 18]])
    page = text(analyst.get(article.get_absolute_url()))
    assert '<mark class="f-supplier" data-n="1">Norway</mark> &lt;b&gt;sent' in page
    assert '<span class="evidence">' not in page
    page = text(analyst.get(article.get_absolute_url(), {"event": event.pk}))
    assert '<span class="evidence">' in page
    assert analyst.get(article.get_absolute_url(), {"event": "x"}).context["chosen"] is None


def test_an_article_with_many_events_is_shown_in_parts(analyst, monkeypatch):
    monkeypatch.setattr(articles, "SHOWN", 2)
    article = make_article()
    extraction = make_event(article).extraction
    for _ in range(4):
        make_event(article, extraction=extraction)
    events = [event.pk for event in extraction.events.order_by("pk")]
    for event in events[:3]:
        make_claim(article=article, event_id=event)
    address = article.get_absolute_url()

    def shown(**asked: object) -> list[int]:
        return [event.pk for event in analyst.get(address, asked).context["events"]]

    first = text(analyst.get(address))
    assert shown() == events[:2]
    assert f'href="?from={events[2]}"' in first
    assert f"{reverse('claim_list')}?article={article.pk}" in first
    assert shown(**{"from": events[2]}) == events[2:4]
    last = text(analyst.get(address, {"from": events[4]}))
    assert 'href="?from=' not in last
    assert f'href="{address}"' in last
    assert shown(event=events[3]) == events[3:5]
    assert analyst.get(address, {"event": events[3]}).context["chosen"].pk == events[3]
    assert shown(**{"from": "x"}) == events[:2]


def test_only_the_newest_reading_counts(analyst):
    article = make_article()
    make_event(article)
    newer = make_event(article, stage="order")
    assert [event.pk for event in analyst.get(article.get_absolute_url()).context["events"]] == [newer.pk]


def test_a_reviewer_is_led_to_the_workbench(analyst, reviewer):
    event = make_event()
    address, workbench = event.article.get_absolute_url(), reverse("workbench", args=[event.pk])
    assert workbench in text(reviewer.get(address))
    assert workbench not in text(analyst.get(address))


def test_an_article_that_is_being_read_asks_again_until_it_is(analyst):
    article = make_article(reading="reading")
    address = article.get_absolute_url()
    assert 'hx-trigger="every 1s"' in text(analyst.get(address))
    assert '<noscript><meta http-equiv="refresh"' in text(analyst.get(address))
    polled = analyst.get(address, **POLLED)
    assert "<html" not in text(polled)
    assert 'id="article"' not in text(polled)
    Article.objects.filter(pk=article.pk).update(reading="read")
    make_event(article)
    polled = analyst.get(address, **POLLED)
    assert (polled["HX-Retarget"], polled["HX-Reswap"]) == ("#article", "outerHTML")
    assert "hx-trigger" not in text(polled)
    assert "Norway → Peru" in text(polled)


def test_a_failure_to_read_is_shown(analyst):
    article = make_article(reading="failed", reading_error="ValueError: no words")
    assert "ValueError: no words" in text(analyst.get(article.get_absolute_url()))


def test_reading_again_is_for_reviewers_and_is_queued(analyst, reviewer):
    article = make_article()
    address = reverse("article_reread", args=[article.pk])
    assert analyst.post(address).status_code == 403
    assert reviewer.post(address).url == article.get_absolute_url()
    article.refresh_from_db()
    assert article.reading == "waiting"


def test_the_original_is_sent_back_byte_for_byte(analyst):
    article, data = make_article(), b"\xef\xbb\xbf<script>alert(1)</script>\x00\xff"
    Original.objects.create(article=article, data=data, sha256="0" * 64, media_type="text/html")
    answer = analyst.get(reverse("article_original", args=[article.pk]))
    assert answer.content == data
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_withheld_text_is_shown_nowhere(analyst):
    secret = "Norway secretly sent tanks."
    article = make_article(text=secret, withheld_at=timezone.now(), withheld_reason="court order")
    Original.objects.create(article=article, data=secret.encode(), sha256="0" * 64, media_type="text/plain")
    transfer = make_transfer()
    claim = make_claim(transfer, article=article, quote="secretly sent", quote_start=7, quote_end=20)
    page = text(analyst.get(article.get_absolute_url()))
    assert "court order" in page
    assert article.text_sha256 in page
    for address in (
        article.get_absolute_url(),
        reverse("article_original", args=[article.pk]),
        claim.get_absolute_url(),
        transfer.get_absolute_url(),
        reverse("claim_list"),
        reverse("article_list"),
    ):
        assert "secretly" not in text(analyst.get(address)), address


def test_an_actor_shows_names_sides_and_partners(analyst):
    norway, peru, chile = make_actor("NO", "Norway"), make_actor("PE", "Peru"), make_actor("CL", "Chile")
    ActorName.objects.create(actor=norway, language="id", kind="name", name="Norwegia")
    make_claim(make_transfer(supplier=norway, recipient=peru), origin=norway)
    make_claim(make_transfer(supplier=norway, recipient=peru))
    make_claim(make_transfer(supplier=chile, recipient=norway))
    answer = analyst.get(norway.get_absolute_url())
    assert {role: len(rows) for role, _matrix, rows in answer.context["roles"]} == {"supplier": 2, "recipient": 1}
    partners = {
        role: [(row.partner.code, row.total.number) for row in matrix.rows]
        for role, matrix, _rows in answer.context["roles"]
    }
    assert partners == {"supplier": [("PE", 2)], "recipient": [("CL", 1)]}
    assert answer.context["said"] == "1"
    assert "Norwegia" in text(answer)


def test_a_merged_actor_leads_on(analyst):
    norway = make_actor("NO", "Norway")
    old = make_actor("NO-old", "Norge", merged_into=norway)
    assert analyst.get(old.get_absolute_url()).url == norway.get_absolute_url()
    assert analyst.get("/actors/999999/").status_code == 404
