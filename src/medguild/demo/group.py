"""Builds the structure of the synthetic group through the services: entities, sites, rooms, clinicians, logins."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from stdnum import luhn

from medguild.demo import names, plan
from medguild.demo.plan import EntityPlan, SitePlan, Size
from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import grant_role
from medguild.foundation.events.partitions import ensure_partitions, month_start
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization import services, staffing
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import (
    AffiliationKind,
    ClinicianKind,
    EntityKind,
    RelationKind,
    ResourceKind,
    UnitKind,
)
from medguild.payers.payers.models import Plan

LOADER = Actor.job("demo")
DOMAIN = "larkspur.example"


@dataclass
class Group:
    """What was built, by the keys of the plan."""

    start: dt.date
    units: dict[str, Unit] = field(default_factory=dict)
    sites: dict[str, SitePlan] = field(default_factory=dict)
    entity_of_site: dict[str, str] = field(default_factory=dict)
    circle_ids: dict[str, UUID] = field(default_factory=dict)
    clinicians: dict[str, list[Clinician]] = field(default_factory=dict)
    plans: list[tuple[Plan, int]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    patients: list[Any] = field(default_factory=list)
    visit_types: dict[str, Any] = field(default_factory=dict)
    appointments: list[Any] = field(default_factory=list)
    visits: list[Any] = field(default_factory=list)
    mrns: dict[UUID, str] = field(default_factory=dict)
    log_begins: dt.datetime = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def build(*, size: Size, today: dt.date, password: str) -> Group:
    """The whole structure; dates begin before the history does."""
    group = Group(start=dt.date(today.year - 6, 1, 1), log_begins=_log_begins(today))
    rng = random.Random(plan.SEED)
    group.units["enterprise"] = services.open_unit(
        kind=UnitKind.ENTERPRISE, name=plan.ENTERPRISE, by=LOADER, start=group.start
    )
    for entity in (*plan.GROUP, plan.IPA, *plan.MEMBERS):
        _build_entity(group, entity)
    _form_circles(group)
    for member in plan.MEMBERS:
        services.relate_units(
            kind=RelationKind.MEMBER_OF, source=group.units[member.key], target=group.units["ipa"], by=LOADER,
            start=group.start,
        )  # fmt: skip
    _staff_clinicians(group, size, today, rng)
    _make_logins(group, password)
    return group


def _log_begins(today: dt.date) -> dt.datetime:
    """The first instant for which the event log has a partition."""
    first = month_start(today, -plan.MONTHS_OF_HISTORY - 1)
    ensure_partitions(today=today, back=plan.MONTHS_OF_HISTORY + 1)
    return dt.datetime(first.year, first.month, 1, tzinfo=dt.UTC)


def _build_entity(group: Group, entity: EntityPlan) -> None:
    unit = services.open_unit(
        kind=UnitKind.ENTITY, name=entity.name, parent=group.units["enterprise"], by=LOADER, start=group.start
    )
    group.units[entity.key] = unit
    services.incorporate(
        unit=unit,
        kind=EntityKind(entity.kind),
        legal_name=entity.legal_name,
        ein=entity.ein,
        state=plan.STATE,
        by=LOADER,
    )
    practices: dict[str, Unit] = {}
    for site in entity.sites:
        if site.practice not in practices:
            practices[site.practice] = services.open_unit(
                kind=UnitKind.PRACTICE, name=site.practice, parent=unit, by=LOADER, start=group.start
            )
        build_site(group, entity, site, practices[site.practice])
    if entity.sites:
        _set_billing(group, entity, unit)


def build_site(group: Group, entity: EntityPlan, site: SitePlan, practice: Unit) -> None:
    unit = services.open_unit(kind=UnitKind.SITE, name=site.name, parent=practice, by=LOADER, start=group.start)
    services.furnish_site(
        unit=unit, line1=site.line1, city=site.city, state=plan.STATE, postal_code=site.postal_code,
        time_zone=plan.TIME_ZONE, phone="5035550100", specialty=site.specialty, by=LOADER,
    )  # fmt: skip
    for number in range(1, site.rooms + 1):
        services.add_resource(kind=ResourceKind.ROOM, unit=unit, name=f"Room {number}", by=LOADER, start=group.start)
    group.units[site.key], group.sites[site.key] = unit, site
    group.entity_of_site[site.key] = entity.key


def _set_billing(group: Group, entity: EntityPlan, unit: Unit) -> None:
    first = entity.sites[0]
    staffing.set_billing_identity(
        entity=unit, by=LOADER, start=group.start, tin=entity.ein, group_npi=entity.npi,
        taxonomy=plan.TAXONOMY[first.specialty], name=entity.legal_name, line1=first.line1, city=first.city,
        state=plan.STATE, postal_code=first.postal_code, submitter_id=f"LARK{entity.npi[-4:]}",
        contact_name="Billing Office", contact_phone="5035550101",
    )  # fmt: skip


def _form_circles(group: Group) -> None:
    by_circle: dict[str, list[EntityPlan]] = {}
    for entity in (*plan.GROUP, plan.IPA, *plan.MEMBERS):
        by_circle.setdefault(entity.circle, []).append(entity)
    for name, entities in by_circle.items():
        basis = "affiliated covered entity" if len(entities) > 1 else "one covered entity"
        circle = services.form_circle(
            name=name, basis=basis, entities=[group.units[entity.key] for entity in entities], by=LOADER,
            start=group.start,
        )  # fmt: skip
        group.circle_ids.update({entity.key: circle.pk for entity in entities})


def _staff_clinicians(group: Group, size: Size, today: dt.date, rng: random.Random) -> None:
    """One clinician per member office; the others are shared out over the group's sites by weight."""
    members = [site.key for entity in plan.MEMBERS for site in entity.sites]
    own = [site for entity in plan.GROUP for site in entity.sites]
    shared = [
        own[i % len(own)].key if i < len(own) else rng.choices(own, [site.weight for site in own])[0].key
        for i in range(size.clinicians - len(members))
    ]
    places = [*members, *shared, *size.colleagues]
    for number, place in enumerate(places):
        group.clinicians.setdefault(place, []).append(hire(group, place, number, today, rng))


