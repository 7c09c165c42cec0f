"""The table of work: clock, what, about whom, where, whose, and the next act."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.demand import holds_at, login_of
from medguild.foundation.kernel.clock import day_of, now, span_of
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.templatetags.elements import button, status
from medguild.foundation.ui.templatetags.values import when
from medguild.foundation.work.acts import complete, take
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import SubjectView, work_types
from medguild.foundation.work.rules import ItemStatus, Priority
from medguild.foundation.work.selectors import subjects_of
from medguild.foundation.work.words import (
    ESCALATION_WORDS,
    PRIORITY_WORDS,
    STATUS_TONES,
    STATUS_WORDS,
    clock,
    owner_of,
)


def _types() -> list[tuple[str, Any]]:
    return [(key, declared.label) for key, declared in work_types.items()]


def _units(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), WorkRight.READ)


class WorkFilters(tables.FilterSet):
    work_type = tables.ChoiceFilter(choices=_types, label=_("Type"))
    unit = tables.ModelChoiceFilter(queryset=_units, label=_("Unit"))
    status = tables.ChoiceFilter(choices=[(key, STATUS_WORDS[key]) for key in STATUS_WORDS], label=_("Status"))
    late = tables.FlagFilter(label=_("Late only"), method="filter_late")
    today = tables.FlagFilter(label=_("Still due today"), method="filter_today")

    def filter_late(self, rows: QuerySet[WorkItem], name: str, value: bool) -> QuerySet[WorkItem]:
        return rows.filter(due_at__lt=now()) if value else rows

    def filter_today(self, rows: QuerySet[WorkItem], name: str, value: bool) -> QuerySet[WorkItem]:
        at = now()
        return rows.filter(due_at__gte=at, due_at__lt=span_of(day_of(at))[1]) if value else rows


def _take_chosen(request: HttpRequest, rows: QuerySet[WorkItem]) -> str:
    return _each(request, rows, lambda item: take(item_id=item.pk, by=actor_of(request)), gettext("%(n)s taken."))


def _finish_chosen(request: HttpRequest, rows: QuerySet[WorkItem]) -> str:
    outcome = gettext("Done")
    act = lambda item: complete(item_id=item.pk, outcome=outcome, by=actor_of(request))  # noqa: E731
    return _each(request, rows, act, gettext("%(n)s done."))


def _each(request: HttpRequest, rows: QuerySet[WorkItem], act: Any, words: str) -> str:
    """Do what can be done; what is refused is said, and does not stop the rest."""
    done, refused = 0, ""
    for item in rows:
        try:
            act(item)
            done += 1
        except Refusal as refusal:
            refused = refusal.message
    text = words % {"n": done}
    return f"{text} {refused}" if refused else text


class WorkTable(tables.Table):
    due_at = tables.Column(_("Due"), css="nowrap")
    work_type = tables.Column(_("What"), linkify=lambda record: reverse("work:item", args=[record.pk]))
    subject = tables.Column(_("About"), accessor="subject_id", orderable=False, in_csv=False)
    unit = tables.Column(_("Where"), accessor="unit__name")
    owner = tables.Column(_("Whose"), accessor="pk", orderable=False)
    status = tables.StatusColumn(_("Status"), tones=STATUS_TONES, labels=STATUS_WORDS)
    acts = tables.Column(_("Next step"), accessor="pk", orderable=False, in_csv=False)

    key = "work"
    caption = _("Work")
    filters = WorkFilters
    patient_id = "patient_id"
    empty = tables.Empty(
        _("No work waits for you"), _("New work appears here with its clock as soon as it arises."), icon="checklist"
    )
    bulk = (
        tables.BulkAct("take", _("Take"), run=_take_chosen, permission=WorkRight.DO, icon="hand-grab"),
        tables.BulkAct(
            "done",
            _("Done"),
            run=_finish_chosen,
            permission=WorkRight.DO,
            icon="check",
            confirm=_("Mark them as done?"),
        ),
    )

    @cached_property
    def subjects(self) -> Mapping[UUID, SubjectView]:
        """Names of what the shown rows are about: one question per kind of record."""
        return subjects_of(actor_of(self.request), self.records)

    def render_due_at(self, record: WorkItem) -> SafeString:
        state = clock(record)
        if not state.text:
            return when(record.due_at, style="short")
        return status(state.tone, state.text, icon="clock", title=f"{record.due_at:%Y-%m-%d %H:%M} UTC")

    def value_due_at(self, record: WorkItem) -> str:
        return record.due_at.isoformat(sep=" ", timespec="minutes")

    def render_work_type(self, record: WorkItem) -> SafeString:
        return format_html_join(" ", "{}", ((part,) for part in _what(record)))

    def value_work_type(self, record: WorkItem) -> str:
        return str(type_label(record))

    def render_subject(self, record: WorkItem) -> SafeString | str:
        view = self.subjects.get(record.subject_id) if record.subject_id else None
        if view is None:
            return gettext("(not visible to you)")
        return format_html('<a href="{}">{}</a>', view.url, view.label) if view.url else view.label

    def render_owner(self, record: WorkItem) -> str:
        return owner_of(record)

    def value_owner(self, record: WorkItem) -> str:
        return owner_of(record)

    def render_acts(self, record: WorkItem) -> SafeString:
        actor = actor_of(self.request)
        if not holds_at(actor, WorkRight.DO, record.unit_id):
            return SafeString()
        if record.status == ItemStatus.OPEN:
            return self._act(record, "take", gettext("Take"), "hand-grab")
        if record.assignee_id == login_of(actor):
            return self._act(record, "done", gettext("Done"), "check")
        return SafeString()

    def _act(self, record: WorkItem, act: str, label: str, icon: str) -> SafeString:
        url = reverse("work:act", args=[record.pk, act])
        return format_html(
            '<form method="post" action="{}" hx-post="{}">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="next" value="{}">{}</form>',
            url,
            url,
            get_token(self.request),
            self.here,
            button(label, size="sm", icon=icon, aria_label=f"{label}: {type_label(record)}"),
        )


def type_label(item: WorkItem) -> Any:
    declared = work_types.find(item.work_type)
    return declared.label if declared else item.work_type


def category_label(item: WorkItem) -> str:
    declared = work_types.find(item.work_type)
    return str(declared.category_label(item.category)) if declared and item.category else ""


def _what(item: WorkItem) -> list[Any]:
    parts: list[Any] = [type_label(item)]
    if item.category:
        parts.append(format_html('<span class="muted">{}</span>', category_label(item)))
    if item.priority > Priority.NORMAL:
        parts.append(status("warn", PRIORITY_WORDS[item.priority], icon="flag"))
    if item.escalation:
        parts.append(status("bad", ESCALATION_WORDS[item.escalation], icon="arrow-up"))
    return parts
