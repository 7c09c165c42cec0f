"""The header of an 835: ST to the end of loop 1000B."""

from __future__ import annotations

from datetime import date

from medguild.x12.read.elements import PAD, Context, read_address, read_contact, read_reference, trimmed
from medguild.x12.records.common import Address, Contact, Reference
from medguild.x12.records.remittance import RemittanceHeader, RemittanceParty
from medguild.x12.tokens import Segment

HEADER_NAMES = frozenset("ST BPR TRN CUR REF DTM N1 N2 N3 N4 PER RDM".split())


class _Party:
    def __init__(self, n1: Segment) -> None:
        self.n1 = n1 + PAD
        self.n3: Segment = []
        self.n4: Segment = []
        self.references: list[Reference] = []
        self.contacts: list[Contact] = []

    def record(self) -> RemittanceParty:
        address: Address | None = read_address(self.n3, self.n4) if self.n3 or self.n4 else None
        return RemittanceParty(
            self.n1[2], self.n1[3], self.n1[4], address, tuple(self.references), tuple(self.contacts)
        )


class HeaderBlock:
    """Takes the header's segments one by one, then makes the record."""

    def __init__(self, context: Context) -> None:
        self.bpr_position = self.payee_position = 1
        self._context = context
        self._bpr: Segment = PAD
        self._trn: Segment = PAD
        self._cents = 0
        self._paid_on: date | None = None
        self._produced: date | None = None
        self._receiver = self._version = ""
        self._parties: dict[str, _Party] = {}
        self._party: _Party | None = None

    def take(self, segment: Segment, position: int) -> None:
        name = segment[0]
        if name == "BPR":
            self._payment(segment, position)
        elif name == "TRN":
            self._once(self._trn, segment, position)
            self._trn = segment + PAD
        elif name == "N1":
            self._party = _Party(segment)
            self._parties.setdefault(self._party.n1[1], self._party)
            if self._party.n1[1] == "PE":
                self.payee_position = position
        elif name == "REF":
            self._reference(segment)
        elif name == "DTM":
            if segment[1:2] == ["405"]:
                self._produced = self._context.day(segment, 2, position, "HEADER")
        elif self._party is None:
            return
        elif name == "N3":
            self._party.n3 = segment
        elif name == "N4":
            self._party.n4 = segment
        elif name == "PER":
            self._party.contacts.append(read_contact(segment))

    def _payment(self, segment: Segment, position: int) -> None:
        self._once(self._bpr, segment, position)
        self._bpr = segment + PAD
        self.bpr_position = position
        self._cents = self._context.cents(segment, 2, position, "HEADER")
        self._paid_on = self._context.day(segment, 16, position, "HEADER")

    def _once(self, before: Segment, segment: Segment, position: int) -> None:
        if before is not PAD:
            text = f"A second {segment[0]} in one transaction: two remittances are mixed up. Ask for the file again."
            self._context.lost("segment.unexpected", segment, position, "HEADER", text)

    def _reference(self, segment: Segment) -> None:
        reference = read_reference(self._context, segment)
        if self._party is not None:
            self._party.references.append(reference)
        elif reference.qualifier == "EV":
            self._receiver = reference.value
        elif reference.qualifier == "F2":
            self._version = reference.value

    def header(self, control: str) -> RemittanceHeader:
        bpr, trn = self._bpr, self._trn
        if bpr is PAD:
            text = "The payment segment (BPR) is missing: the amount paid is unknown. Ask the payer for the file again."
            self._context.log.add("value.amount", text, position=1, segment="BPR", loop="HEADER", element="BPR02")
            self._context.unread = True
        parties = {role: party.record() for role, party in self._parties.items()}
        return RemittanceHeader(
            control=control,
            handling=bpr[1],
            payment_cents=self._cents,
            credit_debit=bpr[3],
            method=bpr[4],
            payment_date=self._paid_on,
            bank=trimmed(bpr[5:16]),
            trace_number=trn[2],
            trace_payer_id=trn[3],
            trace_supplement=trn[4],
            receiver_id=self._receiver,
            version_id=self._version,
            production_date=self._produced,
            payer=parties.get("PR", RemittanceParty()),
            payee=parties.get("PE", RemittanceParty()),
        )
