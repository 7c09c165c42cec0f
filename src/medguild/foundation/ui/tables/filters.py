"""Filters of the house: django-filter's, with the look and the lookups that lists need."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any

import django_filters
import django_filters.fields
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.widgets import SuffixedMultiWidget

from medguild.foundation.ui.forms import RowsByLabel


class FilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of one table, declared like form fields."""


class SearchFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Free text: every word must be found by one of the lookups (`search_name__startswith`, `mrn__iexact`).

    `whole=True` keeps the text in one piece. `method="..."` names a method of the filter set instead of lookups.
    """

    def __init__(self, *args: Any, fields: Sequence[str] = (), whole: bool = False, **kwargs: Any) -> None:
        self.fields = fields
        self.whole = whole
        kwargs.setdefault("label", _("Search"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search", "autocomplete": "off"}))
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        text = (value or "").strip()
        if not text:
            return qs
        words = [text] if self.whole else text.split()
        for word in words:
            qs = qs.filter(reduce(operator.or_, (Q(**{lookup: word}) for lookup in self.fields)))
        return qs


def sought_fields(filter_set: FilterSet) -> list[str]:
    """Names of the free-text fields, as the form sends them."""
    form = filter_set.form
    return [form.add_prefix(name) for name, one in filter_set.filters.items() if isinstance(one, SearchFilter)]


class ChoiceFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """One of a list of choices; the empty choice shows all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("All"))
        super().__init__(*args, **kwargs)


class _RowField(RowsByLabel, django_filters.fields.ModelChoiceField):  # type: ignore[misc]
    """One of some rows, or all."""


class ModelChoiceFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc]
    """One of some rows. `queryset` is a function of the request, so that the choices are those the actor may see."""

    field_class = _RowField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("All"))
        super().__init__(*args, **kwargs)


class FlagFilter(django_filters.Filter):  # type: ignore[misc]
    """A tick box: ticked shows only rows where the field is true (or matches `value`)."""

    field_class = forms.BooleanField

    def __init__(self, *args: Any, value: Any = True, **kwargs: Any) -> None:
        self.value = value
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return super().filter(qs, self.value) if value else qs


class _DatesWidget(SuffixedMultiWidget):  # type: ignore[misc]
    template_name = "ui/_dates_widget.html"
    suffixes = ("from", "to")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        one = {"type": "date", "class": "form-control"}
        first = forms.DateInput(attrs=one | {"aria-label": _("From")}, format="%Y-%m-%d")
        last = forms.DateInput(attrs=one | {"aria-label": _("To and including")}, format="%Y-%m-%d")
        super().__init__((first, last), attrs)

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, None]


class _DatesField(forms.MultiValueField):
    widget = _DatesWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__((forms.DateField(required=False), forms.DateField(required=False)), **kwargs)

    def compress(self, data_list: Sequence[Any]) -> tuple[Any, Any] | None:
        return (data_list[0], data_list[1]) if data_list else None


class DateRangeFilter(django_filters.Filter):  # type: ignore[misc]
    """From one day to another, both included. `instants=True` for a field of instants, cut in the current zone."""

    field_class = _DatesField

    def __init__(self, *args: Any, instants: bool = False, **kwargs: Any) -> None:
        self.instants = instants
        super().__init__(*args, **kwargs)

    def _edge(self, day: dt.date) -> dt.date | dt.datetime:
        return timezone.make_aware(dt.datetime.combine(day, dt.time.min)) if self.instants else day

    def filter(self, qs: QuerySet[Any], value: tuple[dt.date | None, dt.date | None] | None) -> QuerySet[Any]:
        first, last = value or (None, None)
        if first is not None:
            qs = qs.filter(**{f"{self.field_name}__gte": self._edge(first)})
        if last is not None:
            qs = qs.filter(**{f"{self.field_name}__lt": self._edge(last + dt.timedelta(days=1))})
        return qs


class LocalDayFilter(DateRangeFilter):
    """Local days of each row's own place, in a field that a query has worked out from the field `instant`.

    The rows are found by the index on instants first: no zone is more than a day away.
    """

    def __init__(self, *args: Any, instant: str, **kwargs: Any) -> None:
        self.instant = instant
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: tuple[dt.date | None, dt.date | None] | None) -> QuerySet[Any]:
        first, last = value or (None, None)
        midnight, day = dt.time(tzinfo=dt.UTC), dt.timedelta(days=1)
        if first is not None:
            qs = qs.filter(**{f"{self.instant}__gte": dt.datetime.combine(first - day, midnight)})
        if last is not None:
            qs = qs.filter(**{f"{self.instant}__lt": dt.datetime.combine(last + 2 * day, midnight)})
        filtered: QuerySet[Any] = super().filter(qs, value)
        return filtered
