"""A file of many claims costs as many queries as a file of one."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.revenue.claims.export import export_claims
from tests.factories.revenue import make_billing, ready_claim
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
