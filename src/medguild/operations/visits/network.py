"""The network of the patient's plan on cards, in lists and at check-in: out, or not known, and were they told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.network.panel import shown
from medguild.operations.scheduling.network.rules import AnswerKind, NetworkStanding
from medguild.operations.scheduling.network.words import STANDINGS, TONES
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.visits.ports import (
    Flag,
    FlagSource,
    FlagTone,
    Place,
    VisitPanel,
    VisitRef,
    flag_sources,
    visit_panels,
)

OUT = Flag("network_out", _("Out of network"), FlagTone.WARN, icon="building-bank")
OUT_UNTOLD = Flag("network_untold", _("Out of network: not told"), FlagTone.BAD, icon="building-bank")
UNKNOWN = Flag("network_unknown", _("Network not known"), FlagTone.WARN, icon="building-bank")
_WHOLE = "the visits were found visible; only a flag is told"


def _flags(actor: Actor, refs: Sequence[VisitRef]) -> Mapping[VisitRef, Sequence[Flag]]:
    """Two queries for any number of visits, one where nobody is out of network."""
    by_id = {ref.appointment_id: ref for ref in refs if ref.appointment_id is not None}
    doubtful = [NetworkStanding.OUT.value, NetworkStanding.UNKNOWN.value]
    rows = Appointment.objects.unscoped(_WHOLE).filter(pk__in=by_id, network__in=doubtful)
    standings: dict[UUID, str] = dict(rows.values_list("pk", "network"))
    out = [one for one, standing in standings.items() if standing == NetworkStanding.OUT]
    told = _told(out) if out else set()
    return {by_id[one]: [_flag(standing, one in told)] for one, standing in standings.items()}


def _told(appointment_ids: Sequence[UUID]) -> set[UUID]:
    rows = NetworkAnswer.objects.unscoped(_WHOLE).filter(appointment__in=appointment_ids)
    asked = rows.exclude(answer=AnswerKind.NOT_ASKED)
    return {one for one in asked.values_list("appointment_id", flat=True) if one is not None}


def _flag(standing: str, told: bool) -> Flag:
    if standing == NetworkStanding.UNKNOWN:
        return UNKNOWN
    return OUT if told else OUT_UNTOLD


def _panel(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    if ref.appointment_id is None:
        return {}
    visit = Appointment.objects.visible_to(actor).filter(pk=ref.appointment_id).first()
    if visit is None or visit.network not in (NetworkStanding.OUT, NetworkStanding.UNKNOWN):
        return {}
    rows = NetworkAnswer.objects.visible_to(actor).filter(appointment=visit).order_by("-answered_at")
    standing = NetworkStanding(visit.network)
    return {
        "appointment": visit,
        "standing": STANDINGS[standing],
        "tone": TONES[standing],
        "answers": [shown(row) for row in rows],
        "may_ask": actor.may(SchedulingRight.BOOK),
    }


flag_sources.register("network", FlagSource("network", _flags, right=SchedulingRight.READ))
visit_panels.register(
    "network",
    VisitPanel("network", Place.CHECK_IN, 30, "visits/_network_panel.html", context=_panel, right=SchedulingRight.READ),
)
