"""The list of visits behind the numbers of access."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Unit, UnitPath
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.demand.backfill import with_door, with_lead
from medguild.operations.demand.late_rules import Cause
from medguild.operations.demand.matching_rules import BAND_MINUTES, DAY_MINUTES
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.demand.records import Measure, measured
from medguild.operations.demand.rules import Filler, Lead
from medguild.operations.demand.showing import WEEKDAYS, band_text, minutes_text
from medguild.operations.demand.words import CAUSES, DOORS, FILLERS, LEADS
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.selectors import clinicians_with_sessions, visit_types
from medguild.operations.scheduling.tables import AppointmentFilters, AppointmentTable

_A_DAY = dt.timedelta(days=1)
MEASURE_WORDS = {
    Measure.KEPT: _("Kept"),
    Measure.SAME_DAY: _("Asked for and kept on one day"),
    Measure.OFF_HOURS: _("In the evening or at weekends"),
    Measure.NEW: _("New patients, kept"),
    Measure.CANCELLED_TIME: _("Cancelled before the time"),
    Measure.FILLED_AGAIN: _("Cancelled and filled again"),
    Measure.WANTED: _("Counted as wanted"),
    Measure.EXPECTED: _("Not cancelled"),
    Measure.RETURNED: _("Came back within a week"),
    Measure.NOTE_LATE: _("Note not signed within two days"),
    Measure.LATE_CANCELLED: _("Cancelled late by the patient"),
    Measure.BUMPED: _("Moved or cancelled by us"),
    Measure.OVERBOOKED: _("Overbooked"),
}
_BANDS = [(str(band), band_text(band)) for band in range(DAY_MINUTES // BAND_MINUTES)]
_CHOICES = [(measure.value, words) for measure, words in MEASURE_WORDS.items()]


class _MeasureFilter(tables.ChoiceFilter):
    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return measured(qs, Measure(value)) if value in set(Measure) else qs


class _BandFilter(tables.ChoiceFilter):
    """Two hours of the day, as cells of wanted and offered have them."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        first = int(value) * BAND_MINUTES // 60 if value else 0
        return qs.filter(local_hour__gte=first, local_hour__lt=first + BAND_MINUTES // 60) if value else qs


def known_kinds(request: HttpRequest) -> QuerySet[VisitType]:
    return visit_types(actor_of(request), active=False)


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), DemandRight.READ, kind=UnitKind.SITE)


def known_clinicians(request: HttpRequest) -> QuerySet[Clinician]:
    """Also those whose template has ended in the months that the numbers tell of."""
    return clinicians_with_sessions(actor_of(request), on=today() - 200 * _A_DAY)


def _practices(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), DemandRight.READ, kind=UnitKind.PRACTICE)


class _PracticeFilter(tables.ModelChoiceFilter):
    """Visits at any site that the practice has today."""

    def filter(self, qs: QuerySet[Any], value: Unit | None) -> QuerySet[Any]:
        if value is None:
            return qs
        sites = UnitPath.objects.filter(ancestor=value, period__contains=today())
        return qs.filter(unit_id__in=sites.values("descendant_id"))


class _LeadFilter(tables.ChoiceFilter):
    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return super().filter(with_lead(qs), value) if value else qs


class _DoorFilter(tables.ChoiceFilter):
    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return super().filter(with_door(qs), value) if value else qs


class DemandFilters(AppointmentFilters):
    measure = _MeasureFilter(choices=_CHOICES, label=_("Counted as"))
    day = tables.LocalDayFilter(field_name="local_day", instant="start", label=_("Day at the site"))
    weekday = tables.ChoiceFilter(
        choices=[(str(day), name) for day, name in enumerate(WEEKDAYS)], field_name="local_weekday", label=_("Weekday")
    )
    band = _BandFilter(choices=_BANDS, label=_("Hours"))
    visit_type = tables.ModelChoiceFilter(queryset=known_kinds, label=_("Kind of visit"))
    clinician = tables.ModelChoiceFilter(queryset=known_clinicians, label=_("Clinician"))
    practice = _PracticeFilter(queryset=_practices, label=_("Practice"))
    lead = _LeadFilter(choices=[(one.value, LEADS[one]) for one in Lead], label=_("By how long before"))
    door = _DoorFilter(choices=[(one.value, FILLERS[one]) for one in Filler], label=_("How they were filled"))


class DemandTable(AppointmentTable):
    asked_day = tables.DateColumn(_("Asked for"))

    class Meta(AppointmentTable.Meta):
        """Newest first, as the list of appointments."""

    key = "demand-visits"
    caption = _("Visits behind a number")
    filters = DemandFilters
    empty = tables.Empty(_("No such visits"), _("Change the filters above."))


