"""Lists of charges."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.demand.tables import known_clinicians, known_kinds
from medguild.patients.identity.filters import PatientSearch
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.permissions import ChargesRight
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.charges.words import PAYER, SELF_PAY, STATUS, TONES


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), ChargesRight.READ, kind=UnitKind.SITE)


class _CountedFilter(tables.FlagFilter):
    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return qs.exclude(status=ChargeStatus.VOID) if value else qs


class ChargeFilters(tables.FilterSet):
    q = PatientSearch(fields=["code__istartswith"], label=_("Patient or code"))
    status = tables.ChoiceFilter(choices=list(STATUS.items()), label=_("State"))
    payer = tables.ChoiceFilter(choices=list(PAYER.items()), label=_("Who pays"), method="by_payer")
    service_date = tables.DateRangeFilter(field_name="service_date", label=_("Day of service"))
    site = tables.ModelChoiceFilter(queryset=_sites, label=_("Site"))
    clinician = tables.ModelChoiceFilter(
        field_name="visit__appointment__clinician", queryset=known_clinicians, label=_("Booked with")
    )
    visit_type = tables.ModelChoiceFilter(
        field_name="visit__appointment__visit_type", queryset=known_kinds, label=_("Kind of visit")
    )
    counted = _CountedFilter(label=_("Not void"))

    def by_payer(self, rows: QuerySet[Charge], name: str, value: str) -> QuerySet[Charge]:
        return rows.filter(coverage__isnull=value == SELF_PAY)


class ChargeTable(tables.Table):
    service_date = tables.DateColumn(_("Day"), linkify=lambda record: reverse("charges:show", args=[record.pk]))
    patient = tables.Column(
        _("Patient"), accessor="patient__label", order_by=("patient__family_key", "patient__given_key")
    )
    code = tables.Column(_("Service"))
    rendering = tables.Column(_("Clinician"), accessor="rendering__label", orderable=False)
    payer = tables.Column(_("Payer"), accessor="coverage__payer__name", default=_("Patient pays"))
    amount = tables.MoneyColumn(_("Charge"), total=True)
    status = tables.StatusColumn(_("State"), tones=TONES)

    class Meta:
        order_by = ("-service_date",)

    key = "charges"
    caption = _("Charges")
    filters = ChargeFilters
    patient_id = "patient_id"
    empty = tables.Empty(_("No charges"), _("Charges arise when a clinician signs a note with services."))

    def render_status(self, value: str) -> Any:
        return STATUS.get(value, value)


class MissingTable(tables.Table):
    arrived_at = tables.DateTimeColumn(
        _("Visit"), zone="site__site__time_zone", linkify=lambda record: reverse("visits:show", args=[record.pk])
    )
    patient = tables.Column(_("Patient"), accessor="patient__label", orderable=False)
    clinician = tables.Column(_("Clinician"), accessor="clinician__label", orderable=False)
    site = tables.Column(_("Site"), accessor="site__name")
    cause = tables.Column(_("Cause"), accessor="note_signed", orderable=False)

    class Meta:
        order_by = ("arrived_at",)

    key = "missing"
    caption = _("Visits without charge")
    patient_id = "patient_id"
    empty = tables.Empty(_("Nothing is missing"), _("Every visit that left has been charged."))

    def render_cause(self, value: bool) -> Any:
        return _("No service on the note") if value else _("Note not signed")
