"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.payers.networks.models import Network, NetworkClinician, NetworkGroup, NetworkPlan, PlanTerms
from medguild.payers.payers.models import Payer, Plan
from medguild.payers.pricing.models import Contract, ContractRate, FeeLine, FeeSchedule
from medguild.payers.remote.models import RemoteRule

__all__ = [
    "Contract",
    "ContractRate",
    "FeeLine",
    "FeeSchedule",
    "Network",
    "NetworkClinician",
    "NetworkGroup",
    "NetworkPlan",
    "Payer",
    "Plan",
    "PlanTerms",
    "RemoteRule",
]
