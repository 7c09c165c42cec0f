"""A campus of two sites 400 metres apart: a laboratory and a practice."""

from __future__ import annotations

from dataclasses import dataclass

from medguild.foundation.organization.people import Clinician
from medguild.operations.itineraries import campuses
from medguild.operations.itineraries.models import Campus
from medguild.operations.itineraries.rules import Place
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.templating import add_session
from tests.factories.scheduling import Schedule, block, schedule, visit_type
from tests.factories.world import HOUSE, START, Office, World


@dataclass
class Grounds:
    plan: Schedule
    other: Office
    lab: VisitType
    technician: Clinician
    campus: Campus


def grounds(world: World) -> Grounds:
    """The practice works on Mondays from nine, the laboratory on Mondays from nine."""
    plan = schedule(world)
    _ = plan.session, plan.patient
    other = world.second
    lab = visit_type("blood_draw", 20)
    add_session(clinician=other.clinician, site=other.site, block=block(lab), start=START, by=HOUSE)
    campus = campuses.found_campus(name="Harbor campus", by=HOUSE)
    campuses.place_site(campus=campus, unit=plan.site.unit, at=Place(0, 0), start=START, by=HOUSE)
    campuses.place_site(
        campus=campus, unit=other.site.unit, at=Place(400, 0), start=START, by=HOUSE, building="Laboratory"
    )
    return Grounds(plan, other, lab, other.clinician, campus)
