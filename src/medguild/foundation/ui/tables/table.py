"""The table itself: what its template asks, prepared here so that the template only prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import django_tables2
from django import forms
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import Accessor, AttributeDict

from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.models import SavedFilter
from medguild.foundation.ui.saved_filters import saved_for
from medguild.foundation.ui.tables.filters import FilterSet, _DatesField, sought_fields

Text = str | Promise
EXPORT = "_export"


@dataclass(frozen=True, slots=True)
class Empty:
    """What to say and do when there are no rows at all. `href_name` is a URL without arguments, or give `url`.

    The act is offered to those who hold `permission`.
    """

    title: Text
    text: Text = ""
    icon: str = "inbox"
    href_name: str = ""
    action: Text = ""
    url: str = ""
    permission: str = ""

    @property
    def href(self) -> str:
        return reverse(self.href_name) if self.href_name else self.url


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act on the chosen rows: `run(request, rows) -> toast text`. Hidden from actors without `permission`."""

    key: str
    label: Text
    run: Callable[[HttpRequest, Any], str]
    permission: str | None = None
    icon: str = ""
    kind: str = "secondary"
    confirm: Text = ""


class Table(django_tables2.Table):  # type: ignore[misc]
    """Base of every table. Class attributes are described in the README of this room."""

    key: ClassVar[str] = "table"
    caption: ClassVar[Text] = ""
    filters: ClassVar[type[FilterSet] | None] = None
    patient_id: ClassVar[str] = ""
    empty: ClassVar[Empty] = Empty(gettext_lazy("Nothing here yet"))
    bulk: ClassVar[Sequence[BulkAct]] = ()
    as_cards: ClassVar[bool] = True
    exportable: ClassVar[bool] = True

    class Meta:
        default = "–"

    request: HttpRequest
    filter_set: FilterSet | None = None
    page: Any

    @property
    def dom_id(self) -> str:
        return f"table-{self.key}"

    @property
    def here(self) -> str:
        return self.request.get_full_path()

    @cached_property
    def acts(self) -> list[BulkAct]:
        actor = actor_of(self.request)
        return [act for act in self.bulk if act.permission is None or actor.may(act.permission)]

    @property
    def empty_href(self) -> str:
        """Where the act of an empty table leads; nothing for who may not do it."""
        held = not self.empty.permission or actor_of(self.request).may(self.empty.permission)
        return self.empty.href if held else ""

    def query(self, **changes: Any) -> str:
        """This page's query string with changes; names are given without prefix."""
        params = self.request.GET.copy()
        for name, value in changes.items():
            params.pop(f"{self.prefix}{name}", None)
            if value is not None:
                params[f"{self.prefix}{name}"] = str(value)
        params.pop(EXPORT, None)
        return f"?{params.urlencode()}"

    # Head

    @property
    def heads(self) -> Iterator[dict[str, Any]]:
        for bound in self.columns:
            alias = bound.order_by_alias
            sorted_as = ("descending" if alias.is_descending else "ascending") if bound.is_ordered else ""
            query = self.query(**{self.order_by_field: alias.next, self.page_field: None}) if bound.orderable else ""
            yield {"label": bound.header, "css": _css(bound), "sorted": sorted_as, "query": query}

    @property
    def sort_value(self) -> str:
        return self.request.GET.get(self.prefixed_order_by_field, "")

    # Rows

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        for bound_row in self.page.object_list:
            cells = [
                {"content": content, "css": _css(bound, head=not index), "label": bound.header}
                for index, (bound, content) in enumerate(bound_row.items())
            ]
            record = bound_row.record
            name = strip_tags(str(cells[0]["content"])) if cells else ""
            attrs = AttributeDict({key: value for key, value in bound_row.attrs.items() if key != "class"})
            yield {"cells": cells, "key": row_key(record), "name": name, "attributes": attrs.as_html()}

    @property
    def records(self) -> list[Any]:
        return [bound_row.record for bound_row in self.page.object_list]

    # Foot

    @cached_property
    def totals(self) -> dict[str, Any]:
        """Sums over all filtered rows, by column name."""
        summed = [bound for bound in self.columns if getattr(bound.column, "total", False)]
        if not summed:
            return {}
        rows = self.data.data
        if isinstance(rows, QuerySet):
            return rows.order_by().aggregate(
                **{bound.name: Sum(str(bound.accessor).replace(".", "__")) for bound in summed}
            )
        return {bound.name: sum(Accessor(bound.accessor).resolve(row) or 0 for row in rows) for bound in summed}

    @property
    def foots(self) -> Iterator[dict[str, Any]]:
        for index, bound in enumerate(self.columns):
            total = self.totals.get(bound.name)
            content = bound.column.render(value=total) if total is not None else ("" if index else _("Total"))
            yield {"content": content, "css": _css(bound), "label": bound.header if total is not None else ""}

    # Filters

    @cached_property
    def filter_fields(self) -> list[dict[str, Any]]:
        if self.filter_set is None:
            return []
        return [_filter_field(self.filter_set.form[name]) for name in self.filter_set.form.fields]

    @cached_property
    def sought(self) -> list[str]:
        """Names of search fields whose text stays out of addresses, because the rows are about patients."""
        return sought_fields(self.filter_set) if self.patient_id and self.filter_set is not None else []

    @property
    def filtered(self) -> bool:
        if self.filter_set is None:
            return False
        form = self.filter_set.form
        return any(name.startswith(tuple(form.add_prefix(field) for field in form.fields)) and value
                   for name, value in self.request.GET.items())  # fmt: skip

    @property
    def has_tools(self) -> bool:
        """Filters and export make sense only where there is, or without the filter would be, something."""
        return (
            self.filtered
            or bool(self.saved)
            or (self.page.paginator.count > 0 and bool(self.filter_fields or self.exportable))
        )

    @cached_property
    def saved(self) -> list[SavedFilter]:
        """The reader's own filters of this page."""
        return saved_for(actor_of(self.request), self.request.path) if self.filter_fields else []

    @property
    def to_save(self) -> str:
        """What would be saved: the filters and the order shown now, without what was sought of patients."""
        without = dict.fromkeys([self.page_field, *(name.removeprefix(self.prefix) for name in self.sought)])
        kept = self.query(**without).removeprefix("?")
        return kept if self.filtered or self.sort_value else ""

    @property
    def unfiltered(self) -> str:
        sort = self.sort_value
        return f"?{self.prefixed_order_by_field}={sort}" if sort else self.request.path

    # Pages

    @property
    def export_query(self) -> str:
        params = self.request.GET.copy()
        params[EXPORT] = self.key
        params.pop(self.prefixed_page_field, None)
        return f"?{params.urlencode()}"

    @property
    def range_words(self) -> str:
        count = self.page.paginator.count
        total = f"{count:,}+" if self.page.paginator.capped else f"{count:,}"
        if self.page.paginator.num_pages == 1:
            return _("%(total)s in all") % {"total": total}
        first, last = self.page.start_index(), self.page.end_index()
        return _("%(first)s–%(last)s of %(total)s") % {"first": first, "last": last, "total": total}

    @property
    def pages(self) -> list[dict[str, Any]]:
        paginator = self.page.paginator
        if paginator.num_pages == 1:
            return []
        return [
            self._page(number)
            for number in paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        ]

    def _page(self, number: Any) -> dict[str, Any]:
        if not isinstance(number, int):
            return {"number": "", "query": "", "current": False}
        current = number == self.page.number
        return {"number": number, "query": "" if current else self._to_page(number), "current": current}

    def _to_page(self, number: int) -> str:
        return self.query(**{self.page_field: number})

    @property
    def previous_query(self) -> str:
        return self._to_page(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_query(self) -> str:
        return self._to_page(self.page.next_page_number()) if self.page.has_next() else ""


def row_key(record: Any) -> str:
    """The primary key of a row, or its `id` or `key` where rows are plain data."""
    for name in ("pk", "id", "key"):
        value = record.get(name) if isinstance(record, dict) else getattr(record, name, None)
        if value is not None:
            return str(value)
    return ""


def _css(bound: Any, *, head: bool = False) -> str:
    parts = (getattr(bound.column, "css", ""), "cell-link" if bound.link else "", "cell-head" if head else "")
    return " ".join(part for part in parts if part)


def _filter_field(bound: forms.BoundField) -> dict[str, Any]:
    field = bound.field
    attrs: dict[str, str | bool] = {
        "class": "form-select" if isinstance(field.widget, forms.Select) else "form-control"
    }
    if isinstance(field, _DatesField):
        return {"bound": bound, "kind": "range", "control": bound.as_widget()}
    if isinstance(field.widget, forms.CheckboxInput):
        return {"bound": bound, "kind": "flag", "control": bound.as_widget(attrs={"class": "form-check-input"})}
    kind = "search" if field.widget.attrs.get("type") == "search" else "choice"
    return {"bound": bound, "kind": kind, "control": bound.as_widget(attrs=attrs)}
