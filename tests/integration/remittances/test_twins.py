"""Two payments with one key: a person sees both side by side, and says whether they are one."""

from __future__ import annotations

import pytest

from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.rules import Chart
from medguild.revenue.remittances.comparing import both_sides
from medguild.revenue.remittances.models import Remittance
from medguild.revenue.remittances.releasing import post_twin
from medguild.revenue.remittances.rules import Outcome, RemittanceStatus
from tests.factories.remittances import Desk, answer, as_file, service
from tests.factories.world import HOUSE

pytestmark = pytest.mark.django_db
_LOOK = "the test looks"


def cash() -> int:
    rows = Posting.objects.unscoped(_LOOK).filter(ledger_account__code=Chart.UNDEPOSITED)
    return sum(rows.values_list("amount", flat=True))


def test_a_payment_of_its_own_is_posted_too_and_once(desk: Desk) -> None:
    first, second = desk.sent(), desk.sent()
    said = [answer(one.number, service(desk.lines(one)[0], 10_000, ("CO", "45", 7_500))) for one in (first, second)]
    payment = desk.remittance(said[0], trace_number="T1")
    twin = desk.remittance(said[1], trace_number="T1")
    desk.take(payment)
    assert desk.take(twin).remittances[0].outcome is Outcome.CONFLICT
    row = Remittance.objects.unscoped(_LOOK).select_related("file", "conflicts_with").get(status="conflict")

    sides = both_sides(row)
    assert sides is not None
    assert {one.what: (one.posted, one.waiting) for one in sides.claims} == {
        first.number: ("$100.00 / $175.00", ""),
        second.number: ("", "$100.00 / $175.00"),
    }
    assert not any(one.differs for one in sides.facts)

    with pytest.raises(Refusal):
        post_twin(remittance=row, reason=" ", by=HOUSE)
    assert cash() == 10_000
    posted = post_twin(remittance=row, reason="Both are on the bank statement", by=HOUSE)
    assert (posted.status, posted.twin_number) == (RemittanceStatus.POSTED, 2)
    assert cash() == 20_000
    with pytest.raises(Conflict):
        post_twin(remittance=row, reason="Again", by=HOUSE)
    again = desk.take(twin, payment).remittances
    assert [one.outcome for one in again] == [Outcome.ALREADY_POSTED] * 2
    assert cash() == 20_000
    assert as_file(twin)
