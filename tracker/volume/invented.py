"""An invented world of transfers and the articles about it, true to life in its shape and in nothing else.

A few pairs of states have most of the transfers and a few transfers most of the articles; outlets likewise. Articles
come in bursts after a transfer begins, some repeat another outlet's text, both languages are there, and a long tail
has one claim only. The same world, sizes and seed give the same rows.
"""

import hashlib
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Choice = TypeVar("Choice")

FIRST_DAY = date(2006, 1, 2)
DAYS = 7600
SHARE_OF_COPIES = 0.12
# Share of each category among the transfers.
CATEGORIES = {
    "aircraft": 17,
    "missiles": 14,
    "armoured_vehicles": 11,
    "drones": 10,
    "naval": 9,
    "air_defence": 8,
    "ammunition": 7,
    "artillery": 6,
    "small_arms": 5,
    "unspecified": 5,
    "sensors": 3,
    "components_materials": 2,
    "engines": 1,
    "other": 1,
    "satellites": 1,
}
# What a claim says, by how far the transfer has come: the first kinds of a transfer's life are the commonest.
STAGES = ("talks", "request", "offer", "agreement", "order", "production", "shipment", "delivery", "use")
SIDE_STAGES = ("halted", "cancelled", "sanction")
MODALITIES = {"asserted": 46, "alleged": 26, "planned": 13, "potential": 9, "denied": 4, "no_evidence": 2}


@dataclass(frozen=True, slots=True)
class State:
    """A row of the reference data: `pk` and code of the actor, and its names."""

    pk: int
    code: str
    name_en: str
    name_id: str


@dataclass(frozen=True, slots=True)
class Weapon:
    """A row of the reference data."""

    pk: int
    key: str
    category: str
    name_en: str
    name_id: str
    designation: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """An outlet of the reference data."""

    pk: int
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class World:
    """Whom and what the invented articles speak of, each list in a fixed order."""

    states: Sequence[State]
    weapons: Sequence[Weapon]
    papers: Sequence[Paper]


@dataclass(frozen=True, slots=True)
class Deal:
    """One transfer of the invented world. `reach` is the place in STAGES that it has come to by its last claim."""

    pk: int
    supplier: State
    recipient: State
    weapon: Weapon
    begin: int
    reach: int
    quantity: int | None
    contested: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of an article, and what it says. Offsets are code points of the article's text.

    `speaker` is the state whose officials are quoted, None where the outlet speaks itself.
    """

    deal: Deal
    stage: str
    modality: str
    start: int
    end: int
    supplier: tuple[int, int]
    recipient: tuple[int, int]
    weapon: tuple[int, int]
    quantity: tuple[int, int] | None
    speaker: State | None
    said: tuple[int, int] | None
    day: date | None
    when: tuple[int, int] | None


@dataclass(slots=True)
class Story:
    """One article with what it tells. `copy_of` is the number of the article whose text it repeats."""

    pk: int
    paper: Paper
    language: str
    title: str
    text: str
    published: date
    copy_of: int | None
    told: list[Told] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """The hash of the text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


