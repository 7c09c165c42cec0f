"""The lists of complaints and of judgements of visits."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.permissions import FeedbackRight
from medguild.experience.feedback.rules import BEST
from medguild.experience.feedback.selectors import after_visits
from medguild.experience.feedback.words import (
    CATEGORIES,
    CATEGORY_CHOICES,
    CHANNELS,
    SEVERITIES,
    SEVERITY_CHOICES,
    SEVERITY_TONES,
    STATE_CHOICES,
    STATE_TONES,
    STATES,
)
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.demand.records import Measure, measured, records
from medguild.operations.demand.tables import known_clinicians, known_kinds


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), FeedbackRight.READ, kind=UnitKind.SITE)


class ComplaintFilters(tables.FilterSet):
    site = tables.ModelChoiceFilter(queryset=_sites, label=_("Site"))
    category = tables.ChoiceFilter(choices=CATEGORY_CHOICES, label=_("About"))
    severity = tables.ChoiceFilter(choices=SEVERITY_CHOICES, label=_("Weight"))
    status = tables.ChoiceFilter(choices=STATE_CHOICES, label=_("State"))
    day = tables.DateRangeFilter(field_name="local_day", label=_("Received"))
    after = tables.DateRangeFilter(label=_("Within two weeks after a visit"), method="of_a_visit")
    clinician = tables.ModelChoiceFilter(queryset=known_clinicians, label=_("Visit with"), method="of_a_visit")
    visit_type = tables.ModelChoiceFilter(queryset=known_kinds, label=_("Kind of visit"), method="of_a_visit")
    visited = tables.ModelChoiceFilter(queryset=_sites, label=_("Visit at"), method="of_a_visit")

    def of_a_visit(self, rows: QuerySet[Complaint], name: str, value: Any) -> QuerySet[Complaint]:
        """What is said of the visit must hold of one visit: all of it is asked together."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Complaint]) -> QuerySet[Complaint]:
        rows: QuerySet[Complaint] = super().filter_queryset(queryset)
        said = self.form.cleaned_data
        fields = {"clinician": "clinician", "visit_type": "visit_type", "visited": "unit"}
        asked = {field: said[name] for name, field in fields.items() if said.get(name)}
        if not asked and not said.get("after"):
            return rows
        visits = measured(records(actor_of(self.request)), Measure.KEPT).filter(**asked)
        days = tables.LocalDayFilter(field_name="local_day", instant="start")
        return after_visits(rows, days.filter(visits, said.get("after")))


class ComplaintTable(tables.Table):
    received_at = tables.DateTimeColumn(
        _("Received"),
        zone="site__site__time_zone",
        linkify=lambda record: reverse("feedback:show", args=[record.pk]),
    )
    category = tables.Column(_("About"))
    site = tables.Column(_("Site"), accessor="site__name")
    patient = tables.Column(_("Patient"), accessor="patient__label", orderable=False)
    channel = tables.Column(_("How it came"))
    severity = tables.StatusColumn(_("Weight"), labels=SEVERITIES, tones=SEVERITY_TONES)
    status = tables.StatusColumn(_("State"), labels=STATES, tones=STATE_TONES)

    class Meta:
        order_by = ("-received_at",)

    key = "complaints"
    caption = _("Complaints")
    filters = ComplaintFilters
    patient_id = "patient_id"
    empty = tables.Empty(
        _("No complaints"),
        _("Write down what people tell you, small things too: only what is written down can be mended."),
        icon="message-report",
        href_name="feedback:receive",
        action=_("Write down a complaint"),
        permission=FeedbackRight.RECEIVE,
    )

    def render_category(self, value: str) -> Any:
        return CATEGORIES.get(value, value)

    def render_channel(self, value: str) -> Any:
        return CHANNELS.get(value, value)


class RatingFilters(tables.FilterSet):
    site = tables.ModelChoiceFilter(field_name="appointment__unit", queryset=_sites, label=_("Site"))
    clinician = tables.ModelChoiceFilter(
        field_name="appointment__clinician", queryset=known_clinicians, label=_("Clinician")
    )
    visit_type = tables.ModelChoiceFilter(
        field_name="appointment__visit_type", queryset=known_kinds, label=_("Kind of visit")
    )
    day = tables.LocalDayFilter(field_name="local_day", instant="appointment__start", label=_("Day of the visit"))
    score = tables.ChoiceFilter(choices=[(str(score), str(score)) for score in range(BEST + 1)], label=_("Rating"))


class RatingTable(tables.Table):
    visit = tables.DateTimeColumn(
        _("Visit"),
        accessor="appointment__start",
        zone="appointment__unit__site__time_zone",
        linkify=lambda record: reverse("scheduling:show", args=[record.appointment_id]),
    )
    patient = tables.Column(_("Patient"), accessor="appointment__patient__label", orderable=False)
    visit_type = tables.Column(_("Kind of visit"), accessor="appointment__visit_type__name")
    clinician = tables.Column(_("Clinician"), accessor="appointment__clinician__label", orderable=False)
    site = tables.Column(_("Site"), accessor="appointment__unit__name")
    score = tables.NumberColumn(_("Rating, 0 to 10"))

    class Meta:
        order_by = ("-visit",)

    key = "ratings"
    caption = _("Ratings of visits")
    filters = RatingFilters
    patient_id = "appointment__patient_id"
    empty = tables.Empty(
        _("No ratings"), _("After a visit a message asks how it was; for a month its link and the record online do."),
        icon="message",
    )  # fmt: skip
