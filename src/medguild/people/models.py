"""Gathers the models of the wing's rooms for Django; nobody imports this."""

from medguild.people.credentialing.models import (
    Compact,
    CompactPrivilege,
    CompactState,
    Privilege,
    PrivilegeType,
    TelehealthRegistration,
)

__all__ = ["Compact", "CompactPrivilege", "CompactState", "Privilege", "PrivilegeType", "TelehealthRegistration"]
