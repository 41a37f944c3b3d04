"""Why the machine read an event, in the reader's language: it stores its reasons as short English texts."""

import re
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles.codes import Modality, Stage

register = template.Library()

FIXED: dict[str, Promise] = {
    "supplier inferred": _("supplier inferred"),
    "recipient inferred": _("recipient inferred"),
    "supplier missing": _("supplier missing"),
    "recipient missing": _("recipient missing"),
    "maker of the type": _("maker of the type"),
    "pronoun": _("pronoun"),
    "materiel carried over": _("materiel carried over"),
    "materiel implied": _("materiel implied"),
    "noun": _("noun"),
    "headline only": _("headline only"),
    "adjective": _("adjective"),
    "long sentence": _("long sentence"),
    "told by a third party → alleged": _("told by a third party → alleged"),
}
# With words of the article, or codes, in them.
FORMS: tuple[tuple[re.Pattern[str], Promise], ...] = (
    (re.compile(r"frame (?P<words>.*) → (?P<stage>\w+)", re.DOTALL), _("frame “%(words)s” → %(stage)s")),
    (re.compile(r"cue → (?P<modality>\w+)"), _("cue → %(modality)s")),
    (re.compile(r"(?P<words>.*) is to come → planned", re.DOTALL), _("“%(words)s” is to come → planned")),
    (re.compile(r"(?P<words>.*) of a sentence nearby", re.DOTALL), _("“%(words)s” of a sentence nearby")),
)
CODES: dict[str, dict[str, Any]] = {"stage": dict(Stage.choices), "modality": dict(Modality.choices)}


@register.filter
def reason(stored: str) -> dict[str, str]:
    """The `text` of a stored reason, and the `language` that it is in: English where no translation is known."""
    if stored in FIXED:
        return {"text": str(FIXED[stored]), "language": get_language() or "en"}
    for form, words in FORMS:
        if found := form.fullmatch(stored):
            values = {name: str(CODES.get(name, {}).get(value, value)) for name, value in found.groupdict().items()}
            return {"text": str(words) % values, "language": get_language() or "en"}
    return {"text": stored, "language": "en"}
