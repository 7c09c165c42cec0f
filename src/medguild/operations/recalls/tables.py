"""The list of recalls, worked from the longest due on."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.recalls.models import Recall
from medguild.operations.recalls.selectors import conditions
from medguild.operations.recalls.words import NUMBERS, ORIGINS, STATUS_TONES, STATUSES
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import visit_types


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), SchedulingRight.READ, kind=UnitKind.SITE)


def _kinds(request: HttpRequest) -> QuerySet[VisitType]:
    return visit_types(actor_of(request))


class _CountedFilter(tables.ChoiceFilter):
    """The rows of one of the numbers above the list."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(conditions(today())[value]) if value else qs


class RecallFilters(tables.FilterSet):
    counted = _CountedFilter(choices=list(NUMBERS.items()), label=_("Which"))
    site = tables.ModelChoiceFilter(queryset=_sites, field_name="unit", label=_("Site"))
    visit_type = tables.ModelChoiceFilter(queryset=_kinds, label=_("Kind of visit"))
    status = tables.ChoiceFilter(choices=list(STATUSES.items()), label=_("Status"))
    due = tables.DateRangeFilter(field_name="due_on", label=_("Due"))


class RecallTable(tables.Table):
    due_on = tables.DateColumn(_("Due"))
    patient = tables.Column(
        _("Patient"), accessor="patient__family_name", linkify=lambda record: reverse("recalls:show", args=[record.pk])
    )
    visit_type = tables.Column(_("Kind of visit"), accessor="visit_type__name")
    site = tables.Column(_("Site"), accessor="unit__name")
    status = tables.StatusColumn(_("Status"), labels=STATUSES, tones=STATUS_TONES)
    attempts = tables.NumberColumn(_("Tries"))
    contacted_at = tables.DateTimeColumn(_("Last told"), zone="unit__site__time_zone")
    origin = tables.Column(_("From"), orderable=False)

    class Meta:
        order_by = ("due_on",)

    key = "recalls"
    caption = _("Recalls")
    filters = RecallFilters
    patient_id = "patient_id"
    empty = tables.Empty(
        _("Nobody is due"),
        _("Recalls are written down from a patient's page, made by rules after visits, or taken from a file."),
        icon="calendar-time",
    )

    def render_patient(self, record: Recall) -> str:
        return record.patient.label()

    def value_patient(self, record: Recall) -> str:
        return record.patient.label()

    def render_origin(self, value: str) -> Any:
        return ORIGINS[value]
