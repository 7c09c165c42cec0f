"""The list of times when callers waited too long."""

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
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.showing import seconds_text
from medguild.operations.calls.words import CAUSE_CHOICES, CAUSES


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), CallsRight.READ, kind=UnitKind.SITE)


class _StandsFilter(tables.FlagFilter):
    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return qs.filter(ended_at__isnull=True) if value else qs


class _UnexplainedFilter(tables.FlagFilter):
    def filter(self, qs: QuerySet[Any], value: bool) -> QuerySet[Any]:
        return qs.filter(explained_at__isnull=True) if value else qs


class AlertFilters(tables.FilterSet):
    site = tables.ModelChoiceFilter(queryset=_sites, label=_("Site"))
    cause = tables.ChoiceFilter(choices=CAUSE_CHOICES, label=_("Cause"))
    began_at = tables.DateRangeFilter(instants=True, label=_("Day"))
    stands = _StandsFilter(label=_("Right now"))
    unexplained = _UnexplainedFilter(label=_("Not explained"))


class AlertTable(tables.Table):
    began_at = tables.DateTimeColumn(
        _("Since"), zone="site__site__time_zone", linkify=lambda record: reverse("calls:alert", args=[record.pk])
    )
    ended_at = tables.DateTimeColumn(_("Until"), zone="site__site__time_zone")
    site = tables.Column(_("Site"), accessor="site__name")
    worst_seconds = tables.Column(_("Longest wait"), css="num")
    limit_seconds = tables.Column(_("Limit"), css="num")
    breaches = tables.NumberColumn(_("Times over the limit"))
    cause = tables.Column(_("Cause"), empty_values=())

    class Meta:
        order_by = ("-began_at",)

    key = "hold-alerts"
    caption = _("When callers waited too long")
    filters = AlertFilters
    empty = tables.Empty(
        _("Nobody waited too long"), _("An alert stands here as soon as a caller waits longer than the site's limit.")
    )

    def render_worst_seconds(self, value: int) -> str:
        return seconds_text(value)

    def render_limit_seconds(self, value: int) -> str:
        return seconds_text(value)

    def render_cause(self, value: str) -> Any:
        return CAUSES.get(value, _("Not explained"))
