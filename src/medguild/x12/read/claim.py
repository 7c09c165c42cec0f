"""Reads 837 transactions, professional and institutional: the header at once, then one claim after the other.

Every claim has its whole context:

for transaction in claim_transactions(stream):
    transaction.header
    for claim in transaction: ...       # a subscriber's and a dependant's claims alike
    transaction.balance, transaction.issues
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from medguild.x12.balance import ClaimBalance
from medguild.x12.check.claims import check_claim
from medguild.x12.check.partners import PartnerRules
from medguild.x12.check.places import Claimed
from medguild.x12.envelope import TransactionSet
from medguild.x12.errors import IssueLog
from medguild.x12.read.claim_body import read_claim
from medguild.x12.read.claim_parties import read_billing, read_header, read_patient, read_subscriber
from medguild.x12.read.elements import PAD, Context
from medguild.x12.records.claim import (
    BillingProvider,
    Claim,
    ClaimHeader,
    ClaimTransaction,
    Patient,
    Payer,
    Subscriber,
)
from medguild.x12.records.common import Party
from medguild.x12.tokens import Segment

BODY_NAMES = frozenset(
    "ST BHT NM1 N2 N3 N4 PER PRV CUR REF SBR PAT DMG DTP PWK CN1 AMT K3 NTE CR1 CR2 CR3 CRC HI HCP CAS OI MOA MIA "
    "LX SV1 SV2 SV5 CL1 QTY MEA PS1 LIN CTP SVD LQ FRM".split()
)
MAX_BLOCK = 100_000
HL_LENGTH = 5
BILLING, SUBSCRIBER, PATIENT = "20", "22", "23"
ABOVE = {SUBSCRIBER: BILLING, PATIENT: SUBSCRIBER}
BELOW = {BILLING: (SUBSCRIBER, PATIENT), SUBSCRIBER: (PATIENT,), PATIENT: ()}
LOOPS = {BILLING: "2000A", SUBSCRIBER: "2000B", PATIENT: "2000C"}
NOBODY = Party("")

Follow = Callable[[Iterable[Segment]], Iterator[Segment]]


class ClaimReader:
    """One 837P or 837I transaction. Iterate once; balance and issues are complete afterwards."""

    def __init__(
        self, transaction: TransactionSet, follow: Follow | None = None, partners: PartnerRules | None = None
    ) -> None:
        """With follow, the claims are checked against guide and situational rules; partners are payers' own rules."""
        self._partners = partners
        delimiters = transaction.interchange.delimiters
        self.transaction = transaction
        self._institutional = transaction.kind == "837I"
        self.balance = ClaimBalance(transaction.issues)
        self._context = Context(transaction.issues, delimiters.component, guided=follow is not None)
        self._source = follow(transaction) if follow else iter(transaction)
        self._levels = _Levels(self._context)
        self._billing = BillingProvider(NOBODY)
        self._subscriber = Subscriber(NOBODY, Payer(NOBODY))
        self._patient: Patient | None = None
        self._above: dict[str, tuple[int, list[Segment]]] = {}
        self._next: Segment | None = None
        self._position = 0
        block: list[Segment] = []
        for segment in self._source:
            self._position += 1
            if segment[0] not in BODY_NAMES:
                self._next = segment
                break
            block.append(segment)
        self.header: ClaimHeader = read_header(self._context, block)

    @property
    def issues(self) -> IssueLog:
        return self.transaction.issues

    def read(self) -> ClaimTransaction:
        """The whole transaction in memory."""
        return ClaimTransaction(self.header, tuple(self))

    def __iter__(self) -> Iterator[Claim]:
        body_names = BODY_NAMES
        block: list[Segment] = []
        start = self._position
        for position, segment in enumerate(self._rest(), self._position):
            name = segment[0]
            if name in body_names:
                if position - start < MAX_BLOCK:
                    block.append(segment)
                    continue
                name = ""
            if name == "CLM" or name == "HL" or name == "SE":
                if block and (claim := self._finish(block, start)):
                    yield claim
                block, start = [segment], position
            else:
                text = f"{segment[0][:3]} is no segment of an 837. The file was damaged or mixed up."
                self._context.lost("segment.unexpected", segment, position, "", text)
                if block:
                    block.append([""])  # keeps positions right
        if block and (claim := self._finish(block, start)):
            yield claim
        self._levels.finish()
        self.balance.broken |= self._context.unread

    def _rest(self) -> Iterable[Segment]:
        return chain((self._next,), self._source) if self._next is not None else ()

    def _finish(self, block: list[Segment], start: int) -> Claim | None:
        """A block begins with CLM or HL and runs to the next of them."""
        if block[0][0] == "HL":
            self._level(block, start)
            return None
        if block[0][0] != "CLM":
            return None
        claim = read_claim(
            self._context,
            block,
            start,
            self._billing,
            self._subscriber,
            self._patient,
            institutional=self._institutional,
        )
        if self._levels.kind not in (SUBSCRIBER, PATIENT):
            text = "The claim stands outside of a subscriber or patient level (HL 22 or 23)."
            self._context.lost("837.lost", block[0], start, "2300", text)
        self.balance.add(claim)
        if self._context.guided:
            check_claim(claim, self._context.log, Claimed(self.transaction.kind, start, block, self._above))
        if self._partners:
            self._partners.check(claim, self._context.log)
        return claim

    def _level(self, block: list[Segment], start: int) -> None:
        kind = self._levels.enter(block[0], start)
        if kind not in BELOW:
            return
        for lower in BELOW[kind]:
            self._above.pop(lower, None)
        self._above[kind] = (start, block)
        if kind == BILLING:
            self._billing = read_billing(self._context, block, start)
            self._subscriber = Subscriber(NOBODY, Payer(NOBODY))
            self._patient = None
        elif kind == SUBSCRIBER:
            self._subscriber = read_subscriber(self._context, block, start)
            self._patient = None
        else:
            self._patient = read_patient(self._context, block, start)


