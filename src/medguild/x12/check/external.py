"""Elements whose values come from outside of the guides (SNIP type 5): check digits, forms, public code lists.

What another party sent us in an 835 is only warned about: nobody can correct it here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from medguild.x12 import codes
from medguild.x12.errors import IssueLog
from medguild.x12.tokens import Segment

UNITED_STATES = ("", "US", "USA")
ZIP = re.compile(r"\d{5}(\d{4})?")
TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
TAX_ID = re.compile(r"\d{9}")
NDC = re.compile(r"\d{11}")
ICD10 = re.compile(r"[A-TV-Z]\d[0-9A-Z][0-9A-Z]{0,4}|U\d[0-9A-Z][0-9A-Z]{0,4}")
ICD10_LISTS = frozenset(("ABK", "ABF", "ABJ", "APR", "ABN"))
FULL_ZIP = 9
BILLING = "2010AA"
LAST_REASON = 18  # behind CAS17
RECEIVED = "835"
TAX_NUMBERS = ("EI", "TJ")
REMARKS_AT = {"LQ": (2,), "MOA": (3, 4, 5, 6, 7), "MIA": (5, 20, 21, 22, 23)}

Check = Callable[["ExternalCheck", Segment, int, str], None]


@lru_cache(maxsize=4096)
def luhn_npi(text: str) -> bool:
    """The check digit of an NPI: Luhn over 80840 and the ten digits."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()):
        return False
    total = 24  # what the prefix 80840 adds
    for at, character in enumerate(reversed(text)):
        digit = int(character)
        if at % 2:
            digit = digit * 2 - 9 * (digit > 4)
        total += digit
    return total % 10 == 0


