"""Two people changed one claim: mine, theirs, and what both began from, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from tracker.models import Claim
from tracker.review.forms import ClaimForm, initial_of_claim, initial_of_event, read_spans

Sent = dict[str, str]
# What a reviewer chooses between, each with the inputs of the form that go together.
FIELDS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("evidence", _("Quote"), ("evidence_spans",)),
    ("supplier", _("Supplier"), ("supplier", "supplier_spans")),
    ("recipient", _("Recipient"), ("recipient", "recipient_spans")),
    ("materiel", _("Materiel"), ("materiel", "category", "materiel_spans")),
    (
        "quantity",
        _("Quantity"),
        ("quantity_min", "quantity_max", "quantity_unit", "quantity_qualifier", "quantity_spans"),
    ),
    ("stage", _("Stage"), ("stage", "stage_spans")),
    ("modality", _("Modality"), ("modality", "modality_spans")),
    ("date", _("Date"), ("date_from", "date_to", "date_spans")),
    ("speaker", _("Speaker"), ("speaker", "speaker_spans")),
    ("institution", _("Institution"), ("institution", "institution_spans")),
    ("relayed_by", _("Relayed by"), ("relayed_by", "relayed_by_spans")),
    ("origin", _("Origin"), ("origin",)),
    ("intermediary", _("Intermediary"), ("intermediary", "intermediary_spans")),
    ("end_user", _("End user"), ("end_user", "end_user_spans")),
    ("credibility", _("Credibility"), ("credibility",)),
    ("translation", _("Translation of the quote"), ("translation",)),
    ("note", _("Note"), ("note",)),
    ("transfer", _("Transfer"), ("transfer",)),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that I and they have otherwise. `base` is None where nobody knows what both began from.

    `chosen` is the answer that is ticked at first: theirs where I had left the field as it was, else mine.
    """

    name: str
    label: Any
    mine: str
    theirs: str
    base: str | None
    chosen: str

    @property
    def answers(self) -> Iterator[tuple[str, Any, str]]:
        """The answers to choose from, each with its name and its words."""
        yield "mine", _("Mine"), self.mine
        yield "theirs", _("Theirs"), self.theirs
        if self.base is not None:
            yield "base", _("Before"), self.base


def sent(form: ClaimForm, transfer: str) -> Sent:
    """What the form would send as it stands, the transfer's public id included."""
    values = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    return {name: "" if value is None else str(value).strip() for name, value in values.items()} | {
        "transfer": transfer
    }


def standing(claim: Claim) -> Sent:
    """What the form sends for the claim, or for a row of its history, as it stands."""
    transfer = claim.transfer.public_id if claim.transfer else ""
    return sent(ClaimForm(initial=initial_of_claim(claim), article=claim.article), transfer)


def began(claim: Claim, base: str) -> Sent | None:
    """What the form began from: `base` is a version of the claim, or "reading" for what the machine read."""
    if base == "reading" and claim.event:
        return sent(ClaimForm(initial=initial_of_event(claim.event, claim.event.review), article=claim.article), "")
    if not base.isdecimal() or len(base) > 9:
        return None
    model: Any = Claim
    before = model.pgh_event_model.objects.filter(pgh_obj=claim.pk, version=int(base)).order_by("-pgh_id").first()
    return standing(before) if before else None


def differences(mine: Sent, theirs: Sent, base: Sent | None, article: Article) -> list[Difference]:
    """The fields in which `mine` and `theirs` are not the same."""
    found = []
    for name, label, inputs in FIELDS:
        one, other, first = (values and tuple(values.get(key, "") for key in inputs) for values in (mine, theirs, base))
        if one == other:
            continue
        said = [words(values, inputs, article) if values is not None else None for values in (mine, theirs, base)]
        found.append(
            Difference(name, label, said[0] or "", said[1] or "", said[2], "theirs" if one == first else "mine")
        )
    return found


def settled(posted: QueryDict, theirs: Sent, base: Sent | None) -> QueryDict:
    """What was posted, with every field for which theirs or the base was chosen taken from there."""
    values = posted.copy()
    sources: Mapping[str, Sent | None] = {"theirs": theirs, "base": base}
    for name, _label, inputs in FIELDS:
        source = sources.get(posted.get(f"choose-{name}", ""))
        if source is not None:
            for key in inputs:
                values[key] = source[key]
    return values


def words(values: Sent, inputs: tuple[str, ...], article: Article) -> str:
    """What the inputs of one field hold, as people read it."""
    said = []
    for name in inputs:
        value = values.get(name, "")
        if not value:
            continue
        if name.endswith("_spans"):
            said += [f"“{article.text[start:end]}”" for start, end in read_spans(value)]
        else:
            choices = dict(getattr(ClaimForm.base_fields.get(name), "choices", ()))
            said.append(str(choices.get(int(value) if name == "credibility" else value, value)))
    return ", ".join(said)
