"""The first set of edits: what would make a payer reject the claim, found before it leaves. Pure.

Each finding names a rule; the words and the place to mend it are in `words.py`. Facts that need the database (is the
diagnosis valid, is there another claim) come in as answers.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from medguild.foundation.kernel.ids import valid_ein, valid_npi
from medguild.revenue.claims.rules import MOST_DIAGNOSES, MOST_LINES, Frequency

_ZIP = re.compile(r"^[0-9]{5}([0-9]{4})?$")
_STATE = re.compile(r"^[A-Z]{2}$")
_POS = re.compile(r"^[0-9]{2}$")


class Severity(enum.StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Place(enum.StrEnum):
    """Where the fault is mended."""

    PATIENT = "patient"
    COVERAGE = "coverage"
    CLINICIAN = "clinician"
    BILLING = "billing"
    CHARGE = "charge"
    SITE = "site"
    PAYER = "payer"
    REMOTE_RULE = "remote_rule"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A subscriber or patient as the claim would name them."""

    family_name: str
    given_name: str
    birth_date: dt.date | None
    sex: str
    line1: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class LineFacts:
    number: int
    code: str
    modifiers: tuple[str, ...]
    units: int
    amount: int
    pointers: tuple[int, ...]
    service_date: dt.date
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class RemoteFacts:
    """A visit by video or phone. `paid` is None where nobody knows how the payer wants it billed.

    `home_assumed`: the claim says so, and nobody said where the patient was; `place_differs`: another place than
    was said. `full_lines` have no room for the modifiers that the payer asks for.
    """

    paid: bool | None
    home_assumed: bool = False
    place_differs: bool = False
    full_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Everything the edits look at. `bad_diagnoses` are codes that the code set of the day refuses."""

    frequency: str
    original_payer_control: str
    member_id: str
    subscriber: PersonFacts
    patient: PersonFacts
    patient_is_subscriber: bool
    coverage_holds: bool
    payer_id: str
    billing_npi: str
    billing_tin: str
    billing_postal_code: str
    billing_taxonomy: str
    rendering_npi: str
    referring_npi: str
    place_of_service: str
    diagnoses: tuple[str, ...]
    bad_diagnoses: tuple[str, ...]
    lines: tuple[LineFacts, ...]
    remote: RemoteFacts | None = None
    today: dt.date = field(default=dt.date.max)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an edit found. `line` is the service line's number; `detail` a code, never a name."""

    rule: str
    severity: Severity
    place: Place
    line: int | None = None
    detail: str = ""


Edit = Callable[[ClaimFacts], Iterator[Finding]]
_EDITS: list[Edit] = []


def edit(function: Edit) -> Edit:
    _EDITS.append(function)
    return function


def check(claim: ClaimFacts) -> list[Finding]:
    """All findings, errors first, in the order of the edits."""
    found = [finding for one in _EDITS for finding in one(claim)]
    return sorted(found, key=lambda finding: finding.severity is not Severity.ERROR)


def clean(findings: Sequence[Finding]) -> bool:
    """A claim may be sent when no finding is an error."""
    return not any(finding.severity is Severity.ERROR for finding in findings)


def _error(rule: str, place: Place, line: int | None = None, detail: str = "") -> Finding:
    return Finding(rule, Severity.ERROR, place, line, detail)


def _warning(rule: str, place: Place, line: int | None = None, detail: str = "") -> Finding:
    return Finding(rule, Severity.WARNING, place, line, detail)


@edit
def numbers_of_providers(claim: ClaimFacts) -> Iterator[Finding]:
    """NPIs have ten digits and a right check digit; the tax id has nine (X12 837P 2010AA, 2310)."""
    if not valid_npi(claim.billing_npi):
        yield _error("billing_npi_invalid", Place.BILLING)
    if not valid_ein(claim.billing_tin):
        yield _error("billing_tin_invalid", Place.BILLING)
    if not re.fullmatch(r"[0-9]{9}", claim.billing_postal_code):
        yield _error("billing_zip_nine_digits", Place.BILLING)
    if not valid_npi(claim.rendering_npi):
        yield _error("rendering_npi_invalid", Place.CLINICIAN)
    if claim.referring_npi and not valid_npi(claim.referring_npi):
        yield _error("referring_npi_invalid", Place.CHARGE)