VERBS = {
    "en": {
        "talks": "discussed selling",
        "request": "was asked to provide",
        "offer": "offered",
        "agreement": "agreed to supply",
        "order": "sold",
        "production": "will assemble with a partner",
        "shipment": "shipped",
        "delivery": "delivered",
        "use": "supplied the now deployed",
        "halted": "suspended the delivery of",
        "cancelled": "cancelled the sale of",
        "sanction": "placed under embargo",
    },
    "id": {
        "talks": "membahas penjualan",
        "request": "diminta menyediakan",
        "offer": "menawarkan",
        "agreement": "sepakat memasok",
        "order": "menjual",
        "production": "akan merakit bersama mitra",
        "shipment": "mengirimkan",
        "delivery": "menyerahkan",
        "use": "memasok dan telah melihat dipakainya",
        "halted": "menangguhkan pengiriman",
        "cancelled": "membatalkan penjualan",
        "sanction": "mengembargo",
    },
}
HEDGES = {
    "en": {
        "asserted": "",
        "alleged": "reportedly ",
        "planned": "according to a plan ",
        "potential": "possibly ",
        "denied": "contrary to reports never ",
        "no_evidence": "without any evidence so far ",
    },
    "id": {
        "asserted": "",
        "alleged": "dilaporkan ",
        "planned": "menurut rencana ",
        "potential": "kemungkinan ",
        "denied": "dibantah pernah ",
        "no_evidence": "tanpa bukti sejauh ini ",
    },
}
FILLERS = {
    "en": (
        "The ministry gave no further details.",
        "Analysts have followed the programme for years.",
        "A budget debate is due after the summer recess.",
        "Neither government answered questions by the end of the day.",
        "The two capitals have held staff talks every spring since the last election.",
    ),
    "id": (
        "Kementerian tidak memberi keterangan lebih lanjut.",
        "Para pengamat mengikuti program itu selama bertahun-tahun.",
        "Pembahasan anggaran dijadwalkan setelah masa reses.",
        "Kedua pemerintah belum menjawab pertanyaan hingga petang.",
        "Kedua ibu kota mengadakan pertemuan staf setiap musim semi sejak pemilu terakhir.",
    ),
}
TO = {"en": "to", "id": "kepada"}
SAID = {"en": "officials of {} said", "id": "kata pejabat {}"}
ON = {"en": "on {}", "id": "pada {}"}


class Ranked(Generic[Choice]):
    """Draws from a list by rank: the first most often, the others by a power law."""

    def __init__(self, choices: Sequence[Choice], power: float) -> None:
        self.choices = choices
        self.sums = list(accumulate(1 / (place + 1) ** power for place in range(len(choices))))

    def draw(self, rng: Random) -> Choice:
        """One of the choices."""
        return self.choices[bisect(self.sums, rng.random() * self.sums[-1])]


