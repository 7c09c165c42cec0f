"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.models import Claim, ClaimFile, ClaimFinding, ClaimLine, ControlSequence

__all__ = ["Charge", "Claim", "ClaimFile", "ClaimFinding", "ClaimLine", "ControlSequence"]
