"""How a file is shown: findings by level, the explanation as a tree, money as steps that add up."""

from __future__ import annotations

import pytest

from medguild.exchange.edi.reading import Told, read_file
from tests.support_exchange import FOLDER, real

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the shared sample files are not here")


def walk(told: tuple[Told, ...] | list[Told]) -> list[str]:
    return [line for one in told for line in (one.line, *walk(one.children))]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.835")), ids=lambda path: path.name)
def test_the_steps_of_a_payment_add_up(path: object) -> None:
    for balance in read_file(real(path.name), "x").balances:  # type: ignore[attr-defined]
        level = 0
        for name, cents, is_sum in balance.steps:
            if name == "Charged":
                level = cents
            elif is_sum:
                assert cents == level, name
            else:
                level += cents
        if balance.transaction.balanced and balance.steps:
            assert "Not explained" not in [name for name, _cents, _sum in balance.steps][-2:]


def test_what_does_not_balance_is_a_step_of_its_own() -> None:
    (balance,) = read_file(real("own_835_unbalanced_bpr.835"), "x").balances
    assert ("Not explained", 1, False) in [(name, abs(cents), is_sum) for name, cents, is_sum in balance.steps]
    assert balance.chart is not None
    assert balance.chart.kind == "waterfall"


def test_the_lines_of_a_claim_come_to_its_charge() -> None:
    (balance,) = read_file(real("own_837p_50_lines.837"), "x").balances
    *lines, (name, charge, is_sum) = balance.steps
    assert (name, is_sum, charge) == ("Charged", True, 50_000)
    assert sum(cents for _name, cents, _sum in lines) == charge
    assert lines[-1][0] == "Other lines"


def test_the_explanation_is_a_tree_of_loops() -> None:
    whole = read_file(real("own_837p_multi_claims_dependents.837"), "x")
    (interchange,) = whole.told
    assert interchange.line.startswith("Interchange")
    assert sum(line.startswith("Claim [2300]") for line in walk(whole.told)) == 5


def test_one_claim_is_told_by_its_number() -> None:
    one = read_file(real("own_837p_multi_claims_dependents.837"), "x", claim="PCN1001")
    assert sum(line.startswith("Claim [2300]") for line in walk(one.told)) == 1
    assert read_file(real("own_837p_multi_claims_dependents.837"), "x", claim="NOBODY").told == ()


def test_findings_stand_under_their_level_with_their_envelope() -> None:
    reading = read_file(real("own_835_unbalanced_bpr.835"), "x")
    found = {str(level): rows for level, rows in reading.findings}
    assert found["Balance"][0].issue.rule == "835.total"
    assert found["Balance"][0].where.startswith("ST ")


def test_an_unreadable_file_has_a_reason_and_nothing_else() -> None:
    reading = read_file(b"nothing", "x")
    assert not reading.report.readable
    assert (reading.balances, reading.told) == ((), ())
    assert reading.findings
