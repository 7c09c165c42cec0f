"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.operations.calls.models import Call, HoldAlert, TelephoneQueue
from medguild.operations.chart.models import Addendum, CoSignature, Note, NoteDiagnosis, NoteService
from medguild.operations.demand.models import ClinicDay, SlotSearch, ThirdNextSample, TypicalTime
from medguild.operations.feeds.models import CalendarFeed
from medguild.operations.promises.models import Inquiry
from medguild.operations.recalls.models import Recall, RecallContact, RecallRule
from medguild.operations.scheduling.care_models import NetworkAnswer, VisitTypeTerms
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
    "CalendarFeed",
    "Call",
    "CheckInMark",
    "ClinicDay",
    "CoSignature",
    "HeldBlock",
    "HeldUse",
    "Hold",
    "HoldAlert",
    "Inquiry",
    "MovePlan",
    "NetworkAnswer",
    "Note",
    "NoteDiagnosis",
    "NoteService",
    "PlannedMove",
    "Recall",
    "RecallContact",
    "RecallRule",
    "Session",
    "SessionException",
    "SessionVisitType",
    "SiteBoard",
    "SlotOffer",
    "SlotSearch",
    "TelephoneQueue",
    "TemplateBlock",
    "TemplateHeld",
    "TemplateKind",
    "TemplateVersion",
    "ThirdNextSample",
    "TypicalTime",
    "Visit",
    "VisitType",
    "VisitTypeTerms",
    "WaitlistEntry",
]
