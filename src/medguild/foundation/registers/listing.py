"""The table of a register, built from its declaration."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.registers.ports import FieldKind, Register, RegisterField
from medguild.foundation.ui import tables


def table_class(register: Register) -> type[tables.Table]:
    """Title, the listed columns, unit, owner, status, next review; filters by words, status and what is due."""
    columns: dict[str, Any] = {
        "title": tables.Column(_("Title"), linkify=lambda record: reverse(f"{register.key}:show", args=[record.pk]))
    }
    columns |= {field.name: _column(field) for field in register.fields if field.listed}
    columns |= {
        "unit": tables.Column(_("Unit"), accessor="unit__name"),
        "owner": tables.Column(_("Owner"), accessor="owner__label", order_by=("owner__display_name",)),
        "status": tables.StatusColumn(
            _("Status"),
            tones={status.code: status.tone for status in register.statuses},
            labels={status.code: status.label for status in register.statuses},
        ),
        "review_on": tables.DateColumn(_("Next review")),
    }
    extra = {
        "key": register.key,
        "caption": register.label,
        "filters": _filters(register),
        "empty": tables.Empty(
            _("No entries yet"),
            register.purpose,
            icon=register.icon,
            href_name=f"{register.key}:add",
            action=_("Add"),
            permission=register.manage_right,
        ),
        "__module__": __name__,
    }
    return type(f"{register.model.__name__}Table", (tables.Table,), columns | extra)


def _column(field: RegisterField) -> tables.Column:
    return tables.DateColumn(field.label) if field.kind == FieldKind.DATE else tables.Column(field.label)


def _filters(register: Register) -> type[tables.FilterSet]:
    words = ["title__icontains"]
    words += [f"{f.name}__icontains" for f in register.fields if f.kind in (FieldKind.LINE, FieldKind.TEXT)]
    choices = [(status.code, status.label) for status in register.statuses]

    def due(self: Any, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(review_on__lte=today()).exclude(status__in=register.closed) if value else rows

    declared = {
        "q": tables.SearchFilter(fields=words),
        "status": tables.ChoiceFilter(choices=choices, label=_("Status")),
        "due": tables.FlagFilter(label=_("Review due"), method="filter_due"),
        "filter_due": due,
        "__module__": __name__,
    }
    return type(f"{register.model.__name__}Filters", (tables.FilterSet,), declared)
