"""Transfers in the columns of SIPRI's trade register and of the UN Register of Conventional Arms (UNROCA).

Both hold concluded transfers, we hold what is reported: what cannot be known from reports stays empty, and each row
says which stage the transfer has reached. TIV is SIPRI's own estimate and is never computed.
"""

from typing import Any

from django.db.models import CharField, F, IntegerField, TextField, Value
from django.db.models.expressions import Case, Func, When

from articles.codes import Modality, Stage
from tracker.browse.columns import LIST, NUMBER, SWITCH, Column, crosswalk, public_id
from tracker.models.materiel import MaterielKind

# How our stages become the dates of a register: an order is a contract, and what is used has been delivered.
ORDERED = (Stage.ORDER,)
DELIVERED = (Stage.DELIVERY, Stage.USE)
MADE = (Stage.PRODUCTION,)
HAPPENED = (Modality.ASSERTED, Modality.ALLEGED)
UNROCA = {
    "I": "Battle tanks",
    "II": "Armoured combat vehicles",
    "III": "Large-calibre artillery systems",
    "IV": "Combat aircraft and unmanned combat aerial vehicles",
    "V": "Attack helicopters",
    "VI": "Warships",
    "VII": "Missiles and missile launchers",
    "SALW": "Small arms and light weapons",
}
FIRST_YEAR, LAST_YEAR = "min(extract(year FROM c.date_from))", "max(extract(year FROM c.date_to))"
YEARS = f"CASE WHEN {FIRST_YEAR} = {LAST_YEAR} THEN {FIRST_YEAR}::text ELSE {FIRST_YEAR} || '-' || {LAST_YEAR} END"
YEARS_DOUBT = f"CASE WHEN {FIRST_YEAR} <> {LAST_YEAR} THEN '?' END"
NUMBER_DOUBT = (
    "CASE WHEN count(c.quantity_min) + count(c.quantity_max) > 0"
    " AND (min(c.quantity_min) IS DISTINCT FROM max(c.quantity_max) OR count(c.quantity_min) <> count(c.quantity_max)"
    " OR bool_or(c.quantity_min IS NOT NULL AND c.quantity_qualifier NOT IN ('exact', ''))) THEN '?' END"
)
INTERMEDIARIES = r"string_agg(DISTINCT replace(a.name_en, '|', '\|'), ' | ')"


def of_claims(value: str, stages: tuple[Stage, ...], field: Any = TextField) -> Func:
    """A value over the active claims that say as a fact, or have heard, that the transfer has reached a stage."""
    return Func(
        F("id"),
        template=(
            f"(SELECT {value} FROM tracker_claim c LEFT JOIN tracker_actor a ON a.id = c.intermediary_id"
            f" WHERE c.transfer_id = %(expressions)s AND c.state = 'active' AND c.modality IN ({_listed(HAPPENED)})"
            f" AND c.stage IN ({_listed(stages)}))"
        ),
        output_field=field(),
    )


def _listed(codes: tuple[Any, ...]) -> str:
    return ", ".join(f"'{code.value}'" for code in codes)


def empty() -> Value:
    """What nobody but the register itself can fill in."""
    return Value(None, output_field=TextField())


def designation(*, named: bool) -> Case:
    """The name of the materiel where it is a designation, or where it is none (and else our category)."""
    is_one = When(materiel__kind=MaterielKind.DESIGNATION, then=F("materiel__name_en"))
    if named:
        return Case(is_one, default=empty(), output_field=CharField())
    of_class = When(
        materiel__kind__in=[MaterielKind.CLASS, MaterielKind.FAMILY],
        then=F("materiel__name_en"),
    )
    return Case(of_class, default=F("category"), output_field=CharField())


def comments() -> Func:
    """What a register has no column for: halts, contradiction, and what the numbers count."""
    return Func(
        *(F(name) for name in ("status", "contested", "supports", "denies", "no_evidence", "quantity_unit")),
        template=(
            "(SELECT concat_ws('; ', CASE WHEN status <> 'active' THEN status END,"
            " CASE WHEN contested THEN 'contested' END, 'claims that support it: ' || supports,"
            " CASE WHEN denies > 0 THEN 'that deny it: ' || denies END,"
            " CASE WHEN no_evidence > 0 THEN 'that nothing shows it: ' || no_evidence END,"
            " CASE WHEN unit <> '' THEN 'counted in: ' || unit END)"
            " FROM (VALUES (%(expressions)s)) AS said(status, contested, supports, denies, no_evidence, unit))"
        ),
        output_field=TextField(),
    )


