"""What people call the kinds of things in this room."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.rules import (
    AffiliationKind,
    ClinicianKind,
    ClinicianSex,
    EntityKind,
    RelationKind,
    ResourceKind,
    UnitKind,
)

UNIT_KINDS = {
    UnitKind.ENTERPRISE: _("Enterprise"),
    UnitKind.ENTITY: _("Legal entity"),
    UnitKind.PRACTICE: _("Practice"),
    UnitKind.SITE: _("Site"),
    UnitKind.DEPARTMENT: _("Department"),
}
UNIT_ICONS = {
    UnitKind.ENTERPRISE: "building-community",
    UnitKind.ENTITY: "building-bank",
    UnitKind.PRACTICE: "stethoscope",
    UnitKind.SITE: "map-pin",
    UnitKind.DEPARTMENT: "layout-grid",
}
ENTITY_KINDS = {
    EntityKind.SOLO: _("Solo practice"),
    EntityKind.SINGLE_SPECIALTY: _("Single-specialty group"),
    EntityKind.MULTI_SPECIALTY: _("Multi-specialty group"),
    EntityKind.HOSPITAL_OWNED: _("Owned by a hospital or system"),
    EntityKind.IPA: _("Independent practice association (IPA)"),
    EntityKind.MSO: _("Management services organization (MSO)"),
    EntityKind.FOUNDATION: _("Foundation"),
}
RELATION_KINDS = {
    RelationKind.OWNS: _("owns"),
    RelationKind.MANAGES: _("manages"),
    RelationKind.BUYS_SERVICES: _("buys services of"),
    RelationKind.MEMBER_OF: _("is a member of"),
    RelationKind.DELEGATES_TO: _("delegates to"),
    RelationKind.ACO_PARTICIPANT: _("takes part in the ACO"),
    RelationKind.COVERED_ENTITY_ARRANGEMENT: _("shares an arrangement with"),
}
AFFILIATION_KINDS = {
    AffiliationKind.EMPLOYED: _("Employed"),
    AffiliationKind.OWNER: _("Owner"),
    AffiliationKind.CONTRACTOR: _("Contractor"),
    AffiliationKind.LOCUM: _("Locum tenens"),
    AffiliationKind.RECIPROCAL: _("Reciprocal"),
}
CLINICIAN_KINDS = {
    ClinicianKind.PHYSICIAN: _("Physician"),
    ClinicianKind.NURSE_PRACTITIONER: _("Nurse practitioner"),
    ClinicianKind.PHYSICIAN_ASSISTANT: _("Physician assistant"),
    ClinicianKind.OTHER: _("Other clinician"),
}
RESOURCE_KINDS = {
    ResourceKind.CLINICIAN: _("Clinician"),
    ResourceKind.ROOM: _("Room"),
    ResourceKind.EQUIPMENT: _("Equipment"),
    ResourceKind.STAFF: _("Staff"),
}


# Languages by their BCP 47 code
LANGUAGES: list[tuple[str, Promise | str]] = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("zh", _("Chinese")),
    ("vi", _("Vietnamese")),
    ("tl", _("Tagalog")),
    ("ru", _("Russian")),
    ("ar", _("Arabic")),
    ("ko", _("Korean")),
    ("fr", _("French")),
    ("pt", _("Portuguese")),
    ("ht", _("Haitian Creole")),
    ("so", _("Somali")),
    ("uk", _("Ukrainian")),
    ("ase", _("American Sign Language")),
]
CLINICIAN_SEXES = {
    ClinicianSex.FEMALE: _("Woman"),
    ClinicianSex.MALE: _("Man"),
    ClinicianSex.OTHER: _("Other"),
}


SPECIALTIES = {
    "cardiology": _("Cardiology"),
    "dermatology": _("Dermatology"),
    "family_medicine": _("Family medicine"),
    "gastroenterology": _("Gastroenterology"),
    "geriatrics": _("Geriatrics"),
    "internal_medicine": _("Internal medicine"),
    "neurology": _("Neurology"),
    "obstetrics_gynecology": _("Obstetrics gynecology"),
    "orthopedics": _("Orthopedics"),
    "pediatrics": _("Pediatrics"),
    "psychiatry": _("Psychiatry"),
}


def specialty_words(code: str) -> str:
    """`family_medicine` as `Family medicine`, in the language of the reader; a code that we do not know as it reads."""
    known = SPECIALTIES.get(code)
    return str(known) if known else code.replace("_", " ").capitalize()
