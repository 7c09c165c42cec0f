"""What became of one visit's money, as plain objects: the later steps turn them into rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from medguild.demo.flow import Seen
from medguild.demo.money.clinical import Findings
from medguild.revenue.remittances.posting_rules import Adjusted


@dataclass(slots=True)
class Service:
    """A service of a note, its charge, and its line on the claim."""

    id: UUID
    charge_id: UUID
    line_id: UUID
    code: str
    pointers: tuple[int, ...]
    diagnoses: tuple[str, ...]
    amount: int
    allowed: int


@dataclass(slots=True)
class Said:
    """What a payer said of one line: charge = paid + adjustments."""

    service: Service
    charge: int
    paid: int
    adjustments: tuple[Adjusted, ...]
    remarks: tuple[str, ...] = ()

    @property
    def denied(self) -> int:
        return sum(one.amount for one in self.adjustments if one.denial)

    @property
    def patient_share(self) -> int:
        return sum(one.amount for one in self.adjustments if one.effect == "patient" and not one.denial)


@dataclass(slots=True)
class Answer:
    """One CLP: a decision of a payer, paid on a day and posted later. `status` is CLP02."""

    id: UUID
    status: str
    control: str
    paid_on: dt.date
    posted_at: dt.datetime
    said: tuple[Said, ...]
    first: bool = False

    @property
    def paid(self) -> int:
        return sum(one.paid for one in self.said)

    @property
    def denied(self) -> int:
        return sum(one.denied for one in self.said)

    @property
    def patient_share(self) -> int:
        return sum(one.patient_share for one in self.said)


@dataclass(slots=True)
class Story:
    """From the note to the last word of the payer. Dates that had not come yet at the end of history are None."""

    seen: Seen
    day: dt.date
    note_id: UUID
    findings: Findings
    services: list[Service]
    signed_at: dt.datetime | None = None
    claim_id: UUID | None = None
    created_at: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    number: str = ""
    answers: list[Answer] = field(default_factory=list)
    outcome: str = ""  # how what was refused ended, and when
    decided_at: dt.datetime | None = None

    @property
    def amount(self) -> int:
        return sum(one.amount for one in self.services)

    @property
    def refused(self) -> list[Said]:
        """What the first answer refused."""
        return [said for said in self.answers[0].said if said.denied] if self.answers else []