class ExternalCheck:
    """One per transaction."""

    def __init__(self, log: IssueLog, kind: str, component: str, repetition: str = "") -> None:
        self._log = log
        self._kind = kind
        self._component = component
        self._repetition = repetition
        self._suffix = ".received" if kind == RECEIVED else ""

    def _say(self, rule: str, segment: Segment, element: int, position: int, loop: str, text: str) -> None:
        place = f"{segment[0]}{element:02d}"
        said = f"{place} {text}"
        self._log.add(rule + self._suffix, said, position=position, segment=segment[0], loop=loop, element=place)

    def name(self, segment: Segment, position: int, loop: str) -> None:
        """NM108/NM109, N103/N104."""
        at = 8 if segment[0] == "NM1" else 3
        if len(segment) > at + 1 and segment[at] == "XX" and not luhn_npi(segment[at + 1]):
            text = "is no NPI: it needs ten digits and a right check digit. Look it up in NPPES."
            self._say("npi.check", segment, at + 1, position, loop, text)

    def place(self, segment: Segment, position: int, loop: str) -> None:
        """N402 and N403, inside the United States."""
        state, postal, country = ((*segment, "", "", "", "")[at] for at in (2, 3, 4))
        if country not in UNITED_STATES:
            return
        if state and not codes.counts(codes.STATES, state):
            self._say("code.state", segment, 2, position, loop, "is no state or province. Use the two letters.")
        if postal and state and not ZIP.fullmatch(postal) and not postal[0].isalpha():
            self._say("code.zip", segment, 3, position, loop, "is no ZIP code: five or nine digits, without a dash.")
        elif loop == BILLING and len(postal) != FULL_ZIP:
            rule = "code.zip-billing" if self._kind == "837I" else "code.zip-full"
            self._say(rule, segment, 3, position, loop, "needs all nine digits of the billing provider's ZIP code.")

    def reference(self, segment: Segment, position: int, loop: str) -> None:
        """REF*EI and REF*TJ."""
        if len(segment) > 2 and segment[1] in TAX_NUMBERS and not TAX_ID.fullmatch(segment[2].replace("-", "")):
            self._say("code.tax-id", segment, 2, position, loop, "is no tax number: it has nine digits.")

    def provider(self, segment: Segment, position: int, loop: str) -> None:
        """PRV03."""
        if len(segment) > 3 and segment[2] == "PXC" and not TAXONOMY.fullmatch(segment[3]):
            text = "is no taxonomy code: ten characters, the last an X. Look it up in NPPES."
            self._say("code.taxonomy", segment, 3, position, loop, text)

    def adjustment(self, segment: Segment, position: int, loop: str) -> None:
        """CAS02, 05, 08, 11, 14, 17."""
        for at in range(2, min(len(segment), LAST_REASON), 3):
            if segment[at] and not codes.counts(codes.REASONS, segment[at]):
                text = "is no adjustment reason of the list that is loaded. Check it, or load a newer list."
                self._say("code.reason", segment, at, position, loop, text)

    def claim(self, segment: Segment, position: int, loop: str) -> None:
        """CLM05-1 of a professional claim."""
        parts = (segment[5] if len(segment) > 5 else "").split(self._component)
        if parts[0] and parts[1:2] == ["B"] and not codes.counts(codes.PLACES, parts[0]):
            self._say("code.place", segment, 5, position, loop, "is no place of service. Choose one of the list.")

    def service(self, segment: Segment, position: int, loop: str) -> None:
        """SV105."""
        place = segment[5] if len(segment) > 5 else ""
        if place and not codes.counts(codes.PLACES, place):
            self._say("code.place", segment, 5, position, loop, "is no place of service. Choose one of the list.")

    def drug(self, segment: Segment, position: int, loop: str) -> None:
        """LIN03."""
        if len(segment) > 3 and segment[2] == "N4" and not NDC.fullmatch(segment[3]):
            text = "is no drug code in the form 5-4-2: eleven digits, without dashes."
            self._say("code.ndc", segment, 3, position, loop, text)

    def diagnosis(self, segment: Segment, position: int, loop: str) -> None:
        """HI: the form of ICD-10-CM codes."""
        for at, element in enumerate(segment[1:], start=1):
            parts = element.split(self._component)
            if parts[0] in ICD10_LISTS and not ICD10.fullmatch(parts[1] if len(parts) > 1 else ""):
                text = "is no ICD-10-CM code: a letter, a digit, three to seven characters, without the point."
                self._say("code.icd10", segment, at, position, loop, text)

    def status(self, segment: Segment, position: int, loop: str) -> None:
        """STC01, STC10, STC11: category and status."""
        for at in (1, 10, 11):
            category, status, *_ = [*(segment[at] if at < len(segment) else "").split(self._component), ""]
            if category and not codes.counts(codes.STATUS_CATEGORIES, category):
                self._say("code.status", segment, at, position, loop, "is no status category of the list.")
            if status and not codes.may_count(codes.STATUS_CODES, status):
                text = "names a claim status that is not on the list. Ask the payer what it means."
                self._say("code.status-code", segment, at, position, loop, text)

    def remark(self, segment: Segment, position: int, loop: str) -> None:
        """LQ02, MOA03 to MOA07, MIA05 and MIA20 to MIA23."""
        if segment[0] == "LQ" and segment[1:2] != ["HE"]:
            return
        for at in REMARKS_AT[segment[0]]:
            code = segment[at] if at < len(segment) else ""
            if code and not codes.may_count(codes.REMARKS, code):
                text = "is no remark code of the list. Ask the payer what it means."
                self._say("code.remark", segment, at, position, loop, text)

    def service_type(self, segment: Segment, position: int, loop: str) -> None:
        """EQ01 and EB03, which may hold several."""
        at = 1 if segment[0] == "EQ" else 3
        held = segment[at] if at < len(segment) else ""
        for code in held.split(self._repetition) if self._repetition else (held,):
            if code and not codes.may_count(codes.SERVICE_TYPES, code):
                text = "holds a service type that is not on the list. Choose one of the list."
                self._say("code.service-type", segment, at, position, loop, text)


CHECKS: dict[str, Check] = {
    "NM1": ExternalCheck.name,
    "N1": ExternalCheck.name,
    "N4": ExternalCheck.place,
    "REF": ExternalCheck.reference,
    "PRV": ExternalCheck.provider,
    "CAS": ExternalCheck.adjustment,
    "CLM": ExternalCheck.claim,
    "SV1": ExternalCheck.service,
    "LIN": ExternalCheck.drug,
    "HI": ExternalCheck.diagnosis,
    "STC": ExternalCheck.status,
    "LQ": ExternalCheck.remark,
    "MOA": ExternalCheck.remark,
    "MIA": ExternalCheck.remark,
    "EQ": ExternalCheck.service_type,
    "EB": ExternalCheck.service_type,
}


def check_of(name: str, code: str) -> Check | None:
    """What looks at segments of this name, told apart by this code (empty: any)."""
    if name == "REF" and code and code not in TAX_NUMBERS:
        return None
    return CHECKS.get(name)