@edit
def cover(claim: ClaimFacts) -> Iterator[Finding]:
    if not claim.member_id.strip():
        yield _error("member_id_missing", Place.COVERAGE)
    if not claim.coverage_holds:
        yield _error("not_covered_on_date", Place.COVERAGE)
    if not claim.payer_id:
        yield _error("payer_id_missing", Place.PAYER)


@edit
def persons(claim: ClaimFacts) -> Iterator[Finding]:
    """The subscriber's address and birth date are needed when they are the patient; the patient's always."""
    yield from _person(claim.patient, Place.PATIENT, "patient")
    if not claim.patient_is_subscriber:
        yield from _names(claim.subscriber, Place.COVERAGE, "subscriber")


def _names(person: PersonFacts, place: Place, who: str) -> Iterator[Finding]:
    if not person.family_name.strip() or not person.given_name.strip():
        yield _error(f"{who}_name_missing", place)


def _person(person: PersonFacts, place: Place, who: str) -> Iterator[Finding]:
    yield from _names(person, place, who)
    if person.birth_date is None:
        yield _error(f"{who}_birth_date_missing", place)
    if not (person.line1.strip() and person.city.strip() and _STATE.match(person.state)):
        yield _error(f"{who}_address_missing", place)
    elif not _ZIP.match(person.postal_code):
        yield _error(f"{who}_zip_invalid", place)
    if person.sex not in ("F", "M"):
        yield _warning(f"{who}_sex_unknown", place)


@edit
def diagnoses(claim: ClaimFacts) -> Iterator[Finding]:
    if not claim.diagnoses:
        yield _error("diagnosis_missing", Place.CHARGE)
    if len(claim.diagnoses) > MOST_DIAGNOSES:
        yield _error("too_many_diagnoses", Place.CHARGE)
    for code in claim.bad_diagnoses:
        yield _error("diagnosis_not_valid_on_date", Place.CHARGE, detail=code)


@edit
def lines(claim: ClaimFacts) -> Iterator[Finding]:
    if not claim.lines:
        yield _error("no_lines", Place.CHARGE)
    if len(claim.lines) > MOST_LINES:
        yield _error("too_many_lines", Place.CHARGE)
    for line in claim.lines:
        yield from _line(claim, line)


def _line(claim: ClaimFacts, line: LineFacts) -> Iterator[Finding]:
    if not line.pointers:
        yield _error("pointer_missing", Place.CHARGE, line.number)
    elif not all(1 <= pointer <= len(claim.diagnoses) for pointer in line.pointers):
        yield _error("pointer_to_nothing", Place.CHARGE, line.number)
    if line.amount <= 0:
        yield _error("line_without_fee", Place.CHARGE, line.number, line.code)
    if line.service_date > claim.today:
        yield _error("service_in_future", Place.CHARGE, line.number)
    if line.duplicate_of:
        yield _error("duplicate_service", Place.CHARGE, line.number, line.duplicate_of)


@edit
def place(claim: ClaimFacts) -> Iterator[Finding]:
    if not _POS.match(claim.place_of_service):
        yield _error("place_of_service_invalid", Place.SITE)


@edit
def remote_visit(claim: ClaimFacts) -> Iterator[Finding]:
    """By video or phone the payer's rule sets the place and the modifiers; without one the claim would say the site.

    A void says what was sent, whatever the rule is now: it is the way out of what the payer does not pay.
    """
    if claim.remote is None or claim.frequency == Frequency.VOID:
        return
    if claim.remote.paid is None:
        yield _error("remote_rule_missing", Place.REMOTE_RULE)
    elif not claim.remote.paid:
        yield _error("remote_not_paid", Place.REMOTE_RULE)
    else:
        yield from _as_asked(claim.remote)


def _as_asked(remote: RemoteFacts) -> Iterator[Finding]:
    if remote.home_assumed:
        yield _warning("patient_place_assumed", Place.CHARGE)
    if remote.place_differs:
        yield _warning("patient_place_differs", Place.CHARGE)
    for line in remote.full_lines:
        yield _warning("remote_modifiers_full", Place.CHARGE, line)


@edit
def replacement(claim: ClaimFacts) -> Iterator[Finding]:
    """Frequency 7 and 8 without the payer's own claim number would silently file a new claim."""
    if claim.frequency != Frequency.ORIGINAL and not claim.original_payer_control:
        yield _error("payer_control_missing", Place.PAYER)
