"""The list of complaints."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.permissions import FeedbackRight
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


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), FeedbackRight.READ, kind=UnitKind.SITE)


class ComplaintFilters(tables.FilterSet):
    site = tables.ModelChoiceFilter(queryset=_sites, label=_("Site"))
    category = tables.ChoiceFilter(choices=CATEGORY_CHOICES, label=_("About"))
    severity = tables.ChoiceFilter(choices=SEVERITY_CHOICES, label=_("Weight"))
    status = tables.ChoiceFilter(choices=STATE_CHOICES, label=_("State"))
    day = tables.DateRangeFilter(field_name="local_day", label=_("Received"))


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
