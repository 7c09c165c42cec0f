"""The list of visits: the rows behind the numbers of the flow."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.scheduling.selectors import clinicians_with_sessions
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.rules import VisitStatus
from medguild.operations.visits.words import STATUS_TONES, STATUS_WORDS
from medguild.patients.identity.filters import PatientSearch

_TONES = {status.value: tone for status, tone in STATUS_TONES.items()}
_WORDS = {status.value: words for status, words in STATUS_WORDS.items() if status is not VisitStatus.CANCELLED}


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), VisitsRight.READ, kind=UnitKind.SITE)


def _clinicians(request: HttpRequest) -> QuerySet[Clinician]:
    return clinicians_with_sessions(actor_of(request), on=today())


class VisitFilters(tables.FilterSet):
    q = PatientSearch(label=_("Patient"))
    arrived = tables.DateRangeFilter(field_name="arrived_at", instants=True, label=_("Day"))
    status = tables.ChoiceFilter(choices=list(_WORDS.items()), label=_("Step"))
    site = tables.ModelChoiceFilter(queryset=_sites, label=_("Site"))
    clinician = tables.ModelChoiceFilter(queryset=_clinicians, label=_("Clinician"))


class VisitTable(tables.Table):
    arrived_at = tables.DateTimeColumn(
        _("Arrived"), zone="site__site__time_zone", linkify=lambda record: reverse("visits:show", args=[record.pk])
    )
    patient = tables.Column(
        _("Patient"), accessor="patient__label", order_by=("patient__family_key", "patient__given_key")
    )
    reason = tables.Column(_("Reason"), orderable=False)
    clinician = tables.Column(_("Clinician"), accessor="clinician__label", orderable=False)
    site = tables.Column(_("Site"), accessor="site__name")
    ended_at = tables.DateTimeColumn(_("Left"), zone="site__site__time_zone")
    status = tables.StatusColumn(_("Step"), tones=_TONES)

    class Meta:
        order_by = ("-arrived_at",)

    key = "visits"
    caption = _("Visits")
    filters = VisitFilters
    patient_id = "patient_id"
    empty = tables.Empty(_("No visits"), _("Change the filters above."))

    def render_status(self, value: str) -> Any:
        return _WORDS.get(VisitStatus(value).value, value)
