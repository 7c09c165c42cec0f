"""The fingerprint of a remittance: the same in any wrapping, another for any other money."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from medguild.revenue.remittances.rules import (
    TRANSITIONS,
    WAITING,
    RemittanceStatus,
    digest_of,
    may_move,
)
from medguild.x12 import CountingNumbers, Delimiters, write_remittances
from medguild.x12.records.common import Adjustment
from medguild.x12.records.remittance import Remittance
from tests.support_x12 import ENVELOPE, read_transactions
from tests.support_x12_records import paid_claim, payment, remittance, remittances

PLAIN = remittance(paid_claim("PCN1", payment(10_000, 8_000, Adjustment("CO", "45", 2_000))))


def _rewritten(content: Remittance, envelope: object = ENVELOPE, start: int = 1) -> Remittance:
    out = io.BytesIO()
    write_remittances(out, [content], envelope, CountingNumbers(start))  # type: ignore[arg-type]
    (read,) = read_transactions(out.getvalue())
    assert isinstance(read, Remittance)
    return read


@given(remittances())
def test_writing_and_reading_in_another_wrapping_keeps_it(content: Remittance) -> None:
    other = replace(ENVELOPE, delimiters=Delimiters("|", ">", "!", "^"), newline="\r\n", sender_id="ELSEWHERE")
    first = _rewritten(content)
    assert digest_of(first) == digest_of(_rewritten(content, other, start=500))


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAIN, header=replace(PLAIN.header, trace_number="CHK2")),
        replace(PLAIN, header=replace(PLAIN.header, payment_date=date(2026, 1, 3))),
        remittance(paid_claim("PCN2", payment(10_000, 8_000, Adjustment("CO", "45", 2_000)))),
        remittance(paid_claim("PCN1", payment(10_000, 8_000, Adjustment("PR", "1", 2_000)))),
        remittance(paid_claim("PCN1", payment(10_000, 8_000, Adjustment("CO", "45", 2_000), code="99214"))),
        remittance(paid_claim("PCN1", payment(10_000, 8_000, Adjustment("CO", "45", 2_000)), status="2")),
        remittance(paid_claim("PCN1", payment(10_000, 8_000, Adjustment("CO", "45", 2_000)), payer_control="ICN9")),
    ],
)
def test_other_content_has_another(other: Remittance) -> None:
    assert digest_of(other) != digest_of(PLAIN)


def test_what_belongs_to_the_day_of_writing_does_not_count() -> None:
    other = replace(
        PLAIN,
        header=replace(PLAIN.header, control="0099", production_date=date(2027, 1, 1), receiver_id="R", version_id="V"),
    )
    assert digest_of(other) == digest_of(PLAIN)


def test_states() -> None:
    assert may_move(RemittanceStatus.QUARANTINED, RemittanceStatus.POSTED)
    assert may_move(RemittanceStatus.CONFLICT, RemittanceStatus.POSTED)  # a person said that it is one of its own
    assert {before for before, _after in TRANSITIONS} == set(WAITING)
    assert not may_move(RemittanceStatus.POSTED, RemittanceStatus.SET_ASIDE)
