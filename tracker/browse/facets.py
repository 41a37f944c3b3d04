"""The kinds of filters that lists and exports have, and what their bar shows of them.

Every `AnyOf` has a twin: `supplier=KP&supplier=RU` asks for either, `not_supplier=RU` leaves it out, and `none` stands
for "not said".
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.browse.named import Named
from tracker.browse.sought import Sought
from tracker.templatetags.figures import figure

NONE = "none"
# The largest number that a column of numbers holds.
MOST = 2**63 - 1
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

    Its values are the `choices`, or `named` says what they are. What the rows are counted by is `by` (one path or
    expression, or two paths of which either counts), on the claims of the rows where it is `of_claims`.
    """

    field_class = CodesField

    def __init__(
        self,
        field_name: str | None = None,
        *,
        choices: Any = (),
        named: Named | None = None,
        where: "Callable[[list[str], ListFilter], Any] | None" = None,
        by: Any = "",
        of_claims: bool = False,
        twin: bool = True,
        **kwargs: Any,
    ) -> None:
        self.choices, self.named, self.where, self.twin = choices, named, where, twin
        self.by, self.of_claims = by or field_name, of_claims
        kwargs.setdefault("open", named is not None)
        super().__init__(field_name, choices=choices, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "AnyOf":
        # Each filter set copies all its filters, and nothing in one of these changes but its filter set. The field is
        # made once: a form copies what it is made of.
        made = copy(self)
        made._field = self.field
        return made

    def negation(self) -> "AnyOf":
        """The filter that leaves the values out."""
        return AnyOf(
            self.field_name,
            choices=self.choices,
            named=self.named,
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


class Since(Day):
    """Times from the beginning of a day on, in the reader's zone."""

    def filter(self, qs: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__gte": _midnight(value)}) if value else qs


class Until(Day):
    """Times up to the end of a day, in the reader's zone."""

    def filter(self, qs: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__lt": _midnight(value, 1)}) if value else qs


def _midnight(day: date, later: int = 0) -> datetime:
    """The beginning of a day, or of one so much later; the last day of all has none after it."""
    if later and day == date.max:
        return datetime.max.replace(tzinfo=timezone.get_fixed_timezone(0))
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), time.min))


class Instant(django_filters.IsoDateTimeFilter):
    """A time with its zone, as 2024-03-01T12:00:00+07:00."""


class Number(django_filters.Filter):
    """A whole number from 0. `where(number, filters)` is the condition, where it is no lookup of `field_name`."""

    field_class = forms.IntegerField

    def __init__(
        self, field_name: str | None = None, *, where: "Callable[[int, ListFilter], Q] | None" = None, **kwargs: Any
    ) -> None:
        self.where = where
        super().__init__(field_name, min_value=0, max_value=MOST, **kwargs)

    def filter(self, qs: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        if value is None:
            return qs
        return qs.filter(self.where(value, self.parent)) if self.where else super().filter(qs, value)


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet, and whether it is asked for or left out. `number` of rows that it would leave, if known."""

    value: str
    label: str
    on: bool
    off: bool
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter as the bar shows it. `twin` says whether its values can be left out, too.

    `options` are all of them, or those that are filtered by where it is not `whole`; `url` leads to all of them, with
    the number of rows behind each.
    """

    name: str
    label: str
    options: list[Option]
    twin: bool
    count: int
    whole: bool
    url: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One value that is filtered by, and the query string without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Span:
    """A first and a last day, or a lowest and a highest number."""

    label: str
    first: forms.BoundField
    last: forms.BoundField
    on: bool


class ListFilter(django_filters.FilterSet):
    """The filters of one list.

    `shown` are the facets of its bar and `ranges` its ranges; `further_ranges` and the other facets are offered
    behind them. `name` is that of the list.
    """

    name = ""
    shown: tuple[str, ...] = ()
    ranges: tuple[tuple[str, Any], ...] = ()
    further_ranges: tuple[tuple[str, Any], ...] = ()
    # Whether more rows hold the words that are sought than a filter of words looks up by their ids; if not, how many.
    common = False
    found: int | None = None

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """The declared filters, and a `not_` twin for each that has one."""
        found = super().get_filters()
        for name, declared in list(found.items()):
            if isinstance(declared, AnyOf) and declared.twin and not declared.exclude:
                found[f"not_{name}"] = declared.negation()
        return found

    @cached_property
    def sought(self) -> Sought:
        """What the words of the list's search ask for."""
        return Sought(self.data.get("q", ""), exact=self.data.get("exact") == "yes")

    @property
    def qs(self) -> QuerySet[Any]:
        """The rows; none where a value is not understood, since ignoring a filter would show too much."""
        return super().qs if self.form.is_valid() else self.queryset.none()

    @cached_property
    def _rows_named(self) -> dict[Named, dict[str, Any]]:
        """The rows that the address names, by what names them and by value: one query for all actors, and so on."""
        values: dict[Named, list[str]] = {}
        for name, declared in self.filters.items():
            if isinstance(declared, AnyOf) and declared.named:
                values.setdefault(declared.named, []).extend(self.sent(name))
        return {named: named.rows(asked) if asked else {} for named, asked in values.items()}

    def ids(self, named: Named, values: list[str]) -> list[int]:
        """The ids of the rows of those values. Conditions name ids: with codes behind a join, the planner would not
        see how few rows they leave."""
        rows = self._rows_named.get(named, {})
        return sorted({rows[value].pk for value in values if value in rows})

    def number(self, name: str) -> int | None:
        """What the filter of a number asks for; None where it asks for nothing."""
        return self.form.cleaned_data.get(name)

    def unknown(self, *others: str) -> list[str]:
        """Parameters that are neither a filter nor one of the `others`."""
        return sorted(name for name in self.data if name not in self.filters and name not in others)

    def refusal(self, *others: str) -> str:
        """Why the filters cannot be answered, in words; "" where they can. `others` are parameters that are none."""
        if unknown := self.unknown(*others):
            return _("There is no filter called %s.") % ", ".join(unknown)
        return " ".join(f"{name}: {' '.join(errors)}" for name, errors in self.form.errors.items())

    def bar(self, shown: tuple[str, ...] | None = None) -> list[Facet]:
        """The facets of the filter bar: those of `shown` from here on, where it is given."""
        self.shown = self.shown if shown is None else shown
        return [self.facet(name, whole=True) for name in self.shown]

    def further(self) -> list[Facet]:
        """The facets that the bar does not show."""
        return [self.facet(name, whole=False) for name in self.facets() if name not in self.shown]

    def facet(self, name: str, *, whole: bool) -> Facet:
        """One facet; with all of its options where it is `whole` and they need not be looked up."""
        declared = self.filters[name]
        on, off = self.sent(name), self.sent(f"not_{name}")
        whole = whole and not declared.named
        options = [(value, str(label)) for value, label in declared.choices] if whole else []
        known = {value for value, _label in options}
        options += [(value, self.said(name, value)) for value in dict.fromkeys(on + off) if value not in known]
        return Facet(
            name,
            declared.label,
            [Option(value, label, value in on, value in off) for value, label in options],
            declared.twin,
            len(on) + len(off),
            whole,
            f"{reverse('facet', args=[self.name, name])}?{self.address()}",
        )

    def facets(self) -> list[str]:
        """The names of the filters whose values can be chosen from."""
        return [
            name
            for name, one in self.filters.items()
            if isinstance(one, AnyOf) and not one.exclude and (one.choices or one.named)
        ]

    def spans(self) -> Iterator[Span]:
        """The ranges of the filter bar."""
        return self._spans(self.ranges)

    def further_spans(self) -> Iterator[Span]:
        """The ranges that the bar does not show."""
        return self._spans(self.further_ranges)

    def _spans(self, ranges: tuple[tuple[str, Any], ...]) -> Iterator[Span]:
        for name, label in ranges:
            first, last = f"{name}_from", f"{name}_to"
            yield Span(label, self.form[first], self.form[last], bool(self.sent(first) or self.sent(last)))

    def carried(self) -> list[tuple[str, str]]:
        """What is filtered by without a place in the form: the form takes it along."""
        placed = {"q", *(f"{name}_{end}" for name, _l in self.ranges + self.further_ranges for end in ("from", "to"))}
        for name in self.facets():
            placed |= {name, f"not_{name}"}
        return [(name, value) for name in self.filters if name not in placed for value in self.sent(name)]

    def narrowed(self) -> bool:
        """Whether a filter that the bar does not show is in use."""
        further = any(facet.count for facet in self.further())
        return further or any(span.on for span in self.further_spans())

    def chips(self, **kept: str) -> list[Chip]:
        """One chip for each value that is filtered by; `kept` are further parameters of the page."""
        found = []
        for name, declared in self.filters.items():
            for value in self.sent(name):
                label = _("not %s") % declared.label if declared.exclude else str(declared.label)
                found.append(Chip(label, self.said(name, value), self._without(name, value, kept)))
        return found

    def address(self, **changes: str | list[str] | None) -> str:
        """The query string of these filters alone, with `changes`; None takes one out. Without "?"."""
        asked: dict[str, Any] = self._asked | changes
        return urlencode({name: [] if value is None else value for name, value in asked.items()}, doseq=True)

    @cached_property
    def _asked(self) -> dict[str, list[str]]:
        """The filters that the address names, with their values: a chart asks for hundreds of addresses."""
        return {name: sent for name in self.filters if (sent := self.sent(name))}

    def sent(self, name: str) -> list[str]:
        """The values that the address gives a filter."""
        return [value for value in self.data.getlist(name) if value.strip()] if name in self.data else []

    def said(self, name: str, value: str) -> str:
        """One value of a filter as people read it."""
        declared = self.filters[name]
        if isinstance(declared, AnyOf):
            if named := declared.named:
                row = self._rows_named[named].get(value)
                return named.label(row) if row else _("not said") if value == NONE else value
            return str(dict(declared.choices).get(value, value))
        clean = self.form.cleaned_data.get(name) if self.form.is_valid() else None
        if isinstance(declared, Day) and clean:
            return date_format(clean, "j M Y")
        if isinstance(declared, Instant) and clean:
            return date_format(timezone.localtime(clean), "j M Y, H:i")
        return figure(clean) if isinstance(declared, Number) and clean is not None else value

    def _without(self, name: str, value: str, kept: dict[str, str]) -> str:
        others = [other for other in self.sent(name) if other != value]
        return f"?{self.address(**{name: others}, **kept)}"
