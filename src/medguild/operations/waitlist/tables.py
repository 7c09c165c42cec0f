"""The waiting list as a table, in the order in which people are asked."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.rules import Urgency
from medguild.operations.waitlist.words import STATUS_TONES, STATUSES, URGENCIES, URGENCY_TONES


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), SchedulingRight.READ, kind=UnitKind.SITE)


def in_turn(rows: QuerySet[WaitlistEntry]) -> QuerySet[WaitlistEntry]:
    """As `rules.turn`: urgency first, then who has waited longest."""
    ranks = [When(urgency=urgency.value, then=Value(rank)) for rank, urgency in enumerate(Urgency)]
    return rows.annotate(rank=Case(*ranks, output_field=IntegerField())).order_by("rank", "added_at")


class WaitFilters(tables.FilterSet):
    site = tables.ModelChoiceFilter(queryset=_sites, field_name="unit", label=_("Site"))
    urgency = tables.ChoiceFilter(choices=URGENCIES, label=_("How urgent"))
    status = tables.ChoiceFilter(choices=STATUSES, label=_("Status"))


class WaitTable(tables.Table):
    patient = tables.Column(
        _("Patient"), accessor="patient__family_name", linkify=lambda record: reverse("waitlist:show", args=[record.pk])
    )
    visit_type = tables.Column(_("Kind of visit"), accessor="visit_type__name")
    clinician = tables.Column(_("Clinician"), accessor="clinician__person__family_name", empty_values=())
    site = tables.Column(_("Site"), accessor="unit__name")
    urgency = tables.StatusColumn(_("How urgent"), labels=dict(URGENCIES), tones=URGENCY_TONES)
    status = tables.StatusColumn(_("Status"), labels=dict(STATUSES), tones=STATUS_TONES)
    offered = tables.NumberColumn(_("Offers"))
    added_at = tables.DateTimeColumn(_("Since"), zone="unit__site__time_zone")

    key = "waitlist"
    caption = _("Waiting list")
    filters = WaitFilters
    empty = tables.Empty(
        _("Nobody waits"),
        _("Put patients on the list from their page or when no free time suits; what comes free is offered to them."),
    )

    def render_patient(self, record: WaitlistEntry) -> str:
        return record.patient.label()

    def render_clinician(self, record: WaitlistEntry) -> Any:
        return record.clinician.label() if record.clinician else _("Any")
