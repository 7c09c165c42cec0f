"""The visits behind the rates."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.attendance.words import LEAD_WORDS, WEEKDAY_WORDS
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.selectors import visit_types
from medguild.operations.scheduling.tables import AppointmentFilters, AppointmentTable


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
