"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.operations.attendance.models import FairnessCell, NoShowCalibration, NoShowModel, SlotChoice
from medguild.operations.bumps.models import Bump, BumpContact
from medguild.operations.calls.models import Call, HoldAlert, TelephoneQueue
from medguild.operations.chart.models import Addendum, CoSignature, Note, NoteDiagnosis, NoteService
from medguild.operations.demand.models import ClinicDay, SlotSearch, ThirdNextSample, TypicalTime
from medguild.operations.feeds.models import CalendarFeed
from medguild.operations.itineraries.models import Campus, CampusPlace, Itinerary, ItineraryPart, WalkingTime
from medguild.operations.promises.models import Inquiry
from medguild.operations.recalls.models import Recall, RecallContact, RecallRule
from medguild.operations.scheduling.care.models import NetworkAnswer, VisitTypeTerms
from medguild.operations.scheduling.change_models import AppointmentMove, Cancellation
from medguild.operations.scheduling.held_models import HeldBlock, HeldUse
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
from medguild.operations.scheduling.needs.models import ResourceOutage, StaffShift, VisitNeed, VisitTypeLength
from medguild.operations.series.models import Occurrence, Series, SeriesRule
from medguild.operations.templates.models import (
    MovePlan,
    PlannedMove,
    TemplateBlock,
    TemplateHeld,
    TemplateKind,
    TemplateVersion,
)
from medguild.operations.visits.models import CheckInMark, SiteBoard, Visit
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry

__all__ = [
    "Absence",
    "Addendum",
    "Allocation",
    "Appointment",
    "AppointmentMove",
    "Bump",
    "BumpContact",
    "CalendarFeed",
    "Call",
    "Campus",
    "CampusPlace",
    "Cancellation",
    "CheckInMark",
    "ClinicDay",
    "CoSignature",
    "FairnessCell",
    "HeldBlock",
    "HeldUse",
    "Hold",
    "HoldAlert",
    "Inquiry",
    "Itinerary",
    "ItineraryPart",
    "MovePlan",
    "NetworkAnswer",
    "NoShowCalibration",
    "NoShowModel",
    "Note",
    "NoteDiagnosis",
    "NoteService",
    "Occurrence",
    "PlannedMove",
    "Recall",
    "RecallContact",
    "RecallRule",
    "ResourceOutage",
    "Series",
    "SeriesRule",
    "Session",
    "SessionException",
    "SessionVisitType",
    "SiteBoard",
    "SlotChoice",
    "SlotOffer",
    "SlotSearch",
    "StaffShift",
    "TelephoneQueue",
    "TemplateBlock",
    "TemplateHeld",
    "TemplateKind",
    "TemplateVersion",
    "ThirdNextSample",
    "TypicalTime",
    "Visit",
    "VisitNeed",
    "VisitType",
    "VisitTypeLength",
    "VisitTypeTerms",
    "WaitlistEntry",
    "WalkingTime",
]
