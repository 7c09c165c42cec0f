"""Each number is what its rows make, by the formulas of the catalogue; pages cost the same with few and many rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.correcting import replace_claim
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.services import authorize_claim, make_claims
from medguild.revenue.numbers import measures
from medguild.revenue.remittances.models import Remittance
from tests.factories.remittances import Desk, answer, service
from tests.factories.revenue import charged_visit, insured_patient, make_billing, ready_claim
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
_LOOK = "the test looks"


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, make_billing(world))


@pytest.fixture
def client(desk: Desk, settings: Any) -> Client:
    settings.FORCE_SECOND_FACTOR = False
    made = Client()
    made.force_login(
        desk.world.user(Role.REVENUE_DIRECTOR, desk.billing.office.entity),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return made


def span() -> dict[str, dt.date]:
    today = now().date()
    return {"start": today - dt.timedelta(days=89), "end": today + dt.timedelta(days=2)}


def test_charge_lag_is_days_per_charge(desk: Desk) -> None:
    for _ in range(2):
        charged_visit(desk.world, desk.billing)
    late, other = Charge.objects.unscoped(_LOOK).order_by("pk")
    Charge.objects.unscoped(_LOOK).filter(pk=late.pk).update(service_date=late.service_date - dt.timedelta(days=5))
    found = measures.charge_lag(HOUSE, **span())
    assert (found.numerator, found.denominator, found.value) == (5, 2, 2.5)
    rows = measures.captured_charges(HOUSE, **span())
    assert {row.pk: row.lag.days for row in rows} == {late.pk: 5, other.pk: 0}


def test_nothing_posted_is_no_lag(desk: Desk) -> None:
    assert measures.charge_lag(HOUSE, **span()).value is None
    assert measures.clean_claims(HOUSE, **span()).value is None


def test_a_claim_that_was_touched_is_not_clean(desk: Desk) -> None:
    clean, touched = ready_claim(desk.world, desk.billing), ready_claim(desk.world, desk.billing)
    authorize_claim(claim=touched, prior_authorization="A1", by=HOUSE)
    faulty, coverage = insured_patient(desk.world, desk.billing)
    type(coverage).objects.unscoped(_LOOK).filter(pk=coverage.pk).update(member_id=" ")
    charged_visit(desk.world, desk.billing, faulty)
    make_claims(by=HOUSE)
    found = measures.clean_claims(HOUSE, **span())
    assert (found.numerator, found.denominator) == (1, 3)
    rows = measures.entered_claims(HOUSE, **span())
    assert [row.pk for row in rows if row.passed_first] == [clean.pk]


def test_a_replacement_does_not_enter_again(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, 0, ("CO", "197", line.amount)), status="4")))
    replace_claim(claim=desk.claim(claim), by=HOUSE)
    assert measures.clean_claims(HOUSE, **span()).denominator == 1


def test_each_number_opens_to_its_rows(desk: Desk, client: Client) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, 0, ("CO", "197", line.amount)), status="4")))
    shown = client.get(reverse("numbers:overview")).content.decode()
    assert "100.0" in shown  # all denied, all clean
    for key in ("lag", "clean", "denials", "receivable"):
        address = reverse("numbers:rows", args=[key])
        assert address in shown
        answered = client.get(address)
        assert answered.status_code == 200
    assert claim.number in client.get(reverse("numbers:rows", args=["denials"])).content.decode()
    assert "$175.00" in client.get(reverse("numbers:rows", args=["receivable"])).content.decode()
    assert client.get(reverse("numbers:rows", args=["odd"])).status_code == 404


def cost(client: Client, address: str) -> list[str]:
    """The questions that a page asks about money; who may see is asked anew from time to time, whatever the rows."""
    client.get(address)  # what is read once per process is read
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    asked = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in asked if 'FROM "revenue_' in sql or 'FROM "foundation_posting' in sql or "with lines" in sql]


def answered(desk: Desk, count: int) -> Claim:
    """So many claims of one patient, answered in one payment: paid in part, shared, denied, and one lost."""
    patient, _coverage = insured_patient(desk.world, desk.billing)
    said = []
    for _ in range(count):
        charged_visit(desk.world, desk.billing, patient, ("99213", "93000"))
    claims = make_claims(by=HOUSE)
    export_claims(by=HOUSE, claim_ids=[claim.pk for claim in claims])
    for claim in claims:
        first, second = desk.lines(claim)
        lines = [service(first, 10_000, ("PR", "3", 7_500)), service(second, 0, ("CO", "197", second.amount))]
        said += [answer(claim.number, *lines), answer(f"L{claim.number}", *lines)]
    desk.take(desk.remittance(*said))
    return desk.claim(claims[0])


def pages(desk: Desk, claim: Claim) -> dict[str, str]:
    remittance = Remittance.objects.unscoped(_LOOK).order_by("-received_at")[0]
    names = [
        "claims:list", "claims:files", "charges:list", "remittances:list", "remittances:denials",
        "remittances:suspense", "statements:list", "receipts:list",
    ]  # fmt: skip
    found = {name: reverse(name) for name in names}
    return found | {
        "claims:show": reverse("claims:show", args=[claim.pk]),
        "remittances:show": reverse("remittances:show", args=[remittance.pk]),
        "statements:account": reverse("statements:account", args=[claim.account_id]),
        "receipts:drawer_of": reverse("receipts:drawer_of", args=[desk.billing.office.site_unit.pk]),
        **{f"numbers:{key}": reverse("numbers:rows", args=[key]) for key in ("lag", "clean", "denials", "receivable")},
    }


def test_pages_cost_the_same_with_few_and_many_rows(desk: Desk, client: Client) -> None:
    few = {name: cost(client, address) for name, address in pages(desk, answered(desk, 1)).items()}
    many = {name: cost(client, address) for name, address in pages(desk, answered(desk, 4)).items()}
    for name, asked in many.items():
        assert len(asked) <= len(few[name]), (name, [one for one in asked if one not in few[name]])
        assert 1 <= len(asked) <= 20, (name, asked)


def test_who_may_not_read_the_books_is_not_shown_an_empty_days_in_ar(desk: Desk, settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False
    for role, shown in ((Role.REVENUE_DIRECTOR, True), (Role.ADMINISTRATOR, False)):
        browser = Client()
        browser.force_login(
            desk.world.user(role, desk.billing.office.entity),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        page = browser.get(reverse("numbers:overview")).content.decode()
        assert ("Days in A/R" in page) == shown
        assert "Clean claims" in page
