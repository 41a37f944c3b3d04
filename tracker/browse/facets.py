"""The kinds of filters that lists and exports have, and what their bar shows of them.

Every `AnyOf` has a twin: `supplier=KP&supplier=RU` asks for either, `not_supplier=RU` leaves it out, and `none` stands
for "not said".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Outlet
from tracker.models import Actor

NONE = "none"
YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


class CodesField(forms.MultipleChoiceField):
    """Several codes, blank ones ignored. With `open` any code is taken: one that is not there finds nothing."""

    def __init__(self, *, open: bool = False, **kwargs: Any) -> None:
        self.open = open
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:
        return [code for code in super().to_python(value) if code]

    def valid_value(self, value: str) -> bool:
        return "\0" not in value if self.open else super().valid_value(value)


class AnyOf(django_filters.Filter):
    """Rows that have one of the values in the column `field_name`, or for which `where(values, filters)` holds.

    `options(filters)` are the values to choose from, for those that the database knows.
    """

    field_class = CodesField

    def __init__(
        self,
        field_name: str | None = None,
        *,
        choices: Any = (),
        options: "Callable[[ListFilter], list[tuple[str, str]]] | None" = None,
        where: "Callable[[list[str], ListFilter], Any] | None" = None,
        twin: bool = True,
        **kwargs: Any,
    ) -> None:
        self.choices, self.options, self.where, self.twin = choices, options, where, twin
        kwargs.setdefault("open", options is not None)
        super().__init__(field_name, choices=choices, **kwargs)

    def negation(self) -> "AnyOf":
        """The filter that leaves the values out."""
        return AnyOf(
            self.field_name,
            choices=self.choices,
            options=self.options,
            where=self.where,
            twin=False,
            exclude=True,
            label=self.label,
            open=self.extra["open"],
        )

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        condition = self.condition(value)
        return qs if condition is None else qs.filter(condition)

    def condition(self, value: list[str]) -> Q | None:
        """What the rows have to fulfil; None where nothing is asked for."""
        if not value:
            return None
        found = self.where(value, self.parent) if self.where else self._in(value)
        return ~Q(found) if self.exclude else found

    def _in(self, value: list[str]) -> Q:
        known = [code for code in value if code != NONE]
        found = Q(**{f"{self.field_name}__in": known}) if known else Q(pk__in=[])
        if NONE in value:
            found |= Q(**{f"{self.field_name}__isnull": True}) | Q(**{self.field_name: ""})
        return found


class YesNo(AnyOf):
    """Rows for which a condition holds, or does not."""

    def __init__(self, holds: Q, **kwargs: Any) -> None:
        self.holds = holds
        super().__init__(choices=YES_NO, twin=False, **kwargs)

    def condition(self, value: list[str]) -> Q | None:
        """The condition or its opposite; None where both or neither is asked for."""
        if len(set(value)) != 1:
            return None
        return self.holds if "yes" in value else ~self.holds


class Day(django_filters.DateFilter):
    """A day, as 2024-03-01."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


