"""Lists of promises and of messages that came in."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.models import User
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.work.listing import WorkTable
from medguild.foundation.work.rules import LIVE
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.permissions import PromisesRight
from medguild.operations.promises.recording import PROMISE_TYPES
from medguild.operations.promises.selectors import promises
from medguild.operations.promises.subjects import writer_of
from medguild.operations.promises.words import ANSWERED, CHANNELS, KINDS

_KINDS = [(PROMISE_TYPES[kind], KINDS[kind]) for kind in PROMISE_TYPES]


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), PromisesRight.READ, kind=UnitKind.SITE)


def _owners(request: HttpRequest) -> QuerySet[User]:
    held = promises(actor_of(request)).filter(status__in=sorted(LIVE), assignee__isnull=False).order_by()
    return User.objects.filter(pk__in=held.values("assignee_id")).order_by("display_name", "email")


class _OverdueFilter(tables.FlagFilter):
    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return qs.filter(status__in=sorted(LIVE), due_at__lte=now()) if value else qs


class _DoneFilter(tables.FlagFilter):
    """Open ones alone, unless ticked."""

    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return qs if value else qs.filter(status__in=sorted(LIVE))


class PromiseFilters(tables.FilterSet):
    kind = tables.ChoiceFilter(choices=_KINDS, field_name="work_type", label=_("What"))
    owner = tables.ModelChoiceFilter(queryset=_owners, field_name="assignee", label=_("Whose"))
    site = tables.ModelChoiceFilter(queryset=_sites, field_name="unit", label=_("Site"))
    overdue = _OverdueFilter(label=_("Overdue"))
    done = _DoneFilter(label=_("With what is done"))


class PromiseTable(WorkTable):
    summary = tables.Column(_("Promised"), accessor="summary", orderable=False)

    class Meta:
        sequence = ("due_at", "work_type", "summary", "subject", "owner", "status", "...")

    key = "promises"
    caption = _("Promised")
    filters = PromiseFilters
    empty = tables.Empty(
        _("Nothing is promised"),
        _("What is promised to a patient is written down from the page of the visit, the note or the call."),
        icon="hand-stop",
    )


class _UnansweredFilter(tables.FlagFilter):
    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return qs.filter(answered_at__isnull=True) if value else qs


class _LateFilter(tables.FlagFilter):
    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        late = Q(answered_at__isnull=True, due_at__lte=now()) | Q(answered_at__gt=F("due_at"))
        return qs.filter(late) if value else qs


class InquiryFilters(tables.FilterSet):
    channel = tables.ChoiceFilter(choices=list(CHANNELS.items()), label=_("How it came"))
    site = tables.ModelChoiceFilter(queryset=_sites, field_name="unit", label=_("Site"))
    received_at = tables.DateRangeFilter(instants=True, label=_("Day"))
    unanswered = _UnansweredFilter(label=_("Not answered"))
    late = _LateFilter(label=_("Late"))


class InquiryTable(tables.Table):
    received_at = tables.DateTimeColumn(
        _("Came in"), zone="unit__site__time_zone", linkify=lambda record: reverse("promises:inquiry", args=[record.pk])
    )
    writer = tables.Column(_("From"), accessor="pk", orderable=False)
    channel = tables.Column(_("How it came"))
    site = tables.Column(_("Site"), accessor="unit__name")
    due_at = tables.DateTimeColumn(_("Answer until"), zone="unit__site__time_zone")
    answered_at = tables.DateTimeColumn(_("Answered"), zone="unit__site__time_zone")
    answered_how = tables.Column(_("How"), orderable=False)

    class Meta:
        order_by = ("-received_at",)

    key = "inquiries"
    caption = _("Messages that came in")
    filters = InquiryFilters
    patient_id = "patient_id"
    empty = tables.Empty(
        _("No messages yet"),
        _("Replies by text message stand here by themselves; others are written down."),
        icon="mail",
    )

    def render_writer(self, record: Inquiry) -> str:
        return writer_of(record)

    def value_writer(self, record: Inquiry) -> str:
        return writer_of(record)

    def render_channel(self, value: str) -> Any:
        return CHANNELS[value]

    def render_answered_how(self, value: str) -> Any:
        return ANSWERED.get(value, "")