ESTIMATE = "? where the column before it is a range or not certain."
UNKNOWN = "Left empty: nothing in a report tells it."
OURS = (
    Column("Transfer", "Our permanent id of the transfer.", sql=public_id("id"), required=True),
    Column(
        "Stage",
        "The highest stage that an asserted or alleged claim gives it, in our words; a register lists a row from "
        "order or delivery on.",
        sql=F("stage"),
        codes=tuple(Stage.values),
    ),
    Column("Comments", "Halts, contradiction, how many claims, and what the numbers count.", sql=comments()),
)

SIPRI_COLUMNS = (
    Column("SIPRI AT Database ID", UNKNOWN, sql=empty()),
    Column("Supplier", "English name of the supplier; empty where it is not known.", sql=F("supplier__name_en")),
    Column("Recipient", "English name of the recipient; empty where it is not known.", sql=F("recipient__name_en")),
    Column("Designation", "Designation of the weapon, where one is named.", sql=designation(named=True)),
    Column("Description", "Class of the weapon, or else our category.", sql=designation(named=False)),
    Column(
        "Armament category",
        "SIPRI's category; empty for what SIPRI leaves out (ammunition, unguided rockets, small arms).",
        sql=crosswalk("sipri"),
    ),
    Column("Order date", "Year, or years, of the claims of an order (our stage order).", sql=of_claims(YEARS, ORDERED)),
    Column("Order date is estimate", ESTIMATE, sql=of_claims(YEARS_DOUBT, ORDERED)),
    Column(
        "Numbers delivered",
        "Smallest number that a claim of a delivery gives (our stages delivery and use).",
        NUMBER,
        of_claims("min(c.quantity_min)", DELIVERED, IntegerField),
    ),
    Column("Numbers delivered is estimate", ESTIMATE, sql=of_claims(NUMBER_DOUBT, DELIVERED)),
    Column("Delivery year", "Year, or years, of the claims of a delivery.", sql=of_claims(YEARS, DELIVERED)),
    Column("Delivery year is estimate", ESTIMATE, sql=of_claims(YEARS_DOUBT, DELIVERED)),
    Column("Status", "New or second hand. " + UNKNOWN, sql=empty()),
    Column("SIPRI estimate", UNKNOWN, sql=empty()),
    Column("TIV deal unit", "SIPRI's own estimate. " + UNKNOWN, sql=empty()),
    Column("TIV delivery values", "SIPRI's own estimate. " + UNKNOWN, sql=empty()),
    Column(
        "Local production",
        "true where a claim tells of production under licence (our stage production).",
        SWITCH,
        of_claims("(count(*) > 0)::text", MADE),
    ),
    Column(
        "Number ordered",
        "Smallest number that a claim of an order gives.",
        NUMBER,
        of_claims("min(c.quantity_min)", ORDERED, IntegerField),
    ),
    Column("Number ordered is estimate", ESTIMATE, sql=of_claims(NUMBER_DOUBT, ORDERED)),
    *OURS,
)

UNROCA_COLUMNS = (
    Column("Exporting state", "English name of the supplier; it may be no state.", sql=F("supplier__name_en")),
    Column("Importing state", "English name of the recipient; it may be no state.", sql=F("recipient__name_en")),
    Column(
        "Category",
        "I to VII, or SALW; empty for what the UN Register leaves out and where nothing can be said for sure.",
        sql=crosswalk("unroca"),
        codes=tuple(UNROCA),
    ),
    Column(
        "Category name",
        "What the category is called.",
        sql=Func(
            crosswalk("unroca"),
            template="(CASE %(expressions)s "
            + " ".join(f"WHEN '{code}' THEN '{name}'" for code, name in UNROCA.items())
            + " END)",
            output_field=TextField(),
        ),
    ),
    Column(
        "Calendar year",
        "Year, or years, of the claims of a delivery (our stages delivery and use).",
        sql=of_claims(YEARS, DELIVERED),
    ),
    Column("Calendar year is estimate", ESTIMATE, sql=of_claims(YEARS_DOUBT, DELIVERED)),
    Column(
        "Number of items",
        "Smallest number that a claim of a delivery gives.",
        NUMBER,
        of_claims("min(c.quantity_min)", DELIVERED, IntegerField),
    ),
    Column("Number of items is estimate", ESTIMATE, sql=of_claims(NUMBER_DOUBT, DELIVERED)),
    Column("State of origin", "Where it is not the exporter. " + UNKNOWN, sql=empty()),
    Column(
        "Intermediate location",
        "Who passes it on, by the claims of a delivery.",
        LIST,
        of_claims(INTERMEDIARIES, DELIVERED),
    ),
    Column(
        "Description",
        "English name of the materiel, or else our category.",
        sql=Case(
            When(materiel__isnull=False, then=F("materiel__name_en")), default=F("category"), output_field=CharField()
        ),
    ),
    *OURS,
)
