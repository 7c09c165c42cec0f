"""Every real 835 and 837P file: the facts and verdicts that INDEX.md states."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import pytest

from medguild.x12 import exit_code, inspect_files
from medguild.x12.errors import Issue
from medguild.x12.report import FileReport
from tests.support import shared_data
from tests.support_x12 import cents_of, pyx12_errors

DATA = shared_data() / "x12"
ORACLE = {
    "E-LINE": "835.line",
    "E-CLAIM": "835.claim",
    "E-TRAN": "835.total",
    "E-NEG": "835.negative",
    "E-NUM": "value.amount",
    "W-LINES": "835.lines",
    "W-PR": "835.patient",
    "W-CHK": "835.method",
    "W-GROUP": "835.group",
    "W-REV": "835.reversal",
}
MORE_THAN_ORACLE = {"moov_example_5010_835_sample1.835": {"W-LINES"}}  # a line pays 0.01 of a claim that pays nothing
ENVELOPE_RULES = {"st.count", "st.control", "gs.control", "gs.count", "isa.control", "isa.count"}
REFUSED = "own_4010_835.835"
UNKNOWN_TO_PYX12 = {
    "staedi_sample837_original.837p": "pyx12 does not take a newline as the terminator",
    "own_835_delims_gs_us.835": "pyx12 refuses control characters as delimiters, which the standard allows",
    "stup_oxygen.837p": "pyx12 lacks PWK02 AD, which the guide has",
    "stup_wheelchair.837p": "pyx12 lacks PWK02 AD, which the guide has",
}


@dataclass(frozen=True)
class Fact:
    name: str
    expected: str
    claims: int
    charge: int
    paid: int
    plb: int
    payments: list[int] = field(default_factory=list)
    balanced: bool | None = None
    oracle: frozenset[str] = frozenset()
    pyx12: str = ""
    bad: bool = False


def _facts(kind: str) -> list[Fact]:
    found = []
    for line in (DATA / "INDEX.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        if not re.match(rf"\| \S+\.{kind} \|", line) or len(cells) < 5:
            continue
        facts = cells[3]
        number = r"(-?[\d.]+)"
        expected = re.search(r"\*\*expected: ([^*]*)\*\*", cells[2])
        paid = re.search(rf"paid {number}", facts)
        plb = re.search(rf"PLB {number}", facts)
        payments = re.search(r"BPR ([-+\d.]+)", facts)
        oracle = re.search(r"oracle (.*)", facts)
        charge = re.search(rf"charge {number}", facts)
        claims = re.search(r"(\d+) claims", facts)
        assert charge, line
        assert claims, line
        found.append(
            Fact(
                name=cells[0].lstrip("| "),
                expected=expected[1] if expected else "",
                claims=int(claims[1]),
                charge=cents_of(charge[1]),
                paid=cents_of(paid[1]) if paid else 0,
                plb=cents_of(plb[1]) if plb else 0,
                payments=[cents_of(p) for p in re.split(r"(?<=\d)\+", payments[1])] if payments else [],
                balanced=None if not payments else "NOT BALANCED" not in facts,
                oracle=frozenset(oracle[1].split()) if oracle else frozenset(),
                pyx12=cells[4].rstrip(" |"),
                bad="deliberately bad" in cells[2],
            )
        )
    return found


REMITTANCES = _facts("835")
CLAIMS = _facts("837p?")


@lru_cache(maxsize=200)
def report_of(name: str) -> FileReport:
    return inspect_files([DATA / name]).files[0]


def issues_of(file: FileReport) -> list[Issue]:
    found = list(file.issues)
    for interchange in file.interchanges:
        found += interchange.issues
        for group in interchange.groups:
            found += group.issues
            found += [issue for transaction in group.transactions for issue in transaction.issues]
    return found


def rules_of(name: str) -> set[str]:
    return {issue.rule for issue in issues_of(report_of(name))}


def test_the_index_was_understood() -> None:
    assert len(REMITTANCES) >= 29
    assert len(CLAIMS) >= 40
    assert sum(fact.balanced is False for fact in REMITTANCES) == 7


@pytest.mark.parametrize("fact", [f for f in REMITTANCES if f.name != REFUSED], ids=lambda f: f.name)
def test_remittance_facts(fact: Fact) -> None:
    transactions = report_of(fact.name).transactions
    assert sum(t.claims for t in transactions) == fact.claims
    assert sum(t.charge_cents for t in transactions) == fact.charge
    assert sum(t.paid_cents for t in transactions) == fact.paid
    assert sum(t.plb_cents for t in transactions) == fact.plb
    assert [t.total_cents for t in transactions] == fact.payments
    assert all(t.balanced for t in transactions) == fact.balanced


@pytest.mark.parametrize("fact", [f for f in REMITTANCES if f.name != REFUSED], ids=lambda f: f.name)
def test_remittance_findings_are_those_of_the_independent_oracle(fact: Fact) -> None:
    rules = rules_of(fact.name)
    assert {code for code, rule in ORACLE.items() if rule in rules} == (
        fact.oracle - {"E-ENV"} | MORE_THAN_ORACLE.get(fact.name, set())
    )
    assert bool(rules & ENVELOPE_RULES) == ("E-ENV" in fact.oracle)


@pytest.mark.parametrize("fact", CLAIMS, ids=lambda f: f.name)
def test_claim_facts(fact: Fact) -> None:
    transactions = report_of(fact.name).transactions
    assert sum(t.claims for t in transactions) == fact.claims
    assert sum(t.charge_cents for t in transactions) == fact.charge
    assert {t.kind for t in transactions} == {"837P"}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        (REFUSED, "gs.version"),
        ("own_835_se_count.835", "st.count"),
        ("own_835_truncated.835", "st.open"),
        ("own_835_unbalanced_bpr.835", "835.total"),
        ("own_835_unbalanced_line.835", "835.line"),
        ("own_837p_bad_npi.837", "npi.check"),
        ("own_837p_hl_parent.837", "hl.parent"),
        ("own_837p_missing_sbr.837", "segment.missing"),
        ("own_837p_sum_mismatch.837", "837.sum"),
    ],
)
def test_bad_files_are_rejected_for_the_right_reason(name: str, rule: str) -> None:
    assert rule in rules_of(name)
    assert exit_code(inspect_files([DATA / name])) == 1


@pytest.mark.parametrize(
    "name",
    [f.name for f in REMITTANCES + CLAIMS if f.name.startswith("own_") and not f.bad],
)
def test_good_files_have_no_error(name: str) -> None:
    assert report_of(name).ok, [issue.text for issue in issues_of(report_of(name))]


def test_the_refused_version_is_counted_but_not_judged() -> None:
    (transaction,) = report_of(REFUSED).transactions
    assert (transaction.claims, transaction.balanced, transaction.paid_cents) == (1, None, 0)


def _judged(fact: Fact) -> bool:
    return fact.pyx12.startswith(("valid", "INVALID")) and fact.name not in UNKNOWN_TO_PYX12


@pytest.mark.parametrize("fact", [f for f in REMITTANCES + CLAIMS if _judged(f)], ids=lambda f: f.name)
def test_syntax_and_guide_verdict_agrees_with_pyx12(fact: Fact) -> None:
    """pyx12 judges SNIP 1 and 2 (never balance or check digits)."""
    ours = [i for i in issues_of(report_of(fact.name)) if i.level <= 2 and i.is_error]
    assert bool(ours) == fact.pyx12.startswith("INVALID"), [issue.text for issue in ours]
    assert bool(pyx12_errors((DATA / fact.name).read_bytes())) == fact.pyx12.startswith("INVALID")


@pytest.mark.parametrize("name", sorted(UNKNOWN_TO_PYX12))
def test_files_that_pyx12_misjudges_are_fine_by_guide(name: str) -> None:
    assert [i.text for i in issues_of(report_of(name)) if i.level <= 2 and i.is_error] == []


@pytest.mark.parametrize("path", sorted(p for p in DATA.iterdir() if p.suffix != ".md"), ids=lambda p: p.name)
def test_every_file_is_reported_without_a_crash(path: object) -> None:
    report = inspect_files([str(path)])
    assert exit_code(report) in (0, 1, 2)
    assert report.human()
    unreadable = exit_code(report) == 2
    assert unreadable == str(path).endswith("own_empty.edi")
