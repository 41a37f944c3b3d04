"""The filter of words that every list has, and the switch beside it."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext_lazy

from tracker.browse.facets import YES_NO
from tracker.browse.sought import LONGEST, Sought


def by_index(rows: QuerySet[Any], most: int) -> list[int]:
    """The ids of up to `most` rows, in no order, from what indexes say about them alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner takes a vector for cheap to compare. What is left are bitmaps of indexes.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        found = list(rows.order_by().values_list("pk", flat=True)[:most])
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on")
    return found


class Among(Func):
    """id = ANY (ids): one value for thousands of ids, where `pk__in` would be as many."""

    conditional = True
    output_field = BooleanField()
    template = "%(expressions)s)"
    arg_joiner = " = ANY ("


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
        where = self.where(sought)
        if self.few:
            found = by_index(qs.model._default_manager.filter(where), self.few + 1)
            if len(found) <= self.few:
                return qs.filter(Among(F("pk"), Value(found, ArrayField(BigIntegerField()))))
            self.parent.common = True
        return qs.filter(where)


class Exact(django_filters.ChoiceFilter):
    """Whether the words are searched as they are written alone: it changes what `Words` finds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=YES_NO[:1], label=gettext_lazy("Exact words"), **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs
