"""Writing 837P files: they read back the same, pyx12 calls them valid, and what a payer would reject is refused."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medguild.x12 import CountingNumbers, Delimiters, Unwritable, batches, inspect_stream, write_claims
from medguild.x12.records.claim import Claim, ClaimTransaction, Diagnosis, Drug, Form, Note, Provider
from medguild.x12.records.common import Address, Contact, Dated, Party, Procedure, Reference, Remark
from medguild.x12.write.output import Envelope
from tests.support_x12 import ENVELOPE, pyx12_errors, read_transactions
from tests.support_x12_records import (
    ADDRESS,
    BILLING,
    CHILD,
    CLAIM_HEADER,
    PARENT,
    SELF,
    claim,
    claims,
    line,
    npi,
)

SITUATIONAL = 4  # what a claim must say together is the business of whoever fills it; its form is the writer's


def write(*found: Claim, envelope: Envelope = ENVELOPE) -> bytes:
    out = io.BytesIO()
    write_claims(out, list(batches(CLAIM_HEADER, found)), envelope, CountingNumbers())
    return out.getvalue()


def read(data: bytes) -> list[Claim]:
    found: list[Claim] = []
    for transaction in read_transactions(data):
        assert isinstance(transaction, ClaimTransaction)
        found += transaction.claims
    return found


def assert_valid(data: bytes) -> None:
    report = inspect_stream(io.BytesIO(data), "written")
    issues = [issue for t in report.transactions for issue in t.issues if issue.level != SITUATIONAL]
    assert not issues, report.lines()
    assert not report.issues
    assert pyx12_errors(data) == []


EVERYTHING = claim(
    "PCN9",
    patient=CHILD,
    subscriber=PARENT,
    frequency="7",
    related_causes=("AA",),
    accident_state="CA",
    delay_reason="3",
    dates=(Dated("439", date(2025, 11, 1)), Dated("435", date(2025, 11, 2))),
    patient_paid_cents=1500,
    references=(Reference("G1", "AUTH1"), Reference("F8", "ICN7"), Reference("D9", "CLH1")),
    notes=(Note("ADD", "SEEN TWICE"),),
    diagnoses=tuple(Diagnosis("ABK" if n == 0 else "ABF", "E119") for n in range(12)),
    conditions=(Diagnosis("BG", "AA"),),
    providers=(
        Provider(Party("DN", "1", "REFERRER", "RAY", id_qualifier="XX", id=npi(5))),
        Provider(Party("82", "1", "TESTER", "DREW", id_qualifier="XX", id=npi(2)), "207Q00000X"),
        Provider(Party("77", "2", "ELM CLINIC", id_qualifier="XX", id=npi(6)), address=ADDRESS),
        Provider(Party("DQ", "1", "SUPER", "VISOR", id_qualifier="XX", id=npi(7))),
    ),
    lines=(
        line(
            5000,
            "J1100",
            place_of_service="22",
            pointers=(1, 2, 3, 12),
            references=(Reference("6R", "LINE1"), Reference("G1", "AUTH2", payer_id="OTHER01")),
            notes=(Note("ADD", "DRUG NOTE"),),
            drug=Drug("N4", "01234567891", Decimal("2.5"), "ML", (Reference("XZ", "RX1"),)),
            providers=(
                Provider(
                    Party("DK", "1", "ORDERER", "OLA", id_qualifier="XX", id=npi(8)),
                    address=ADDRESS,
                    contacts=(Contact("IC", "OLA", (("TE", "5555550111"), ("EX", "12"))),),
                ),
            ),
            other=(("PS1", "DEA1", "20"),),
            forms=(Form(Remark("UT", "484.03"), (("4", "Y"), ("5", "", "1"))),),
        ),
        line(2500, number=2),
    ),
    other=(("PWK", "OZ", "EL", "", "", "AC", "ATT1"), ("CRC", "75", "Y", "IH")),
)


def test_a_claim_with_everything_reads_back_and_is_valid() -> None:
    data = write(EVERYTHING)
    assert read(data) == [EVERYTHING]
    assert_valid(data)


def test_subscriber_and_dependants_stand_under_their_levels() -> None:
    sibling = replace(CHILD, party=Party("QC", "1", "SAMPLE", "NOEL"))
    found = (
        claim("C1"),
        claim("C2", subscriber=PARENT, patient=CHILD),
        claim("C3", subscriber=PARENT, patient=CHILD),
        claim("C4", subscriber=PARENT, patient=sibling),
        claim("C5", subscriber=replace(SELF, group_number="GRP2")),
    )
    data = write(*found)
    assert read(data) == list(found)
    assert_valid(data)
    levels = [segment.split("*")[1:] for segment in data.decode().split("~") if segment.startswith("HL")]
    assert levels == [
        ["1", "", "20", "1"], ["2", "1", "22", "0"], ["3", "1", "22", "1"],
        ["4", "3", "23", "0"], ["5", "3", "23", "0"], ["6", "1", "22", "0"],
    ]  # fmt: skip


def test_one_transaction_per_billing_provider_and_size() -> None:
    other = replace(BILLING, party=replace(BILLING.party, id=npi(77)), pay_to=ADDRESS)
    found = [claim(f"C{n}", billing=other if n % 2 else BILLING) for n in range(10)]
    transactions = list(batches(CLAIM_HEADER, found, limit=3))
    assert [len(t.claims) for t in transactions] == [3, 2, 3, 2]
    assert [t.header.reference for t in transactions] == ["BATCH1", "BATCH1-2", "BATCH1-3", "BATCH1-4"]
    out = io.BytesIO()
    written = write_claims(out, transactions, ENVELOPE, CountingNumbers(start=41))
    assert written.interchange == "000000041"
    assert [t.control for t in written.transactions] == ["0041", "0042", "0043", "0044"]
    assert written.transactions[1].claims == ("C6", "C8")
    assert_valid(out.getvalue())
    assert sorted(c.control for c in read(out.getvalue())) == sorted(c.control for c in found)


@pytest.mark.parametrize(
    "delimiters",
    [Delimiters("|", "^", ">", "\n"), Delimiters("*", "^", ":", "~"), Delimiters("+", "&", ";", "'")],
    ids=["pipes", "usual", "edifact"],
)
def test_any_delimiters(delimiters: Delimiters) -> None:
    data = write(EVERYTHING, envelope=replace(ENVELOPE, delimiters=delimiters))
    assert read(data) == [EVERYTHING]
    assert pyx12_errors(data) == [] or delimiters.segment == "\n"


def test_lines_may_be_broken_for_people() -> None:
    data = write(EVERYTHING, envelope=replace(ENVELOPE, newline="\r\n"))
    assert data.count(b"~\r\n") == data.count(b"~")
    assert read(data) == [EVERYTHING]


def test_names_are_folded_and_never_hold_delimiters() -> None:
    person = replace(SELF.party, last="Núñez-O’Brien*", first="Žoë~Ångström:æß", middle="  x ")
    data = write(claim(subscriber=replace(SELF, party=person)))
    (back,) = read(data)
    assert back.subscriber.party.last == "NUNEZ-O'BRIEN"
    assert back.subscriber.party.first == "ZOE ANGSTROM AESS"
    assert_valid(data)


def test_the_extended_set_keeps_lower_case() -> None:
    person = replace(SELF.party, last="de la Cruz", first="José")
    data = write(claim(subscriber=replace(SELF, party=person)), envelope=replace(ENVELOPE, extended=True))
    assert read(data)[0].subscriber.party == replace(person, first="Jose")


def test_long_names_are_cut_and_long_identifiers_refused() -> None:
    person = replace(SELF.party, last="A" * 70, first="B" * 40)
    (back,) = read(write(claim(subscriber=replace(SELF, party=person))))
    assert (len(back.subscriber.party.last), len(back.subscriber.party.first)) == (60, 35)
    with pytest.raises(Unwritable, match="39 characters"):
        write(claim("X" * 39))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (claim(""), "no control number"),
        (claim("A*B"), "holds '\\*'"),
        (claim("A:B"), "holds ':'"),
        (claim("a1"), "holds 'a'"),
        (claim(" A"), "at its edge"),
        (claim(lines=()), "no service lines"),
        (claim(lines=tuple(line(1, number=n) for n in range(1, 52))), "more than 50"),
        (claim(diagnoses=()), "no diagnosis"),
        (claim(diagnoses=(Diagnosis("ABK", "E119"),) * 13), "more than 12"),
        (claim(frequency="7"), "F8"),
        (claim(frequency="8"), "F8"),
        (claim(charge_cents=1), "not the sum"),
        (claim(patient=CHILD), "relationship 18"),
        (claim(subscriber=PARENT), "relationship 18"),
        (claim(lines=(line(pointers=()),)), "pointers"),
        (claim(lines=(line(pointers=(3,)),)), "pointers"),
        (claim(lines=(line(pointers=(1, 1, 1, 1, 1)),)), "pointers"),
        (claim(lines=(line(code=""),)), "no procedure"),
        (claim(lines=(line(code="99*13"),)), "delimiter"),
        (claim(lines=(line(unit="U~"),)), "delimiter"),
        (claim(billing=replace(BILLING, tax_id="")), "tax id"),
        (claim(subscriber=replace(SELF, party=replace(SELF.party, last="Иванов"))), "Latin"),
        (claim(subscriber=replace(SELF, contacts=(Contact("IC", "X", (("TE", "5~5"),)),))), "contact"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_payer_would_reject_is_refused(broken: Claim, reason: str) -> None:
    with pytest.raises(Unwritable, match=reason):
        write(broken)


def test_transactions_that_cannot_be_written() -> None:
    mixed = ClaimTransaction(CLAIM_HEADER, (claim("A"), claim("B", billing=replace(BILLING, tax_id="1"))))
    nameless = ClaimTransaction(replace(CLAIM_HEADER, created=None), (claim(),))
    for transactions, reason in (
        ([mixed], "one billing provider"), ([ClaimTransaction(CLAIM_HEADER, ())], "without claims"),
        ([], "at least one"), ([nameless], "creation time"),
    ):  # fmt: skip
        with pytest.raises(Unwritable, match=reason):
            write_claims(io.BytesIO(), transactions, ENVELOPE, CountingNumbers())


def test_pay_to_plan_currency_and_seconds_are_kept() -> None:
    plan = Provider(
        Party("PE", "2", "PLAN", id_qualifier="PI", id="12345"),
        address=ADDRESS,
        references=(Reference("EI", "123456789"),),
    )
    billing = replace(BILLING, pay_to=Address("PO BOX 1", "", "SALEM", "OR", "97301"), pay_to_plan=plan, currency="CAD")
    transaction = ClaimTransaction(
        replace(CLAIM_HEADER, created=datetime(2026, 1, 2, 3, 4, 5)), (claim(billing=billing),)
    )
    out = io.BytesIO()
    write_claims(out, [transaction], ENVELOPE, CountingNumbers())
    (back,) = read_transactions(out.getvalue())
    assert back == replace(transaction, header=replace(transaction.header, control="0001"))


def test_other_dates_and_modifiers_are_kept() -> None:
    odd = claim(
        dates=(Dated("439", None, None, "202511010930", "DT"), Dated("434", date(2025, 1, 1), date(2025, 1, 5))),
        lines=(replace(line(), procedure=Procedure("HC", "99213", ("25", "GT"), "UNLISTED THING")),),
    )
    assert read(write(odd)) == [odd]


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(claims(), min_size=1, max_size=4))
def test_whole_transactions_read_back_and_are_valid(found: list[Claim]) -> None:
    data = write(*found)
    assert read(data) == found
    assert_valid(data)
    again = io.BytesIO()
    transactions = [t for t in read_transactions(data) if isinstance(t, ClaimTransaction)]
    write_claims(again, transactions, ENVELOPE, CountingNumbers())
    assert again.getvalue() == data
