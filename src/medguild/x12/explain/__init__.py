"""A file in plain words, loop by loop: what it says, not whether it is right (that is `inspect`).

for line in explain(stream):              # the whole file
for line in explain(stream, "PCN1042"):   # one claim, with the levels it hangs under
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from medguild.x12.bind.sets import BOUND
from medguild.x12.bind.tree import Node, grow
from medguild.x12.check.walker import Walker
from medguild.x12.envelope import EnvelopeReader, Interchange, TransactionSet
from medguild.x12.errors import IssueLog
from medguild.x12.explain.sentences import sentence
from medguild.x12.explain.words import LOOPS
from medguild.x12.guides.model import Guide
from medguild.x12.guides.tables import TABLES
from medguild.x12.tokens import Delimiters

STEP = "  "
UNITS = {"837": "2300", "835": "2100"}  # big sets are told claim by claim, so that memory stays flat
CLAIM_SEGMENTS = {"CLM": 1, "CLP": 1, "TRN": 2}


def explain(stream: BinaryIO, claim: str = "") -> Iterator[str]:
    """Lines of text, indented by loop. With a claim number only that claim. Raises Unreadable when it is no X12."""
    reader = EnvelopeReader(stream)
    told: Interchange | None = None
    for transaction in reader:
        if transaction.interchange is not told:
            told = transaction.interchange
            yield from _interchange(told)
        yield from _transaction(transaction, claim)
    for interchange in reader.interchanges:
        if not interchange.groups:
            yield from _interchange(interchange)


def pieces(stream: BinaryIO) -> Iterator[tuple[str, list[str]]]:
    """The file in pieces that can be compared: one for what frames each transaction, one for each claim.

    Yields a key that names the piece and its lines. Control numbers are left out: they differ from file to file.
    """
    for transaction in EnvelopeReader(stream):
        guide = _guide(transaction.kind)
        if guide is None or not transaction.supported:
            continue
        marks = transaction.interchange.delimiters
        walker = Walker(guide, IssueLog(), marks.component, marks.repetition)
        teller = _Teller(transaction.set_id, marks, "")
        frame: list[str] = []
        for node in grow(transaction, walker, frozenset((UNITS.get(transaction.set_id, ""),))):
            if node.parent is None:
                yield from teller.split(node, frame, transaction.kind)
            else:
                yield teller.piece(node, transaction.kind)
        yield f"{transaction.kind} header", frame[1:]  # without the line that names the control number


def _interchange(interchange: Interchange) -> Iterator[str]:
    yield f"Interchange {interchange.control} from {interchange.sender} to {interchange.receiver}"
    for note in interchange.acknowledgments:
        yield STEP + sentence(note, interchange.delimiters)


def _transaction(transaction: TransactionSet, claim: str) -> Iterator[str]:
    guide = _guide(transaction.kind)
    if guide is None or not transaction.supported:
        yield f"{STEP}{transaction.kind} {transaction.control}: this kind cannot be told in words"
        return
    yield f"{STEP}{transaction.kind} {transaction.control}"
    marks = transaction.interchange.delimiters
    walker = Walker(guide, IssueLog(), marks.component, marks.repetition)
    units = frozenset((UNITS[transaction.set_id],)) if transaction.set_id in UNITS else frozenset()
    yield from _Teller(transaction.set_id, marks, claim).tell(grow(transaction, walker, units))


def _guide(kind: str) -> Guide | None:
    return BOUND[kind].guide if kind in BOUND else TABLES.get(kind)


class _Teller:
    """Tells each loop once, the levels above it first."""

    def __init__(self, set_id: str, marks: Delimiters, claim: str) -> None:
        self._words = LOOPS.get(set_id, {})
        self._marks = marks
        self._claim = claim

    def tell(self, nodes: Iterator[Node]) -> Iterator[str]:
        for node in nodes:
            for found in self._wanted(node):
                yield from self._above(found.parent)
                yield from self._node(found)

    def split(self, node: Node, frame: list[str], kind: str) -> Iterator[tuple[str, list[str]]]:
        """Puts the lines of a level into frame, and yields the claims below it."""
        frame += self._own(node)
        for child in node.children:
            if child.segments[0][1][0] in CLAIM_SEGMENTS and kind != "278":
                yield self.piece(child, kind)
            else:
                yield from self.split(child, frame, kind)

    def piece(self, node: Node, kind: str) -> tuple[str, list[str]]:
        name, *elements = node.segments[0][1]
        at = CLAIM_SEGMENTS.get(name, 0)
        return f"{kind} claim {elements[at - 1] if at and len(elements) >= at else ''}", list(self._node(node))

    def _wanted(self, node: Node) -> Iterator[Node]:
        """The node itself, or with a claim number the loops below it that are that claim's."""
        if not self._claim or self._is_claim(node):
            yield node
        else:
            for child in node.children:
                yield from self._wanted(child)

    def _is_claim(self, node: Node) -> bool:
        name, *elements = node.segments[0][1]
        at = CLAIM_SEGMENTS.get(name)
        return at is not None and elements[at - 1 : at] == [self._claim]

    def _above(self, node: Node | None) -> Iterator[str]:
        """Open levels that were not told yet, with what stands in them so far."""
        if node is None or node.told:
            return
        yield from self._above(node.parent)
        yield from self._own(node)
        for child in node.children:
            if not self._claim or not self._holds_claims(child):
                yield from self._node(child)

    def _holds_claims(self, node: Node) -> bool:
        return node.segments[0][1][0] in ("HL", *CLAIM_SEGMENTS)

    def _node(self, node: Node) -> Iterator[str]:
        if node.told:
            return
        yield from self._own(node)
        for child in node.children:
            yield from self._node(child)

    def _own(self, node: Node) -> Iterator[str]:
        node.told = True
        depth = _depth(node)
        if node.loop in self._words:
            yield STEP * (depth + 1) + f"{self._words[node.loop]} [{node.loop}]"
        for _, segment in node.segments:
            said = sentence(segment, self._marks)
            if said:
                yield STEP * (depth + 2) + said


def _depth(node: Node) -> int:
    depth = 0
    while node.parent is not None:
        node, depth = node.parent, depth + 1
    return depth
