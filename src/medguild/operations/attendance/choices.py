"""Proposals and what staff did with them: taken, another of them, or a time of their own with or without a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from medguild.foundation.access.demand import login_of
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.attendance.choice_rules import LONGEST_REASON, choice_of
from medguild.operations.attendance.models import SlotChoice
from medguild.operations.attendance.recording import CHOSEN, OWN_TIME
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.ports import TimeChosen, choice_listeners
from medguild.operations.scheduling.services import subject_of


@transaction.atomic
def note_choice(
    *,
    appointment: Appointment,
    proposed: int,
    place: int | None,
    by: Actor,
    reason: str = "",
    at: dt.datetime | None = None,
) -> SlotChoice:
    """Keep which of the times proposed was booked: `place` 1 is the first, None a time that was not proposed.

    The caller has booked the visit. Once per visit: the second telling returns the first. A place beyond what was
    proposed counts as a time of one's own.
    """
    among = place if place is not None and 1 <= place <= proposed else None
    moment = at or now()
    choice = choice_of(among)
    noted, is_new = SlotChoice.objects.unscoped("a visit has one choice").get_or_create(
        appointment=appointment,
        defaults={
            "unit_id": appointment.unit_id, "proposed": proposed, "place": among, "choice": choice,
            "reason": reason.strip()[:LONGEST_REASON], "role": min(by.roles, default=""), "chosen_at": moment,
            "chosen_by": login_of(by),
        },
    )  # fmt: skip
    if is_new:
        record(
            CHOSEN if among else OWN_TIME, subject=subject_of(appointment), by=by, patient_id=appointment.patient_id,
            unit_id=appointment.unit_id, occurred_at=moment,
            data={"choice": choice, "place": among, "proposed": proposed},
        )  # fmt: skip
    return noted


def _heard(told: TimeChosen) -> None:
    note_choice(appointment=told.appointment, proposed=told.proposed, place=told.place, by=told.by, reason=told.reason)


choice_listeners.register("attendance", _heard)
