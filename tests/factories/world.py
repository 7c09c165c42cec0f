"""A small group for tests: two entities that share charts, an IPA with two members that do not, people and roles."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from stdnum import luhn

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user, forget_actors
from medguild.foundation.access.services import grant_role
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization import services, staffing
from medguild.foundation.organization.models import Resource, SharingCircle, Site, Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import (
    AffiliationKind,
    ClinicianKind,
    EntityKind,
    RelationKind,
    ResourceKind,
    UnitKind,
)

START = dt.date(2020, 1, 1)
HOUSE = Actor.job("test")
_numbers = itertools.count(1)


def npi() -> str:
    """A fresh number with a right check digit, in a range that is not assigned (first digit 1, then 99)."""
    body = f"199{next(_numbers):06d}"
    return body + luhn.calc_check_digit("80840" + body)


def ein() -> str:
    return f"12{next(_numbers):07d}"


@dataclass
class Office:
    """An entity with one practice and one site, a clinician and a room."""

    entity: Unit
    practice: Unit
    site: Site
    clinician: Clinician
    room: Resource

    @property
    def site_unit(self) -> Unit:
        return self.site.unit


@dataclass
class World:
    """Built lazily: take what the test needs."""

    _users: dict[tuple[Role, object], User] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def enterprise(self) -> Unit:
        return services.open_unit(kind=UnitKind.ENTERPRISE, name="Harbor Health", by=HOUSE, start=START)

    def office(
        self, name: str, kind: EntityKind = EntityKind.MULTI_SPECIALTY, specialty: str = "family_medicine"
    ) -> Office:
        entity = services.open_unit(kind=UnitKind.ENTITY, name=name, parent=self.enterprise, by=HOUSE, start=START)
        services.incorporate(unit=entity, kind=kind, legal_name=f"{name} PC", ein=ein(), state="OR", by=HOUSE)
        practice = services.open_unit(
            kind=UnitKind.PRACTICE, name=f"{name} Practice", parent=entity, by=HOUSE, start=START
        )
        site_unit = services.open_unit(
            kind=UnitKind.SITE, name=f"{name} Main Street", parent=practice, by=HOUSE, start=START
        )
        site = services.furnish_site(
            unit=site_unit, line1="1 Main Street", city="Portland", state="OR", postal_code="972010001",
            time_zone="America/Los_Angeles", specialty=specialty, by=HOUSE,
        )  # fmt: skip
        room = services.add_resource(kind=ResourceKind.ROOM, unit=site_unit, name="Room 1", by=HOUSE, start=START)
        return Office(entity, practice, site, self.clinician(site_unit, specialty), room)

    def clinician(self, site: Unit, specialty: str = "family_medicine") -> Clinician:
        person = staffing.join(given_name="Ana", family_name=f"Doe{next(_numbers)}", suffix="MD", by=HOUSE, start=START)
        staffing.affiliate(person=person, unit=site, kind=AffiliationKind.EMPLOYED, by=HOUSE, start=START)
        clinician = staffing.enrol_clinician(
            person=person, kind=ClinicianKind.PHYSICIAN, npi=npi(), specialty=specialty, taxonomy="207Q00000X",
            home=site, by=HOUSE, start=START,
        )  # fmt: skip
        staffing.record_licence(
            clinician=clinician,
            state="OR",
            number=f"MD{next(_numbers)}",
            start=START,
            end=dt.date(2040, 1, 1),
            by=HOUSE,
        )
        return clinician

    @cached_property
    def main(self) -> Office:
        return self.office("Harbor")

    @cached_property
    def second(self) -> Office:
        """A second entity under the same enterprise, in the same circle as `main`."""
        return self.office("Cedar", specialty="cardiology")

    @cached_property
    def circle(self) -> SharingCircle:
        return services.form_circle(
            name="Harbor circle", basis="affiliated covered entity", entities=[self.main.entity, self.second.entity],
            by=HOUSE, start=START,
        )  # fmt: skip

    @cached_property
    def ipa(self) -> Unit:
        unit = services.open_unit(
            kind=UnitKind.ENTITY, name="Valley IPA", parent=self.enterprise, by=HOUSE, start=START
        )
        services.incorporate(
            unit=unit, kind=EntityKind.IPA, legal_name="Valley IPA Inc", ein=ein(), state="OR", by=HOUSE
        )
        return unit

    def _member(self, name: str) -> Office:
        office = self.office(name, EntityKind.SOLO)
        services.form_circle(
            name=f"{name} circle", basis="one covered entity", entities=[office.entity], by=HOUSE, start=START
        )
        services.relate_units(kind=RelationKind.MEMBER_OF, source=office.entity, target=self.ipa, by=HOUSE, start=START)
        return office

    @cached_property
    def member_a(self) -> Office:
        return self._member("Aspen")

    @cached_property
    def member_b(self) -> Office:
        return self._member("Birch")

    def user(self, role: Role, unit: Unit | None = None, **on_record: object) -> User:
        """A login with one role on a unit (default: the main site's entity), made once per role and unit."""
        place = unit or (self.main.entity if not on_record else None)
        key = (role, place.pk if place else on_record["patient_id"])
        if key not in self._users:
            _ = self.circle
            user = User.objects.create_user(f"{role.value}{next(_numbers)}@example.org", display_name=role.value)
            grant_role(user=user, role=role, unit=place, by=HOUSE, start=START, **on_record)  # type: ignore[arg-type]
            self._users[key] = user
            forget_actors()
        return self._users[key]

    def actor(self, role: Role, unit: Unit | None = None, **on_record: object) -> Actor:
        return actor_of_user(self.user(role, unit, **on_record))
