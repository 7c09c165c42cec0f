"""Diagnoses, procedures, units, and what must go with some of them."""

from __future__ import annotations

from datetime import date

from medguild.x12.check.situational.rules import claim_rule, line_rule
from medguild.x12.records.claim import Claim, ServiceLine

ICD10_FROM = date(2015, 10, 1)
ICD10, ICD9 = frozenset(("ABK", "ABF")), frozenset(("BK", "BF"))
EXTERNAL_CAUSES = ("V", "W", "X", "Y")
PAYER_NUMBER_LIMIT = 20  # payers need to return no more of CLM01
AMBULANCE_PLACES = frozenset(("41", "42"))
ANESTHESIA = (100, 1999)
EPSDT_PROGRAM = "01"
CLIA_LABORATORY = "81"
MEDICARE_B = "MB"
# procedures "not otherwise classified" of HCPCS level II (CMS, public): they say nothing without a description
UNCLASSIFIED = frozenset(
    "A4641 A4649 A9150 A9279 A9698 A9699 A9999 B9998 B9999 C1849 C9399 E0769 E0770 E1399 J1599 J3490 J3590 J7199 J7599 "
    "J7699 J7799 J7999 J8498 J8499 J8597 J8999 J9999 K0108 K0812 K0898 K0899 L0999 L1499 L2999 L3649 L3999 L5999 L7499 "
    "L8039 L8048 L8499 L8698 L8699 L9900 Q0507 Q0508 Q0509 Q2039 Q4050 Q4051 Q4082 Q4100 T1999 T2025 "
    "T2047 T5999".split()
)


@claim_rule(
    "837.icd-mixed", "error", "2300 HI01",
    "Diagnoses of two code sets stand in one claim. Use ICD-10-CM (ABK, ABF) throughout.",
)  # fmt: skip
def code_sets_mixed(claim: Claim) -> bool:
    used = {d.qualifier for d in claim.diagnoses}
    return bool(used & ICD10) and bool(used & ICD9)


@claim_rule(
    "837.icd-version", "error", "2300 HI01-1",
    "The diagnosis code set does not fit the service date: ICD-10-CM counts from October 2015, ICD-9-CM before.",
)  # fmt: skip
def code_set_of_another_time(claim: Claim) -> bool:
    served = next((line.service_date for line in claim.lines if line.service_date), None)
    if served is None or not claim.diagnoses:
        return False
    return (claim.diagnoses[0].qualifier in ICD10) != (served >= ICD10_FROM)


@claim_rule(
    "837.diagnosis-twice", "error", "2300 HI01-2",
    "A diagnosis stands twice in the claim. Keep one and correct the pointers.",
)  # fmt: skip
def diagnosis_twice(claim: Claim) -> bool:
    codes = [d.code for d in claim.diagnoses]
    return len(codes) != len(set(codes))


@claim_rule(
    "837.external-cause", "error", "2300 HI01-2",
    "The first diagnosis is an external cause. Name the injury or illness first.",
)  # fmt: skip
def external_cause_first(claim: Claim) -> bool:
    return (
        bool(claim.diagnoses)
        and claim.diagnoses[0].qualifier == "ABK"
        and claim.diagnoses[0].code.startswith(EXTERNAL_CAUSES)
    )


@claim_rule(
    "837.control-long", "warning", "2300 CLM01",
    "The claim number has more than 20 characters; payers need not send back more. Use a shorter one.",
)  # fmt: skip
def claim_number_long(claim: Claim) -> bool:
    return len(claim.control) > PAYER_NUMBER_LIMIT


@claim_rule(
    "837.patient-paid", "error", "2300 AMT02",
    "The patient is said to have paid more than was charged. Correct the amount (AMT*F5).",
)  # fmt: skip
def patient_paid_more_than_charged(claim: Claim) -> bool:
    return claim.patient_paid_cents is not None and claim.patient_paid_cents > claim.charge_cents


@claim_rule(
    "837.negative", "error", "2300 CLM02",
    "The charge of the claim is negative. A claim is taken back with frequency 8, not with a negative charge.",
)  # fmt: skip
def charge_negative(claim: Claim) -> bool:
    return claim.charge_cents < 0


@claim_rule(
    "837.ambulance-places", "error", "2310E NM1",
    "An ambulance claim needs where the patient was picked up and brought to (loops 2310E and 2310F). "
    "Add both addresses.",
)  # fmt: skip
def ambulance_without_places(claim: Claim) -> bool:
    if claim.institutional or claim.place_of_service not in AMBULANCE_PLACES:
        return False
    return not (claim.provider("PW") and claim.provider("45"))


