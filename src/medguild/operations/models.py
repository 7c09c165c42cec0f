"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.operations.calls.models import Call
from medguild.operations.chart.models import Addendum, CoSignature, Note, NoteDiagnosis, NoteService
from medguild.operations.scheduling.models import (
    Absence,
    Allocation,
    Appointment,
    Hold,
    Session,
    SessionException,
    SessionVisitType,
    VisitType,
)
from medguild.operations.visits.models import CheckInMark, SiteBoard, Visit
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry

__all__ = [
    "Absence",
    "Addendum",
    "Allocation",
    "Appointment",
    "Call",
    "CheckInMark",
    "CoSignature",
    "Hold",
    "Note",
    "NoteDiagnosis",
    "NoteService",
    "Session",
    "SessionException",
    "SessionVisitType",
    "SiteBoard",
    "SlotOffer",
    "Visit",
    "VisitType",
    "WaitlistEntry",
]
