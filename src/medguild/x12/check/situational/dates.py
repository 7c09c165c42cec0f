"""When things happened, and whether that can be."""

from __future__ import annotations

from datetime import date

from medguild.x12.check.situational.rules import claim_rule, line_rule
from medguild.x12.records.claim import Claim, ServiceLine

ACCIDENT, ADMISSION, DISCHARGE, LAST_PERIOD, STATEMENT = "439", "435", "096", "484", "434"
FIRST_BIRTH = date(1890, 1, 1)
INPATIENT = frozenset(("21", "51", "61"))
MEDICARE_B = "MB"
MANIPULATION = frozenset(("98940", "98941", "98942"))


def _has(claim: Claim, qualifier: str) -> bool:
    return any(dated.qualifier == qualifier for dated in claim.dates)


def _day(claim: Claim, qualifier: str) -> date | None:
    return next((dated.start for dated in claim.dates if dated.qualifier == qualifier), None)


def _birth(claim: Claim) -> date | None:
    return claim.patient.birth_date if claim.patient else claim.subscriber.birth_date


@claim_rule(
    "837.accident-date", "error", "2300 CLM11",
    "The claim is for an accident, but has no accident date (DTP*439). Ask the patient and add it.",
    about="related_causes",
)  # fmt: skip
def accident_without_date(claim: Claim) -> bool:
    return any(cause in ("AA", "OA") for cause in claim.related_causes) and not _has(claim, ACCIDENT)


@claim_rule(
    "837.accident-cause", "warning", "2300 DTP03",
    "There is an accident date, but no cause (CLM11). Say whether it was an auto, work or other accident.",
    about="dates",
)  # fmt: skip
def date_without_accident(claim: Claim) -> bool:
    return claim.institutional is None and not claim.related_causes and _has(claim, ACCIDENT)


@claim_rule(
    "837.accident-state", "error", "2300 CLM11-4",
    "An auto accident needs the state where it happened (CLM11-4), or the country if that was abroad (CLM11-5).",
    about="related_causes",
)  # fmt: skip
def auto_accident_without_state(claim: Claim) -> bool:
    return "AA" in claim.related_causes and not claim.accident_state and not claim.accident_country


@claim_rule(
    "837.admission-date", "error", "2300 DTP03",
    "A visit to an inpatient needs the admission date (DTP*435). Ask the hospital and add it.",
)  # fmt: skip
def inpatient_without_admission(claim: Claim) -> bool:
    return claim.institutional is None and claim.place_of_service in INPATIENT and not _has(claim, ADMISSION)


@claim_rule(
    "837.discharge", "error", "2300 DTP03",
    "The patient was discharged before being admitted. Correct the dates (DTP*435, DTP*096).",
    about="dates",
)  # fmt: skip
def discharged_before_admitted(claim: Claim) -> bool:
    admitted, discharged = _day(claim, ADMISSION), _day(claim, DISCHARGE)
    return admitted is not None and discharged is not None and discharged < admitted


@claim_rule(
    "837.range", "error", "2300 DTP03",
    "A period ends before it begins. Correct the dates.",
    about="dates",
)  # fmt: skip
def period_runs_backwards(claim: Claim) -> bool:
    return any(d.start and d.end and d.end < d.start for d in claim.dates)


@claim_rule(
    "837.birth-date", "error", "2010BA DMG02",
    "The patient's birth date cannot be right. Correct it at the patient's record.",
)  # fmt: skip
def birth_date_impossible(claim: Claim) -> bool:
    born = _birth(claim)
    return born is not None and born < FIRST_BIRTH


@claim_rule(
    "837.last-period", "warning", "2300 DTP03",
    "A last menstrual period is given for a male patient. Correct the sex or remove the date.",
    about="dates",
)  # fmt: skip
def last_period_of_a_man(claim: Claim) -> bool:
    sex = claim.patient.sex if claim.patient else claim.subscriber.sex
    return sex == "M" and _has(claim, LAST_PERIOD)


@claim_rule(
    "837.chiropractic", "error", "2300 DTP03",
    "Medicare wants the date of the first treatment (DTP*454) with spinal manipulation. Add it.",
)  # fmt: skip
def manipulation_without_first_treatment(claim: Claim) -> bool:
    if claim.subscriber.filing_indicator != MEDICARE_B or _has(claim, "454"):
        return False
    return any(
        line.procedure.code in MANIPULATION and not any(d.qualifier == "454" for d in line.dates)
        for line in claim.lines
    )


@claim_rule(
    "837.disability", "error", "2300 DTP03",
    "The patient returned to work before the disability began. Correct the dates (DTP*360, DTP*361).",
    about="dates",
)  # fmt: skip
def disability_runs_backwards(claim: Claim) -> bool:
    begun, ended = _day(claim, "360"), _day(claim, "361")
    return begun is not None and ended is not None and ended < begun


@line_rule(
    "837.service-range", "error", "2400 DTP03",
    "The service ends before it begins. Correct the dates of the line.",
)  # fmt: skip
def service_runs_backwards(claim: Claim, line: ServiceLine) -> bool:
    return any(d.start and d.end and d.end < d.start for d in line.dates)


@line_rule(
    "837.before-birth", "error", "2400 DTP03",
    "The service lies before the patient's birth. Correct the service date or the birth date.",
)  # fmt: skip
def service_before_birth(claim: Claim, line: ServiceLine) -> bool:
    served, born = line.service_date, _birth(claim)
    return served is not None and born is not None and served < born


@line_rule(
    "837.before-accident", "error", "2400 DTP03",
    "The service lies before the accident that caused it. Correct one of the two dates.",
)  # fmt: skip
def service_before_accident(claim: Claim, line: ServiceLine) -> bool:
    happened = _day(claim, ACCIDENT)
    served = line.service_date
    return bool(claim.related_causes) and happened is not None and served is not None and served < happened


@line_rule(
    "837.outside-statement", "error", "2400 DTP03",
    "The service lies outside the statement period (DTP*434). Correct the line or the period.",
)  # fmt: skip
def service_outside_statement(claim: Claim, line: ServiceLine) -> bool:
    if claim.institutional is None or line.service_date is None:
        return False
    period = next((d for d in claim.dates if d.qualifier == STATEMENT), None)
    if period is None or period.start is None:
        return False
    return not period.start <= line.service_date <= (period.end or period.start)
