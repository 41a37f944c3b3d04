"""The fields of a claim as a reviewer sees and corrects them, each tied to the words of the article."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.codes import Category, Modality, Precision, Qualifier, Stage
from articles.extract.dates import find_dates
from articles.extract.quantities import find_quantities
from articles.models import Article, ExtractedEvent
from articles.passages import joined
from tracker import units
from tracker.models import Actor, Claim, Materiel, ReviewItem
from tracker.models.actors import ActorKind
from tracker.models.materiel import MaterielKind
from tracker.models.transfers import Credibility
from tracker.review.naming import NewActor, NewMateriel
from tracker.review.widgets import Written

PARTIES = ("supplier", "recipient", "intermediary", "end_user")
SAID = ("speaker", "institution", "relayed_by")
# Fields that hold the same in an event, a claim and the form.
AS_THEY_ARE = (
    "category",
    "quantity_min",
    "quantity_max",
    "quantity_unit",
    "quantity_qualifier",
    "stage",
    "modality",
    "date_from",
    "date_to",
    *SAID,
)
# Fields that a span can be given to, with the number of their key on the workbench.
KEYS = {
    "evidence": 0,
    "supplier": 1,
    "recipient": 2,
    "materiel": 3,
    "quantity": 4,
    "stage": 5,
    "date": 6,
    "speaker": 7,
    "intermediary": 8,
    "end_user": 9,
}
SPANNED = (*PARTIES, "materiel", "quantity", "stage", "modality", "date", *SAID)
SPANS = re.compile(r"^\d+-\d+(,\d+-\d+)*$")


class SpansField(forms.CharField):
    """Spans of the article as "start-end,start-end" in code points; cleans to [[start, end], …]."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return write_spans(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[list[int]]:
        value = super().clean(value)
        if not value:
            return []
        if not SPANS.match(value):
            raise forms.ValidationError(_("The place in the text is not understood. Select the words again."))
        return read_spans(value)


def write_spans(spans: list[list[int]]) -> str:
    """The inverse of SpansField: [[3, 9]] → "3-9"."""
    return ",".join(f"{start}-{end}" for start, end in spans)


def _unknown(name: str) -> str:
    """Says that nobody is called so, and who is called nearly so."""
    alike = ", ".join(str(actor) for actor in Actor.objects.like(name))
    if alike:
        return _("No actor is called “%(name)s”. Did you mean: %(alike)s?") % {"name": name, "alike": alike}
    return _("No actor is called “%s”. The page of actors lists them.") % name


def read_spans(written: str | list[list[int]] | None) -> list[list[int]]:
    """The spans that a hidden field holds, or none where it is not of the form of SpansField."""
    if isinstance(written, list):
        return written
    if not written or not SPANS.match(written):
        return []
    return [[int(number) for number in span.split("-")] for span in written.split(",")]


