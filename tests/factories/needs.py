"""Rooms of a kind, devices, staff with skills and shifts, and a kind of visit that needs them."""

from __future__ import annotations

from medguild.foundation.organization import equipping, services, staffing
from medguild.foundation.organization.capabilities import Capability
from medguild.foundation.organization.models import Resource, Unit
from medguild.foundation.organization.rules import AffiliationKind, ResourceKind
from medguild.operations.scheduling.kinds.visit_types import Needed, set_needs
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.needs.availability import add_shift
from tests.factories.scheduling import Schedule, visit_type
from tests.factories.world import HOUSE, START


def capability(kind: ResourceKind, code: str) -> Capability:
    found = Capability.objects.filter(code=code).first()
    name = code.replace("-", " ").capitalize()
    return found or equipping.add_capability(kind=kind, code=code, name=name, by=HOUSE)


def thing(unit: Unit, what: Capability, name: str, capacity: int = 1) -> Resource:
    """A room or device at a site that can be used for something."""
    made = services.add_resource(
        kind=ResourceKind(what.kind), unit=unit, name=name, by=HOUSE, start=START, capacity=capacity
    )
    equipping.equip(resource=made, capability=what, by=HOUSE, start=START)
    return made


def helper(plan: Schedule, skill: Capability, name: str, hours: tuple[int, int] | None = (8, 18)) -> Resource:
    """Somebody of the staff with a skill, working at the site every weekday between these hours."""
    person = staffing.join(given_name=name, family_name="Helper", by=HOUSE, start=START)
    staffing.affiliate(person=person, unit=plan.site.unit, kind=AffiliationKind.EMPLOYED, by=HOUSE, start=START)
    resource = staffing.make_bookable(person=person, home=plan.site.unit, by=HOUSE, start=START)
    equipping.equip(resource=resource, capability=skill, by=HOUSE, start=START)
    if hours is None:
        return resource
    for weekday in range(5):
        add_shift(
            resource=resource, site=plan.site, weekday=weekday, start_minute=hours[0] * 60, end_minute=hours[1] * 60,
            start=START, by=HOUSE,
        )  # fmt: skip
    return resource


def needy(code: str, needs: dict[Capability, Needed], **fields: object) -> VisitType:
    """A kind of visit that needs these."""
    kind = visit_type(code, **fields)  # type: ignore[arg-type]
    set_needs(visit_type=kind, needs=needs, by=HOUSE)
    return kind
