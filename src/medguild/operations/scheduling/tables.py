"""The list of appointments: the rows behind every number of the schedule."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import now, today
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.scheduling.numbers import expected_visits, free_again, missed_before
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import clinicians_with_sessions
from medguild.operations.scheduling.words import CANCEL_WORDS, STATUS_TONES, STATUS_WORDS
from medguild.patients.identity.filters import PatientSearch

_TONES = {status.value: tone for status, tone in STATUS_TONES.items()}
_WORDS = {status.value: words for status, words in STATUS_WORDS.items()}
_REASONS = {reason.value: words for reason, words in CANCEL_WORDS.items()}


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), SchedulingRight.READ, kind=UnitKind.SITE)


def _clinicians(request: HttpRequest) -> QuerySet[Clinician]:
    return clinicians_with_sessions(actor_of(request), on=today())


class _ExpectedFilter(tables.FlagFilter):
    """The base of the no-show rate: see `numbers.expected_visits`."""

    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return expected_visits(qs) if value else qs


class _FreeAgainFilter(tables.FlagFilter):
    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return free_again(qs, at=now()) if value else qs


class _MissedFilter(tables.FlagFilter):
    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return missed_before(qs) if value else qs


class AppointmentFilters(tables.FilterSet):
    q = PatientSearch(label=_("Patient"))
    start = tables.DateRangeFilter(field_name="start", instants=True, label=_("Day"))
    status = tables.ChoiceFilter(choices=list(_WORDS.items()), label=_("Status"))
    site = tables.ModelChoiceFilter(field_name="unit", queryset=_sites, label=_("Site"))
    clinician = tables.ModelChoiceFilter(queryset=_clinicians, label=_("Clinician"))
    overbooked = tables.FlagFilter(label=_("Overbooked"))
    free_again = _FreeAgainFilter(label=_("Cancelled and free again"))
    missed_before = _MissedFilter(label=_("Has missed a visit before"))
    expected = _ExpectedFilter(label=_("Counted in the no-show rate"))


class AppointmentTable(tables.Table):
    start = tables.DateTimeColumn(
        _("When"), zone="unit__site__time_zone", linkify=lambda record: reverse("scheduling:show", args=[record.pk])
    )
    patient = tables.Column(
        _("Patient"), accessor="patient__label", order_by=("patient__family_key", "patient__given_key")
    )
    visit_type = tables.Column(_("Visit"), accessor="visit_type__name")
    clinician = tables.Column(_("Clinician"), accessor="clinician__label", orderable=False)
    site = tables.Column(_("Site"), accessor="unit__name")
    cancel_reason = tables.Column(_("Cancelled because"), orderable=False)
    status = tables.StatusColumn(_("Status"), tones=_TONES)

    class Meta:
        order_by = ("-start",)

    key = "appointments"
    caption = _("Appointments")
    filters = AppointmentFilters
    patient_id = "patient_id"
    empty = tables.Empty(_("No appointments"), _("Change the filters above."))

    def render_status(self, value: str) -> Any:
        return _WORDS.get(value, value)

    def render_cancel_reason(self, value: str) -> Any:
        return _REASONS.get(value, value)
