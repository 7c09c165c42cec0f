"""Situational rules (SNIP 4): each is broken once from a clean record, and then it, and nothing else, is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from medguild.x12.balance import CLAIM_NUMBERS, ClaimBalance
from medguild.x12.check import remittance as received
from medguild.x12.check.situational import CLAIM_RULES, LINE_RULES, PAYER_RULES, check_situations
from medguild.x12.errors import IssueLog
from medguild.x12.records.claim import (
    Claim,
    Diagnosis,
    Drug,
    Institutional,
    LineAdjudication,
    OtherPayer,
    Payer,
    Provider,
)
from medguild.x12.records.common import Adjustment, Amount, Dated, Party, Procedure, Reference, Remark
from medguild.x12.records.remittance import RemittanceClaim, RemittanceHeader
from tests.support_x12_records import (
    ADDRESS,
    BILLING,
    CHILD,
    PARENT,
    REMITTANCE_HEADER,
    RENDERING,
    SELF,
    claim,
    line,
    npi,
    paid_claim,
    payment,
)

DAY = date(2025, 12, 1)
EARLIER, LATER = date(2025, 11, 1), date(2025, 12, 24)
OTHER = OtherPayer(
    Party("IL", "1", "SAMPLE", "CASEY", id_qualifier="MI", id="MBRPRIM1"),
    Payer(Party("PR", "2", "OTHER PLAN", id_qualifier="PI", id="OTHER01")),
    filing_indicator="CI",
)
DONE = LineAdjudication(
    "OTHER01", 9000, Procedure("HC", "99213"), adjustments=(Adjustment("CO", "45", 1000),), paid_on=DAY
)
CLEAN = claim()
SECONDARY = claim(
    subscriber=replace(SELF, sequence="S"), other_payers=(OTHER,), lines=(line(adjudications=(DONE,)),),
)  # fmt: skip
NUMBERED = line(references=(Reference("6R", "L1"),))
SEVEN = tuple(Adjustment("CO", reason, 1) for reason in ("1", "2", "3", "16", "45", "50", "96"))
TWICE = (Adjustment("CO", "45", 500), Adjustment("CO", "45", 500))


def with_line(**changes: Any) -> Claim:
    return replace(CLEAN, lines=(replace(CLEAN.lines[0], **changes),))


def with_procedure(code: str, **changes: Any) -> Claim:
    return with_line(procedure=Procedure("HC", code), **changes)


def with_subscriber(**changes: Any) -> Claim:
    return replace(CLEAN, subscriber=replace(SELF, **changes))


def with_billing(**changes: Any) -> Claim:
    return replace(CLEAN, billing=replace(BILLING, **changes))


def with_providers(*providers: Provider) -> Claim:
    return replace(CLEAN, providers=providers)


def with_dates(*dates: tuple[str, date], **changes: Any) -> Claim:
    return replace(CLEAN, dates=tuple(Dated(q, day) for q, day in dates), **changes)


def with_other(**changes: Any) -> Claim:
    return replace(SECONDARY, other_payers=(replace(OTHER, **changes),))


def with_decision(*decisions: LineAdjudication) -> Claim:
    return replace(SECONDARY, lines=(replace(SECONDARY.lines[0], adjudications=decisions),))


def person(role: str, number: int) -> Provider:
    return Provider(Party(role, "1", "TESTER", "DREW", id_qualifier="XX", id=npi(number)))


PLACES = (Provider(Party("PW", "2"), address=ADDRESS), Provider(Party("45", "2"), address=ADDRESS))
TRANSPORT = ("CR1", "LB", "140", "", "A", "DH", "12")
AMBULANCE = replace(CLEAN, place_of_service="41", providers=(RENDERING, *PLACES), other=(TRANSPORT,))
INPATIENT = replace(
    CLEAN, place_of_service="21", providers=(RENDERING, person("77", 9)), dates=(Dated("435", EARLIER),)
)
STAY = replace(CLEAN, institutional=Institutional("1", "1", "01"), dates=(Dated("434", DAY, LATER),))
LABORATORY = replace(
    CLEAN, place_of_service="81", providers=(RENDERING, person("77", 9)), references=(Reference("X4", "99D1234567"),),
    subscriber=replace(SELF, filing_indicator="MB"),
)  # fmt: skip
FIRST_TREATMENT = Dated("454", EARLIER)
MANIPULATION = replace(
    with_procedure("98941"), dates=(FIRST_TREATMENT,), subscriber=replace(SELF, filing_indicator="MB")
)
REPLACING = replace(CLEAN, frequency="7", references=(Reference("F8", "ICN1"),))
LATE_MEDICARE = replace(SECONDARY, subscriber=replace(SELF, sequence="S", filing_indicator="MB", insurance_type="12"))
CRASH = with_dates(("439", EARLIER), related_causes=("AA",), accident_state="IL")

BROKEN_CLAIMS: dict[str, Claim] = {
    # parties
    "837.billing-npi": with_billing(party=replace(BILLING.party, id_qualifier="", id="")),
    "837.billing-address": with_billing(address=replace(ADDRESS, line1="PO BOX 12")),
    "837.pay-to": with_billing(pay_to=ADDRESS),
    "837.rendering-missing": with_providers(),
    "837.rendering-same": with_providers(replace(RENDERING, party=replace(RENDERING.party, id=BILLING.npi))),
    "837.provider-number": with_providers(RENDERING, Provider(Party("DN", "1", "REFERRER", "RAY"))),
    "837.referring-twice": with_providers(RENDERING, person("DN", 5), person("DN", 6)),
    "837.facility": replace(CLEAN, place_of_service="22"),
    "837.facility-same": with_providers(RENDERING, replace(person("77", 9), party=replace(BILLING.party, role="77"))),
    "837.self-and-patient": replace(CLEAN, patient=CHILD),
    "837.no-patient": with_subscriber(relationship=""),
    "837.patient-address": with_subscriber(address=None),
    "837.patient-birth": with_subscriber(sex=""),
    "837.member-id": with_subscriber(party=replace(SELF.party, id="")),
    "837.group-name": with_subscriber(group_name="GROUP"),
    "837.line-rendering": with_line(providers=(RENDERING,)),
    "837.purchased": with_line(other=(("PS1", "1", "20"),)),
    # dates
    "837.accident-date": replace(CLEAN, related_causes=("OA",)),
    "837.accident-cause": with_dates(("439", EARLIER)),
    "837.accident-state": replace(CRASH, accident_state=""),
    "837.admission-date": replace(INPATIENT, dates=()),
    "837.discharge": replace(INPATIENT, dates=(Dated("435", LATER), Dated("096", DAY))),
    "837.range": replace(CLEAN, dates=(Dated("444", LATER, DAY),)),
    "837.birth-date": with_subscriber(birth_date=date(1870, 1, 1)),
    "837.last-period": replace(with_subscriber(sex="M"), dates=(Dated("484", EARLIER),)),
    "837.chiropractic": replace(MANIPULATION, dates=()),
    "837.disability": with_dates(("360", LATER), ("361", DAY)),
    "837.service-range": with_line(dates=(Dated("472", LATER, DAY),)),
    "837.before-birth": with_subscriber(birth_date=LATER),
    "837.before-accident": replace(CRASH, dates=(Dated("439", LATER),)),
    "837.outside-statement": replace(STAY, dates=(Dated("434", LATER, LATER),)),
    # payers
    "837.f8": replace(REPLACING, references=()),
    "837.f8-original": replace(REPLACING, frequency="1"),
    "837.frequency": replace(CLEAN, frequency="3"),
    "837.medicare-secondary": replace(LATE_MEDICARE, subscriber=replace(LATE_MEDICARE.subscriber, insurance_type="")),
    "837.insurance-type": with_subscriber(insurance_type="12"),
    "837.filing-indicator": with_subscriber(filing_indicator=""),
    "837.sequence": with_other(sequence="S"),
    "837.no-earlier-payer": with_subscriber(sequence="S"),
    "837.payer-id-twice": replace(SECONDARY, other_payers=(OTHER, replace(OTHER, sequence="T"))),
    "837.cob-date": with_decision(replace(DONE, paid_on=None)),
    "837.cob-paid": with_other(adjustments=(Adjustment("CO", "45", 100),)),
    "837.cob-over": with_other(amounts=(Amount("D", 10001),)),
    "837.cas-claim": with_other(amounts=(Amount("D", 0),), adjustments=SEVEN),
    "837.cas-twice": with_other(amounts=(Amount("D", 0),), adjustments=TWICE),
    "837.cas-zero": with_other(amounts=(Amount("D", 0),), adjustments=(Adjustment("CO", "45", 0),)),
    "837.svd-payer": with_decision(DONE, replace(DONE, payer_id="NOBODY")),
    "837.svd-twice": with_decision(DONE, DONE),
    "837.svd-cas": with_decision(replace(DONE, adjustments=TWICE)),
    # coding
    "837.icd-mixed": replace(CLEAN, diagnoses=(Diagnosis("ABK", "E119"), Diagnosis("BF", "4019"))),
    "837.icd-version": replace(CLEAN, diagnoses=(Diagnosis("BK", "25000"),)),
    "837.diagnosis-twice": replace(CLEAN, diagnoses=(Diagnosis("ABK", "E119"), Diagnosis("ABF", "E119"))),
    "837.external-cause": replace(CLEAN, diagnoses=(Diagnosis("ABK", "W19XXXA"), Diagnosis("ABF", "I10"))),
    "837.control-long": replace(CLEAN, control="A" * 21),
    "837.patient-paid": replace(CLEAN, patient_paid_cents=CLEAN.charge_cents + 1),
    "837.negative": replace(CLEAN, charge_cents=-1),
    "837.ambulance-places": replace(AMBULANCE, providers=(RENDERING, PLACES[0])),
    "837.ambulance": replace(AMBULANCE, other=()),
    "837.line-control": replace(CLEAN, lines=(NUMBERED, replace(NUMBERED, number="2"))),
    "837.epsdt": with_line(epsdt="Y"),
    "837.pointer": with_line(pointers=(1, 3)),
    "837.pointer-twice": with_line(pointers=(1, 1)),
    "837.units": with_line(quantity=Decimal(0)),
    "837.line-negative": with_line(charge_cents=-1),
    "837.unclassified": with_procedure("J3490"),
    "837.anesthesia": with_line(unit="MJ"),
    "837.modifier-twice": with_line(procedure=Procedure("HC", "99213", ("25", "25"))),
    "837.line-place": with_line(place_of_service="11"),
    "837.drug-quantity": with_line(drug=Drug("N4", "01234567891")),
    "837.clia": replace(LABORATORY, references=()),
}
# what brings a second finding with it by its nature
ALSO: dict[str, set[str]] = {"837.supervising": {"837.rendering-missing"}}
BROKEN_CLAIMS["837.supervising"] = with_providers(person("DQ", 7))

# claims that come near to a rule without breaking it
FINE: dict[str, Claim] = {
    "plain": CLEAN,
    "dependant": replace(CLEAN, subscriber=PARENT, patient=CHILD),
    "secondary": SECONDARY,
    "ambulance": AMBULANCE,
    "transport data at the line": replace(AMBULANCE, other=(), lines=(line(other=(TRANSPORT,)),)),
    "inpatient": INPATIENT,
    "institutional stay": STAY,
    "laboratory": LABORATORY,
    "laboratory, number at the line": replace(
        LABORATORY, references=(), lines=(line(references=LABORATORY.references),)
    ),
    "manipulation": MANIPULATION,
    "manipulation, date at the line": replace(
        MANIPULATION, dates=(), lines=(line(code="98941", dates=(Dated("472", DAY), FIRST_TREATMENT)),)
    ),
    "manipulation for another payer": with_procedure("98941"),
    "replacement": REPLACING,
    "void": replace(REPLACING, frequency="8"),
    "late Medicare": LATE_MEDICARE,
    "crash": CRASH,
    "crash abroad": replace(CRASH, accident_state="", accident_country="MEX"),
    "a person bills": with_billing(party=Party("85", "1", "SOLO", "SAM", id_qualifier="XX", id=npi(1))),
    "an atypical provider": with_billing(
        party=replace(BILLING.party, id_qualifier="", id=""), references=(Reference("G2", "ATYP1"),)
    ),
    "rendering at the line": replace(with_line(providers=(RENDERING,)), providers=()),
    "supervised": with_providers(RENDERING, person("DQ", 7)),
    "referring and primary care": with_providers(RENDERING, person("DN", 5), person("P3", 6)),
    "purchased and named": with_line(other=(("PS1", "1", "20"),), providers=(person("QB", 8),)),
    "decided at the payer": replace(
        with_decision(replace(DONE, paid_on=None)), other_payers=(replace(OTHER, paid_on=DAY),)
    ),
    "six reasons": with_other(amounts=(Amount("D", 0),), adjustments=SEVEN[:6]),
    "old diagnoses of an old service": replace(
        with_line(dates=(Dated("472", date(2015, 9, 30)),)), diagnoses=(Diagnosis("BK", "25000"),)
    ),
    "described": with_line(procedure=Procedure("HC", "J3490", description="SALINE 10 ML")),
    "unclassified drug by its code": with_procedure("J3490", drug=Drug("N4", "01234567891", Decimal(1), "ML")),
    "anaesthesia": with_procedure("00400", unit="MJ", quantity=Decimal(30)),
    "check-up": replace(with_line(epsdt="Y"), other=(("CRC", "ZZ", "N", "NU"),)),
    "two numbered lines": replace(
        CLEAN, charge_cents=20000, lines=(NUMBERED, line(number=2, references=(Reference("6R", "L2"),)))
    ),
    "twenty characters": replace(CLEAN, control="A" * 20),
    "the whole charge paid by the patient": replace(CLEAN, patient_paid_cents=CLEAN.charge_cents),
    "served on the day of the accident": replace(CRASH, dates=(Dated("439", DAY),)),
    "born on the day of the service": with_subscriber(birth_date=DAY),
}  # fmt: skip


def rules_of(found: Claim) -> set[str]:
    log = IssueLog()
    check_situations(found, log)
    return {issue.rule for issue in log}


def test_every_rule_of_claims_is_broken_in_the_table() -> None:
    declared = [situation.id for rules in (CLAIM_RULES, LINE_RULES, PAYER_RULES) for situation, _ in rules]
    assert sorted(BROKEN_CLAIMS) == sorted(declared)
    assert 60 <= len(declared) <= 90


@pytest.mark.parametrize("rule", BROKEN_CLAIMS)
def test_a_broken_rule_is_found_and_nothing_else(rule: str) -> None:
    assert rules_of(BROKEN_CLAIMS[rule]) == {rule} | ALSO.get(rule, set())


@pytest.mark.parametrize("name", FINE)
def test_a_clean_claim_breaks_no_rule(name: str) -> None:
    assert rules_of(FINE[name]) == set()


def test_a_finding_points_to_its_claim_or_line() -> None:
    log = IssueLog(base=100)
    found = with_line(pointers=(9,))
    check_situations(replace(found, position=7, lines=(replace(found.lines[0], position=21),)), log)
    (issue,) = log
    assert (issue.level, issue.position, issue.file_position, issue.element) == (4, 21, 121, "SV107")


def numbers_used_twice(*found: Claim) -> int:
    log = IssueLog()
    balance = ClaimBalance(log)
    for one in found:
        balance.add(one)
    return sum(issue.rule == "837.claim-twice" for issue in log)


def test_a_claim_number_is_used_once_in_a_transaction() -> None:
    other = replace(CLEAN, control="PCN2")
    assert numbers_used_twice(CLEAN, other) == 0
    assert numbers_used_twice(CLEAN, other, CLEAN) == 1
    assert numbers_used_twice(replace(CLEAN, frequency="8"), CLEAN) == 0
    assert numbers_used_twice(replace(CLEAN, control=""), replace(CLEAN, control="")) == 0


def test_claim_numbers_are_forgotten_after_a_while() -> None:
    """At least the last 5,000 are remembered, and never more than twice as many."""
    between = [replace(CLEAN, control=f"N{number}") for number in range(2 * CLAIM_NUMBERS)]
    assert numbers_used_twice(CLEAN, *between[1 : CLAIM_NUMBERS + 1], CLEAN) == 1
    assert numbers_used_twice(CLEAN, *between, CLEAN) == 0


# remittances

HEADER = REMITTANCE_HEADER
BANK = ("CCP", "01", "999999999", "DA", "1", "", "", "01", "999999998", "DA", "2")
PAID = paid_claim("PCN1", payment(10000, 9000, Adjustment("CO", "45", 1000)))
BROKEN_HEADERS: dict[str, RemittanceHeader] = {
    "835.bank": replace(HEADER, method="ACH"),
    "835.payee-npi": replace(HEADER, payee=replace(HEADER.payee, id_qualifier="FI", id="999990001")),
    "835.payee-tax": replace(HEADER, payee=replace(HEADER.payee, references=())),
}


def paid(*adjustments: Adjustment, **more: Any) -> RemittanceClaim:
    return paid_claim("PCN1", payment(10000, 9000, *adjustments, **more))


BROKEN_REMITTANCE_CLAIMS: dict[str, RemittanceClaim] = {
    "835.denied-paid": replace(PAID, status="4"),
    "835.reversal-sign": replace(PAID, status="22"),
    "835.negative-claim": replace(PAID, charge_cents=-10000),
    "835.payer-number": replace(PAID, payer_control=""),
    "835.service-date": paid(Adjustment("CO", "45", 1000), dates=()),
    "835.cas-zero": replace(PAID, adjustments=(Adjustment("CO", "45", 0),)),
    "835.line-cas-zero": paid(Adjustment("CO", "45", 0)),
    "835.remark": paid(Adjustment("CO", "16", 1000)),
    "835.reason-twice": paid(*TWICE),
}
FINE_REMITTANCE_CLAIMS = {
    "paid": PAID,
    "denied": replace(PAID, status="4", paid_cents=0),
    "reversed": replace(PAID, status="22", charge_cents=-10000, paid_cents=-9000),
    "remark at the line": paid(Adjustment("CO", "16", 1000), remarks=(Remark("HE", "M127"),)),
    "remark at the claim": replace(paid(Adjustment("CO", "16", 1000)), outpatient=("", "", "M127")),
    "date at the claim": replace(paid(dates=()), dates=(Dated("232", DAY),)),
    "date of a period": paid(dates=(Dated("150", DAY), Dated("151", LATER))),
}


def header_rules(header: RemittanceHeader) -> set[str]:
    log = IssueLog()
    received.check_header(header, log, {})
    return {issue.rule for issue in log}


def claim_rules(found: RemittanceClaim) -> set[str]:
    log = IssueLog()
    received.check_claim(found, log)
    return {issue.rule for issue in log}


def test_every_rule_of_remittances_is_broken_in_the_table() -> None:
    assert sorted(BROKEN_HEADERS) == sorted(row[0] for row in received.HEADER_RULES)
    declared = [row[0] for row in (*received.CLAIM_RULES, *received.SERVICE_RULES)]
    assert sorted(BROKEN_REMITTANCE_CLAIMS) == sorted(declared)


@pytest.mark.parametrize("rule", BROKEN_HEADERS)
def test_a_broken_rule_of_the_header_is_found(rule: str) -> None:
    assert header_rules(BROKEN_HEADERS[rule]) == {rule}


@pytest.mark.parametrize("rule", BROKEN_REMITTANCE_CLAIMS)
def test_a_broken_rule_of_a_paid_claim_is_found(rule: str) -> None:
    assert claim_rules(BROKEN_REMITTANCE_CLAIMS[rule]) == {rule}


@pytest.mark.parametrize("header", [HEADER, replace(HEADER, method="ACH", bank=BANK)])
def test_a_clean_header_breaks_no_rule(header: RemittanceHeader) -> None:
    assert header_rules(header) == set()


@pytest.mark.parametrize("name", FINE_REMITTANCE_CLAIMS)
def test_a_clean_paid_claim_breaks_no_rule(name: str) -> None:
    assert claim_rules(FINE_REMITTANCE_CLAIMS[name]) == set()
