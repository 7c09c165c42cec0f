"""The loop without a payer: a claim file goes out, its answers come in."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter

import pytest

from medguild.demo.payer_simulator import answer
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.rules import ADJUDICATED
from medguild.revenue.claims.services import make_claims
from medguild.revenue.remittances.importing import import_remittances
from medguild.revenue.remittances.rules import Outcome
from medguild.x12 import CountingNumbers, batches, load_remittances, write_claims
from medguild.x12.records.common import Reference
from tests.factories.payers import make_contract
from tests.factories.remittances import Desk
from tests.factories.revenue import charged_visit
from tests.factories.world import HOUSE
from tests.support_x12 import ENVELOPE, pyx12_errors, read_with_issues
from tests.support_x12_records import CLAIM_HEADER, SELF, claim, line

ON = dt.date(2026, 1, 20)


def _claims(count: int) -> bytes:
    out = io.BytesIO()
    made = [
        claim(
            f"M{number:08d}",
            lines=tuple(
                line(12_000 + number, code, at, references=(Reference("6R", f"M{number:08d}-{at}"),))
                for at, code in enumerate(("99213", "93000")[: 1 + number % 2], start=1)
            ),
            subscriber=SELF,
        )
        for number in range(count)
    ]
    write_claims(out, batches(CLAIM_HEADER, made), ENVELOPE, CountingNumbers())
    return out.getvalue()


def test_answers_balance_are_valid_and_the_same_for_a_seed() -> None:
    content = _claims(300)
    first = answer(content, seed=7, on=ON, allowed=lambda claim, line: line.charge_cents * 6 // 10)

    assert first == answer(content, seed=7, on=ON, allowed=lambda claim, line: line.charge_cents * 6 // 10)
    assert first != answer(content, seed=8, on=ON, allowed=lambda claim, line: line.charge_cents * 6 // 10)
    for file in first:
        loaded = load_remittances(io.BytesIO(file))
        assert all(loaded.may_post(one) for one in loaded.remittances)
        assert pyx12_errors(file) == []
        assert [rule for rule in read_with_issues(file)[1] if not rule.startswith("npi")] == []


def test_the_mix_is_like_that_of_payers() -> None:
    files = answer(_claims(1_500), seed=1, on=ON, allowed=lambda claim, line: line.charge_cents * 6 // 10)
    claims = [
        one
        for file in files
        for loaded in load_remittances(io.BytesIO(file)).remittances
        if loaded.remittance
        for one in loaded.remittance.claims
    ]
    statuses = Counter(one.status for one in claims)
    reasons = {each.reason for one in claims for service in one.services for each in service.adjustments}

    assert 0.04 < statuses["4"] / 1_500 < 0.11
    assert statuses["22"] > 10
    assert reasons >= {"1", "2", "3", "45", "16", "18", "22", "27", "29", "50", "96", "97", "109", "197", "204"}


@pytest.mark.django_db
def test_the_loop_runs_without_a_payer(desk: Desk) -> None:
    make_contract(desk.billing.office.entity, desk.billing.plan.payer, c99213=12_000, c93000=4_000)
    for _ in range(3):
        charged_visit(desk.world, desk.billing, services=("99213", "93000"))
    make_claims(by=HOUSE)
    (exported,) = export_claims(by=HOUSE)

    files = answer(exported.content, seed=3, on=dt.date(2026, 11, 1))

    found = [one for file in files for one in import_remittances(content=file, filename="a.835", by=HOUSE).remittances]
    assert {one.outcome for one in found} == {Outcome.POSTED}
    assert sum(one.suspended for one in found) == 0
    claims = Claim.objects.unscoped("the test looks")
    assert {one.status for one in claims} <= ADJUDICATED
