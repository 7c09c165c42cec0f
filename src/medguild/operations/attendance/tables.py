"""The visits behind the rates."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.words import ROLES
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.attendance.choice_rules import NOT_TOLD, Choice
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.attendance.words import CHOICE_WORDS, LEAD_WORDS, WEEKDAY_WORDS
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.selectors import visit_types
from medguild.operations.scheduling.tables import AppointmentFilters, AppointmentTable


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), AttendanceRight.READ, kind=UnitKind.SITE)


def _kinds(request: HttpRequest) -> QuerySet[VisitType]:
    return visit_types(actor_of(request), active=False)


class DueFilters(AppointmentFilters):
    visit_type = tables.ModelChoiceFilter(queryset=_kinds, label=_("Kind of visit"))
    lead = tables.ChoiceFilter(field_name="lead_band", choices=list(LEAD_WORDS.items()), label=_("Lead time"))
    weekday = tables.ChoiceFilter(
        field_name="start__iso_week_day", choices=list(WEEKDAY_WORDS.items()), label=_("Day of the week")
    )


class DueTable(AppointmentTable):
    """Visits that somebody was to come to."""

    class Meta(AppointmentTable.Meta):
        """Newest first, as the list of appointments."""

    key = "visits-due"
    caption = _("Visits that count")
    filters = DueFilters

    def render_visit_type(self, value: Any) -> Any:
        return value


class _RoleFilter(tables.ChoiceFilter):
    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return super().filter(qs, value) if value != NOT_TOLD else qs.filter(slot_choice__role="")


class ChosenFilters(AppointmentFilters):
    choice = tables.ChoiceFilter(
        field_name="slot_choice__choice", choices=list(CHOICE_WORDS.items()), label=_("What was chosen")
    )
    role = _RoleFilter(
        field_name="slot_choice__role", choices=[*ROLES.items(), (NOT_TOLD, _("Not told"))], label=_("Booked by")
    )
    site = tables.ModelChoiceFilter(field_name="slot_choice__unit", queryset=_sites, label=_("Booked at"))


class ChosenTable(AppointmentTable):
    """Visits that were booked after times had been proposed."""

    choice = tables.Column(_("What was chosen"), accessor="slot_choice__choice", orderable=False)

    class Meta(AppointmentTable.Meta):
        """Newest first, as the list of appointments."""

    key = "visits-chosen"
    caption = _("Bookings with proposals")
    filters = ChosenFilters

    def render_choice(self, value: str) -> Any:
        return CHOICE_WORDS[Choice(value)]