class Words(django_filters.CharFilter):
    """Rows for which `where(word)` holds for every word."""

    def __init__(self, where: Callable[[str], Q], **kwargs: Any) -> None:
        self.where = where
        super().__init__(label=gettext_lazy("Search"), **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in (value or "").split()[:8]:
            qs = qs.filter(self.where(word))
        return qs


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet, and whether it is asked for or left out."""

    value: str
    label: str
    on: bool
    off: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter as the bar shows it. `twin` says whether its values can be left out, too."""

    name: str
    label: str
    options: list[Option]
    twin: bool
    count: int


@dataclass(frozen=True, slots=True)
class Chip:
    """One value that is filtered by, and the query string without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Span:
    """A first and a last day."""

    label: str
    first: forms.BoundField
    last: forms.BoundField
    on: bool


class ListFilter(django_filters.FilterSet):
    """The filters of one list. `facets` are those that its bar shows; the others work in the address."""

    shown: tuple[str, ...] = ()
    ranges: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """The declared filters, and a `not_` twin for each that has one."""
        found = super().get_filters()
        for name, declared in list(found.items()):
            if isinstance(declared, AnyOf) and declared.twin and not declared.exclude:
                found[f"not_{name}"] = declared.negation()
        return found

    @property
    def qs(self) -> QuerySet[Any]:
        """The rows; none where a value is not understood, since ignoring a filter would show too much."""
        return super().qs if self.form.is_valid() else self.queryset.none()

    @cached_property
    def parties(self) -> list[Actor]:
        """The actors that supply or receive something in this list, annotated `supplies` and `receives`."""
        return []

    @cached_property
    def outlets(self) -> list[Outlet]:
        """The outlets that have articles."""
        published = Article.objects.filter(outlet=OuterRef("pk"))
        return list(Outlet.objects.filter(Exists(published)).order_by("name").only("key", "name"))

    # Conditions name ids: with codes behind a join, the planner would not see how few rows they leave.

    def actor_ids(self, codes: list[str]) -> list[int]:
        """The ids of the parties of those codes."""
        return [actor.pk for actor in self.parties if actor.code in codes]

    def outlet_ids(self, keys: list[str]) -> list[int]:
        """The ids of the outlets of those keys."""
        return [outlet.pk for outlet in self.outlets if outlet.key in keys]

    def unknown(self) -> list[str]:
        """Parameters that are no filter."""
        return [name for name in self.data if name not in self.filters]

    def bar(self, shown: tuple[str, ...] | None = None) -> Iterator[Facet]:
        """The facets of the filter bar."""
        for name in shown or self.shown:
            declared = self.filters[name]
            on, off = self._sent(name), self._sent(f"not_{name}")
            options = self._options(declared)
            known = {value for value, _label in options}
            options += [(value, value) for value in dict.fromkeys(on + off) if value not in known]
            yield Facet(
                name,
                declared.label,
                [Option(value, label, value in on, value in off) for value, label in options],
                declared.twin,
                len(on) + len(off),
            )

    def spans(self) -> Iterator[Span]:
        """The ranges of days of the filter bar."""
        for name, label in self.ranges:
            first, last = f"{name}_from", f"{name}_to"
            yield Span(label, self.form[first], self.form[last], bool(self._sent(first) or self._sent(last)))

    def chips(self, **kept: str) -> list[Chip]:
        """One chip for each value that is filtered by; `kept` are further parameters of the page."""
        found = []
        for name, declared in self.filters.items():
            labels = dict(self._options(declared)) if isinstance(declared, AnyOf) and self._sent(name) else {}
            for value in self._sent(name):
                label = _("not %s") % declared.label if declared.exclude else str(declared.label)
                found.append(Chip(label, self._said(name, value, labels), self._without(name, value, kept)))
        return found

    def address(self, **changes: str | list[str] | None) -> str:
        """The query string of these filters alone, with `changes`; None takes one out. Without "?"."""
        query = QueryDict(mutable=True)
        for name in self.filters:
            query.setlist(name, self._sent(name))
        for name, value in changes.items():
            query.setlist(name, [] if value is None else value if isinstance(value, list) else [value])
        return query.urlencode()

    def _sent(self, name: str) -> list[str]:
        return [value for value in self.data.getlist(name) if value.strip()] if name in self.data else []

    def _without(self, name: str, value: str, kept: dict[str, str]) -> str:
        others = [other for other in self._sent(name) if other != value]
        return f"?{self.address(**{name: others}, **kept)}"

    def _options(self, declared: AnyOf) -> list[tuple[str, str]]:
        if declared.options:
            return [*declared.options(self), (NONE, _("not said"))]
        return [(value, str(label)) for value, label in declared.choices]

    def _said(self, name: str, value: str, labels: dict[str, str]) -> str:
        if isinstance(self.filters[name], Day):
            day = self.form.cleaned_data.get(name) if self.form.is_valid() else None
            return date_format(day, "j M Y") if day else value
        return labels.get(value, value)
