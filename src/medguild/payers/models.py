"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.payers.payers.models import Payer, Plan
from medguild.payers.pricing.models import Contract, ContractRate, FeeLine, FeeSchedule

__all__ = ["Contract", "ContractRate", "FeeLine", "FeeSchedule", "Payer", "Plan"]
