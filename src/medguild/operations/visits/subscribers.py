"""What changes the day's list without a visit: appointments that are booked, moved or given up."""

from __future__ import annotations

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.operations.visits.recording import touch_board


@subscribe(
    "appointment.booked",
    "appointment.moved",
    "appointment.cancelled",
    "appointment.no_show",
    "appointment.reinstated",
    name="visits.day_changed",
)
def day_changed(event: EventRecord) -> None:
    """Screens of the site draw themselves anew. Counting once too often does no harm."""
    if event.unit_id is not None:
        touch_board(event.unit_id)
