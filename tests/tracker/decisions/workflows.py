"""A random day of several reviewers, and beside it a model in plain Python of what their decisions say.

After each step every claim has the state and the transfer that the model gives it, and every transfer shows what an
independent count of its claims gives. In the end all is undone, the newest decision first, and the exports are as they
were before. A workflow is a number: the same number gives the same steps.
"""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from tests.factories import make_actor, make_article, make_claim, make_event, make_outlet, make_transfer
from tests.tracker.decisions.recount import ACTOR, FIGURES, counted
from tests.tracker.decisions.steps import NEW, STEPS, Steps
from tracker.decisions import CannotUndo, Conflict, Refused, Repeated
from tracker.export.stream import Export
from tracker.export.tables import TABLES
from tracker.models import Actor, Claim, Decision, Transfer, User


def exported() -> list[bytes]:
    """claims.csv, transfers.csv and events.csv as anybody downloads them."""
    files = []
    for name in ("claims", "transfers", "events"):
        export = Export(TABLES[name], QueryDict())
        files.append(b"".join(export))
        export.close()
    return files


class Workflow(Steps):
    """The steps of one number. `done` counts what was carried out, by its name, and `refused` what was not."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)
        self.number = number
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.story: list[str] = []
        # What should be: of a claim (state, transfer), of a review its state, of a transfer what it is merged into.
        self.model: dict[tuple[str, int], Any] = {}
        # What each decision has changed in the model, by its number; None as `before` of what it has made.
        self.log: dict[int, dict[tuple[str, int], tuple[Any, Any]]] = {}
        self.undone: set[int] = set()
        self.wanted: list[tuple[str, int | None]] = []
        self._begin()

    def _begin(self) -> None:
        """Articles with events that wait, two of them copies, and two transfers with claims."""
        self.before = {
            "transfer": self._last(Transfer),
            "actor": self._last(Actor),
            "decision": self._last(Decision),
        }
        self.people = [self._user(f"walker-{n}", "reviewer") for n in range(4)] + [self._user("walker-0", "admin")]
        stem = f"w{self.number}"
        states = [make_actor(f"{stem}-{name}", f"{name} {stem}") for name in ("north", "south", "east")]
        office = make_actor(f"{stem}-office", kind="institution", parent=states[0])
        speaker = make_actor(f"{stem}-speaker", kind="person", parent=office)
        ministry = make_actor(f"{stem}-ministry", kind="institution", parent=states[1])
        self.parties = [*states, make_actor(f"{stem}-front", kind="group")]
        self.voices = [*states, office, speaker, ministry]
        self.outlets = [make_outlet(f"{stem} outlet {n}") for n in range(3)]
        texts = [f"{stem}: north sent tanks to south {n}, and east denies what is said of them." for n in range(4)]
        self.articles = []
        for place, text in enumerate([texts[0], texts[0], texts[1], texts[1], texts[2], texts[3]]):
            day = date(2024, 3, 1) + timedelta(place)
            article = make_article(text=text, outlet=self.outlets[place % 3], published_on=day)
            self.articles.append(article)
            for position in range(2):
                pair = (states[0], states[1]) if position == 0 else (states[2], states[1])
                make_event(
                    article,
                    supplier_code=pair[0].code,
                    supplier_name=pair[0].name,
                    recipient_code=pair[1].code,
                    recipient_name=pair[1].name,
                    evidence=[[position * 4, 30 + position * 4]],
                )
        for pair in ((states[0], states[1]), (states[2], states[1])):
            transfer = make_transfer(supplier=pair[0], recipient=pair[1])
            for modality, origin in (("alleged", speaker), ("denied", ministry)):
                claim = make_claim(
                    transfer,
                    article=self.articles[4],
                    modality=modality,
                    origin=origin,
                    reviewed_by=self.people[0],
                )
                self.model["claim", claim.pk] = ("active", transfer.pk)
            self.model["transfer", transfer.pk] = None
        for item in self._items():
            self.model["item", item.pk] = item.state
        self.start = dict(self.model)
        self.files = exported()

    @staticmethod
    def _user(name: str, role: str) -> User:
        return User.objects.get_or_create(username=f"{name}-{role}", defaults={"role": role})[0]

    @staticmethod
    def _last(model: Any) -> int:
        newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
        return newest or 0

    # Steps

    def step(self) -> None:
        """One action of one reviewer that finds something to act on, and the check of all that should be after it."""
        while not self._tried():
            pass

    def _tried(self) -> bool:
        name = self.random.choices(list(STEPS), [weight for _step, weight in STEPS.values()])[0]
        self.by = self.random.choice(self.people)
        # What a stale page would send.
        self.behind = 1 if self.random.random() < 0.02 else 0
        before, self.wanted = dict(self.model), []
        try:
            did = STEPS[name][0](self)
        except (Refused, CannotUndo, PermissionDenied, Conflict, Repeated) as refused:
            self.model, self.wanted = before, []
            self.refused[name] += 1
            self.story.append(f"{name} by {self.by}: {type(refused).__name__} {refused}")
        else:
            if did is False:
                return False
            self.done[name] += 1
            self.story.append(f"{name} by {self.by}: {did}")
        self._made()
        changed = {key: (before.get(key), self.model[key]) for key in self.model if before.get(key) != self.model[key]}
        newest = Decision.objects.order_by("-pk").first()
        if newest and newest.pk > max(self.log, default=self.before["decision"]):
            self.log[newest.pk] = changed if newest.undoes_id is None else {}
            if newest.undoes_id is not None:
                self.undone |= {newest.pk, newest.undoes_id}
        else:
            assert not changed, "changed without a decision"
        self.check()
        return True

    def _made(self) -> None:
        """Give the claims and the transfer that the step made their numbers: as many as wanted, and no others."""
        known = {pk for kind, pk in self.model if kind == "transfer"}
        made = Transfer.objects.filter(pk__gt=self.before["transfer"]).exclude(pk__in=known)
        new = list(made.order_by("pk").values_list("pk", flat=True))
        assert len(new) == len({link for _state, link in self.wanted if link == NEW} | self.opened()), "new transfers"
        for pk in new:
            self.model["transfer", pk] = None
        for key, value in self.model.items():
            if key[0] == "claim" and value[1] == NEW:
                self.model[key] = (value[0], new[0])
        known = {pk for kind, pk in self.model if kind == "claim"}
        found = Claim.objects.filter(article__in=self.articles).exclude(pk__in=known).order_by("pk")
        claims = list(found.values_list("pk", "state", "transfer"))
        should = sorted(((state, new[0] if link == NEW else link) for state, link in self.wanted), key=str)
        assert sorted(((state, link) for _pk, state, link in claims), key=str) == should, "new claims"
        for pk, state, link in claims:
            self.model["claim", pk] = (state, link)

    def opened(self) -> set[int]:
        """Whether a claim that was there is linked to a transfer that the step made."""
        return {NEW} if any(key[0] == "claim" and value[1] == NEW for key, value in self.model.items()) else set()

    # Checks

    def check(self) -> None:
        """Nothing is lost, every link is what the decisions say, and every transfer shows what its claims say."""
        fields = ("state", "transfer_id", "stage", "modality", "origin_id", "origin_outlet_id")
        claims = {pk: rest for pk, *rest in Claim.objects.filter(article__in=self.articles).values_list("pk", *fields)}
        assert {pk: tuple(row[:2]) for pk, row in claims.items()} == {
            pk: value for (kind, pk), value in self.model.items() if kind == "claim"
        }, "links"
        assert dict(self._items().values_list("pk", "state")) == {
            pk: value for (kind, pk), value in self.model.items() if kind == "item"
        }, "reviews"
        rows = Transfer.objects.filter(pk__gt=self.before["transfer"]).values("pk", "merged_into_id", *FIGURES)
        actors = {pk: rest for pk, *rest in Actor.objects.filter(pk__gt=self.before["actor"]).values_list(*ACTOR)}
        for row in rows:
            pk = row.pop("pk")
            assert row.pop("merged_into_id") == self.model["transfer", pk], f"T-{pk} merged"
            linked = [one[2:] for one in claims.values() if one[0] == "active" and one[1] == pk]
            assert row == counted(linked, actors, self.model["transfer", pk]), f"T-{pk}"

    def take_all_back(self) -> None:
        """Undo every decision that stands, the newest first: then all is as it was in the beginning."""
        mine = Decision.objects.filter(pk__gt=self.before["decision"], undone_by=None, undoes=None)
        for decision in mine.select_related("user", "item__event").order_by("-pk"):
            self.story.append(f"undo of {decision} {decision.pk}")
            try:
                self.put_back(decision)
            except CannotUndo:
                # An undo after it has given a claim back to a transfer that an unmerge had brought back, or merged a
                # transfer again that it links to. An undo is not undone: what stands before it stays, and what is
                # there has to be right all the same.
                assert any(pk > decision.pk for pk in self.undone)
                self.refused["take all back"] += 1
                self.check()
                return
        self.check()
        assert {key: self.model[key] for key in self.start} == self.start
        assert exported() == self.files, "the exports are others"


def walk(number: int, steps: int) -> Workflow:
    """Carry out one workflow to its end; what fails names the number and tells its story."""
    workflow = Workflow(number)
    try:
        for _step in range(steps):
            workflow.step()
        workflow.take_all_back()
    except Exception as error:
        last = "\n  ".join(workflow.story[-60:])
        raise AssertionError(f"workflow {number}, step {len(workflow.story)}: {error!r}\n  {last}") from error
    return workflow
