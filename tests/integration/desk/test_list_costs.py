"""Every page that answers to its address alone, as lists do, costs as many queries for many rows as for few."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.work.presets import REFILL
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.services import make_claims
from medguild.revenue.receipts.rules import Method, Purpose
from medguild.revenue.receipts.services import take_payment
from tests.factories.calls import make_call
from tests.factories.feedback import make_complaint
from tests.factories.remittances import Desk, answer, service
from tests.factories.revenue import charged_visit, insured_patient, make_billing
from tests.factories.visits import make_appointment, make_visit
from tests.factories.work import duty, item
from tests.factories.world import HOUSE, World
from tests.url_tables import gather
from tests.url_tables.operations_scheduling import plan

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_SLACK = 3  # who may see is asked anew from time to time, whatever the rows


def _alone(name: str) -> bool:
    """Whether the address takes no argument."""
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


PAGES = {
    name: row for name, row in gather().items() if row.method == "get" and row.right and not row.record and _alone(name)
}


def one_more(desk: Desk) -> None:
    """A patient of each kind of story: seen, charged, claimed, answered, paid; booked, arrived; called, complained."""
    world = desk.world
    patient, _coverage = insured_patient(world, desk.billing)
    charged_visit(world, desk.billing, patient, ("99213", "93000"))
    claim = next(one for one in make_claims(by=HOUSE) if one.patient_id == patient.pk)
    export_claims(by=HOUSE, claim_ids=[claim.pk])
    first, second = desk.lines(claim)
    lines = [service(first, 10_000, ("PR", "3", 7_500)), service(second, 0, ("CO", "197", second.amount))]
    desk.take(desk.remittance(answer(claim.number, *lines), answer(f"L{claim.number}", *lines)))
    take_payment(
        account=claim.account, patient=patient, site=world.main.site, amount=500, method=Method.CARD,
        purpose=Purpose.BALANCE, by=HOUSE,
    )  # fmt: skip
    charged_visit(world, desk.billing, insured_patient(world, desk.billing)[0])  # ready, on no claim
    make_visit(world, clinician=world.clinician(world.main.site_unit))
    make_appointment(world, clinician=world.clinician(world.main.site_unit))
    make_call(world, patient=patient)
    make_complaint(world, patient=patient)
    item(world, work_type=REFILL)
    dispatch_pending()


@pytest.fixture
def desk(world: World, settings: Any) -> Desk:
    settings.FORCE_SECOND_FACTOR = False
    made = Desk(world, make_billing(world))
    duty(world)
    one_more(made)
    _ = plan(world).session  # pages of a template that is not there ask nothing
    return made


def costs(world: World) -> dict[str, list[str]]:
    """What each page asks the database, by its name; pages that lead elsewhere or need more are left out."""
    found = {}
    for name, row in PAGES.items():
        client = Client()
        client.force_login(world.user(row.right, row.unit(world)), backend=_BACKEND)  # type: ignore[arg-type]
        address, sent = reverse(name), row.query(world)
        if client.get(address, sent).status_code != 200:  # and what is read once per process is read
            continue
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address, sent).status_code == 200
        found[name] = [query["sql"] for query in captured.captured_queries]
    return found


def test_pages_cost_the_same_for_few_and_for_many_rows(desk: Desk) -> None:
    few = costs(desk.world)
    for _ in range(3):
        one_more(desk)
    many = costs(desk.world)
    assert {"today:home", "claims:list", "calls:list", "feedback:list", "work:mine", "ledger:months"} <= few.keys()
    grown = {
        name: sorted(set(asked) - set(few[name]))[:5]
        for name, asked in many.items()
        if name in few and len(asked) > len(few[name]) + _SLACK
    }
    assert grown == {}
