"""Valid 837P and 835 records: plain ones for examples, and hypothesis strategies for whole transactions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from medguild.x12.check.external import luhn_npi
from medguild.x12.records.claim import (
    BillingProvider,
    Claim,
    ClaimHeader,
    Diagnosis,
    LineAdjudication,
    Note,
    OtherPayer,
    Patient,
    Payer,
    Provider,
    ServiceLine,
    Subscriber,
)
from medguild.x12.records.common import Address, Adjustment, Amount, Contact, Dated, Party, Procedure, Reference, Remark
from medguild.x12.records.remittance import (
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceHeader,
    RemittanceParty,
    ServicePayment,
)


def npi(number: int) -> str:
    """A made-up NPI with a right check digit."""
    stem = f"1{number % 100_000_000:08d}"
    return next(stem + digit for digit in "0123456789" if luhn_npi(stem + digit))


ADDRESS = Address("100 MAIN ST", "", "SPRINGFIELD", "IL", "627010001")
BILLING = BillingProvider(
    Party("85", "2", "MEDGUILD TEST GROUP", id_qualifier="XX", id=npi(1)), ADDRESS, "999990001", taxonomy="207Q00000X"
)
PAYER = Payer(Party("PR", "2", "BENCH HEALTH PLAN", id_qualifier="PI", id="BHP01"))
SELF = Subscriber(
    Party("IL", "1", "SAMPLE", "CASEY", id_qualifier="MI", id="MBR0001"), PAYER, "P", "18", "GRP100",
    filing_indicator="CI", address=ADDRESS, birth_date=date(1980, 1, 1), sex="F",
)  # fmt: skip
PARENT = replace(SELF, relationship="", address=None, birth_date=None, sex="")
CHILD = Patient(Party("QC", "1", "SAMPLE", "KAI"), "19", ADDRESS, date(2010, 1, 1), "M")
RENDERING = Provider(Party("82", "1", "TESTER", "DREW", id_qualifier="XX", id=npi(2)), "207Q00000X")
CLAIM_HEADER = ClaimHeader(
    reference="BATCH1", created=datetime(2026, 1, 2, 3, 4),
    submitter=Party("41", "2", "MEDGUILD TEST GROUP", id_qualifier="46", id="TST0001"),
    contacts=(Contact("IC", "EDI DESK", (("TE", "5555550100"),)),),
    receiver=Party("40", "2", "BENCH CLEARINGHOUSE", id_qualifier="46", id="CLH0001"),
)  # fmt: skip


def line(cents: int = 10000, code: str = "99213", number: int = 1, **more: Any) -> ServiceLine:
    known: dict[str, Any] = {
        "unit": "UN", "quantity": Decimal(1), "pointers": (1,), "dates": (Dated("472", date(2025, 12, 1)),), **more,
    }  # fmt: skip
    return ServiceLine(str(number), Procedure("HC", code), cents, **known)


def claim(control: str = "PCN1001", **more: Any) -> Claim:
    lines = more.pop("lines", (line(),))
    known: dict[str, Any] = {
        "charge_cents": sum(one.charge_cents for one in lines), "billing": BILLING, "subscriber": SELF,
        "diagnoses": (Diagnosis("ABK", "E119"), Diagnosis("ABF", "I10")), "providers": (RENDERING,), "lines": lines,
        **more,
    }  # fmt: skip
    return Claim(control, **known)


REMITTANCE_HEADER = RemittanceHeader(
    payment_cents=9000, method="CHK", payment_date=date(2026, 1, 2), trace_number="CHK1",
    trace_payer_id="1999999999", production_date=date(2026, 1, 1),
    payer=RemittanceParty(
        "BENCH HEALTH PLAN", address=ADDRESS, contacts=(Contact("BL", "SERVICES", (("TE", "5555550199"),)),)
    ),
    payee=RemittanceParty("MEDGUILD TEST GROUP", "XX", npi(1), references=(Reference("TJ", "999990001"),)),
)  # fmt: skip


def payment(charge: int, paid: int, *adjustments: Adjustment, code: str = "99213", **more: Any) -> ServicePayment:
    known: dict[str, Any] = {"units_paid": Decimal(1), "dates": (Dated("472", date(2025, 12, 1)),), **more}
    return ServicePayment(Procedure("HC", code), charge, paid, adjustments=adjustments, **known)


def paid_claim(control: str, *services: ServicePayment, status: str = "1", **more: Any) -> RemittanceClaim:
    owed = sum(a.amount_cents for s in services for a in s.adjustments if a.group == "PR")
    known: dict[str, Any] = {
        "charge_cents": sum(s.charge_cents for s in services), "paid_cents": sum(s.paid_cents for s in services),
        "patient_responsibility_cents": owed or None, "filing_indicator": "12", "payer_control": "ICN" + control,
        "facility_code": "11", "frequency": "1", "header_number": "1", "services": services,
        "parties": (Party("QC", "1", "SAMPLE", "CASEY", id_qualifier="MI", id="MBR0001"),), **more,
    }  # fmt: skip
    return RemittanceClaim(control, status, **known)


def remittance(*claims: RemittanceClaim, plb: tuple[ProviderAdjustment, ...] = (), **more: Any) -> Remittance:
    total = sum(c.paid_cents for c in claims) - sum(a.amount_cents for a in plb)
    header = replace(REMITTANCE_HEADER, payment_cents=total, method="CHK" if total else "NON", **more)
    return Remittance(header, claims, plb)


# strategies

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
names = st.text(UPPER + " -'.", min_size=1, max_size=30).map(lambda t: " ".join(t.split())).filter(bool)
controls = st.text(UPPER + "0123456789", min_size=1, max_size=20)
npis = st.integers(0, 99_999_999).map(npi)
days = st.dates(date(2000, 1, 1), date(2026, 12, 31))
cents = st.integers(1, 10**8)
addresses = st.builds(
    Address, names, st.just("") | names, st.sampled_from(["SPRINGFIELD", "ST PAUL"]), st.sampled_from(["IL", "MN"]),
    st.sampled_from(["62701", "627010001"]),
)  # fmt: skip
references = st.builds(Reference, st.sampled_from(["G2"]), controls)
people = st.builds(Party, st.just("IL"), st.just("1"), names, names, st.just("") | names.map(lambda t: t[:25].strip()))
reasons = st.sampled_from(["1", "2", "3", "16", "45", "50", "96", "97"])


@st.composite
def provider(draw: Any, role: str, *, with_taxonomy: bool = False) -> Provider:
    who = Party(role, "1", draw(names), draw(names), id_qualifier="XX", id=draw(npis))
    taxonomy = draw(st.sampled_from(["", "207Q00000X"])) if with_taxonomy else ""
    return Provider(who, taxonomy, references=tuple(draw(st.lists(references, max_size=1))))


@st.composite
def subscriber(draw: Any, *, is_patient: bool) -> Subscriber:
    person = replace(draw(people), id_qualifier="MI", id=draw(controls.filter(lambda t: len(t) > 1)))
    payer = Payer(Party("PR", "2", draw(names), id_qualifier="PI", id=draw(controls.filter(lambda t: len(t) > 1))))
    relationship, address, born, sex = ("18", draw(addresses), draw(days), draw(st.sampled_from("FMU")))
    if not is_patient:
        relationship, address, born, sex = "", None, None, ""
    return Subscriber(
        person, payer, "P", relationship, draw(st.just("") | controls), filing_indicator="CI", address=address,
        birth_date=born, sex=sex,
    )  # fmt: skip


@st.composite
def lines(draw: Any, diagnoses: int, other_payer: str) -> tuple[ServiceLine, ...]:
    found = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        charge = draw(cents)
        pointers = tuple(draw(st.lists(st.integers(1, diagnoses), min_size=1, max_size=4, unique=True)))
        adjudications: tuple[LineAdjudication, ...] = ()
        if other_payer:
            cut = draw(st.integers(0, charge))
            adjusted = (Adjustment("CO", draw(reasons), cut),) if cut else ()
            done = LineAdjudication(
                other_payer,
                charge - cut,
                Procedure("HC", "99213"),
                Decimal(1),
                adjustments=adjusted,
                paid_on=draw(days),
            )
            adjudications = (done,)
        start = draw(days)
        dated = draw(st.sampled_from([Dated("472", start), Dated("472", start, start)]))
        found.append(
            line(
                charge, draw(st.sampled_from(["99213", "36415", "J1100"])), number, pointers=pointers, dates=(dated,),
                quantity=draw(st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(100)])),
                references=tuple(Reference("6R", c) for c in draw(st.lists(controls, max_size=1))),
                adjudications=adjudications, emergency=draw(st.sampled_from(["", "Y"])),
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def claims(draw: Any) -> Claim:
    """One claim under BILLING: subscriber or dependant, any frequency, with and without another payer."""
    dependant = draw(st.booleans())
    count = draw(st.integers(1, 12))
    codes = tuple(Diagnosis("ABK" if at == 0 else "ABF", "E119") for at in range(count))
    other = draw(st.sampled_from(["", "OTHER01"]))
    frequency = draw(st.sampled_from("178"))
    known = [Reference("F8", draw(controls))] if frequency != "1" else []
    known += [Reference("G1", c) for c in draw(st.lists(controls, max_size=1))]
    roles: list[Callable[[], Any]] = [lambda: provider("82", with_taxonomy=True), lambda: provider("DN")]
    chosen = tuple(draw(make()) for make in draw(st.lists(st.sampled_from(roles), max_size=2, unique=True)))
    rows = draw(lines(count, other))
    return Claim(
        control=draw(controls),
        charge_cents=sum(one.charge_cents for one in rows),
        billing=BILLING,
        subscriber=draw(subscriber(is_patient=not dependant)),
        patient=replace(CHILD, address=draw(addresses), birth_date=draw(days)) if dependant else None,
        frequency=frequency,
        references=tuple(known),
        notes=tuple(Note("ADD", text) for text in draw(st.lists(names, max_size=1))),
        diagnoses=codes,
        providers=chosen,
        other_payers=(_other_payer(other, rows),) if other else (),
        lines=rows,
    )


def _other_payer(payer_id: str, rows: tuple[ServiceLine, ...]) -> OtherPayer:
    paid = sum(done.paid_cents for row in rows for done in row.adjudications)
    return OtherPayer(
        Party("IL", "1", "SAMPLE", "CASEY", id_qualifier="MI", id="MBRPRIM1"),
        Payer(Party("PR", "2", "OTHER PLAN", id_qualifier="PI", id=payer_id), references=(Reference("F8", "ICN1"),)),
        filing_indicator="CI",
        amounts=(Amount("D", paid),),
    )


@st.composite
def services(draw: Any, sign: int) -> ServicePayment:
    charge = draw(cents)
    left = charge
    adjusted: list[Adjustment] = []
    for group in draw(st.lists(st.sampled_from(["CO", "OA", "PI", "PR"]), max_size=3, unique=True)):
        for reason in draw(st.lists(reasons, min_size=1, max_size=3, unique=True)):
            amount = draw(st.integers(1, max(1, left // 4)))
            left -= amount
            adjusted.append(Adjustment(group, reason, sign * amount, draw(st.sampled_from([None, Decimal(2)]))))
    remarks = tuple(Remark("HE", code) for code in draw(st.lists(st.sampled_from(["M127", "N382"]), max_size=2)))
    return payment(sign * charge, sign * left, *adjusted, remarks=remarks)


@st.composite
def remittances(draw: Any) -> Remittance:
    """A balanced 835: paid, denied, reversed claims and provider adjustments."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        sign = draw(st.sampled_from([1, 1, -1]))
        rows = draw(st.lists(services(sign), min_size=1, max_size=4))
        status = "22" if sign < 0 else draw(st.sampled_from(["1", "2", "4", "19"]))
        found.append(paid_claim(f"PCN{number}", *rows, status=status))
    total = sum(c.paid_cents for c in found)
    plb = [ProviderAdjustment(npi(1), date(2026, 12, 31), "WO", draw(controls), min(total, 0))] if total < 0 else []
    for _ in range(draw(st.integers(0, 8))):
        plb.append(ProviderAdjustment(npi(1), date(2026, 12, 31), "L6", "", -draw(cents)))
    return remittance(*found, plb=tuple(plb))
