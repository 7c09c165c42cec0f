"""Whole transactions of every set, judged by two independent libraries: written clean, and with one random fault.

50 examples of each set; `make judge` asks for 2,000.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st

from medguild.x12 import batches
from tests import support_x12_strategies as asked
from tests import support_x12_strategies_acks as answered
from tests.support_x12_judges import (
    ASK,
    EXAMPLES,
    FALSE,
    JUDGES,
    SNIP_3,
    disagreement,
    mutate,
    our_errors,
    read,
    unknown_refusals,
    write,
)
from tests.support_x12_records import CLAIM_HEADER, claims, remittances

RECORDS: dict[str, Any] = {
    "837P": claims(),
    "837I": answered.stays(),
    "835": remittances(),
    "270": asked.EVERY_270,
    "271": asked.EVERY_271,
    "276": asked.EVERY_276,
    "277": asked.EVERY_277,
    "277CA": answered.claim_acknowledgments(),
    "278": answered.reviews(),
    "999": answered.acknowledgments(),
}
PHASES = (Phase.explicit, Phase.generate)  # a file of X12 is not easier to read when shrunk, and it takes minutes
# Records of many levels take an hour to print; what a judge says, and the fault, stand in the failure.
SAID = Verbosity.quiet
judged = settings(
    max_examples=EXAMPLES, phases=PHASES, verbosity=SAID, deadline=None, database=None, derandomize=EXAMPLES <= 50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip


def test_every_set_is_judged() -> None:
    assert set(RECORDS) == set(JUDGES)
    assert all(one.reason and bool(one.theirs) != bool(one.ours) for one in FALSE)


@pytest.mark.parametrize("kind", RECORDS)
def test_what_is_written_is_accepted_and_reads_back(kind: str) -> None:
    @judged
    @given(st.lists(RECORDS[kind], min_size=1, max_size=2))
    def check(found: list[Any]) -> None:
        data = write(kind, found)
        assert our_errors(data, SNIP_3) == []
        again = read(kind, data)
        assert again == in_order_of_writing(kind, found)
        assert write(kind, again) == data
        for judge in JUDGES[kind]:
            assert unknown_refusals(judge, kind, ASK[judge](data)) == []

    check()


def in_order_of_writing(kind: str, found: list[Any]) -> list[Any]:
    """Claims are written by billing provider."""
    if not kind.startswith("837"):
        return found
    return [claim for transaction in batches(CLAIM_HEADER, found) for claim in transaction.claims]


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if JUDGES[kind]])
def test_one_fault_is_judged_alike(kind: str) -> None:
    @judged
    @given(st.lists(RECORDS[kind], min_size=1, max_size=2), st.integers(0, 2**32))
    def check(found: list[Any], seed: int) -> None:
        data, what = mutate(write(kind, found), random.Random(seed))
        for judge in JUDGES[kind]:
            assert disagreement(judge, kind, data) == "", what

    check()
