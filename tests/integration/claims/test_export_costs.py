"""A file of many claims: it costs as many queries as a file of one, and says which of them holds it up."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.kernel.errors import Refusal
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.rules import ClaimStatus
from tests.factories.revenue import insured_patient, make_billing, ready_claim
from tests.factories.world import HOUSE, World


def test_queries_do_not_grow_with_claims(world: World) -> None:
    billing = make_billing(world)
    counts = []
    for claims in (1, 1, 4):
        for _ in range(claims):
            ready_claim(world, billing, services=("99213", "93000"))
        with CaptureQueriesContext(connection) as asked:
            (exported,) = export_claims(by=HOUSE)
        assert exported.file.claim_count == claims
        counts.append(len(asked))
    assert counts[2] <= counts[1], asked.captured_queries


def test_the_claim_that_cannot_be_written_is_named_and_none_is_sent(world: World) -> None:
    billing = make_billing(world)
    fine = ready_claim(world, billing)
    patient, _ = insured_patient(world, billing, family_name="王", given_name="伟")
    odd = ready_claim(world, billing, patient=patient)
    with pytest.raises(Refusal, match=odd.number) as refused:
        export_claims(by=HOUSE)
    assert fine.number not in str(refused.value)
    assert "Latin letters" in str(refused.value)
    kept = Claim.objects.unscoped("the test looks").values_list("status", flat=True)
    assert set(kept) == {ClaimStatus.READY}
