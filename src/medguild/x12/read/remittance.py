"""Reads 835 transactions: the header at once, then one claim after the other, then the provider adjustments.

for remittance in remittances(stream):
    remittance.header
    for claim in remittance: ...
    remittance.provider_adjustments, remittance.balance, remittance.issues     # once the loop is over
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from medguild.x12.balance import RemittanceBalance
from medguild.x12.check.remittance import check_claim, check_header
from medguild.x12.envelope import TransactionSet
from medguild.x12.errors import IssueLog
from medguild.x12.read.elements import PAD, Context
from medguild.x12.read.remittance_claim import read_claim
from medguild.x12.read.remittance_header import HEADER_NAMES, HeaderBlock
from medguild.x12.records.remittance import (
    ProviderAdjustment,
    ProviderSummary,
    Remittance,
    RemittanceClaim,
    RemittanceHeader,
)
from medguild.x12.tokens import Segment

BODY_NAMES = frozenset(("LX", "TS3", "TS2", "CLP", "CAS", "SVC", "PLB", "SE"))
CLAIM_NAMES = frozenset("CAS DTM SVC NM1 REF AMT LQ QTY MOA MIA PER".split())
REPEATED_HEADER = frozenset(("N1", "N2", "N3", "N4", "RDM"))  # some payers repeat their address under each claim
MAX_BLOCK = 100_000  # segments of one claim; more is a damaged file

Follow = Callable[[Iterable[Segment]], Iterator[Segment]]


class RemittanceReader:
    """One 835 transaction. Iterate once; balance and PLB are complete afterwards.

    follow may wrap the segments, for example to check them against the guide while they pass by.
    """

    def __init__(self, transaction: TransactionSet, follow: Follow | None = None) -> None:
        delimiters = transaction.interchange.delimiters
        self.transaction = transaction
        self.balance = RemittanceBalance(transaction.issues)
        self.provider_adjustments: tuple[ProviderAdjustment, ...] = ()
        self.summaries: tuple[ProviderSummary, ...] = ()
        self._context = Context(transaction.issues, delimiters.component, guided=follow is not None)
        self._source = follow(transaction) if follow else iter(transaction)
        self._position = 0
        self._next: Segment | None = None
        self._checks = follow is not None
        block = HeaderBlock(self._context)
        for segment in self._source:
            self._position += 1
            if segment[0] in BODY_NAMES:
                self._next = segment
                break
            if segment[0] in HEADER_NAMES:
                block.take(segment, self._position)
            else:
                self._misplaced(segment, self._position, "HEADER")
        self.header: RemittanceHeader = block.header(transaction.control)
        self._bpr_position = block.bpr_position
        if not self.header.trace_number:
            text = "The payment has no trace number (TRN02)."
            transaction.issues.add("835.trace", text, position=block.bpr_position, segment="TRN", loop="HEADER")
        if self._checks:
            places = {"HEADER": block.bpr_position, "1000B": block.payee_position}
            check_header(self.header, transaction.issues, places)

    @property
    def issues(self) -> IssueLog:
        return self.transaction.issues

    def read(self) -> Remittance:
        """The whole transaction in memory."""
        claims = tuple(self)
        return Remittance(self.header, claims, self.provider_adjustments, self.summaries)

    def __iter__(self) -> Iterator[RemittanceClaim]:
        header_number = ""
        block: list[Segment] = []
        adjustments: list[ProviderAdjustment] = []
        summaries: list[ProviderSummary] = []
        start, claim_names = 0, CLAIM_NAMES
        position = self._position - 1
        for segment in self._rest():
            position += 1
            name = segment[0]
            if name in claim_names and block:
                block.append(segment)
                continue
            if name == "CLP" or name == "LX" or name == "PLB" or name == "SE" or len(block) > MAX_BLOCK:
                if block:
                    yield self._claim(block, start, header_number)
                    block = []
                if name == "CLP":
                    block, start = [segment], position
                elif name == "LX":
                    header_number = (segment + PAD)[1]
                elif name == "PLB":
                    adjustments += self._provider_adjustments(segment, position)
            elif name == "TS3" or name == "TS2":
                self._summary(summaries, header_number, segment)
            else:
                self._misplaced(segment, position)
                if block:
                    block.append([""])  # keeps positions right
        if block:
            yield self._claim(block, start, header_number)
        self.provider_adjustments = tuple(adjustments)
        self.summaries = tuple(summaries)
        self.balance.finish(self.header, adjustments, self._bpr_position, unread=self._context.unread)

    def _claim(self, block: list[Segment], start: int, header_number: str) -> RemittanceClaim:
        claim = read_claim(self._context, block, start, header_number)
        self.balance.add(claim)
        if self._checks:
            check_claim(claim, self.transaction.issues, block, start)
        return claim

    def _rest(self) -> Iterable[Segment]:
        return chain((self._next,), self._source) if self._next is not None else ()

    def _misplaced(self, segment: Segment, position: int, loop: str = "2100") -> None:
        name = segment[0]
        if name in CLAIM_NAMES:
            text = f"{name} stands before the first claim (CLP), so it belongs to none. The file was cut or damaged."
            self._context.lost("835.lost", segment, position, "2000", text)
        elif name in REPEATED_HEADER:
            text = f"{name} belongs into the header, not among the claims; it was skipped."
            self._context.lost("segment.place", segment, position, "2100", text)
        else:
            text = f"{name[:3]} is no segment of this place of an 835. The file was damaged or mixed up."
            self._context.lost("segment.unexpected", segment, position, loop, text)

    def _summary(self, summaries: list[ProviderSummary], number: str, segment: Segment) -> None:
        elements = tuple(segment[1:])
        if segment[0] == "TS3":
            summaries.append(ProviderSummary(number, elements))
        elif summaries and summaries[-1].header_number == number and not summaries[-1].ts2:
            summaries[-1] = ProviderSummary(number, summaries[-1].ts3, elements)
        else:
            summaries.append(ProviderSummary(number, (), elements))

    def _provider_adjustments(self, segment: Segment, position: int) -> list[ProviderAdjustment]:
        context = self._context
        period = context.day(segment, 2, position, "FOOTER")
        found = []
        for at in range(3, max(len(segment), 5), 2):
            if at > 3 and not any(segment[at : at + 2]):
                continue
            code = segment[at] if at < len(segment) else ""
            reason, _, reference = code.partition(context.component)
            cents = context.cents(segment, at + 1, position, "FOOTER")
            found.append(ProviderAdjustment((segment + PAD)[1], period, reason, reference, cents, position))
        return found