class Day(forms.DateInput):
    """A day as browsers choose it; its value is ISO in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class UnitField(forms.CharField):
    """What is counted: shown in the reader's language, stored as one English word."""

    def prepare_value(self, value: Any) -> Any:
        return units.written(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return units.read(super().to_python(value) or "")


class ClaimForm(forms.Form):
    """One claim of one article. Names are looked up among the actors; offsets are checked against the text."""

    # One for all forms: it finds its templates once.
    default_renderer = Written()

    supplier = forms.CharField(label=gettext_lazy("Supplier"), required=False, max_length=200)
    recipient = forms.CharField(label=gettext_lazy("Recipient"), required=False, max_length=200)
    intermediary = forms.CharField(label=gettext_lazy("Intermediary"), required=False, max_length=200)
    end_user = forms.CharField(label=gettext_lazy("End user"), required=False, max_length=200)
    materiel = forms.CharField(label=gettext_lazy("Materiel"), required=False, max_length=200)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices)
    quantity_min = forms.IntegerField(label=gettext_lazy("From"), required=False, min_value=0, max_value=10**12)
    quantity_max = forms.IntegerField(label=gettext_lazy("To"), required=False, min_value=0, max_value=10**12)
    quantity_unit = UnitField(label=gettext_lazy("Unit"), required=False, max_length=40)
    quantity_qualifier = forms.ChoiceField(
        label=gettext_lazy("Meant as"), required=False, choices=[("", "–"), *Qualifier.choices]
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Stage.choices)
    modality = forms.ChoiceField(label=gettext_lazy("Modality"), choices=Modality.choices)
    date_from = forms.DateField(label=gettext_lazy("First day"), required=False, widget=Day)
    date_to = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=Day)
    speaker = forms.CharField(label=gettext_lazy("Speaker"), required=False, max_length=400)
    institution = forms.CharField(label=gettext_lazy("Institution"), required=False, max_length=400)
    relayed_by = forms.CharField(label=gettext_lazy("Relayed by"), required=False, max_length=400)
    origin = forms.CharField(label=gettext_lazy("Origin"), required=False, max_length=200)
    credibility = forms.TypedChoiceField(
        label=gettext_lazy("Credibility"), choices=Credibility.choices, coerce=int, required=False, empty_value="6"
    )
    translation = forms.CharField(label=gettext_lazy("Translation of the quote"), required=False, widget=forms.Textarea)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea)
    evidence_spans = SpansField()

    def __init__(self, *args: Any, article: Article, item: ReviewItem | None = None, **kwargs: Any) -> None:
        """`item` is the review that the form decides: names that it already knows are not looked up again."""
        self.article = article
        self.item = item
        super().__init__(*args, **kwargs)
        for name in SPANNED:
            self.fields[f"{name}_spans"] = SpansField()
        # Of a name that nobody bears yet: as what it is to be added, and whom that speaks for.
        for name in (*PARTIES, "origin"):
            self.fields[f"{name}_kind"] = forms.ChoiceField(
                label=_("Add it as"), required=False, choices=[("", "–"), *ActorKind.choices]
            )
            self.fields[f"{name}_parent"] = forms.CharField(label=_("Speaks for"), required=False, max_length=200)
        self.fields["materiel_kind"] = forms.ChoiceField(
            label=_("Add the materiel as"), required=False, choices=[("", "–"), *MaterielKind.choices]
        )
        self.unknown: list[str] = []
        # Several values share a row of the card, without room for their labels.
        for name in ("quantity_min", "quantity_max", "quantity_unit", *SAID, "origin"):
            self.fields[name].widget.attrs["placeholder"] = self.fields[name].label
        self.fields["translation"].widget.attrs |= {"rows": 2, "placeholder": self.fields["translation"].label}
        # One id a page: the fields of a page are found by it, by labels and by tests.
        self.auto_id = "field-%s"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._clean_spans(values)
        self._clean_actors(values)
        if not values.get("supplier") and not values.get("recipient") and not self.errors:
            self.add_error("supplier", _("Name the supplier or the recipient."))
        self._in_order("quantity_min", "quantity_max", _("The larger number comes second."))
        if bool(values.get("date_from")) != bool(values.get("date_to")):
            known = values.get("date_from") or values.get("date_to")
            values["date_from"] = values["date_to"] = known
        self._in_order("date_from", "date_to", _("The last day is before the first."))
        if not values.get("evidence_spans") and "evidence_spans" not in self.errors:
            self.add_error(None, _("A claim needs a quote: select the words that say it."))
        return values

    def _clean_spans(self, values: dict[str, Any]) -> None:
        size = len(self.article.text)
        # The fields are hidden: what is wrong with them is said for the form as a whole.
        hidden = [error for name in self.errors if name.endswith("_spans") for error in self.errors[name]]
        for error in dict.fromkeys(hidden):
            self.add_error(None, error)
        for name in ("evidence", *SPANNED):
            if any(not 0 <= start < end <= size for start, end in values.get(f"{name}_spans") or []):
                self.add_error(None, _("The marked words are not in this article. Select them again."))

    def _clean_actors(self, values: dict[str, Any]) -> None:
        fields = (*PARTIES, "origin")
        known = {getattr(self.item, name) for name in fields} - {None} if self.item else set()
        found = {actor.name.lower(): [actor] for actor in known}
        names = {(values.get(key) or "").strip().lower() for name in fields for key in (name, f"{name}_parent")}
        found |= Actor.objects.named(names - set(found))
        for name in fields:
            written = " ".join((values.get(name) or "").split())
            actors = found.get(written.lower(), [])
            values[name] = actors[0] if len(actors) == 1 else None
            if written and not actors and values.get(f"{name}_kind"):
                parent = (values.get(f"{name}_parent") or "").strip()
                parents = found.get(parent.lower(), [])
                if parent and len(parents) != 1:
                    self.add_error(f"{name}_parent", _unknown(parent))
                values[name] = NewActor(written, values[f"{name}_kind"], parents[0] if parents else None)
            elif written and not actors:
                self.add_error(name, _unknown(written))
            elif len(actors) > 1:
                several = ", ".join(f"{actor} ({actor.code})" for actor in actors[:5])
                self.add_error(name, _("Several actors have this name: %s. Enter the code.") % several)
            if written and not actors:
                self.unknown.append(name)

    def _in_order(self, first: str, last: str, message: str) -> None:
        a, b = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if a is not None and b is not None and a > b:
            self.add_error(last, message)

    def written(self, name: str) -> str:
        """What stands in a field now, be it sent or still as it was first filled in."""
        return str(self[name].value() or "").strip()

    def marked(self) -> tuple[dict[str, list[list[int]]], list[list[int]]]:
        """The spans of the fields and those of the evidence, as they stand now; what is not understood is left out."""
        spans = {name: read_spans(self[f"{name}_spans"].value()) for name in ("evidence", *SPANNED)}
        return spans, spans.pop("evidence")

    @property
    def quote(self) -> str:
        """The words that the claim will quote, as they stand now."""
        return " … ".join(self.article.text[start:end] for start, end in self.marked()[1])

    @property
    def newcomers(self) -> list[tuple[Any, Any, Any]]:
        """The fields with a name that nobody bears: each with its kind and with whom it speaks for, to add it."""
        return [(self[name], self[f"{name}_kind"], self[f"{name}_parent"]) for name in self.unknown]

    def words(self, field: str) -> str:
        """The words of the article that say the field."""
        spans = self.cleaned_data.get(f"{field}_spans") or []
        return joined(self.article.text[start:end] for start, end in spans)

    def claim_values(self) -> dict[str, Any]:
        """The values for Claim. Only of a valid form."""
        data = self.cleaned_data
        start, end = data["evidence_spans"][0]
        materiel = self.item.materiel if self.item else None
        if not materiel or (materiel.name, materiel.category) != (data["materiel"], data["category"]):
            materiel = Materiel.objects.named(data["materiel"], data["category"])
        added = None
        if not materiel and data["materiel"] and data["materiel_kind"]:
            added = NewMateriel(data["materiel"], data["materiel_kind"], data["category"])
        days = (data["date_from"], data["date_to"])
        said = any(data[name] for name in SAID) or data["origin"]
        own_voice = data["modality"] == Modality.ASSERTED and not said
        source = self.article.copy_of or self.article
        values = {
            **{name: data[name] for name in (*PARTIES, "category", "stage", "modality", *SAID, "origin")},
            **{f"{name}_text": self.words(name) for name in (*PARTIES, "materiel", "quantity", "date")},
            **{name: data[name] for name in ("quantity_min", "quantity_max", "quantity_unit", "quantity_qualifier")},
            "materiel": materiel or added,
            "designation": data["materiel"] if materiel and materiel.kind == Materiel.Kind.DESIGNATION else "",
            "date_from": days[0],
            "date_to": days[1],
            "date_precision": "" if None in days else Precision.PRECISE if days[0] == days[1] else Precision.IMPRECISE,
            "origin_outlet": source.outlet if own_voice else None,
            "credibility": data["credibility"],
            "translation": data["translation"],
            "note": data["note"],
            "quote": self.article.text[start:end],
            "quote_start": start,
            "quote_end": end,
            "spans": {name: data[f"{name}_spans"] for name in SPANNED if data[f"{name}_spans"]}
            | {"evidence": data["evidence_spans"]},
        }
        values["materiel_text"] = values["materiel_text"] or data["materiel"]
        return values


