"""Panels of proof: emergency access to review, licences that run out."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.desk.today.parts import Line, Number, Panel, shown
from medguild.foundation.access.directory import waiting_reviews
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of
from medguild.foundation.organization.people import Licence

_LINES = 8
_SOON = (30, 90)


def glass(actor: Actor, at: dt.datetime) -> Panel:
    """Records that were opened in an emergency and wait for review."""
    href = reverse("access:reviews")
    return Panel(
        "glass", _("Emergency access"), "alert-triangle", href,
        numbers=[Number(_("To review"), shown(waiting_reviews(actor)), href)],
        empty=_("Every emergency access has been reviewed."),
    )  # fmt: skip


def licences(actor: Actor, at: dt.datetime) -> Panel:
    """Licences that run out, soonest first."""
    today, href = day_of(at), reverse("organization:people")
    ending = Licence.objects.filter(period__contains=today, period__endswith__lte=today + dt.timedelta(days=_SOON[1]))
    soon = ending.filter(period__endswith__lte=today + dt.timedelta(days=_SOON[0]))
    rows = sorted(ending.select_related("clinician__person"), key=lambda licence: licence.period.upper)[:_LINES]
    return Panel(
        "licences", _("Licences"), "certificate", href,
        numbers=[
            Number(_("Run out in 30 days"), shown(soon.count()), href),
            Number(_("Run out in 90 days"), shown(ending.count()), href),
        ],
        lines=[
            Line(label=licence.clinician.label(), href=href, detail=licence.state, badge=str(licence.period.upper))
            for licence in rows
        ],
        empty=_("No licence runs out in the next 90 days."),
    )  # fmt: skip
