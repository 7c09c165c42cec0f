"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.patients.accounts.models import AccountMember, GuarantorAccount
from medguild.patients.consent.models import Consent
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import MrnCounter, Patient, PatientLink
from medguild.patients.preferences.models import ContactPreference

__all__ = [
    "AccountMember",
    "Consent",
    "ContactPreference",
    "Coverage",
    "GuarantorAccount",
    "MrnCounter",
    "Patient",
    "PatientLink",
]
