"""Today counts denied claims that wait for a decision; what was settled, however, is no work and is not counted."""

from __future__ import annotations

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.remittances.denials import write_off
from medguild.revenue.remittances.models import Denial
from tests.factories.remittances import Desk, answer, service
from tests.factories.revenue import make_billing
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, make_billing(world))


def denied(desk: Desk) -> Denial:
    claim = desk.sent("93000")
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer(claim.number, service(line, 0, ("CO", "197", line.amount)), status="4")))
    found: Denial = Denial.objects.unscoped("test").get(claim=claim)
    return found


def told(client: Client) -> tuple[str, int]:
    """The number on Today, and how many rows it opens to."""
    (panel,) = (one for one in client.get("/").context["panels"] if one.key == "claims")
    (number,) = (one for one in panel.numbers if "denial=on" in one.href)
    return number.value, len(client.get(number.href).context["table"].rows)


def test_a_claim_is_counted_until_its_denial_is_settled(desk: Desk, client: Client) -> None:
    client.force_login(desk.world.user(Role.BILLER))
    first, second = denied(desk), denied(desk)
    assert told(client) == ("2", 2)
    write_off(denial=first, reason="Too late", by=HOUSE)
    assert told(client) == ("1", 1)
    assert desk.claim(first.claim).status == ClaimStatus.DENIED, "the payer's answer stays what it is"
    write_off(denial=second, reason="Too late", by=HOUSE)
    assert told(client) == ("0", 0)


def test_the_other_numbers_of_the_billing_office_open_to_as_many_rows(desk: Desk, client: Client) -> None:
    denied(desk)
    desk.sent("99213")
    client.force_login(desk.world.user(Role.BILLER))
    numbers = [number for panel in client.get("/").context["panels"] for number in panel.numbers]
    counted = 0
    for number in numbers:
        table = getattr(client.get(number.href), "context", None)
        rows = table.get("table") if table else None
        if number.value.isdigit() and rows is not None:
            assert len(rows.rows) == int(number.value), f"{number.label} says {number.value}, opens {number.href}"
            counted += 1
    assert counted >= 6
