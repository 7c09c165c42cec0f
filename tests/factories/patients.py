"""Patients with account, coverage and consents for tests. All people are invented."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.patients.accounts.models import GuarantorAccount
from medguild.patients.accounts.services import open_account
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.services import record_consent
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.services import add_coverage
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.person import Details
from medguild.patients.identity.rules.sex import Sex
from medguild.patients.identity.services import register_patient
from medguild.payers.payers.models import Plan
from tests.factories.payers import make_plan
from tests.factories.world import HOUSE, START, World

_numbers = itertools.count(1)


def _apart(day: dt.date) -> bool:
    """Days of which no two differ by one digit or by day and month swapped: no two people here look like one."""
    return day.day > 12 and sum(map(int, day.strftime("%Y%m%d"))) % 10 == 0


BIRTH_DATES = [day for day in (dt.date(1950, 1, 1) + dt.timedelta(days=n) for n in range(20_000)) if _apart(day)]


def details(**given: Any) -> Details:
    """Details of an invented person; everything can be given."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "family_name": "Ruiz",
        "given_name": "Elena",
        "birth_date": BIRTH_DATES[37 * number % len(BIRTH_DATES)],
        "sex": Sex.FEMALE,
        "phone": f"503555{number % 10_000:04d}",
        "line1": "12 Oak Street",
        "city": "Portland",
        "state": "OR",
        "postal_code": "97201",
    }
    return Details(**(values | given))


def make_patient(world: World, *, unit: Unit | None = None, by: Actor = HOUSE, **given: Any) -> Patient:
    """A registered patient, by default at the main site of the world."""
    _ = world.circle
    place = unit or world.main.site_unit
    return register_patient(details=details(**given), unit_id=place.pk, by=by)


def make_account(world: World, patient: Patient, entity: Unit | None = None) -> GuarantorAccount:
    return open_account(patient=patient, entity_id=(entity or world.main.entity).pk, start=START, by=HOUSE)


def make_coverage(patient: Patient, plan: Plan | None = None, **given: Any) -> Coverage:
    chosen = plan or make_plan()
    values: dict[str, Any] = {"member_id": f"M{next(_numbers):08d}", "start": START} | given
    return add_coverage(patient=patient, payer=chosen.payer, plan=chosen, by=HOUSE, **values)


def give_consents(patient: Patient) -> None:
    """The consents that a check-in asks for."""
    for kind in (ConsentKind.TREATMENT, ConsentKind.PRIVACY_NOTICE):
        record_consent(patient=patient, kind=kind, decision=Decision.GIVEN, by=HOUSE)


def ready_patient(world: World, **given: Any) -> Patient:
    """A patient with personal account, primary coverage and consents: nothing stands in the way of a visit."""
    patient = make_patient(world, **given)
    make_account(world, patient)
    make_coverage(patient)
    give_consents(patient)
    return patient
