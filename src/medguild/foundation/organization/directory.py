"""What the pages of entities, sites and people show, scoped to the actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
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
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import PEOPLE, IdentityKey, UnitKind, uncovered
from medguild.foundation.organization.selectors import clinicians_at, entity_of, units_below

EXPIRES_SOON = dt.timedelta(days=90)


def unit_for(actor: Actor, unit_id: UUID, right: str = OrganizationRight.READ) -> Unit:
    """One unit on which the actor holds the right. Raises NotVisible."""
    scope = actor.scope(right)
    if not (scope.everything or unit_id in scope.units):
        raise NotVisible
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible
    return unit


def parent_of(unit: Unit, *, on: dt.date) -> Unit | None:
    placement = UnitPlacement.objects.filter(unit=unit, period__contains=on).select_related("parent").first()
    return placement.parent if placement else None


def children_of(unit: Unit, *, on: dt.date) -> list[Unit]:
    ids = UnitPlacement.objects.filter(parent=unit, period__contains=on).values("unit_id")
    return list(Unit.objects.filter(pk__in=ids).order_by("name"))


def placements_of(unit: Unit) -> list[UnitPlacement]:
    """Where a unit stood and stands, newest first."""
    return list(UnitPlacement.objects.filter(unit=unit).select_related("parent").order_by("-period"))


def relations_of(unit: Unit) -> list[UnitRelation]:
    """Relations from and to a unit, newest first."""
    rows = UnitRelation.objects.filter(Q(source=unit) | Q(target=unit)).select_related("source", "target")
    return list(rows.order_by("-period", "kind"))


def closures_of(unit: Unit, *, since: dt.date) -> list[Closure]:
    """Closed days of the unit and of all units above it."""
    above = UnitPath.objects.filter(descendant=unit, period__contains=since).values("ancestor_id")
    return list(Closure.objects.filter(unit__in=above, day__gte=since).select_related("unit").order_by("day"))


def circle_of(entity: Unit, *, on: dt.date) -> CircleMember | None:
    members = CircleMember.objects.filter(entity=entity, period__contains=on).select_related("circle")
    return members.prefetch_related("circle__members__entity").first()


def circles(actor: Actor) -> list[SharingCircle]:
    """Circles of the actor's entities, with their members."""
    scope = actor.scope(OrganizationRight.READ)
    rows = SharingCircle.objects.prefetch_related("members__entity").order_by("name")
    return list(rows if scope.everything else rows.filter(pk__in=scope.circles))


def things_at(actor: Actor, unit: Unit, *, on: dt.date) -> list[tuple[Resource, list[ResourceShare]]]:
    """Rooms and equipment of a unit on a day, with the practices that bear their cost."""
    rows = Resource.objects.visible_to(actor).filter(unit=unit, period__contains=on)
    things = list(rows.exclude(kind__in=PEOPLE).order_by("kind", "name"))
    shares = ResourceShare.objects.unscoped("who shares the cost is known to all who share it")
    held = shares.filter(resource__in=[thing.pk for thing in things], period__contains=on)
    by_thing: dict[UUID, list[ResourceShare]] = {}
    for share in held.select_related("practice").order_by("-share"):
        by_thing.setdefault(share.resource_id, []).append(share)
    return [(thing, by_thing.get(thing.pk, [])) for thing in things]


def calendar_of(person: Person) -> Resource | None:
    """The person's one calendar, where visits may take their time; who sees the person sees that."""
    held: Resource | None = Resource.objects.unscoped("who sees the person").filter(person=person).first()
    return held


@dataclass(frozen=True, slots=True)
class Conversion:
    """Something that is not billed under the entity's own numbers yet: a site without any, or under another TIN."""

    site: Unit | None
    specialty: str
    identity: BillingIdentity | None = None


def identities_of(actor: Actor, entity: Unit) -> QuerySet[BillingIdentity]:
    """Billing identities of an entity for those who bill, newest first."""
    rows = BillingIdentity.objects.visible_to(actor).filter(entity=entity).select_related("site")
    return rows.order_by("-period", "site__name", "specialty")


def still_to_convert(entity: Unit, *, on: dt.date) -> list[Conversion]:
    """What is left to bring under one tax id: places that nothing covers, and identities with another TIN."""
    rows = BillingIdentity.objects.unscoped("the caller has checked the right on the entity")
    held = list(rows.filter(entity=entity, period__contains=on).select_related("site"))
    below = units_below([entity.pk], on=on)
    sites = {site.unit_id: site.unit for site in Site.objects.filter(unit_id__in=below).select_related("unit")}
    keys = [IdentityKey(row.site_id, row.payer_id, row.specialty) for row in held]
    missing = uncovered(sorted(_places(sites, on), key=lambda place: (sites[place[0]].name, place[1])), keys)
    own = LegalEntity.objects.filter(unit=entity).values_list("ein", flat=True).first()
    foreign = [Conversion(row.site, row.specialty, row) for row in held if own and row.tin != own]
    return [Conversion(sites[site_id], specialty) for site_id, specialty in missing] + foreign


