"""Second opinions: who is asked for one, what a reviewer answered, and whether two answers are the same.

The second reviewer decides blind: until both have answered, nothing of the first answer is shown to anybody. A claim
that the first has accepted is provisional, and is linked to no transfer before the answers settle it.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.decisions import Recorder, Repeated
from tracker.decisions.record import plain
from tracker.models import Claim, Decision, Opinion, ReviewItem, Transfer, User

State = ReviewItem.State
# One or two have answered, and another one is asked.
OPEN = (State.AWAITING_SECOND, State.ADJUDICATING)
FIRST, SECOND, ADJUDICATED = 1, 2, 3
# What two answers are compared on, each with the fields of the claim that it is made of.
FIELDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "supplier": (gettext_lazy("Supplier"), ("supplier",)),
    "recipient": (gettext_lazy("Recipient"), ("recipient",)),
    "intermediary": (gettext_lazy("Intermediary"), ("intermediary",)),
    "end_user": (gettext_lazy("End user"), ("end_user",)),
    "materiel": (gettext_lazy("Materiel"), ("materiel", "category")),
    "quantity": (gettext_lazy("Quantity"), ("quantity_min", "quantity_max", "quantity_unit", "quantity_qualifier")),
    "stage": (gettext_lazy("Stage"), ("stage",)),
    "modality": (gettext_lazy("Modality"), ("modality",)),
    "date": (gettext_lazy("Date"), ("date_from", "date_to")),
    "attribution": (gettext_lazy("Said by"), ("speaker", "institution", "relayed_by", "origin")),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer answers: a claim with `values`, linked as they say; or, without values, a reason to reject."""

    values: dict[str, Any] | None = None
    transfer: Transfer | None = None
    new_transfer: bool = False
    reason: int | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether it accepts or rejects the event."""
        return Opinion.Verdict.REJECT if self.values is None else Opinion.Verdict.ACCEPT


def drawn(event_id: int) -> bool:
    """Whether the event is in the sample that gets a second opinion: always the same answer in one installation."""
    digest = salted_hmac("tracker.second_opinion", str(event_id), algorithm="sha256").digest()
    return int.from_bytes(digest[:8]) < settings.SECOND_OPINION_RATE * 2**64


def wanted(item: ReviewItem) -> bool:
    """Whether two reviewers are to answer. The demo, with its two reviewers by turns, is in no sample."""
    return item.flagged or (not item.event.article.demo and drawn(item.event_id))


def waits(item: ReviewItem) -> bool:
    """Whether one reviewer is to decide it at the workbench, as the first or as the second."""
    return item.state in (State.PENDING, State.AWAITING_SECOND)


# What a view reads with the item, so that an answer stays within its number of queries.
ANSWERS = """(
    SELECT jsonb_agg(to_jsonb(o) || jsonb_build_object('stands_as', coalesce(t.merged_into_id, t.id)) ORDER BY o.round)
    FROM tracker_opinion o LEFT JOIN tracker_transfer t ON t.id = o.transfer_id
    WHERE o.item_id = tracker_reviewitem.id AND NOT o.withdrawn)"""
PROVISIONAL = """(
    SELECT to_jsonb(c) FROM tracker_claim c
    WHERE c.event_id = tracker_reviewitem.event_id AND c.state = 'provisional' LIMIT 1)"""


def with_answers(rows: QuerySet[ReviewItem]) -> QuerySet[ReviewItem]:
    """The items, each with the answers that stand and the provisional claim, for `given` and `provisional`."""
    return rows.annotate(
        answers=RawSQL(ANSWERS, [], JSONField()),
        provisional_claim=RawSQL(PROVISIONAL, [], JSONField()),
    )


def given(item: ReviewItem) -> list[Opinion]:
    """The answers that stand, in their order; as they were read with the item, or read now."""
    return [stored(Opinion, values) for values in _read(item).answers or ()]


def told(item: ReviewItem) -> list[Opinion]:
    """The answers that stand, with who gave them: for events that both have answered."""
    if not given(item):
        return []
    return list(item.opinions.filter(withdrawn=False).select_related("user"))


def provisional(item: ReviewItem) -> Claim | None:
    """The claim of the first answer while it waits for others; as it was read with the item, or read now."""
    values = _read(item).provisional_claim
    if not values:
        return None
    claim = stored(Claim, values)
    claim.article = item.event.article
    return claim


def _read(item: Any) -> Any:
    return item if hasattr(item, "answers") else with_answers(ReviewItem.objects.filter(pk=item.pk)).get()


def stored(model: Any, values: dict[str, Any]) -> Any:
    """The row of `model` whose columns PostgreSQL's to_jsonb has written to `values`."""
    fields = [field for field in model._meta.concrete_fields if field.column in values]
    row = model.from_db("default", [f.attname for f in fields], [f.to_python(values[f.column]) for f in fields])
    for name in values.keys() - {field.column for field in fields}:
        setattr(row, name, values[name])
    return row


def bar(item: ReviewItem, by: User, key: UUID | None = None) -> None:
    """Nobody approves their own work: PermissionDenied for whoever has answered an event that asks for another.

    Raises Repeated instead where `key` was used before: then it is their own answer that was sent twice.
    """
    if answered(item, by):
        if key and (repeated := Decision.objects.filter(key=key).first()):
            raise Repeated(repeated)
        raise PermissionDenied(_("You have answered this event. Another reviewer gives the next opinion."))


def answered(item: ReviewItem, by: User) -> bool:
    """Whether it is for others than `by` to go on, since they have answered already."""
    return item.state in OPEN and any(opinion.user_id == by.pk for opinion in given(item))


def first(recorder: Recorder, item: ReviewItem, version: int, answer: Answer, seconds: float | None) -> None:
    """Take the first answer, and ask for a second."""
    # Nobody else could answer while the first one holds the lease.
    released = {"leased_by": None, "leased_until": None}
    sampled = item.sampled or drawn(item.event_id)
    recorder.change(item, version=version, state=State.AWAITING_SECOND, sampled=sampled, **released)
    give(recorder, item, FIRST, answer, seconds)


def give(recorder: Recorder, item: ReviewItem, number: int, answer: Answer, seconds: float | None) -> Opinion:
    """Store an answer as the opinion of round `number`."""
    values = {} if answer.values is None else plain(answer.values) | {"new_transfer": answer.new_transfer}
    return recorder.create(
        Opinion,
        item=item,
        user=recorder.by,
        round=number,
        verdict=answer.verdict,
        reason=answer.reason,
        note=answer.note,
        values=values,
        transfer=answer.transfer,
        seconds=seconds,
    )


def agree(opinion: Opinion, values: dict[str, Any], answer: Answer) -> bool:
    """Whether a stored opinion, with the `values` of its claim as they stand now, says the same as an answer."""
    if opinion.verdict != answer.verdict:
        return False
    if answer.values is None:
        return True
    mine = plain(answer.values)
    if any(label(values, names) != label(mine, names) for _label, names in FIELDS.values()):
        return False
    linked = answer.transfer.pk if answer.transfer else None
    return stands_as(opinion) == linked and bool(opinion.values.get("new_transfer")) == answer.new_transfer


def stands_as(opinion: Any) -> int | None:
    """The transfer that a stored answer links to, or the one that it was merged into."""
    return opinion.stands_as


def label(values: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    """What an answer says on one field, where case and spaces around words do not count."""
    said = (values.get(name) for name in names)
    return ["" if value is None else str(value).strip().lower() for value in said]
