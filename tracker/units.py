"""What quantities are counted in: stored and exported as one English word, shown in the reader's language."""

from typing import Any

from django.utils.translation import npgettext_lazy

# Every unit that the extractor knows, and those that reviewers write for what it does not.
UNITS: dict[str, Any] = {
    "aircraft": npgettext_lazy("unit", "aircraft", "aircraft"),
    "battalion": npgettext_lazy("unit", "battalion", "battalions"),
    "battery": npgettext_lazy("unit", "battery", "batteries"),
    "bomb": npgettext_lazy("unit", "bomb", "bombs"),
    "container": npgettext_lazy("unit", "container", "containers"),
    "crate": npgettext_lazy("unit", "crate", "crates"),
    "device": npgettext_lazy("unit", "device", "devices"),
    "drone": npgettext_lazy("unit", "drone", "drones"),
    "engine": npgettext_lazy("unit", "engine", "engines"),
    "grenade": npgettext_lazy("unit", "grenade", "grenades"),
    "gun": npgettext_lazy("unit", "gun", "guns"),
    "helicopter": npgettext_lazy("unit", "helicopter", "helicopters"),
    "kit": npgettext_lazy("unit", "kit", "kits"),
    "launcher": npgettext_lazy("unit", "launcher", "launchers"),
    "mine": npgettext_lazy("unit", "mine", "mines"),
    "missile": npgettext_lazy("unit", "missile", "missiles"),
    "pistol": npgettext_lazy("unit", "pistol", "pistols"),
    "radar": npgettext_lazy("unit", "radar", "radars"),
    "rifle": npgettext_lazy("unit", "rifle", "rifles"),
    "rocket": npgettext_lazy("unit", "rocket", "rockets"),
    "round": npgettext_lazy("unit", "round", "rounds"),
    "satellite": npgettext_lazy("unit", "satellite", "satellites"),
    "ship": npgettext_lazy("unit", "ship", "ships"),
    "shipment": npgettext_lazy("unit", "shipment", "shipments"),
    "squadron": npgettext_lazy("unit", "squadron", "squadrons"),
    "submarine": npgettext_lazy("unit", "submarine", "submarines"),
    "system": npgettext_lazy("unit", "system", "systems"),
    "tank": npgettext_lazy("unit", "tank", "tanks"),
    "ton": npgettext_lazy("unit", "ton", "tons"),
    "tonne": npgettext_lazy("unit", "tonne", "tonnes"),
    "torpedo": npgettext_lazy("unit", "torpedo", "torpedoes"),
    "truck": npgettext_lazy("unit", "truck", "trucks"),
    "vehicle": npgettext_lazy("unit", "vehicle", "vehicles"),
    "vest": npgettext_lazy("unit", "vest", "vests"),
    "weapon": npgettext_lazy("unit", "weapon", "weapons"),
}


def written(unit: str) -> str:
    """The unit as a form shows it: in the reader's language, where `read` leads from that word back to it."""
    word = named(unit, 1)
    return word if read(word) == unit else unit


def read(word: str) -> str:
    """The unit that a word means, as it is stored: of one of UNITS, of its name for one or several of them in the
    reader's language, in any case. Any other word stays as it is."""
    folded = word.strip().casefold()
    if folded in UNITS:
        return folded
    known = (unit for unit, name in UNITS.items() if folded in {str(name % n).casefold() for n in (1, 2)})
    return next(known, word)


def named(unit: str, number: int) -> str:
    """The unit as people read it beside that number: missile, missiles, rudal. One that is not known stays as it is;
    "unit" and nothing are left unsaid."""
    if unit in {"", "unit"}:
        return ""
    return str(UNITS[unit] % number) if unit in UNITS else unit
