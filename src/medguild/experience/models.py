"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.experience.feedback.models import Complaint

__all__ = ["Complaint"]