def hire(group: Group, place: str, number: int, today: dt.date, rng: random.Random) -> Clinician:
    invented = names.invent(rng, today)
    advanced = place in ("riverside", "northgate") and number % 4 == 3
    person = staffing.join(
        given_name=invented.given, family_name=invented.family, suffix="NP" if advanced else "MD", by=LOADER,
        start=group.start, email=f"clinician{number + 1}@{DOMAIN}",
    )  # fmt: skip
    unit, site = group.units[place], group.sites[place]
    staffing.affiliate(person=person, unit=unit, kind=AffiliationKind.EMPLOYED, by=LOADER, start=group.start)
    body = f"19920{number:04d}"
    clinician = staffing.enrol_clinician(
        person=person, kind=ClinicianKind.NURSE_PRACTITIONER if advanced else ClinicianKind.PHYSICIAN,
        npi=body + luhn.calc_check_digit("80840" + body), specialty=site.specialty,
        taxonomy="363L00000X" if advanced else plan.TAXONOMY[site.specialty], home=unit, by=LOADER, start=group.start,
    )  # fmt: skip
    staffing.record_licence(
        clinician=clinician, state=plan.STATE, number=f"OR{20_000 + number}", start=group.start,
        end=today + dt.timedelta(days=200 + 30 * (number % 12)), by=LOADER,
    )  # fmt: skip
    return clinician


def _make_logins(group: Group, password: str) -> None:
    hashed = make_password(password)
    for role, place, name in plan.LOGINS:
        _login(group, name.lower().replace(" ", "."), name, Role(role), group.units[place], hashed)
    for place in ("riverside", "heart", "hillcrest", "member_1_site"):
        for clinician in group.clinicians.get(place, [])[:1]:
            stem = f"dr.{clinician.person.family_name.lower().replace(chr(39), '')}"
            _login(group, stem, clinician.label(), Role.CLINICIAN, group.units[place], hashed, clinician)


def _login(
    group: Group, stem: str, name: str, role: Role, unit: Unit, hashed: str, clinician: Clinician | None = None
) -> None:
    user = User(email=f"{stem}@{DOMAIN}", display_name=name, password=hashed)
    user.person = clinician.person if clinician else None
    user.save()
    # Clinicians treat patients of the whole circle; desks work for one site.
    grant_role(user=user, role=role, unit=unit, by=LOADER, start=group.start)
    group.logins.append((user.email, f"{role.value.replace('_', ' ')}, {unit.name}"))
