"""Calls as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.instants import instant_text
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.operations.calls.models import Call, HoldAlert
from medguild.operations.calls.showing import caller_of


def view_calls(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Who called and when, for calls that the actor may see; one query."""
    rows = Call.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("patient", "site__site")
    return {
        call.pk: SubjectView(
            _("%(caller)s, %(when)s")
            % {"caller": caller_of(call), "when": instant_text(call.received_at, call.site.site.time_zone, "short")},
            reverse("calls:show", args=[call.pk]),
            call.patient_id,
        )
        for call in rows
    }


def view_alerts(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Site and time of alerts that the actor may see; one query."""
    rows = HoldAlert.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("site__site")
    return {
        row.pk: SubjectView(
            _("%(site)s, %(when)s")
            % {"site": row.site.name, "when": instant_text(row.began_at, row.site.site.time_zone, "short")},
            reverse("calls:alert", args=[row.pk]),
        )
        for row in rows
    }


HOLD_ALERT = declare_subject("hold_alert", gettext_lazy("Callers who waited too long"), view_alerts)
CALL = declare_subject("call", gettext_lazy("Telephone call"), view_calls)