def initial_of_event(event: ExtractedEvent, item: ReviewItem) -> dict[str, Any]:
    """The form's first values: what the machine read, with the reference names that its codes stand for."""
    initial: dict[str, Any] = {name: getattr(event, name) for name in AS_THEY_ARE}
    for role in PARTIES:
        actor = getattr(item, role)
        initial[role] = actor.name if actor else getattr(event, f"{role}_name")
    initial["origin"] = item.origin.name if item.origin else ""
    initial["materiel"] = item.materiel.name if item.materiel else event.designation or event.materiel_text
    initial["credibility"] = Credibility.UNJUDGED
    initial["evidence_spans"] = event.evidence
    return initial | {f"{name}_spans": spans for name, spans in event.spans.items()}


def initial_of_claim(claim: Claim) -> dict[str, Any]:
    """The form's first values for a claim that was accepted."""
    names = (*AS_THEY_ARE, "credibility", "translation", "note")
    initial: dict[str, Any] = {name: getattr(claim, name) for name in names}
    for role in (*PARTIES, "origin"):
        actor = getattr(claim, role)
        initial[role] = actor.name if actor else ""
    initial["materiel"] = claim.materiel.name if claim.materiel else claim.designation or claim.materiel_text
    return initial | {f"{name}_spans": spans for name, spans in claim.spans.items()}


def filled(article: Article, field: str, start: int, end: int) -> dict[str, Any]:
    """The values that a field takes from the selected words text[start:end], with their span."""
    words = article.text[start:end]
    values: dict[str, Any] = {f"{field}_spans": [[start, end]]}
    if field in PARTIES:
        values[field] = next((str(actors[0]) for actors in Actor.objects.named([words]).values()), words)
    elif field == "quantity":
        found = _over(find_quantities(article.text, article.language), start, end)
        if found:
            values |= {"quantity_min": found.min, "quantity_max": found.max}
            values |= {"quantity_unit": found.unit or "", "quantity_qualifier": found.qualifier}
    elif field == "date":
        day = _over(find_dates(article.text, article.published_on, article.language), start, end)
        if day:
            values |= {"date_from": day.first, "date_to": day.last}
    elif field in (*SAID, "materiel"):
        values[field] = words
    return values


def _over(found: Iterable[Any], start: int, end: int) -> Any:
    """The first of the found dates or quantities that lies over text[start:end]; a word alone may not tell."""
    return next((one for one in found if one.start < end and start < one.end), None)