def deals(world: World, count: int, seed: int) -> list[Deal]:
    """`count` transfers, numbered from 1."""
    rng = Random(f"deals {seed}")
    suppliers, recipients = list(world.states), list(world.states)
    rng.shuffle(suppliers)
    rng.shuffle(recipients)
    supplying, receiving = Ranked(suppliers[:90], 1.3), Ranked(recipients, 0.8)
    pairs = set()
    for _ in range(max(50, count // 30)):
        supplier, recipient = supplying.draw(rng), receiving.draw(rng)
        if supplier is not recipient:
            pairs.add((supplier.pk, recipient.pk))
    by_pk = {state.pk: state for state in world.states}
    ordered = sorted(pairs)
    rng.shuffle(ordered)
    paired = Ranked(ordered, 0.9)
    of_category: dict[str, list[Weapon]] = {}
    for weapon in world.weapons:
        of_category.setdefault(weapon.category, []).append(weapon)
    names = [name for name in CATEGORIES if name in of_category]
    categories = rng.choices(names, [CATEGORIES[name] for name in names], k=count)
    made = []
    for pk, category in enumerate(categories, 1):
        supplier_pk, recipient_pk = paired.draw(rng)
        kinds = of_category[category]
        made.append(
            Deal(
                pk,
                by_pk[supplier_pk],
                by_pk[recipient_pk],
                kinds[int(len(kinds) * rng.random() ** 3)],
                # The reporting grows over the years.
                int(DAYS * rng.random() ** 0.6),
                rng.randrange(len(STAGES)),
                None if rng.random() < 0.4 else round(2 ** rng.uniform(0.5, 9)),
                rng.random() < 0.06,
            )
        )
    return made


def stories(world: World, made: Sequence[Deal], articles: int, told: int, seed: int) -> Iterator[Story]:
    """`articles` articles that say `told` things about the deals, in the order of their numbers from 1.

    Every deal is told of at least once where `told` allows.
    """
    rng = Random(f"stories {seed}")
    papers = list(world.papers)
    rng.shuffle(papers)
    publishing = Ranked(papers, 1.0)
    famous = list(made)
    rng.shuffle(famous)
    fame = Ranked(famous, 0.75)
    left, unheard = told, list(famous)
    recent: list[Story] = []
    printed: set[tuple[int, int]] = set()
    for pk in range(1, articles + 1):
        paper = publishing.draw(rng)
        share = left / (articles - pk + 1)
        # A few articles tell a great deal, most of them little.
        count = min(left, max(1, round(share * rng.paretovariate(1.7) * 0.42))) if pk < articles else left
        left -= count
        twins = (story for story in recent if len(story.told) == count and (paper.pk, _first(story)) not in printed)
        twin = next(twins, None)
        spare = len(unheard) < articles - pk
        if twin is not None and spare and rng.random() < SHARE_OF_COPIES * 3:
            story = Story(pk, paper, twin.language, twin.title, twin.text, twin.published, _first(twin), twin.told)
        else:
            first = unheard.pop() if unheard else fame.draw(rng)
            about = [first, *(fame.draw(rng) for _ in range(min(2, count // 4)))]
            published = FIRST_DAY + timedelta(days=min(DAYS, first.begin + int(rng.expovariate(1 / 40))))
            story = _written(rng, world, pk, paper, published, about, count)
        printed.add((paper.pk, _first(story)))
        recent = [story, *recent[:12]]
        yield story


def _first(story: Story) -> int:
    """The article that first had the text."""
    return story.copy_of or story.pk


def _written(
    rng: Random, world: World, pk: int, paper: Paper, published: date, about: Sequence[Deal], count: int
) -> Story:
    language = paper.language if paper.language in VERBS else "en"
    names = "name_id" if language == "id" else "name_en"
    lead = about[0]
    title = f"{getattr(lead.supplier, names)}, {getattr(lead.recipient, names)}: {getattr(lead.weapon, names)} ({pk})"
    story = Story(pk, paper, language, title, "", published, None)
    pieces = [title, "\n\n"]
    length = len(title) + 2
    for place in range(count):
        deal = lead if place < count - len(about) + 1 else about[place - count + len(about)]
        sentence, told = _sentence(rng, world, deal, language, names, published, length)
        story.told.append(told)
        end = " " if place % 3 else "\n\n"
        filler = rng.choice(FILLERS[language]) + end if rng.random() < 0.6 else ""
        pieces += [sentence, end, filler]
        length += len(sentence) + len(end) + len(filler)
    story.text = "".join(pieces).rstrip()
    return story


def _sentence(
    rng: Random, world: World, deal: Deal, language: str, names: str, published: date, at: int
) -> tuple[str, Told]:
    """One sentence about the deal, and where in the article its values stand."""
    stage = rng.choice(SIDE_STAGES) if rng.random() < 0.07 else STAGES[min(deal.reach, rng.randrange(len(STAGES)))]
    kinds = list(MODALITIES)
    modality = rng.choices(kinds, list(MODALITIES.values()))[0]
    if modality in ("denied", "no_evidence") and not deal.contested:
        modality = "alleged"
    parts: list[str] = []
    length = at

    def add(words: str) -> tuple[int, int]:
        nonlocal length
        parts.append(words)
        length += len(words)
        return length - len(words), length

    speaker = said = None
    if rng.random() < 0.55:
        speaker = rng.choice((deal.supplier, deal.recipient, world.states[rng.randrange(len(world.states))]))
    supplier = add(getattr(deal.supplier, names))
    add(f" {HEDGES[language][modality]}{VERBS[language][stage]} ")
    quantity = None
    if deal.quantity is not None and rng.random() < 0.7:
        quantity = add(str(deal.quantity))
        add(" ")
    weapon = add(getattr(deal.weapon, names))
    add(f" {TO[language]} ")
    recipient = add(getattr(deal.recipient, names))
    day = when = None
    if rng.random() < 0.35:
        day = published - timedelta(days=rng.randrange(1, 200))
        add(" ")
        when = add(ON[language].format(day.isoformat()))
    if speaker is not None:
        add(", ")
        said = add(SAID[language].format(getattr(speaker, names)))
    add(".")
    return "".join(parts), Told(
        deal, stage, modality, at, length, supplier, recipient, weapon, quantity, speaker, said, day, when
    )
