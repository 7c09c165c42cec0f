"""The list of calls."""

from __future__ import annotations

import datetime as dt
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
from medguild.operations.calls.models import Call
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.showing import caller_of, seconds_text
from medguild.operations.calls.words import (
    DIRECTION_CHOICES,
    OUTCOME_CHOICES,
    OUTCOME_TONES,
    OUTCOMES,
    REASON_CHOICES,
    REASONS,
)

_A_DAY = dt.timedelta(days=1)
_HOURS = [(str(hour), f"{hour}:00–{hour}:59") for hour in range(24)]


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), CallsRight.READ, kind=UnitKind.SITE)


class CallFilters(tables.FilterSet):
    site = tables.ModelChoiceFilter(queryset=_sites, label=_("Site"))
    outcome = tables.ChoiceFilter(choices=OUTCOME_CHOICES, label=_("Outcome"))
    reason = tables.ChoiceFilter(choices=REASON_CHOICES, label=_("About"))
    direction = tables.ChoiceFilter(choices=DIRECTION_CHOICES, label=_("Direction"))
    hour = tables.ChoiceFilter(choices=_HOURS, field_name="local_hour", label=_("Hour"))
    day = tables.LocalDayFilter(field_name="local_day", instant="received_at", label=_("Day"))
    in_time = tables.FlagFilter(field_name="in_time", value=1, label=_("Answered in time"))


class CallTable(tables.Table):
    received_at = tables.DateTimeColumn(
        _("Received"), zone="site__site__time_zone", linkify=lambda record: reverse("calls:show", args=[record.pk])
    )
    caller = tables.Column(_("Caller"), accessor="phone", empty_values=())
    site = tables.Column(_("Site"), accessor="site__name")
    reason = tables.Column(_("About"))
    outcome = tables.StatusColumn(_("Outcome"), labels=OUTCOMES, tones=OUTCOME_TONES)
    waited = tables.Column(_("Waited"), accessor="wait_seconds", order_by=("wait",), css="num")
    hold_seconds = tables.Column(_("On hold"), css="num")

    class Meta:
        order_by = ("-received_at",)

    key = "calls"
    caption = _("Calls")
    filters = CallFilters
    patient_id = "patient_id"
    empty = tables.Empty(
        _("No calls yet"),
        _("Calls come from the telephone system: by its file, or by the API. Single calls can be written down."),
        icon="phone",
        href_name="calls:add",
        action=_("Write down a call"),
        permission=CallsRight.LOG,
    )

    def render_caller(self, record: Call) -> str:
        return caller_of(record)

    def value_caller(self, record: Call) -> str:
        return caller_of(record)

    def render_reason(self, value: str) -> Any:
        return REASONS.get(value, value)

    def render_waited(self, value: int) -> str:
        return seconds_text(value)

    def value_waited(self, value: int) -> int:
        return value

    def render_hold_seconds(self, value: int) -> str:
        return seconds_text(value)

    def value_hold_seconds(self, value: int) -> int:
        return value
