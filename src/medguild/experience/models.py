"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.experience.feedback.models import Complaint
from medguild.experience.outreach.models import Notice, ReminderTerms, Reply

__all__ = ["Complaint", "Notice", "ReminderTerms", "Reply"]