@claim_rule(
    "837.ambulance", "error", "2300 CR1",
    "An ambulance claim needs the transport data (CR1). Add weight, reason and distance.",
)  # fmt: skip
def ambulance_without_transport(claim: Claim) -> bool:
    if claim.institutional or claim.place_of_service not in AMBULANCE_PLACES:
        return False
    at_claim = any(segment[0] == "CR1" for segment in claim.other)
    return not at_claim and not any(segment[0] == "CR1" for line in claim.lines for segment in line.other)


@claim_rule(
    "837.line-control", "error", "2400 REF02",
    "Two lines carry the same line number (REF*6R), so the payment of one could be posted to the other. "
    "Number them anew.",
)  # fmt: skip
def line_numbers_twice(claim: Claim) -> bool:
    numbers = [line.line_control for line in claim.lines if line.line_control]
    return len(numbers) != len(set(numbers))


@claim_rule(
    "837.epsdt", "warning", "2300 CRC01",
    "A line is marked as a check-up under EPSDT, but the referral condition (CRC*ZZ) is missing. Add it.",
)  # fmt: skip
def epsdt_without_condition(claim: Claim) -> bool:
    if not any(line.epsdt == "Y" for line in claim.lines):
        return False
    return not any(segment[:2] == ("CRC", "ZZ") for segment in claim.other)


@line_rule(
    "837.pointer", "error", "2400 SV107",
    "A diagnosis pointer points to no diagnosis of the claim. Correct SV107.",
    about="pointers",
)  # fmt: skip
def pointer_to_nothing(claim: Claim, line: ServiceLine) -> bool:
    last = len(claim.diagnoses)
    return any(not 1 <= pointer <= last for pointer in line.pointers)


@line_rule(
    "837.pointer-twice", "error", "2400 SV107",
    "A line points twice to one diagnosis. Keep one pointer.",
    about="pointers",
)  # fmt: skip
def pointer_twice(claim: Claim, line: ServiceLine) -> bool:
    return len(line.pointers) != len(set(line.pointers))


@line_rule(
    "837.units", "error", "2400 SV104",
    "The line has no units, or less than one counts for. Enter how often the service was given.",
)  # fmt: skip
def units_not_positive(claim: Claim, line: ServiceLine) -> bool:
    return line.quantity is not None and line.quantity <= 0


@line_rule(
    "837.line-negative", "error", "2400 SV102",
    "The charge of the line is negative. Correct the charge.",
)  # fmt: skip
def line_charge_negative(claim: Claim, line: ServiceLine) -> bool:
    return line.charge_cents < 0


@line_rule(
    "837.unclassified", "error", "2400 SV101-7",
    "The procedure is not classified, so it needs a description (SV101-7). Say what was done or given.",
)  # fmt: skip
def unclassified_without_description(claim: Claim, line: ServiceLine) -> bool:
    if line.procedure.code not in UNCLASSIFIED or line.procedure.description:
        return False
    return not line.notes and line.drug is None


@line_rule(
    "837.anesthesia", "warning", "2400 SV103",
    "Anaesthesia is billed in minutes (MJ), other services in units (UN). Check the unit.",
)  # fmt: skip
def minutes_without_anesthesia(claim: Claim, line: ServiceLine) -> bool:
    return line.unit == "MJ" and not _is_anesthesia(line.procedure.code)


def _is_anesthesia(code: str) -> bool:
    return len(code) == 5 and code.isdigit() and ANESTHESIA[0] <= int(code) <= ANESTHESIA[1]


@line_rule(
    "837.modifier-twice", "error", "2400 SV101-3",
    "A modifier stands twice on the line. Keep one.",
)  # fmt: skip
def modifier_twice(claim: Claim, line: ServiceLine) -> bool:
    modifiers = line.procedure.modifiers
    return len(modifiers) != len(set(modifiers))


@line_rule(
    "837.line-place", "warning", "2400 SV105",
    "The line repeats the place of service of the claim. Name it here only where it differs.",
    about="place_of_service",
)  # fmt: skip
def line_place_repeats_claim(claim: Claim, line: ServiceLine) -> bool:
    return bool(line.place_of_service) and line.place_of_service == claim.place_of_service


@line_rule(
    "837.drug-quantity", "error", "2410 CTP04",
    "A drug is named without how much was given (CTP). Add quantity and unit.",
    about="drug",
)  # fmt: skip
def drug_without_quantity(claim: Claim, line: ServiceLine) -> bool:
    return line.drug is not None and (line.drug.quantity is None or line.drug.quantity <= 0)


@line_rule(
    "837.clia", "error", "2300 REF02",
    "A laboratory bills Medicare without its CLIA number (REF*X4). Add it.",
)  # fmt: skip
def laboratory_without_clia(claim: Claim, line: ServiceLine) -> bool:
    if claim.subscriber.filing_indicator != MEDICARE_B or claim.place_of_service != CLIA_LABORATORY:
        return False
    return not claim.reference("X4") and not any(r.qualifier == "X4" for r in line.references)
