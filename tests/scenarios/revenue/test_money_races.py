"""Several people at one payment, one denial, one claim; a process killed half-way. Real connections, commits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.ledger.models import Entry, Posting
from medguild.foundation.ledger.rules import Chart
from medguild.revenue.claims.correcting import replace_claim
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim, ClaimFile
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.claims.services import make_claims
from medguild.revenue.remittances import denials, releasing
from medguild.revenue.remittances.importing import import_remittances
from medguild.revenue.remittances.models import Denial, Remittance, RemittanceClaim
from tests.factories.remittances import Desk, answer, as_file, service
from tests.factories.revenue import charged_visit, make_billing
from tests.factories.world import HOUSE, World

CHILD = Path(__file__).parent / "money_child.py"
_LOOK = "the test looks"


@pytest.fixture
def desk(transactional_log: None) -> Desk:
    world = World()
    return Desk(world, make_billing(world))


def together(count: int, act: Callable[[], Any]) -> Counter[str]:
    """What came of the same act by several at once: `done`, or the code of the refusal."""

    def one(_number: int) -> str:
        try:
            act()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(one, range(count)))


def stands(code: Chart) -> int:
    rows = Posting.objects.unscoped(_LOOK).filter(ledger_account__code=code)
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def taker(content: bytes) -> Callable[[int], str]:
    def take(_number: int) -> str:
        try:
            return import_remittances(content=content, filename="era.835", by=HOUSE).remittances[0].outcome
        finally:
            connection.close()

    return take


def denied(desk: Desk) -> Claim:
    claim = desk.sent("93000")
    said = [service(line, 0, ("CO", "197", line.amount)) for line in desk.lines(claim)]
    desk.take(desk.remittance(answer(claim.number, *said, status="4")))
    return desk.claim(claim)


def test_one_payment_taken_in_by_many_is_posted_once(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    content = as_file(desk.remittance(answer(claim.number, service(line, 10_000, ("CO", "45", 7_500)))))
    with ThreadPoolExecutor(6) as pool:
        assert Counter(pool.map(taker(content), range(6))) == {"posted": 1, "already_posted": 5}
    assert stands(Chart.UNDEPOSITED) == 10_000
    assert stands(Chart.INSURANCE_AR) == 0
    assert Remittance.objects.unscoped(_LOOK).count() == 1


def test_payments_about_the_same_claims_in_another_order_do_not_block_each_other(desk: Desk) -> None:
    claims = [desk.sent() for _ in range(4)]
    said = [answer(claim.number, service(desk.lines(claim)[0], 1_000, ("PR", "2", 16_500))) for claim in claims]
    files = [as_file(desk.remittance(*order)) for order in (said, said[::-1], said[1:], said[::-1][1:])]
    with ThreadPoolExecutor(4) as pool:
        assert [one.result() for one in [pool.submit(taker(content), 0) for content in files]] == ["posted"] * 4
    assert stands(Chart.UNDEPOSITED) == 14 * 1_000


def test_claims_sent_by_many_at_once_leave_once(desk: Desk) -> None:
    for _ in range(5):
        charged_visit(desk.world, desk.billing)
    made = make_claims(by=HOUSE)
    assert together(4, lambda: export_claims(by=HOUSE)) == {"done": 4}
    rows = Claim.objects.unscoped(_LOOK)
    assert set(rows.values_list("status", flat=True)) == {ClaimStatus.SENT}
    files = ClaimFile.objects.unscoped(_LOOK)
    assert sum(files.values_list("claim_count", flat=True)) == len(made)
    assert Event.objects.unscoped(_LOOK).filter(type="claim.sent").count() == len(made)


def test_claims_made_by_many_at_once_hold_each_charge_once(desk: Desk) -> None:
    for _ in range(3):
        charged_visit(desk.world, desk.billing)
    assert together(4, lambda: make_claims(by=HOUSE)) == {"done": 4}
    assert Claim.objects.unscoped(_LOOK).count() == 3


def test_one_denial_is_written_off_once(desk: Desk) -> None:
    denial = Denial.objects.unscoped(_LOOK).get(claim=denied(desk))
    found = together(4, lambda: denials.write_off(denial=denial, reason="Too late", by=HOUSE))
    assert found == {"done": 1, "settled_already": 3}
    assert stands(Chart.DENIAL_WRITE_OFF) == 6_500


def test_one_claim_is_replaced_once(desk: Desk) -> None:
    claim = denied(desk)
    assert together(4, lambda: replace_claim(claim=claim, by=HOUSE)) == {"done": 1, "replaced_already": 3}


def test_money_in_suspense_is_placed_once(desk: Desk) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    desk.take(desk.remittance(answer("LOST1", service(line, 10_000, ("CO", "45", 7_500)))))
    held = RemittanceClaim.objects.unscoped(_LOOK).get()
    found = together(4, lambda: releasing.place_claim(suspended=held, number=claim.number, by=HOUSE))
    assert found == {"done": 1, "placed_already": 3}
    assert (stands(Chart.UNAPPLIED), stands(Chart.INSURANCE_AR)) == (0, 0)


def killed(act: str, path: Path) -> None:
    """A process that has done all but the commit, killed."""
    root = Path(__file__).parents[3]
    started = subprocess.Popen(
        [sys.executable, str(CHILD), str(connection.settings_dict["NAME"]), act, str(path)],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    assert started.stdout is not None
    assert "not committed" in started.stdout.readline()
    os.kill(started.pid, signal.SIGKILL)
    started.wait(timeout=60)


def test_a_poster_killed_before_the_commit_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    claim = desk.sent()
    (line,) = desk.lines(claim)
    path = tmp_path / "era.835"
    path.write_bytes(as_file(desk.remittance(answer(claim.number, service(line, 10_000, ("CO", "45", 7_500))))))
    before = Entry.objects.unscoped(_LOOK).count()
    killed("import", path)
    assert Entry.objects.unscoped(_LOOK).count() == before
    assert Remittance.objects.unscoped(_LOOK).count() == 0
    assert desk.claim(claim).status == ClaimStatus.SENT
    assert taker(path.read_bytes())(0) == "posted"


def test_a_sender_killed_before_the_commit_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    charged_visit(desk.world, desk.billing)
    (claim,) = make_claims(by=HOUSE)
    killed("export", tmp_path)
    assert desk.claim(claim).status == ClaimStatus.READY
    assert ClaimFile.objects.unscoped(_LOOK).count() == 0
    (written,) = export_claims(by=HOUSE)
    assert written.file.interchange_control == 1  # the number was not lost either
