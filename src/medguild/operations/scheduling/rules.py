"""Words and moves of an appointment, and the lanes of a resource. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Minute = int  # minutes since 1970-01-01T00:00Z

LONGEST_VISIT = 24 * 60
LONGEST_PADDING = 240
MOST_NEEDED = 20
HOLD_MINUTES = 5
SHORTEST_OVERBOOK_REASON = 5


class AppointmentStatus(enum.StrEnum):
    """FHIR Appointment.status, as far as it is used here."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


TRANSITIONS: frozenset[tuple[AppointmentStatus, AppointmentStatus]] = frozenset(
    {
        (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED),
        (AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED),
        (AppointmentStatus.BOOKED, AppointmentStatus.NO_SHOW),
        (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED),
        (AppointmentStatus.ARRIVED, AppointmentStatus.BOOKED),  # arrival noted on the wrong patient
        (AppointmentStatus.ARRIVED, AppointmentStatus.CANCELLED),  # left without being seen
        (AppointmentStatus.FULFILLED, AppointmentStatus.ARRIVED),  # check-out taken back
        (AppointmentStatus.NO_SHOW, AppointmentStatus.ARRIVED),  # came late after all
        (AppointmentStatus.NO_SHOW, AppointmentStatus.BOOKED),  # marked by mistake
    }
)
# These hold their clinician, patient and room; the others have given them back.
HOLDING = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED})


def may_move(before: str, after: str) -> bool:
    """Whether a status may follow another."""
    return (before, after) in TRANSITIONS


class Mode(enum.StrEnum):
    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"
    E_CONSULT = "e_consult"  # asynchronous: the clinician answers in writing, nobody meets


# Clinician and patient talk, and are not in one place.
REMOTE = frozenset({Mode.VIDEO, Mode.PHONE})


class PatientKind(enum.StrEnum):
    """For whom a visit type is meant (CPT sense: seen by the same group and specialty within three years)."""

    ANY = "any"
    NEW = "new"
    ESTABLISHED = "established"


class ReasonCategory(enum.StrEnum):
    ACUTE = "acute"
    FOLLOW_UP = "follow_up"
    CHRONIC = "chronic"
    PREVENTIVE = "preventive"
    PROCEDURE = "procedure"
    RESULTS = "results"
    OTHER = "other"


class CancelReason(enum.StrEnum):
    """Who gave the visit up, and why. `PRACTICE_...` counts as a bump, not as a cancellation by the patient."""

    PATIENT_REQUEST = "patient_request"
    PATIENT_ILL = "patient_ill"
    PATIENT_TRANSPORT = "patient_transport"
    PATIENT_COST = "patient_cost"
    LEFT_BEFORE_SEEN = "left_before_seen"
    PRACTICE_CLINICIAN_AWAY = "practice_clinician_away"
    PRACTICE_OTHER = "practice_other"
    BOOKED_IN_ERROR = "booked_in_error"


BUMPS = frozenset({CancelReason.PRACTICE_CLINICIAN_AWAY, CancelReason.PRACTICE_OTHER})
LATE_CANCEL_MINUTES = 24 * 60  # cut-off of a late cancellation (late_cancel_rate)


class Origin(enum.StrEnum):
    """Through which door the booking came."""

    STAFF = "staff"
    API = "api"
    PORTAL = "portal"
    IMPORT = "import"


class AbsenceKind(enum.StrEnum):
    VACATION = "vacation"
    SICK = "sick"
    EDUCATION = "education"
    MEETING = "meeting"
    OTHER = "other"


class Busy(NamedTuple):
    """A lane of a resource is taken from `start` until (not including) `end`."""

    start: Minute
    end: Minute
    lane: int = 0


def overlapping(busy: Iterable[Busy], start: Minute, end: Minute) -> list[Busy]:
    return [taken for taken in busy if taken.start < end and taken.end > start]


def most_at_once(busy: Sequence[Busy], start: Minute, end: Minute) -> int:
    """The greatest number of lanes taken at one moment of the span."""
    most = running = 0
    changes = [(max(taken.start, start), 1) for taken in busy] + [(min(taken.end, end), -1) for taken in busy]
    for _, change in sorted(changes):
        running += change
        most = max(most, running)
    return most


def free_lane(busy: Iterable[Busy], start: Minute, end: Minute, capacity: int) -> int | None:
    """The lowest free lane below `capacity`, or None when the span is full.

    An overbooked visit sits in a lane above; when the visit below it is cancelled it still takes its place, so the
    span counts as full although a lower lane is empty.
    """
    taken = overlapping(busy, start, end)
    if not taken:
        return 0 if capacity > 0 else None
    if most_at_once(taken, start, end) >= capacity:
        return None
    lanes = {span.lane for span in taken}
    return next((lane for lane in range(capacity) if lane not in lanes), None)


def overbook_lane(busy: Iterable[Busy], start: Minute, end: Minute, capacity: int, limit: int) -> int | None:
    """The lowest free lane from `capacity` on, or None when `limit` extra visits stand there already."""
    lanes = {span.lane for span in overlapping(busy, start, end)}
    return next((lane for lane in range(capacity, capacity + limit) if lane not in lanes), None)
