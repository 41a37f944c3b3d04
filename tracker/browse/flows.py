"""Who supplies whom: the numbers behind the flows, and the list behind each of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.browse.as_of import Moment
from tracker.browse.counted import claims_by, transfers_by
from tracker.browse.facets import NONE
from tracker.browse.filters import ClaimFilter, TransferFilter
from tracker.models import Actor, Claim, Transfer
from tracker.templatetags.figures import figure

# What can be counted, the first where nothing is asked for.
COUNTED = {"transfers": gettext_lazy("transfers"), "claims": gettext_lazy("claims")}


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a flow: its code as the filters take it, "none" where nobody is named, and its id, then None."""

    code: str
    name: str
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """How many transfers or claims lead from a supplier to a recipient, and how many of them are contested."""

    supplier: Party
    recipient: Party
    n: int
    contested: int


class Flows:
    """The flows that the filters leave.

    `of` is what is counted, a key of COUNTED. `sample` is None where the numbers are exact, else the share of the rows
    that they were estimated from, from 0 to 1. `asked` is the time that `?as_of=` names, which every list keeps.
    """

    def __init__(self, query: QueryDict, *, asked: Moment | None = None) -> None:
        self.of = query.get("of", "")
        if self.of not in COUNTED:
            self.of = next(iter(COUNTED))
        self.query = query
        self.time = {"as_of": asked.written} if asked else {}
        self.filters = self._filters(self.of)

    def _filters(self, of: str) -> Any:
        if of == "claims":
            return ClaimFilter(self.query, queryset=Claim.objects.shown())
        return TransferFilter(self.query, queryset=Transfer.objects.standing())

    @cached_property
    def _counted(self) -> Any:
        by = claims_by if self.of == "claims" else transfers_by
        return by(self.filters, "supplier", "recipient", "contested")

    @property
    def sample(self) -> float | None:
        return self._counted.sample

    @property
    def percent(self) -> str:
        """The sample in percent, as people read it."""
        return f"{100 * (self.sample or 0):.3g}"

    @cached_property
    def flows(self) -> list[Flow]:
        """All flows, the largest first."""
        # As many rows as there are pairs of parties, not as there are transfers.
        pairs: dict[tuple[int | None, int | None], tuple[int, int]] = {}
        for row in self._counted.rows:
            n, contested = pairs.get((row.supplier, row.recipient), (0, 0))
            pairs[row.supplier, row.recipient] = (n + row.n, contested + row.n * bool(row.contested))
        actors = Actor.objects.filter(pk__in={pk for pair in pairs for pk in pair if pk})
        parties = {actor.pk: Party(actor.code, actor.name, actor.pk) for actor in actors.order_by()}
        suppliers = parties | {None: Party(NONE, _("supplier not said"))}
        recipients = parties | {None: Party(NONE, _("recipient not said"))}
        found = [
            Flow(suppliers[supplier], recipients[recipient], n, contested)
            for (supplier, recipient), (n, contested) in pairs.items()
            if n
        ]
        return sorted(found, key=lambda flow: (-flow.n, flow.supplier.name, flow.recipient.name, flow.supplier.code))

    @cached_property
    def total(self) -> int:
        return sum(flow.n for flow in self.flows)

    def listed(self, **changes: str | list[str] | None) -> str:
        """The address of the list behind a number: these filters with `changes`."""
        name = "claim_list" if self.of == "claims" else "transfer_list"
        return f"{reverse(name)}?{_joined(self.filters.address(**changes), self.time)}"

    def between(self, suppliers: list[str], recipients: list[str]) -> str:
        """The list of what leads from any of the suppliers to any of the recipients, by code."""
        return self.listed(supplier=suppliers, recipient=recipients)

    def without(self, name: str, codes: list[str]) -> list[str]:
        """What the filter `not_` + name has to hold to leave the codes out too."""
        return list(dict.fromkeys([*self.query.getlist(f"not_{name}"), *codes]))

    def page(self, view: str, of: str | None = None) -> str:
        """The address of a view of the same flows, or of what the same filters leave of the other kind."""
        filters, left_out = self.filters, {}
        if of not in (None, self.of):
            filters = self._filters(str(of))
            # Some stages of claims are none of transfers: the other list would refuse them.
            left_out = dict.fromkeys(filters.form.errors)
        return f"?{_joined(filters.address(**left_out), {'view': view, 'of': of or self.of} | self.time)}"

    def csv(self) -> str:
        """The address of all flows as CSV."""
        return f"{reverse('flows_csv')}?{_joined(self.filters.address(), {'of': self.of} | self.time)}"

    def counted(self, n: int, contested: int = 0) -> str:
        """12 transfers, 3 contested."""
        if self.of == "claims":
            words = ngettext("%s claim", "%s claims", n) % figure(n)
        else:
            words = ngettext("%s transfer", "%s transfers", n) % figure(n)
        if not contested:
            return words
        return _("%(number)s, %(contested)s contested") % {"number": words, "contested": figure(contested)}

    def said(self, supplier: str, recipient: str, n: int, contested: int = 0) -> str:
        """Norway → Peru: 12 transfers, 3 contested."""
        return f"{supplier} → {recipient}: {self.counted(n, contested)}"


def homes(parties: list[Party]) -> dict[int, list[str]]:
    """The codes of an actor itself and of those that it acts for, the nearest first, by id."""
    up = ("parent__code", "parent__parent__code", "parent__parent__parent__code")
    rows = Actor.objects.filter(pk__in=[party.pk for party in parties if party.pk]).values_list("pk", "code", *up)
    return {pk: [code for code in codes if code] for pk, *codes in rows}


def _joined(address: str, more: dict[str, Any]) -> str:
    return "&".join(part for part in (address, urlencode(more)) if part)
