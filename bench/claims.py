"""Claims a second: 837P written, 835 read and posted, each beside pyx12 parsing the same file.

One claim goes the whole way through the services; the others are copies of its rows, each for a patient of its own.
A second is one of CPU time, of this process and PostgreSQL together.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from bench.processes import database_seconds
from bench.results import Row, row
from medguild.demo.payer_simulator import answer
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ids import new_id
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.remittances.importing import import_remittances
from medguild.x12 import CountingNumbers, Envelope, claim_transactions, load_remittances, write_claims
from tests.factories.revenue import make_billing, ready_claim
from tests.factories.world import World
from tests.support_x12 import pyx12_errors

CLAIMS = 1_000
BENCH = Actor.job("bench")
_ALL = "the bench looks at all"
_ENVELOPE = Envelope("BENCH", "CLEARINGHOUSE", datetime(2026, 1, 2, 3, 4))
_SERVICES = ("99213", "93000")
Fields = dict[str, Any]


def measure(count: int = CLAIMS) -> list[Row]:
    """Rates of the services, and of the codec alone with its ratio to pyx12."""
    ids = _copies(_template(), count)
    exported, seconds = _timed(lambda: export_claims(by=BENCH, claim_ids=ids))
    sent = exported[0].content
    rows = [row("837P: checked, written, frozen, stored", count / seconds, "claims/s")]
    read = [reader.read() for reader in claim_transactions(io.BytesIO(sent))]
    _, seconds = _timed(lambda: write_claims(io.BytesIO(), read, _ENVELOPE, CountingNumbers()))
    rows += _beside_pyx12("837P: written (codec)", count, seconds, sent)
    payment = max(answer(sent, seed=7, on=datetime.now(UTC).date()), key=len)
    loaded, seconds = _timed(lambda: load_remittances(io.BytesIO(payment)))
    said = sum(len(one.remittance.claims) for one in loaded.remittances if one.remittance)
    rows += _beside_pyx12("835: read and balanced (codec)", said, seconds, payment)
    outcome, seconds = _timed(lambda: import_remittances(content=payment, filename="bench.835", by=BENCH))
    posted = sum(one.matched for one in outcome.remittances)
    detail = f"{posted} of {said} claims posted"
    return [*rows, row("835: read, posted, stored", posted / seconds, "claims/s", detail=detail)]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    before = time.process_time() + database_seconds()
    found = work()
    return found, time.process_time() + database_seconds() - before


def _beside_pyx12(what: str, count: int, seconds: float, content: bytes) -> list[Row]:
    """pyx12 judges the file in the same process; a second time, because it loads its maps with the first file."""
    pyx12_errors(content)
    errors, theirs = _timed(lambda: pyx12_errors(content))
    return [
        row(what, count / seconds, "claims/s"),
        row(f"{what}: time to that of pyx12 parsing the file", seconds / theirs, "x",
            detail=f"pyx12 {count / theirs:.0f} claims/s, {len(errors)} errors"),
    ]  # fmt: skip


def _template() -> Claim:
    """The claim that is copied; made once per database."""
    first: Claim | None = Claim.objects.unscoped(_ALL).order_by("created_at", "pk").first()
    if first is not None:
        return first
    world = World()
    with transaction.atomic():
        return ready_claim(world, make_billing(world), services=_SERVICES)


@transaction.atomic
def _copies(template: Claim, count: int) -> list[UUID]:
    """Ready claims of patients of their own; returns their ids."""
    run = f"{int(time.time()):X}"
    lines = ClaimLine.objects.unscoped(_ALL).filter(claim=template).order_by("number")
    made: dict[type[Model], list[Fields]] = {model: [] for model in (Patient, Coverage, Claim, Charge, ClaimLine)}
    held = {model: _stored(model, [pk]) for model, pk in _of(template)}
    parts = [(_stored(Charge, [line.charge_id])[0], _stored(ClaimLine, [line.pk])[0]) for line in lines]
    for number in range(count):
        patient = held[Patient][0] | {"id": new_id(), "mrn": f"{run}{number}"}
        coverage = held[Coverage][0] | {"id": new_id(), "patient_id": patient["id"]}
        of_patient = {"patient_id": patient["id"], "coverage_id": coverage["id"]}
        claim = held[Claim][0] | of_patient | {"id": new_id(), "number": f"{run}{number:05d}"}
        made[Patient].append(patient)
        made[Coverage].append(coverage)
        made[Claim].append(claim)
        for at, (charge, line) in enumerate(parts):
            own = charge | of_patient | {"id": new_id(), "visit_id": None, "note_service_id": None}
            made[Charge].append(own)
            changes = {
                "id": new_id(),
                "claim_id": claim["id"],
                "charge_id": own["id"],
                "control": f"{run}{number}L{at}",
            }
            made[ClaimLine].append(line | changes)
    for model, rows in made.items():
        _insert(model, rows)
    return [claim["id"] for claim in made[Claim]]


def _of(claim: Claim) -> list[tuple[type[Model], UUID]]:
    return [(Patient, claim.patient_id), (Coverage, claim.coverage_id), (Claim, claim.pk)]


def _stored(model: type[Model], ids: Iterable[UUID]) -> list[Fields]:
    with connection.cursor() as cursor:
        cursor.execute(f"select to_jsonb(held)::text from {model._meta.db_table} held where id = any(%s)", [list(ids)])
        return [json.loads(text) for (text,) in cursor.fetchall()]


def _insert(model: type[Model], rows: Iterable[Fields]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} select made.* from jsonb_populate_recordset(null::{table}, %s::jsonb) made",
            [json.dumps(list(rows), default=str)],
        )
