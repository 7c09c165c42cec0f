"""Values from outside of the guides (SNIP 5): each rule is broken once in the text, and then it alone is found."""

from __future__ import annotations

import io

import pytest

from medguild.x12 import inspect_stream
from medguild.x12.catalogue import EXTERNAL, RULES
from tests.support import shared_data

DATA = shared_data() / "x12"
CLAIM = "own_837p_multi_claims_dependents.837"
DRUG = "stup_drug_administered_in_the_physician_office.837p"
STAY = "stup_ppo_repriced_claim.837i"
REMITTANCE = "own_835_two_payers_two_checks.835"
STATUS = "own_277_status_paid_pend.277"
COORDINATED = "own_837p_secondary_cob.837"
ASKED = "own_270_subscriber.270"
ACKNOWLEDGED = "own_277ca_mixed.277ca"
RENDERING = "NM1*82*1*TESTER*DREW****XX*1999999026~"

CASES: list[tuple[str, str, str, str, str]] = [
    # file, old, new, rule, element
    (CLAIM, RENDERING, RENDERING.replace("026", "027"), "npi.check", "NM109"),
    (CLAIM, RENDERING, RENDERING.replace("1999999026", "9999990"), "npi.check", "NM109"),
    (CLAIM, "SPRINGFIELD*IL*627010001~REF", "SPRINGFIELD*XI*627010001~REF", "code.state", "N402"),
    (CLAIM, "SPRINGFIELD*IL*627010001~DMG", "SPRINGFIELD*IL*6270~DMG", "code.zip", "N403"),
    (CLAIM, "SPRINGFIELD*IL*627010001~DMG", "SPRINGFIELD*IL*62701-0001~DMG", "code.zip", "N403"),
    (CLAIM, "SPRINGFIELD*IL*627010001~REF", "SPRINGFIELD*IL*62701~REF", "code.zip-full", "N403"),
    (CLAIM, "REF*EI*999990001~", "REF*EI*99999000~", "code.tax-id", "REF02"),
    (CLAIM, "PRV*PE*PXC*207Q00000X~", "PRV*PE*PXC*207Q000000~", "code.taxonomy", "PRV03"),
    (CLAIM, "***11:B:1*Y*A", "***30:B:1*Y*A", "code.place", "CLM05"),
    (CLAIM, "*UN*1***1~", "*UN*1*30**1~", "code.place", "SV105"),
    (CLAIM, "HI*ABK:E119*", "HI*ABK:E11.9*", "code.icd10", "HI01"),
    (CLAIM, "HI*ABK:E119*ABF:I10~", "HI*ABK:E119*ABF:10~", "code.icd10", "HI02"),
    (DRUG, "LIN**N4*", "LIN**N4*1", "code.ndc", "LIN03"),
    (REMITTANCE, "TEST GROUP*XX*1999999018", "TEST GROUP*XX*1999999019", "npi.check.received", "N104"),
    (REMITTANCE, "CAS*CO*45*", "CAS*CO*999*", "code.reason.received", "CAS02"),
    (REMITTANCE, "REF*TJ*999990001~", "REF*TJ*99999000A~", "code.tax-id.received", "REF02"),
    (REMITTANCE, "COLUMBUS*OH*", "COLUMBUS*ZZ*", "code.state.received", "N402"),
    (REMITTANCE, "OH*432150001~", "OH*4321500~", "code.zip.received", "N403"),
    (STATUS, "STC*F1:65*", "STC*Q9:65*", "code.status", "STC01"),
    (STATUS, "STC*F1:65*", "STC*F1:1649*", "code.status-code", "STC01"),
    (REMITTANCE, "CAS*CO*45*60~", "CAS*CO*45*60~LQ*HE*X999~", "code.remark.received", "LQ02"),
    (COORDINATED, "OI***Y***Y~", "OI***Y***Y~MOA***M0~", "code.remark", "MOA03"),
    (ASKED, "EQ*30~", "EQ*30^X1~", "code.service-type", "EQ01"),
    (ACKNOWLEDGED, "STC*A2:20", "STC*A9:20", "code.status", "STC01"),
]  # fmt: skip
# rules of what we received that no segment of an 835 can break: it has no such segment
NOT_IN_835 = {
    f"{rule}.received"
    for rule in (
        "code.zip-full code.zip-billing code.taxonomy code.place code.ndc code.icd10 code.status code.status-code "
        "code.service-type"
    ).split()
}
ELSEWHERE = {"code.zip-billing", "code.reason"}  # broken in tests of their own below


def findings(name: str, old: str, new: str) -> list[tuple[str, str]]:
    text = (DATA / name).read_bytes().decode()
    assert old in text, old
    report = inspect_stream(io.BytesIO(text.replace(old, new, 1).encode()), "x")
    return [(i.rule, i.element) for t in report.transactions for i in t.issues if i.level == EXTERNAL]


def added(name: str, old: str, new: str) -> list[tuple[str, str]]:
    """What is found in the changed file and not in the file as it came."""
    after = findings(name, old, new)
    for one in findings(name, "ISA", "ISA"):
        after.remove(one)
    return after


@pytest.mark.parametrize(("name", "old", "new", "rule", "element"), CASES, ids=[f"{c[3]} {c[4]}" for c in CASES])
def test_a_wrong_value_is_found_and_nothing_else(name: str, old: str, new: str, rule: str, element: str) -> None:
    assert added(name, old, new) == [(rule, element)]


def test_every_external_rule_is_broken_somewhere() -> None:
    declared = {rule.id for rule in RULES.values() if rule.level == EXTERNAL}
    assert {case[3] for case in CASES} | ELSEWHERE | NOT_IN_835 == declared


@pytest.mark.parametrize("name", [CLAIM, REMITTANCE, STATUS, ACKNOWLEDGED])
def test_clean_files_break_none(name: str) -> None:
    assert findings(name, "ISA", "ISA") == []


def test_a_hospital_needs_the_whole_zip_code() -> None:
    text = (DATA / STAY).read_bytes().decode()
    at = text.index("N4*", text.index("NM1*85"))
    place = text[at : text.index("~", at)]
    assert added(STAY, place, place[:-4]) == [("code.zip-billing", "N403")]


def test_reasons_of_other_payers() -> None:
    name = "own_837p_secondary_cob.837"
    assert findings(name, "CAS*CO*45*", "CAS*CO*999*") == [("code.reason", "CAS02")]


def test_addresses_abroad_are_left_alone() -> None:
    assert findings(CLAIM, "SPRINGFIELD*IL*627010001~DMG", "TORONTO*ON*M5H 2N2*CA~DMG") == []


def test_what_was_received_is_only_warned_of() -> None:
    assert {rule.severity for rule in RULES.values() if rule.id.endswith(".received")} == {"warning"}
