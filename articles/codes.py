"""The codes of DOMAIN words that articles, events and claims share, with their labels in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.extract.languages import languages, read_table


def displayed(name: str, choices: type[models.Choices]) -> Callable[[Any], str]:
    """The method `get_NAME_display` of a field that is never NULL, with these choices.

    Django's own translates and hashes all choices whenever it is asked for one: an eighth of the time of a list.
    """
    labels: dict[Any, Any] = dict(choices.choices)

    def display(row: Any) -> str:
        value = getattr(row, name)
        return str(labels.get(value, value))

    return display


class Stage(models.TextChoices):
    """What is said to have happened. The first nine are ordered; the last three stand beside them."""

    TALKS = "talks", _("talks")
    REQUEST = "request", _("request")
    OFFER = "offer", _("offer")
    AGREEMENT = "agreement", _("agreement")
    ORDER = "order", pgettext_lazy("stage", "order")
    PRODUCTION = "production", _("production")
    SHIPMENT = "shipment", _("shipment")
    DELIVERY = "delivery", _("delivery")
    USE = "use", pgettext_lazy("stage", "use")
    HALTED = "halted", _("halted")
    CANCELLED = "cancelled", _("cancelled")
    SANCTION = "sanction", _("sanction")


LADDER = (
    Stage.TALKS,
    Stage.REQUEST,
    Stage.OFFER,
    Stage.AGREEMENT,
    Stage.ORDER,
    Stage.PRODUCTION,
    Stage.SHIPMENT,
    Stage.DELIVERY,
    Stage.USE,
)


class Modality(models.TextChoices):
    """How sure the text says it is."""

    ASSERTED = "asserted", _("asserted")
    ALLEGED = "alleged", _("alleged")
    PLANNED = "planned", _("planned")
    POTENTIAL = "potential", _("potential")
    DENIED = "denied", _("denied")
    NO_EVIDENCE = "no_evidence", _("no evidence")


class Category(models.TextChoices):
    """The category of materiel that the program works with."""

    AIRCRAFT = "aircraft", _("aircraft")
    AIR_DEFENCE = "air_defence", _("air defence")
    ARMOURED_VEHICLES = "armoured_vehicles", _("armoured vehicles")
    ARTILLERY = "artillery", _("artillery")
    AMMUNITION = "ammunition", _("ammunition")
    MISSILES = "missiles", _("missiles and rockets")
    NAVAL = "naval", _("naval")
    DRONES = "drones", _("drones")
    SMALL_ARMS = "small_arms", _("small arms")
    SENSORS = "sensors", _("sensors")
    ENGINES = "engines", _("engines")
    SATELLITES = "satellites", _("satellites")
    COMPONENTS_MATERIALS = "components_materials", _("components and materials")
    OTHER = "other", pgettext_lazy("category", "other")
    UNSPECIFIED = "unspecified", _("unspecified")


class Precision(models.TextChoices):
    """Whether a date names one day for certain."""

    PRECISE = "precise", _("precise")
    IMPRECISE = "imprecise", _("imprecise")


class Qualifier(models.TextChoices):
    """How a number is meant."""

    EXACT = "exact", _("exactly")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    UP_TO = "up_to", _("up to")
    UNSPECIFIED = "unspecified", _("number not given")


class Reliability(models.TextChoices):
    """Source reliability of the NATO Admiralty system, set by people."""

    A = "A", _("A completely reliable")
    B = "B", _("B usually reliable")
    C = "C", _("C fairly reliable")
    D = "D", _("D not usually reliable")
    E = "E", _("E unreliable")
    F = "F", _("F reliability cannot be judged")


OTHER_LANGUAGE = "und"


def _named(row: dict[str, str]) -> str:
    """The name of a language in the reader's language."""
    return row.get(f"name_{(get_language() or 'en')[:2]}") or row["name_en"]


class Language:
    """The language an article is written in: one that texts are read in, or `und` where it could not be told.

    Not an enumeration in the code: the languages are those of languages.csv.
    """

    choices = [
        *(
            (row["language"], lazy(_named, str)(row))
            for row in read_table("languages")
            if row["language"] in languages()
        ),
        (OTHER_LANGUAGE, _("another language")),
    ]
    values = [code for code, _name in choices]


def language_choices() -> list[tuple[str, Any]]:
    """The choices of a field, given as a function so that a further language asks for no migration."""
    return Language.choices
