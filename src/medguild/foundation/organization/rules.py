"""The shape of a group: which unit stands under which, who is related to whom, and when. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.periods import Period, merge


class UnitKind(enum.StrEnum):
    ENTERPRISE = "enterprise"
    ENTITY = "entity"
    PRACTICE = "practice"
    SITE = "site"
    DEPARTMENT = "department"


# A unit stands under a unit of the kind directly above; an IPA member's entity stands under its own enterprise node.
PARENT_KIND: Mapping[UnitKind, UnitKind] = {
    UnitKind.ENTITY: UnitKind.ENTERPRISE,
    UnitKind.PRACTICE: UnitKind.ENTITY,
    UnitKind.SITE: UnitKind.PRACTICE,
    UnitKind.DEPARTMENT: UnitKind.SITE,
}


class EntityKind(enum.StrEnum):
    SOLO = "solo"
    SINGLE_SPECIALTY = "single_specialty"
    MULTI_SPECIALTY = "multi_specialty"
    HOSPITAL_OWNED = "hospital_owned"
    IPA = "ipa"
    MSO = "mso"
    FOUNDATION = "foundation"


class RelationKind(enum.StrEnum):
    OWNS = "owns"
    MANAGES = "manages"
    BUYS_SERVICES = "buys_services"
    MEMBER_OF = "member_of"
    DELEGATES_TO = "delegates_to"
    ACO_PARTICIPANT = "aco_participant"
    COVERED_ENTITY_ARRANGEMENT = "covered_entity_arrangement"


class AffiliationKind(enum.StrEnum):
    EMPLOYED = "employed"
    OWNER = "owner"
    CONTRACTOR = "contractor"
    LOCUM = "locum"
    RECIPROCAL = "reciprocal"


class ClinicianKind(enum.StrEnum):
    PHYSICIAN = "physician"
    NURSE_PRACTITIONER = "nurse_practitioner"
    PHYSICIAN_ASSISTANT = "physician_assistant"
    OTHER = "other"


class ClinicianSex(enum.StrEnum):
    """Asked for by patients; empty where a clinician has not said."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class ResourceKind(enum.StrEnum):
    CLINICIAN = "clinician"
    ROOM = "room"
    EQUIPMENT = "equipment"
    STAFF = "staff"


# The bookable side of a human being; each has one, so that nobody is in two places at once.
PEOPLE = (ResourceKind.CLINICIAN.value, ResourceKind.STAFF.value)
# Of these there are kinds and skills; a clinician's skills are skills of staff.
CAPABLE = (ResourceKind.ROOM, ResourceKind.EQUIPMENT, ResourceKind.STAFF)


def can_have(resource: str, capability: str) -> bool:
    """Whether a resource of a kind may have a capability of a kind."""
    return resource == capability or (resource in PEOPLE and capability == ResourceKind.STAFF)


FEWEST_PROFESSIONALS = 2
WHOLE_SHARE = 10_000  # basis points
MAJORITY = WHOLE_SHARE // 2  # more than this decides


@dataclass(frozen=True, slots=True)
class Placement:
    """`unit` stands under `parent` during `period`."""

    unit: UUID
    parent: UUID
    period: Period


@dataclass(frozen=True, slots=True)
class Path:
    """`descendant` stands `depth` levels under `ancestor` during `period`."""

    ancestor: UUID
    descendant: UUID
    depth: int
    period: Period


class CircleInTree(ValueError):
    """A unit would stand under itself."""


def closure(units: Iterable[UUID], placements: Iterable[Placement]) -> set[Path]:
    """All ancestor-descendant pairs with the periods in which every step between them held; each unit reaches itself.

    Raises CircleInTree.
    """
    above: dict[UUID, list[Placement]] = {}
    for placement in placements:
        above.setdefault(placement.unit, []).append(placement)
    paths: set[Path] = set()
    for unit in units:
        reached: dict[tuple[UUID, int], list[Period]] = {}
        _climb(unit, unit, 0, Period(None), above, reached, frozenset())
        for (ancestor, depth), periods in reached.items():
            paths.update(Path(ancestor, unit, depth, period) for period in merge(periods))
    return paths


def _climb(
    start: UUID,
    here: UUID,
    depth: int,
    period: Period,
    above: Mapping[UUID, list[Placement]],
    reached: dict[tuple[UUID, int], list[Period]],
    behind: frozenset[UUID],
) -> None:
    if here in behind:
        raise CircleInTree(f"unit {start} would stand under itself")
    reached.setdefault((here, depth), []).append(period)
    for placement in above.get(here, []):
        common = period.meets(placement.period)
        if common is not None:
            _climb(start, placement.parent, depth + 1, common, above, reached, behind | {here})


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """For which services a billing identity holds; None or empty means all."""

    site: UUID | None
    payer: UUID | None
    specialty: str

    def covers(self, site: UUID, specialty: str) -> bool:
        """Whether it holds for every payer at this site in this specialty."""
        return self.payer is None and self.site in (None, site) and self.specialty in ("", specialty)


def within_walls(
    granted: Iterable[UUID], walled: Iterable[tuple[UUID, UUID]], below: Mapping[UUID, set[UUID]]
) -> frozenset[UUID]:
    """What each granted unit reaches: all `below` it, less all below the members walled off from it.

    `walled` holds pairs (granted unit, member under it). What one unit does not reach, another may.
    """
    behind: dict[UUID, set[UUID]] = {}
    for unit, member in walled:
        behind.setdefault(unit, set()).update(below.get(member, {member}))
    return frozenset().union(*(below.get(unit, set()) - behind.get(unit, set()) for unit in granted))


def uncovered(places: Iterable[tuple[UUID, str]], keys: Iterable[IdentityKey]) -> list[tuple[UUID, str]]:
    """Sites with their specialties under which nothing can be billed."""
    held = list(keys)
    return [place for place in places if not any(key.covers(*place) for key in held)]


def masked(ein: str) -> str:
    """A tax id of which only the last four digits are shown."""
    return f"•• •••{ein[-4:]}"
