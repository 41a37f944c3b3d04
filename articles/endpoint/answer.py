"""The form of a model's answer, checked before anything of it is used."""

import json
import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from articles.endpoint.errors import NotJson, WrongShape

Stage = Literal[
    "talks",
    "request",
    "offer",
    "agreement",
    "order",
    "production",
    "shipment",
    "delivery",
    "use",
    "halted",
    "cancelled",
    "sanction",
]
Modality = Literal["asserted", "alleged", "planned", "potential", "denied", "no_evidence"]
Category = Literal[
    "aircraft",
    "air_defence",
    "armoured_vehicles",
    "artillery",
    "ammunition",
    "missiles",
    "naval",
    "drones",
    "small_arms",
    "sensors",
    "engines",
    "satellites",
    "components_materials",
    "other",
    "unspecified",
]
STAGES: tuple[str, ...] = get_args(Stage)
MODALITIES: tuple[str, ...] = get_args(Modality)
CATEGORIES: tuple[str, ...] = get_args(Category)
MOST_EVENTS = 200

_FENCED = re.compile(r"```[A-Za-z]*\s*\n(.*?)\n?\s*```", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


def _bare(value: Any) -> Any:
    """The words of {"text": …}: models that know the form of our own output answer so, with offsets that count not."""
    return value["text"] if isinstance(value, dict) and "text" in value else value


def _or_none(value: Any) -> Any:
    value = _bare(value)
    return None if isinstance(value, str) and not value.strip() else value


Quote = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), BeforeValidator(_bare)]
MaybeQuote = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True)] | None,
    BeforeValidator(_or_none),
]


class ToldItem(BaseModel):
    """One materiel as the model tells it."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    category: Category


class Told(BaseModel):
    """One event as the model tells it: quotes, and the codes of stage, modality and category. Nothing is checked yet.

    Whatever else it adds, offsets and country codes above all, is dropped here.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    evidence: Annotated[list[Quote], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
    supplier: MaybeQuote = None
    recipient: MaybeQuote = None
    intermediary: MaybeQuote = None
    end_user: MaybeQuote = None
    materiel: list[ToldItem] = []
    quantity: MaybeQuote = None
    stage: Stage
    stage_text: Quote
    modality: Modality
    modality_text: MaybeQuote = None
    date: MaybeQuote = None
    speaker: MaybeQuote = None
    institution: MaybeQuote = None
    relayed_by: MaybeQuote = None


class Envelope(BaseModel):
    """The answer as a whole; its events are checked one by one, so that a bad one spoils no other."""

    model_config = ConfigDict(extra="ignore", strict=True)

    events: list[dict[str, Any]]


def told(content: str) -> tuple[list[Told], list[str]]:
    """The events of a model's answer, and for each one that has another form the reason why it is refused.

    A code fence and a preceding <think> passage are taken off. NotJson, WrongShape: nothing of the answer can be used.
    """
    bare = _THOUGHT.sub("", content).strip()
    if fenced := _FENCED.search(bare):
        bare = fenced[1]
    try:
        value = json.loads(bare)
    except (ValueError, RecursionError):
        raise NotJson("The model's answer is not JSON.") from None
    try:
        envelope = Envelope.model_validate(value)
    except ValidationError:
        raise WrongShape('The model\'s answer is JSON, but not of the form {"events": […]}.') from None
    if len(envelope.events) > MOST_EVENTS:
        raise WrongShape(f"The model's answer has {len(envelope.events)} events, more than {MOST_EVENTS}.")
    good: list[Told] = []
    refused: list[str] = []
    for number, event in enumerate(envelope.events, 1):
        try:
            good.append(Told.model_validate(event))
        except ValidationError as error:
            where = {".".join(str(step) for step in one["loc"]) for one in error.errors(include_input=False)}
            refused.append(f"event {number} has another form ({', '.join(sorted(where))})")
    return good, refused
