"""What an event of a later reading says otherwise than the nearest event of the earlier ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from articles.models import ExtractedEvent
from tracker.models import ReviewItem
from tracker.templatetags.figures import amount, days


@dataclass(frozen=True, slots=True)
class Change:
    """One field as the earlier reading and as this one has it, in the reader's words; empty where it has nothing."""

    label: Any
    before: str
    after: str


def _said_by(event: ExtractedEvent) -> str:
    return ", ".join(part for part in (event.speaker, event.institution, event.relayed_by) if part)


FIELDS: tuple[tuple[Any, Callable[[ExtractedEvent], str]], ...] = (
    (_("Materiel"), lambda event: event.materiel_text or event.designation),
    (_("Designation"), lambda event: event.designation),
    (_("Category"), lambda event: event.get_category_display()),
    (_("Quantity"), amount),
    (_("Stage"), lambda event: event.get_stage_display()),
    (_("Modality"), lambda event: event.get_modality_display()),
    (_("Date"), lambda event: days(event) or event.date_text),
    (_("Said by"), _said_by),
    (_("Intermediary"), lambda event: event.intermediary_name),
    (_("End user"), lambda event: event.end_user_name),
)


def changes(item: ReviewItem) -> list[Change]:
    """What differs from the event that `item` is a changed reading of; nothing for any other item."""
    if item.earlier_id is None:
        return []
    item.earlier = ExtractedEvent.objects.select_related("review").get(pk=item.earlier_id)
    values = ((label, value(item.earlier), value(item.event)) for label, value in FIELDS)
    return [Change(label, before, after) for label, before, after in values if before != after]
