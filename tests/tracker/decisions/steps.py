"""What a reviewer of a random workflow can do, and what it should change: each step moves the model beside the rows."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import uuid4

from articles.codes import Modality, Stage
from tracker.decisions import last_undoable, undo
from tracker.link import actors, not_same, transfers
from tracker.models import Actor, Claim, Decision, NotSame, Opinion, Report, ReviewItem, Transfer, User
from tracker.review import actions, adjudication, copies, grades, notes, reports
from tracker.review.actions import Part
from tracker.review.naming import NewActor
from tracker.review.opinions import Answer

LINKS = ("none", "new", "known")
# Stands for a transfer that a step makes.
NEW = -1
JUDGED = [name for name in actions.COPIED if name != "transfer"]


class Steps:
    """One method a step. It returns what it did, False where there is nothing to do, and raises what is refused.

    `model` says of a claim (state, transfer), of a review its state, of a transfer what it is merged into; `wanted` are
    the (state, transfer) of the claims that the step makes.
    """

    random: Random
    number: int
    by: User
    behind: int
    before: dict[str, int]
    model: dict[tuple[str, int], Any]
    log: dict[int, dict[tuple[str, int], tuple[Any, Any]]]
    undone: set[int]
    wanted: list[tuple[str, int | None]]
    articles: list[Any]
    outlets: list[Any]
    parties: list[Actor]
    voices: list[Actor]

    def _items(self) -> Any:
        mine = ReviewItem.objects.filter(event__article__in=[article.pk for article in self.articles])
        return mine.select_related("event__article").order_by("pk")

    def _signed(self, row: Any) -> dict[str, Any]:
        return {"by": self.by, "version": row.version - self.behind, "key": uuid4()}

    def _one(self, rows: Any) -> Any:
        pks = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=self.random.choice(pks)) if pks else None

    def _item(self, *states: str) -> Any:
        return self._one(self._items().filter(state__in=states))

    def _claim(self) -> Any:
        related = ("article", "supplier", "recipient", "origin", "transfer", "event")
        return self._one(Claim.objects.shown().filter(article__in=self.articles).select_related(*related))

    def _transfer(self, **of: Any) -> Any:
        mine = Transfer.objects.standing().filter(pk__gt=self.before["transfer"], **of)
        return self._one(mine.select_related("supplier", "recipient"))

    def _link(self, how: str | None = None) -> tuple[dict[str, Any], int | None]:
        """What an action takes to link, and the transfer that the model then expects."""
        how = how or self.random.choice(LINKS)
        transfer = self._transfer() if how == "known" else None
        if transfer:
            return {"transfer": transfer}, transfer.pk
        return ({"new_transfer": True}, NEW) if how == "new" else ({}, None)

    def _values(self) -> dict[str, Any]:
        """What a claim says, at random. A party may be one that nobody knows yet, or one that was merged."""
        supplier, recipient = self.random.sample(self.parties, 2)
        supplier, recipient = (Actor.objects.get(pk=one.pk).survivor for one in (supplier, recipient))
        if supplier == recipient or self.random.random() < 0.1:
            recipient = None
        voice = self.random.choice([None, "outlet", *self.voices])
        quantity = self.random.choice([None, 5, 12])
        return {
            "supplier": NewActor(f"Brigade {self.random.randrange(3)} w{self.number}", "group")
            if self.random.random() < 0.06
            else supplier,
            "recipient": recipient,
            "category": self.random.choice(["armoured_vehicles", "drones", "unspecified"]),
            "stage": self.random.choice(list(Stage.values)),
            "modality": self.random.choice(list(Modality.values)),
            "quantity_min": quantity,
            "quantity_max": quantity,
            "origin": Actor.objects.get(pk=voice.pk).survivor if isinstance(voice, Actor) else None,
            "origin_outlet": self.random.choice(self.outlets) if voice == "outlet" else None,
            "credibility": self.random.choice([1, 2, 6, 6, 6]),
            "quote": "north sent",
            "quote_start": 4,
            "quote_end": 14,
            "spans": {"evidence": [[4, 14]]},
            "translation": "",
            "note": self.random.choice(["", "seen"]),
        }

    def accept(self) -> Any:
        # A flagged one asks for two answers more, and comes seldom.
        item = self._one(self._items().filter(state="pending", flagged=True)) or self._item("pending")
        if not item:
            return False
        link, expected = self._link()
        actions.accept(item=item, values=self._values(), **self._signed(item), **link)
        self.wanted = [("provisional", None) if item.flagged else ("active", expected)]
        self.model["item", item.pk] = "awaiting_second" if item.flagged else "accepted"
        return item, expected

    def reject(self) -> Any:
        if not (item := self._item("pending")):
            return False
        actions.reject(item=item, reason=self.random.randint(1, 6), note="other", **self._signed(item))
        self.model["item", item.pk] = "awaiting_second" if item.flagged else "rejected"
        return item

    def split(self) -> Any:
        if not (item := self._item("pending")):
            return False
        link, expected = self._link()
        parts = [Part(self._values(), **link), Part(self._values(), with_first=True), Part(self._values())]
        actions.split(item=item, parts=parts, **self._signed(item))
        self.wanted = [("active", expected), ("active", expected), ("active", None)]
        self.model["item", item.pk] = "accepted"
        return item, expected

    def write(self) -> Any:
        link, expected = self._link()
        article = self.random.choice(self.articles)
        actions.write(article=article, part=Part(self._values(), **link), by=self.by, key=uuid4())
        self.wanted = [("active", expected)]
        return article, expected

    def flag(self) -> Any:
        if not (item := self._item("pending")):
            return False
        actions.flag(item=item, **self._signed(item))
        return item

    def second(self) -> Any:
        """The second answer: the same as the first one, or another."""
        if not (item := self._item("awaiting_second")):
            return False
        first = Opinion.objects.get(item=item, round=1, withdrawn=False)
        claim = Claim.objects.filter(event=item.event_id, state="provisional").first()
        same, accepts = self.random.random() < 0.5, first.verdict == "accept"
        if same and not accepts:
            adjudication.reject(item=item, reason=first.reason, note="other", **self._signed(item))
            self.model["item", item.pk] = "rejected"
            return item, "same"
        if accepts and not same:
            adjudication.reject(item=item, reason=2, **self._signed(item))
            self.model["item", item.pk] = "adjudicating"
            return item, "rejected"
        if not accepts:
            adjudication.accept(item=item, values=self._values() | {"credibility": 6}, **self._signed(item))
            self.model["item", item.pk] = "adjudicating"
            return item, "accepted"
        assert claim is not None
        stands = first.transfer and Transfer.objects.get(pk=first.transfer_id).survivor
        new = bool(first.values["new_transfer"])
        values = {name: getattr(claim, name) for name in JUDGED}
        adjudication.accept(item=item, values=values, transfer=stands, new_transfer=new, **self._signed(item))
        self.model["item", item.pk] = "accepted"
        self.model["claim", claim.pk] = ("active", NEW if new else stands.pk if stands else None)
        return item, "same", stands, new

    def adjudicate(self) -> Any:
        if not (item := self._item("adjudicating")):
            return False
        claim = Claim.objects.filter(event=item.event_id, state="provisional").first()
        if self.random.random() < 0.3:
            adjudication.adjudicate(item=item, answer=Answer(reason=3), **self._signed(item))
            self.model["item", item.pk] = "rejected"
            if claim:
                self.model["claim", claim.pk] = ("retracted", None)
            return item, "rejected"
        link, expected = self._link()
        adjudication.adjudicate(item=item, answer=Answer(self._values(), **link), **self._signed(item))
        self.model["item", item.pk] = "accepted"
        if claim:
            self.model["claim", claim.pk] = ("active", expected)
        else:
            self.wanted = [("active", expected)]
        return item, expected

    def copy(self) -> Any:
        for item in self._items().filter(state__in=["accepted", "rejected"]):
            if offer := copies.offer(item, self.by):
                break
        else:
            return False
        twins = [(self._items().get(pk=twin["id"]), twin["version"]) for twin in offer.twins]
        claims = Claim.objects.shown().filter(event=item.event_id).values_list("transfer", flat=True)
        shared = list(claims) if item.state == "accepted" else []
        actions.decide_copies(item=item, twins=twins, by=self.by, key=uuid4())
        self.wanted = [("active", link) for link in shared for _twin in twins]
        for twin, _version in twins:
            self.model["item", twin.pk] = item.state
        return item, twins

    def edit(self) -> Any:
        """Correct a claim, which may move it to another transfer."""
        claim = self._claim()
        if not claim:
            return False
        link, expected = self._link()
        actions.edit(
            claim=claim,
            values=self._values() | {"transfer": link.get("transfer")},
            new_transfer="new_transfer" in link,
            **self._signed(claim),
        )
        self.model["claim", claim.pk] = ("active", expected)
        return claim, expected

    def retract(self) -> Any:
        if not (claim := self._claim()):
            return False
        actions.retract(claim=claim, **self._signed(claim))
        self.model["claim", claim.pk] = ("retracted", claim.transfer_id)
        return claim

    def move(self) -> Any:
        """Link several claims of one pair at once."""
        lead = self._claim()
        if not lead:
            return False
        pair = {"supplier": lead.supplier_id, "recipient": lead.recipient_id}
        claims = list(Claim.objects.shown().filter(article__in=self.articles, **pair).order_by("pk"))
        ticked = self.random.sample(claims, self.random.randint(1, min(4, len(claims))))
        transfer = self._transfer(**pair) if self.random.random() < 0.7 else None
        versions = {claim.pk: claim.version - self.behind for claim in ticked}
        transfers.move(claims=versions, transfer=transfer, by=self.by, key=uuid4())
        for claim in ticked:
            self.model["claim", claim.pk] = ("active", transfer.pk if transfer else NEW)
        return ticked, transfer

    def merge(self) -> Any:
        gone, into = self._transfer(), self._transfer()
        if not gone:
            return False
        transfers.merge(transfer=gone, into=into, despite=self.random.random() < 0.5, **self._signed(gone))
        for (kind, pk), value in list(self.model.items()):
            if kind == "claim" and value[1] == gone.pk:
                self.model["claim", pk] = (value[0], into.pk)
            elif kind == "transfer" and value == gone.pk:
                self.model["transfer", pk] = into.pk
        self.model["transfer", gone.pk] = into.pk
        return gone, into

    def unmerge(self) -> Any:
        merged = [pk for (kind, pk), value in self.model.items() if kind == "transfer" and value]
        if not merged:
            return False
        gone = Transfer.objects.get(pk=self.random.choice(merged))
        transfers.unmerge(transfer=gone, **self._signed(gone))
        self._back(gone.pk)
        return gone

    def _back(self, gone: int) -> None:
        """What the merge had moved, and is still where that went, comes back."""
        survivor = self.model["transfer", gone]
        standing = (pk for pk in sorted(self.log, reverse=True) if pk not in self.undone)
        went = next(pk for pk in standing if (self.log[pk].get(("transfer", gone)) or (1, 0))[0] is None)
        for key, (before, _after) in self.log[went].items():
            now = self.model[key]
            if key[0] == "claim" and before and before[1] == gone and now[1] == survivor:
                self.model[key] = (now[0], gone)
            elif key[0] == "transfer" and before == gone and now == survivor:
                self.model[key] = gone
        self.model["transfer", gone] = None

    def merge_actors(self) -> Any:
        gone, into = self._one(self._actors().filter(merged_into=None)), self._one(self._actors())
        actors.merge(actor=gone, into=into, **self._signed(gone))
        return gone, into

    def unmerge_actors(self) -> Any:
        if not (gone := self._one(self._actors().filter(merged_into__isnull=False))):
            return False
        actors.unmerge(actor=gone, **self._signed(gone))
        return gone

    def _actors(self) -> Any:
        return Actor.objects.filter(pk__gt=self.before["actor"], withdrawn=False)

    def tell_apart(self) -> Any:
        one, other = self._transfer(), self._transfer()
        if not one:
            return False
        what = self.random.choice(["item", "claim", "other"])
        rows = {"item": self._item("pending"), "claim": self._claim(), "other": other}
        if rows[what] is None:
            return False
        not_same.say(transfer=one, by=self.by, key=uuid4(), **{what: rows[what]})
        return one, rows[what]

    def take_back(self) -> Any:
        mine = NotSame.objects.filter(withdrawn=False, transfer__gt=self.before["transfer"])
        if not (said := self._one(mine)):
            return False
        not_same.take_back(said=said, **self._signed(said))
        return said

    def grade(self) -> Any:
        if not (transfer := self._transfer()):
            return False
        grades.grade(
            transfer=transfer, credibility=self.random.choice([1, 2, 3]), note="graded", **self._signed(transfer)
        )
        return transfer

    def note(self) -> Any:
        if not (transfer := self._transfer()):
            return False
        notes.write(subject="transfer", row=transfer, text="A note", shared=True, by=self.by, key=uuid4())
        return transfer

    def report(self) -> Any:
        if not (claim := self._claim()):
            return False
        reports.report(claim=claim, text="This is wrong.", by=self.by, key=uuid4())
        return claim

    def answer(self) -> Any:
        waiting = Report.objects.filter(answered_at=None, withdrawn=False, claim__article__in=self.articles)
        report = self._one(waiting.select_related("claim__article", "claim__transfer"))
        if not report:
            return False
        retract = report.claim.state == "active" and self.random.random() < 0.5
        signed = self._signed(report)
        reports.answer(report=report, text="Seen.", claim_version=report.claim.version, retract=retract, **signed)
        if retract:
            self.model["claim", report.claim_id] = ("retracted", report.claim.transfer_id)
        return report

    def undo(self) -> Any:
        """Take back the newest decision of a reviewer, and perhaps the one before."""
        decision = last_undoable(self.by)
        if decision is None or decision.pk not in self.log:
            return False
        self.put_back(decision)
        return decision

    def put_back(self, decision: Decision) -> None:
        undo(decision, by=decision.user, key=uuid4())
        for key, (before, after) in self.log[decision.pk].items():
            assert self.model[key] == after, f"undone although {key} was changed since"
            if before is not None or key[0] == "transfer":
                self.model[key] = before
            else:
                self.model[key] = ("retracted", after[1])


STEPS: dict[str, tuple[Callable[[Steps], Any], int]] = {
    "accept": (Steps.accept, 10),
    "reject": (Steps.reject, 3),
    "split": (Steps.split, 3),
    "write": (Steps.write, 4),
    "flag": (Steps.flag, 4),
    "second": (Steps.second, 14),
    "adjudicate": (Steps.adjudicate, 40),
    "copy": (Steps.copy, 4),
    "edit": (Steps.edit, 6),
    "retract": (Steps.retract, 3),
    "move": (Steps.move, 6),
    "merge": (Steps.merge, 7),
    "unmerge": (Steps.unmerge, 6),
    "merge actors": (Steps.merge_actors, 5),
    "unmerge actors": (Steps.unmerge_actors, 5),
    "not the same": (Steps.tell_apart, 4),
    "take back": (Steps.take_back, 2),
    "grade": (Steps.grade, 3),
    "note": (Steps.note, 2),
    "report": (Steps.report, 2),
    "answer": (Steps.answer, 2),
    "undo": (Steps.undo, 16),
}
