"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.models import Claim, ClaimFile, ClaimFinding, ClaimLine, ControlSequence
from medguild.revenue.receipts.models import Allocation, Drawer, Receipt
from medguild.revenue.remittances.models import (
    Denial,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
)
from medguild.revenue.statements.models import Statement

__all__ = [
    "Allocation", "Charge", "Claim", "ClaimFile", "ClaimFinding", "ClaimLine", "ControlSequence", "Denial", "Drawer",
    "ProviderAdjustment", "Receipt", "Remittance", "RemittanceClaim", "RemittanceFile", "RemittanceLine", "Statement",
]  # fmt: skip
