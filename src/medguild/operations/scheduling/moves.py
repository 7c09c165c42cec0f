"""Where a visit stood before it was moved: each move keeps the time, clinician and site that were left."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from medguild.foundation.kernel.ids import new_id
from medguild.operations.scheduling.change_models import AppointmentMove
from medguild.operations.scheduling.models import Appointment

# The number is counted in the same statement; the visit's row is locked by the move.
_INSERT = """
    insert into operations_appointmentmove (id, appointment_id, number, moved_at, former_start, former_end,
                                            former_clinician_id, former_unit_id, by_practice)
    select %s, %s, coalesce(max(number), 0) + 1, %s, %s, %s, %s, %s, %s
      from operations_appointmentmove where appointment_id = %s
"""


def keep_former(appointment: Appointment, *, by_practice: bool, at: dt.datetime) -> None:
    """Keep where the visit stands now; to be called under its locks, before it changes."""
    values: list[Any] = [
        new_id(), appointment.pk, at, appointment.start, appointment.end, appointment.clinician_id,
        appointment.unit_id, by_practice, appointment.pk,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def moves_of(appointment: Appointment) -> list[AppointmentMove]:
    """Where a visit that the caller may see stood before, the last first."""
    rows = AppointmentMove.objects.unscoped("the visit is visible").filter(appointment=appointment)
    return list(rows.select_related("former_clinician__person", "former_unit__site").order_by("-number"))
