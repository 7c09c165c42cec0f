"""Records that several transactions share. Money is integer cents, dates are `date`, absent text is ``""``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason of a CAS segment. A positive amount lowers the payment."""

    group: str
    reason: str
    amount_cents: int
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """REF: qualifier, value, description (REF03), and the other payer it belongs to (REF04)."""

    qualifier: str
    value: str
    description: str = ""
    payer_id: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """DTM or DTP. end is set for a range (RD8); text and form keep a value that is no plain date (a time, a typo)."""

    qualifier: str
    start: date | None
    end: date | None = None
    text: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """AMT: qualifier and cents. Informational; never part of a balance."""

    qualifier: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """QTY: qualifier and value."""

    qualifier: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Address:
    """N3 and N4. country is ISO 3166 when not the United States, subdivision its part (N407)."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """PER: function, name, and up to three numbers as (qualifier, number): TE, EX, FX, EM, UR."""

    function: str
    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """NM1: who, in which role. kind is "1" for a person, "2" for an organisation (then last is its whole name).

    prefix is NM106, relationship NM110; claims and remittances use neither.
    """

    role: str
    kind: str = "1"
    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    id: str = ""
    prefix: str = ""
    relationship: str = ""

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

    qualifier: str
    code: str
    modifiers: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """LQ: code list (HE for remark codes, RX for pharmacy) and code."""

    qualifier: str
    code: str
