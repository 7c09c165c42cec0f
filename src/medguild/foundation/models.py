"""Gathers the models of the foundation's rooms for Django; nobody imports this."""

from medguild.foundation.access.models import ApiToken, BrokenGlass, Grant, IdempotencyKey, User
from medguild.foundation.events.models import Delivery, DispatchCursor, Event, Seal
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
from medguild.foundation.organization.people import Affiliation, BillingIdentity, Clinician, Licence, Person

__all__ = [
    "Affiliation",
    "ApiToken",
    "BillingIdentity",
    "BrokenGlass",
    "CircleMember",
    "Clinician",
    "Closure",
    "Delivery",
    "DispatchCursor",
    "Event",
    "Grant",
    "IdempotencyKey",
    "LegalEntity",
    "Licence",
    "Person",
    "Resource",
    "ResourceShare",
    "Seal",
    "SharingCircle",
    "Site",
    "Unit",
    "UnitPath",
    "UnitPlacement",
    "UnitRelation",
    "User",
]
