"""What the page of a visit says of the network: the standing when it was booked, and what the patient answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import dollars
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy, NetworkStanding
from medguild.operations.scheduling.network.words import ANSWERS, CHANNELS, STANDINGS, TONES
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, SchedulePanel, schedule_panels
from medguild.operations.scheduling.rules import AppointmentStatus

_SHOWN = frozenset({NetworkStanding.OUT, NetworkStanding.UNKNOWN, NetworkStanding.IN})


def shown(row: NetworkAnswer) -> dict[str, Any]:
    """An answer in words."""
    return {
        "row": row,
        "words": ANSWERS[AnswerKind(row.answer)],
        "channel": CHANNELS[AskedBy(row.channel)] if row.channel else "",
        "price": dollars(row.price) if row.price is not None else "",
    }


def _context(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    appointment = ref.appointment
    if appointment is None or NetworkStanding(appointment.network) not in _SHOWN:
        return {}
    standing = NetworkStanding(appointment.network)
    rows = NetworkAnswer.objects.visible_to(actor).filter(appointment=appointment).order_by("-answered_at")
    doubtful = standing is not NetworkStanding.IN
    return {
        "appointment": appointment,
        "standing": STANDINGS[standing],
        "tone": TONES[standing],
        "answers": [shown(row) for row in rows] if doubtful else [],
        "may_ask": doubtful
        and appointment.status in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)
        and covers(actor, SchedulingRight.BOOK, appointment.unit_id),
    }


schedule_panels.register(
    "network",
    SchedulePanel(
        key="network", place=PanelPlace.VISIT, order=20, template="scheduling/_network_panel.html", context=_context,
        right=SchedulingRight.READ,
    ),
)  # fmt: skip