class _Levels:
    """HL numbering and parents. Ids restart per transaction; only the open path is remembered."""

    def __init__(self, context: Context) -> None:
        self.kind = ""
        self._context = context
        self._count = 0
        self._open: dict[str, tuple[str, str]] = {}  # kind -> (id, HL04)
        self._waiting: tuple[int, str] | None = None  # a level that promised children and has none yet

    def enter(self, hl: Segment, position: int) -> str:
        _, number, parent, kind, children = hl if len(hl) == HL_LENGTH else (hl + PAD)[:HL_LENGTH]
        self._count += 1
        if number != str(self._count):
            text = f"HL01 is {number[:6] or 'empty'}, expected {self._count}. Number the levels 1, 2, 3."
            self._say("hl.number", text, position, "HL01", kind)
        if kind not in BELOW:
            text = (
                f"HL03 is {kind[:4] or 'empty'}; an 837 knows 20 (billing provider), 22 (subscriber) and 23 (patient)."
            )
            self._say("hl.level", text, position, "HL03", kind)
            self.kind = kind
            return kind
        self._parent(kind, parent, position)
        self._children(kind, position)
        for lower in BELOW[kind]:
            self._open.pop(lower, None)
        self._open[kind] = (number, children)
        self._waiting = (position, kind) if children == "1" else None
        self.kind = kind
        return kind

    def _parent(self, kind: str, parent: str, position: int) -> None:
        above = self._open.get(ABOVE.get(kind, ""))
        if kind == BILLING:
            if parent:
                text = f"A billing provider level has no parent, HL02 is {parent[:6]}. Leave it empty."
                self._say("hl.parent", text, position, "HL02", kind)
        elif above is None or parent != above[0]:
            text = f"HL02 names parent {parent[:6] or 'nothing'}, which is not the open level above. Correct HL02."
            self._say("hl.parent", text, position, "HL02", kind)

    def _children(self, kind: str, position: int) -> None:
        above = self._open.get(ABOVE.get(kind, ""))
        if above is not None and above[1] == "0":
            text = "The level above says that it has no children (HL04 is 0). Say 1 there."
            self._say("hl.child", text, position, "HL04", kind)
        if self._waiting and kind <= self._waiting[1]:
            self._childless(*self._waiting)

    def finish(self) -> None:
        if self._waiting:
            self._childless(*self._waiting)

    def _childless(self, position: int, kind: str) -> None:
        self._say("hl.child", "HL04 is 1, but no lower level follows. Say 0, or add the level.", position, "HL04", kind)

    def _say(self, rule: str, text: str, position: int, element: str, kind: str) -> None:
        loop = LOOPS.get(kind, "")
        self._context.log.add(rule, text, position=position, segment="HL", loop=loop, element=element)
