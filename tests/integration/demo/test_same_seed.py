"""One seed and one day give one group, however often it is loaded."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from medguild.demo import plan
from tests.integration.demo.conftest import load_group

# What is compared: everything but ids and numbers that services and sequences give.
COMPARED = (
    "select service_date, code, amount, status, captured_at, diagnoses from revenue_charge",
    "select service_from, charge, status, created_at, sent_at, adjudicated_at from revenue_claim",
    "select adjudicated_on, payer_control, claim_status, charge, paid, denied from revenue_remittanceclaim",
    "select payment_date, amount, provider_total, claim_count, payer_name from revenue_remittance",
    "select taken_at, amount, method, purpose from revenue_receipt",
    "select booked_on, amount, service_date from foundation_posting",
    "select work_type, status, opened_at, due_at, summary from foundation_workitem",
)


class _Enough(Exception):
    pass


def _loaded(patch: pytest.MonkeyPatch) -> list[str]:
    found = []
    try:
        with transaction.atomic():
            load_group(patch, 2, plan.Size(200, 6))
            with connection.cursor() as cursor:
                for rows in COMPARED:
                    cursor.execute(f"select count(*), md5(string_agg(r::text, ';' order by r::text)) from ({rows}) r")
                    found.append(str(cursor.fetchone()))
            raise _Enough
    except _Enough:
        return found


@pytest.mark.django_db
def test_two_loads_of_one_day_hold_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _loaded(monkeypatch), _loaded(monkeypatch)

    assert first == second
    assert all(int(one[1 : one.index(",")]) > 0 for one in first)
