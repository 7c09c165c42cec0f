"""The bump list as a table, in the order in which people are called."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.bumps.models import Bump
from medguild.operations.bumps.rules import reasons
from medguild.operations.bumps.words import CAUSES, STATUS_TONES, STATUSES, WHYS
from medguild.operations.scheduling.permissions import SchedulingRight


def _sites(request: HttpRequest) -> QuerySet[Unit]:
    return units_visible(actor_of(request), SchedulingRight.READ, kind=UnitKind.SITE)


class BumpFilters(tables.FilterSet):
    site = tables.ModelChoiceFilter(queryset=_sites, field_name="unit", label=_("Site"))
    cause = tables.ChoiceFilter(choices=CAUSES, label=_("Cause"))
    status = tables.ChoiceFilter(choices=STATUSES, label=_("Status"))
    again = tables.FlagFilter(field_name="times_before__gt", value=0, label=_("Bumped before"))
    put = tables.DateRangeFilter(field_name="bumped_at", label=_("Put on the list"))


class BumpTable(tables.Table):
    patient = tables.Column(
        _("Patient"), accessor="patient__family_name", linkify=lambda record: reverse("bumps:show", args=[record.pk])
    )
    visit_start = tables.DateTimeColumn(_("Was booked for"), zone="unit__site__time_zone", style="short")
    visit_type = tables.Column(_("Kind of visit"), accessor="appointment__visit_type__name")
    clinician = tables.Column(_("Clinician"), accessor="clinician__person__family_name")
    site = tables.Column(_("Site"), accessor="unit__name")
    cause = tables.Column(_("Cause"))
    why = tables.Column(_("In this place because"), accessor="times_before", orderable=False)
    calls = tables.NumberColumn(_("Contacts"))
    status = tables.StatusColumn(_("Status"), labels=dict(STATUSES), tones=STATUS_TONES)

    key = "bumps"
    caption = _("Bump list")
    filters = BumpFilters
    empty = tables.Empty(
        _("Nobody to be moved"),
        _("When a clinician is away, a template changes or a site closes, visits that cannot be kept stand here."),
    )

    def render_patient(self, record: Bump) -> str:
        return record.patient.label()

    def render_clinician(self, record: Bump) -> str:
        return record.clinician.label()

    def render_cause(self, value: str) -> Any:
        return dict(CAUSES)[value]

    def render_why(self, record: Bump) -> Any:
        words = ", ".join(str(WHYS[one]) for one in reasons(record, at=now()))
        if not record.again:
            return words
        times = _now("bumped %(times)d times") % {"times": record.times_before + 1}
        return format_html("{} <strong>({})</strong>", words, times)
