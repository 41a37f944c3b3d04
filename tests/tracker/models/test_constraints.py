"""Every named constraint of the database, each with a row that it refuses."""

from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article, ExtractedEvent, Original
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
from tracker.models import (
    ActorName,
    Calibration,
    CategoryCrosswalk,
    Decision,
    Materiel,
    MaterielName,
    Note,
    NotSame,
    Opinion,
    Report,
    ReviewItem,
    SavedView,
    Seal,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def event(**values):
    return lambda: make_event(**values)


def claim(**values):
    return lambda: make_claim(**values)


def transfer(**values):
    return lambda: make_transfer(**values)


def changed(make, model, **values):
    """Make a row, then change it by an update."""

    def change():
        row = make()
        model.objects.filter(pk=row.pk).update(**values)

    return change


def itself(make, field, **values):
    """A row that points to itself."""

    def change():
        row = make()
        type(row).objects.filter(pk=row.pk).update(**{field: row.pk}, **values)

    return change


def materiel(**values):
    names = {"key": f"tank-{uuid4().hex[:8]}", "kind": "class", "category": "other", "name_en": "x", "name_id": "x"}
    return Materiel.objects.create(**(names | values))


def same_text_twice():
    outlet = make_outlet()
    make_article(text="The same words.", outlet=outlet)
    make_article(text="The same words.", outlet=outlet)


def original():
    Original.objects.create(article=make_article(), data=b"x", sha256="X" * 64, media_type="text/plain")


def same_name_twice():
    actor = make_actor("NO", "Norway")
    for _ in range(2):
        ActorName.objects.create(actor=actor, language="en", kind="name", name="Norge")


def same_materiel_name_twice():
    tank = materiel()
    for _ in range(2):
        MaterielName.objects.create(materiel=tank, language="en", name="tank")


def same_view_twice():
    user = make_user()
    for _ in range(2):
        SavedView.objects.create(user=user, name="mine", path="/transfers/")


def decision(**values):
    return lambda: Decision.objects.create(
        **({"user": make_user(), "verdict": "accept", "key": uuid4(), "changes": []} | values)
    )


def opinion(**values):
    row = {"round": 1, "verdict": "accept"}
    return lambda: Opinion.objects.create(**(row | {"item": make_item(), "user": make_user()} | values))


def two_opinions(*fields):
    """Two answers that share the named fields."""

    def make():
        item, user = make_item(), make_user()
        opinion(item=item, user=user)()
        shared = {"item": item, "user": user} if "user" in fields else {"item": item, "round": 1}
        opinion(**({"round": 2} | shared))()

    return make


def not_same(**values):
    return lambda: NotSame.objects.create(
        **{name: value() for name, value in ({"transfer": make_transfer, "said_by": make_user} | values).items()}
    )


def not_same_lower_last():
    first, second = make_transfer(), make_transfer()
    NotSame.objects.create(transfer=second, other=first, said_by=make_user())


def not_same_twice(subject, make):
    """The same word twice."""

    def twice():
        transfer = make_transfer()
        thing, user = make(), make_user()
        for _ in range(2):
            NotSame.objects.create(**{"transfer": transfer, subject: thing, "said_by": user})

    return twice


def note(**values):
    return lambda: Note.objects.create(**({"text": "x", "written_by": make_user()} | values))


def report(**values):
    return lambda: Report.objects.create(
        **({"claim": make_claim(), "text": "x", "reported_by": make_user("analyst")} | values)
    )


def report_answered_by_its_reporter():
    user = make_user()
    report(reported_by=user, answered_by=user, answered_at=NOW)()


def calibration(**values):
    row = {"extractor": "rules", "curve": [[0, 0], [1, 1]], "decided": 50, "brier_before": 0.2, "brier_after": 0.1}
    return lambda: Calibration.objects.create(**(row | values))


def seal(**values):
    row = {name: {} for name in ("upto", "counts", "columns", "seen")}
    row |= {"previous": "", "head": "a" * 64, "prints": b"", "rows": 0, "horizon": 1}
    return lambda: Seal.objects.create(**(row | values))


def two_at_one_position():
    first = make_event()
    make_event(first.article, extraction=first.extraction, position=first.position)


REFUSED = {
    "outlet_reliability_known": lambda: make_outlet(reliability="Z"),
    "article_text_once_per_outlet": same_text_twice,
    "article_text_sha256_hex": lambda: make_article(text_sha256="not a hash"),
    "article_text_not_empty": lambda: make_article(text=""),
    "article_no_copy_of_itself": itself(make_article, "copy_of"),
    "article_withheld_with_reason": changed(make_article, Article, withheld_at=NOW),
    "original_sha256_hex": original,
    "event_position_once": two_at_one_position,
    "event_category_known": event(category="spoons"),
    "event_stage_known": event(stage="rumour"),
    "event_modality_known": event(modality="hoped"),
    "event_precision_known": event(date_precision="vague"),
    "event_qualifier_known": event(quantity_qualifier="many"),
    "event_dates_in_order": event(date_from=date(2024, 2, 1), date_to=date(2024, 1, 1)),
    "event_quantities_in_order": event(quantity_min=5, quantity_max=4),
    "event_score_from_0_to_1": event(score=1.2),
    "event_has_a_party": event(supplier_code="", supplier_name="", recipient_code="", recipient_name=""),
    "user_role_known": lambda: make_user("king"),
    "saved_view_name_once_per_user": same_view_twice,
    "actor_kind_known": lambda: make_actor("x", kind="planet"),
    "actor_no_parent_of_itself": itself(lambda: make_actor("NO"), "parent"),
    "actor_not_merged_into_itself": itself(lambda: make_actor("NO"), "merged_into"),
    "actor_name_once": same_name_twice,
    "actor_name_kind_known": lambda: ActorName.objects.create(
        actor=make_actor("NO"), language="en", kind="nickname", name="Nor"
    ),
    "crosswalk_category_known": lambda: CategoryCrosswalk.objects.create(category="spoons", position=1),
    "materiel_kind_known": lambda: materiel(kind="thing"),
    "materiel_category_known": lambda: materiel(category="spoons"),
    "materiel_name_once": same_materiel_name_twice,
    "transfer_has_a_party": transfer(supplier=None, recipient=None),
    "transfer_credibility_1_to_6": transfer(credibility=7),
    "transfer_stage_known": transfer(stage="rumour"),
    "transfer_outlook_known": transfer(outlook="rumour"),
    "transfer_status_known": transfer(status="asleep"),
    "transfer_category_known": transfer(category="spoons"),
    "transfer_dates_in_order": transfer(date_from=date(2024, 2, 1), date_to=date(2024, 1, 1)),
    "transfer_quantities_in_order": transfer(quantity_min=5, quantity_max=4),
    "transfer_not_merged_into_itself": itself(make_transfer, "merged_into", state="merged"),
    "transfer_merged_into_another": transfer(state="merged"),
    "claim_state_known": claim(state="forgotten"),
    "claim_category_known": claim(category="spoons"),
    "claim_stage_known": claim(stage="rumour"),
    "claim_modality_known": claim(modality="hoped"),
    "claim_precision_known": claim(date_precision="vague"),
    "claim_qualifier_known": claim(quantity_qualifier="many"),
    "claim_dates_in_order": claim(date_from=date(2024, 2, 1), date_to=date(2024, 1, 1)),
    "claim_quantities_in_order": claim(quantity_min=5, quantity_max=4),
    "claim_credibility_1_to_6": claim(credibility=0),
    "claim_quote_not_empty": claim(quote_start=5, quote_end=5),
    "claim_has_a_party": claim(supplier=None, recipient=None),
    "claim_one_origin": lambda: make_claim(origin=make_actor("NO"), origin_outlet=make_outlet()),
    "review_state_known": changed(make_item, ReviewItem, state="asleep"),
    "review_who_and_when": changed(make_item, ReviewItem, reviewed_at=NOW),
    "review_rejected_with_reason": changed(make_item, ReviewItem, reason=1),
    "review_other_reason_with_note": changed(make_item, ReviewItem, state="rejected", reason=6),
    "review_priority_from_0_to_1": changed(make_item, ReviewItem, priority=2),
    "review_lease_who_and_until": changed(make_item, ReviewItem, leased_until=NOW),
    "review_compared_with_earlier": changed(make_item, ReviewItem, compared="changed"),
    "opinion_verdict_known": opinion(verdict="perhaps"),
    "opinion_round_1_to_3": opinion(round=4),
    "opinion_rejected_with_reason": opinion(verdict="reject"),
    "opinion_once_a_user": two_opinions("item", "user"),
    "opinion_once_a_round": two_opinions("item", "round"),
    "not_same_as_one_thing": not_same(item=make_item, claim=make_claim),
    "not_same_lower_number_first": not_same_lower_last,
    "not_same_item_once": not_same_twice("item", make_item),
    "not_same_claim_once": not_same_twice("claim", make_claim),
    "not_same_transfers_once": not_same_twice("other", make_transfer),
    "note_on_one_thing": note(),
    "note_not_empty": lambda: note(text="", claim=make_claim())(),
    "report_not_empty": lambda: report(text="")(),
    "report_answered_who_and_when": lambda: report(answered_at=NOW)(),
    "report_answered_by_another": report_answered_by_its_reporter,
    "calibration_curve_not_empty": calibration(curve=[]),
    "calibration_brier_from_0_to_1": calibration(brier_after=1.5),
    "seal_follows_one_alone": lambda: (seal(head="a" * 64)(), seal(head="b" * 64)()),
    "seal_head_once": lambda: (seal(previous="")(), seal(previous="a" * 64)()),
    "seal_head_hex": seal(head="A"),
    "decision_verdict_known": decision(verdict="dance"),
    "decision_undo_names_decision": decision(verdict="undo"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_the_database_refuses_what_the_constraint_forbids(name):
    make_user()
    with pytest.raises(IntegrityError, match=f'constraint "{name}"'), transaction.atomic():
        REFUSED[name]()


def test_every_named_constraint_has_its_row():
    ours = [model for label in ("articles", "tracker") for model in apps.get_app_config(label).get_models()]
    named = {
        constraint.name
        for model in ours
        if not model.__name__.endswith("Event") or model is ExtractedEvent
        for constraint in model._meta.constraints
        if constraint.name != "unique_username"
    }
    assert named == set(REFUSED)