class SampleFilters(tables.FilterSet):
    day = tables.DateRangeFilter(field_name="day", label=_("Day"))
    visit_type = tables.ModelChoiceFilter(queryset=known_kinds, label=_("Kind of visit"))
    site = tables.ModelChoiceFilter(field_name="unit", queryset=_sites, label=_("Site"))
    clinician = tables.ModelChoiceFilter(queryset=known_clinicians, label=_("Clinician"))


class SampleTable(tables.Table):
    day = tables.DateColumn(_("Day"))
    visit_type = tables.Column(_("Kind of visit"), accessor="visit_type__name")
    clinician = tables.Column(_("Clinician"), accessor="clinician__label", orderable=False)
    site = tables.Column(_("Site"), accessor="unit__name")
    days = tables.NumberColumn(_("Days to the third open time"), empty_values=())
    reconstructed = tables.Column(_("How it is known"), orderable=False)

    class Meta:
        order_by = ("-day",)

    key = "third-next-samples"
    caption = _("Third next available, samples")
    filters = SampleFilters
    empty = tables.Empty(_("No samples yet"), _("They are taken each Monday morning."))

    def render_days(self, value: int | None) -> Any:
        return _("none in sight") if value is None else value

    def render_reconstructed(self, value: bool) -> Any:
        return _("put together later") if value else _("asked on the day")


class _CauseFilter(tables.ChoiceFilter):
    """Days with delay by a cause."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(**{f"{value}__gt": 0}) if value in set(Cause) else qs


class ClinicDayFilters(tables.FilterSet):
    day = tables.DateRangeFilter(field_name="day", label=_("Day"))
    site = tables.ModelChoiceFilter(field_name="unit", queryset=_sites, label=_("Site"))
    clinician = tables.ModelChoiceFilter(queryset=known_clinicians, label=_("Clinician"))
    weekday = tables.ChoiceFilter(
        choices=[(str(day), name) for day, name in enumerate(WEEKDAYS, 1)], field_name="day__iso_week_day",
        label=_("Weekday"),
    )  # fmt: skip
    cause = _CauseFilter(choices=[(cause.value, words) for cause, words in CAUSES.items()], label=_("Cause"))


class ClinicDayTable(tables.Table):
    day = tables.DateColumn(
        _("Day"),
        linkify=lambda record: reverse(
            "demand:late_day", args=[record.unit_id, record.clinician_id, record.day.isoformat()]
        ),
    )
    clinician = tables.Column(_("Clinician"), accessor="clinician__label", orderable=False)
    site = tables.Column(_("Site"), accessor="unit__name")
    visits = tables.NumberColumn(_("Visits"))
    late_visits = tables.NumberColumn(_("Begun late"))
    late = tables.Column(_("Minutes late"), css="num")
    template = tables.Column(CAUSES[Cause.TEMPLATE], css="num")
    overbooking = tables.Column(CAUSES[Cause.OVERBOOKING], css="num")
    visit_mix = tables.Column(CAUSES[Cause.VISIT_MIX], css="num")
    documentation = tables.Column(CAUSES[Cause.DOCUMENTATION], css="num")
    patient = tables.Column(CAUSES[Cause.PATIENT], css="num")
    staff = tables.Column(CAUSES[Cause.STAFF], css="num")
    clinician_other = tables.Column(CAUSES[Cause.CLINICIAN_OTHER], css="num")

    class Meta:
        order_by = ("-day", "-late")

    key = "clinic-days"
    caption = _("Clinic days with their delay")
    filters = ClinicDayFilters
    empty = tables.Empty(_("No clinic days measured"), _("Each day is measured in the night after it."))

    def render_late(self, value: int) -> str:
        return minutes_text(value)

    render_template = render_overbooking = render_visit_mix = render_documentation = render_late
    render_patient = render_staff = render_clinician_other = render_late


class SearchFilters(tables.FilterSet):
    day = tables.DateRangeFilter(field_name="first_day", label=_("Wanted from"))
    visit_type = tables.ModelChoiceFilter(queryset=known_kinds, label=_("Kind of visit"))
    site = tables.ModelChoiceFilter(field_name="unit", queryset=_sites, label=_("Site"))
    in_vain = tables.FlagFilter(field_name="found", value=0, label=_("Found nothing"))


class SearchTable(tables.Table):
    searched_at = tables.DateTimeColumn(_("Looked"), zone="unit__site__time_zone")
    visit_type = tables.Column(_("Kind of visit"), accessor="visit_type__name")
    site = tables.Column(_("Site"), accessor="unit__name", default=_("Any site"))
    first_day = tables.DateColumn(_("From"))
    end_day = tables.DateColumn(_("Before"))
    found = tables.NumberColumn(_("Times found"))
    door = tables.Column(_("Looked for by"), orderable=False)

    class Meta:
        order_by = ("-searched_at",)

    key = "slot-searches"
    caption = _("Searches for a time")
    filters = SearchFilters
    empty = tables.Empty(_("No searches yet"), _("Each search for a free time is counted, without saying for whom."))

    def render_door(self, value: str) -> Any:
        return DOORS.get(value, value)