def _places(sites: Iterable[UUID], on: dt.date) -> set[tuple[UUID, str]]:
    """Sites with the specialties practised there; a site without clinicians counts once."""
    ids = list(sites)
    rows = Affiliation.objects.filter(unit_id__in=ids, period__contains=on, person__clinician__isnull=False)
    practised = set(rows.values_list("unit_id", "person__clinician__specialty"))
    idle = set(ids) - {site_id for site_id, _ in practised}
    return practised | {(site_id, "") for site_id in idle}


def people(actor: Actor, *, on: dt.date) -> QuerySet[Person]:
    """People who work, or worked, at units of the actor; with where they work on the day and until when licensed."""
    scope = actor.scope(OrganizationRight.READ)
    own = Affiliation.objects.filter(person=OuterRef("pk"))
    here = Person.objects.filter(Exists(own if scope.everything else own.filter(unit_id__in=scope.units)))
    return here.select_related("clinician").annotate(
        works_at=StringAgg(
            "affiliations__unit__name", ", ", distinct=True, filter=Q(affiliations__period__contains=on), default=""
        ),
        licensed_until=Max("clinician__licences__period__endswith"),
    )


def person_for(actor: Actor, person_id: UUID, right: str = OrganizationRight.READ) -> Person:
    """One person of the actor's units. Raises NotVisible."""
    scope = actor.scope(right)
    rows = Affiliation.objects.filter(person_id=person_id)
    if not scope.everything:
        rows = rows.filter(unit_id__in=scope.units)
    if not rows.exists():
        raise NotVisible
    return Person.objects.select_related("clinician").get(pk=person_id)


@dataclass(frozen=True, slots=True)
class Workplace:
    """An affiliation with the legal entity, and thereby the tax id, that it stood under."""

    affiliation: Affiliation
    entity: Unit | None
    legal: LegalEntity | None
    own: bool


def workplaces(actor: Actor, person: Person, *, on: dt.date | None, today: dt.date) -> list[Workplace]:
    """Where a person works: on a day, or ever (newest first), each with its entity on the day that counts."""
    rows = Affiliation.objects.filter(person=person).select_related("unit").order_by("-period")
    if on is not None:
        rows = rows.filter(period__contains=on)
    scope = actor.scope(OrganizationRight.READ)
    found = []
    for affiliation in rows:
        entity = entity_of(affiliation.unit_id, on=on or _day_that_counts(affiliation, today))
        legal = LegalEntity.objects.filter(unit=entity).first() if entity else None
        own = scope.everything or affiliation.unit_id in scope.units
        found.append(Workplace(affiliation, entity, legal, own))
    return found


def _day_that_counts(affiliation: Affiliation, today: dt.date) -> dt.date:
    """Today while it holds, else its last day, or its first."""
    first: dt.date = affiliation.period.lower
    end: dt.date | None = affiliation.period.upper
    latest = today if end is None else min(today, end - dt.timedelta(days=1))
    return max(first, latest)


def licence_ends_soon(rows: QuerySet[Person], *, on: dt.date) -> QuerySet[Person]:
    """Of the people given, those whose longest licence ends within 90 days or has ended."""
    valid = Licence.objects.filter(clinician__person=OuterRef("pk"), period__endswith__gte=on + EXPIRES_SOON)
    return rows.filter(~Exists(valid), clinician__isnull=False)


def licences_of(clinician: Clinician | None) -> list[Licence]:
    if clinician is None:
        return []
    return list(Licence.objects.filter(clinician=clinician).order_by("state", "-period"))


def counts_by_kind(actor: Actor, *, on: dt.date) -> dict[str, int]:
    """People at work on the day by kind of clinician; `staff` are the others."""
    scope = actor.scope(OrganizationRight.READ)
    rows = Affiliation.objects.filter(period__contains=on)
    if not scope.everything:
        rows = rows.filter(unit_id__in=scope.units)
    kinds = rows.values_list("person_id", "person__clinician__kind").distinct()
    counts: dict[str, int] = {}
    for _, kind in kinds:
        counts[kind or "staff"] = counts.get(kind or "staff", 0) + 1
    return counts


def clinicians_of(entity: Unit, *, on: dt.date) -> list[Clinician]:
    return list(clinicians_at(units_below([entity.pk], on=on), on=on).distinct())


def specialties() -> list[str]:
    return sorted(set(Clinician.objects.values_list("specialty", flat=True)))


def site_units(actor: Actor, *, on: dt.date) -> QuerySet[Unit]:
    scope = actor.scope(OrganizationRight.READ)
    sites = Unit.objects.filter(kind=UnitKind.SITE, period__contains=on).order_by("name")
    return sites if scope.everything else sites.filter(pk__in=scope.units)
