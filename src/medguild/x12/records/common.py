"""Records that several transactions share. Money is integer cents, dates are `date`, absent text is ``""``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason of a CAS segment. A positive amount lowers the payment."""

    group: str  # CAS01
    reason: str  # CAS02
    amount_cents: int  # CAS03
    quantity: Decimal | None = None  # CAS04


@dataclass(frozen=True, slots=True)
class Reference:
    """REF: qualifier, value, description (REF03), and the other payer it belongs to (REF04)."""

    qualifier: str  # REF01
    value: str  # REF02
    description: str = ""  # REF03
    payer_id: str = ""  # REF04-2


@dataclass(frozen=True, slots=True)
class Dated:
    """DTM or DTP. end is set for a range (RD8); text and form keep a value that is no plain date (a time, a typo)."""

    qualifier: str  # DTP01 or DTM01
    start: date | None  # DTP03 or DTM02
    end: date | None = None  # DTP03 of a range
    text: str = ""  # DTP03 or DTM02 as sent
    form: str = ""  # DTP02


@dataclass(frozen=True, slots=True)
class Amount:
    """AMT: qualifier and cents. Informational; never part of a balance."""

    qualifier: str  # AMT01
    amount_cents: int  # AMT02


@dataclass(frozen=True, slots=True)
class Quantity:
    """QTY: qualifier and value."""

    qualifier: str  # QTY01
    value: Decimal  # QTY02


@dataclass(frozen=True, slots=True)
class Address:
    """N3 and N4. country is ISO 3166 when not the United States, subdivision its part (N407)."""

    line1: str = ""  # N301
    line2: str = ""  # N302
    city: str = ""  # N401
    state: str = ""  # N402
    postal_code: str = ""  # N403
    country: str = ""  # N404
    subdivision: str = ""  # N407


@dataclass(frozen=True, slots=True)
class Contact:
    """PER: function, name, and up to three numbers as (qualifier, number): TE, EX, FX, EM, UR."""

    function: str  # PER01
    name: str = ""  # PER02
    numbers: tuple[tuple[str, str], ...] = ()  # PER03 to PER08


@dataclass(frozen=True, slots=True)
class Party:
    """NM1: who, in which role. kind is "1" for a person, "2" for an organisation (then last is its whole name).

    prefix is NM106, relationship NM110; claims and remittances use neither.
    """

    role: str  # NM101
    kind: str = "1"  # NM102
    last: str = ""  # NM103
    first: str = ""  # NM104
    middle: str = ""  # NM105
    suffix: str = ""  # NM107
    id_qualifier: str = ""  # NM108
    id: str = ""  # NM109
    prefix: str = ""  # NM106
    relationship: str = ""  # NM110

    @property
    def npi(self) -> str:
        return self.id if self.id_qualifier == "XX" else ""

    @property
    def is_person(self) -> bool:
        return self.kind == "1"

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first, self.middle, self.last, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A medical procedure composite: qualifier (HC, ER, N4, ...), code, up to four modifiers, description."""

    qualifier: str  # SV101-1, SVC01-1, SVD03-1
    code: str  # SV101-2, SVC01-2, SVD03-2
    modifiers: tuple[str, ...] = ()  # SV101-3 to SV101-6
    description: str = ""  # SV101-7


@dataclass(frozen=True, slots=True)
class Remark:
    """LQ: code list (HE for remark codes, RX for pharmacy) and code."""

    qualifier: str  # LQ01
    code: str  # LQ02
