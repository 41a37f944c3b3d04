"""The filter of words that every list has, and the switch beside it."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from tracker.browse import hits
from tracker.browse.facets import YES_NO
from tracker.browse.sought import LONGEST, Sought


class Words(django_filters.CharFilter):
    """Rows that hold what is sought, by the condition `where(sought)`.

    Where up to `few` rows do, they are looked up first and filtered by their ids: for an order by date, the planner
    would rather take every newer row's text apart than sort the few that an index names.
    """

    def __init__(self, where: Callable[[Sought], Q], *, few: int = 0, **kwargs: Any) -> None:
        self.where, self.few = where, few
        super().__init__(label=gettext_lazy("Search"), max_length=LONGEST, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        sought = self.parent.sought
        if not sought:
            return qs.none()
        if not self.few:
            return qs.filter(self.where(sought))
        # What the words name is asked within, too: to start parallel workers takes longer than to look it up.
        with hits.by_index():
            where = self.where(sought)
            found = hits.ids(qs.filter(where), self.few)
        if found is None:
            self.parent.common = True
            return qs.filter(where)
        self.parent.found, ids = found
        return qs.filter(hits.among("pk", ids))


class Exact(django_filters.ChoiceFilter):
    """Whether the words are searched as they are written alone: it changes what `Words` finds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=YES_NO[:1], label=gettext_lazy("Exact words"), **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs
