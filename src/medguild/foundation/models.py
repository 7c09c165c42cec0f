"""Gathers the models of the foundation's rooms for Django; nobody imports this."""

from medguild.foundation.access.models import ApiToken, BrokenGlass, Grant, IdempotencyKey, User
from medguild.foundation.codesets.models import Code, CodeSet
from medguild.foundation.documents.models import Document, Signature
from medguild.foundation.events.models import Delivery, DispatchCursor, Event, Seal
from medguild.foundation.ledger.models import AccountingPeriod, Entry, LedgerAccount, Posting
from medguild.foundation.organization.capabilities import Capability, ResourceCapability
from medguild.foundation.organization.models import (
    CircleMember,
    Closure,
    LegalEntity,
    Resource,
    ResourceShare,
    SharingCircle,
    Site,
    Unit,
    UnitPath,
    UnitPlacement,
    UnitRelation,
)
from medguild.foundation.organization.people import (
    Affiliation,
    BillingIdentity,
    Clinician,
    ClinicianLanguage,
    Licence,
    Person,
)
from medguild.foundation.registers.models import RegulatoryChange, TechnologyAdoption
from medguild.foundation.standards.models import (
    Deviation,
    ProcessMark,
    StandardSetting,
    Workflow,
    WorkflowCheck,
    WorkflowVersion,
)
from medguild.foundation.ui.models import SavedFilter
from medguild.foundation.work.models import Duty, Handoff, UnownedNeed, WorkItem

__all__ = [
    "AccountingPeriod",
    "Affiliation",
    "ApiToken",
    "BillingIdentity",
    "BrokenGlass",
    "Capability",
    "CircleMember",
    "Clinician",
    "ClinicianLanguage",
    "Closure",
    "Code",
    "CodeSet",
    "Delivery",
    "Deviation",
    "DispatchCursor",
    "Document",
    "Duty",
    "Entry",
    "Event",
    "Grant",
    "Handoff",
    "IdempotencyKey",
    "LedgerAccount",
    "LegalEntity",
    "Licence",
    "Person",
    "Posting",
    "ProcessMark",
    "RegulatoryChange",
    "Resource",
    "ResourceCapability",
    "ResourceShare",
    "SavedFilter",
    "Seal",
    "SharingCircle",
    "Signature",
    "Site",
    "StandardSetting",
    "TechnologyAdoption",
    "Unit",
    "UnitPath",
    "UnitPlacement",
    "UnitRelation",
    "UnownedNeed",
    "User",
    "WorkItem",
    "Workflow",
    "WorkflowCheck",
    "WorkflowVersion",
]
