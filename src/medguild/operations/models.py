"""Gathers the models of the wing's rooms for Django; nobody imports this."""

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

__all__ = [
    "Absence",
    "Allocation",
    "Appointment",
    "Hold",
    "Session",
    "SessionException",
    "SessionVisitType",
    "VisitType",
]
