"""Interchanges, groups and transactions, with everything their headers and trailers promise verified.

reader = EnvelopeReader(stream)
for transaction in reader:
    for segment in transaction:     # ST first, SE last
        ...
reader.interchanges, reader.issues  # complete once the loop is over
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from medguild.x12.errors import IssueLog, Unreadable
from medguild.x12.guides.registry import BY_SET, GUIDE_CODES, GUIDES, GuideName
from medguild.x12.headers import wrong_values
from medguild.x12.tokens import Delimiters, Segment, Tokenizer

ENVELOPE = frozenset(("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"))
ISA_LENGTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
AGAIN = "Ask the sender for the file again."


class Interchange:
    """ISA to IEA. `acknowledgments` holds TA1 segments as they came."""

    def __init__(self, isa: Segment, delimiters: Delimiters, position: int) -> None:
        self.sender, self.receiver = isa[6].strip(), isa[8].strip()
        self.sender_qualifier, self.receiver_qualifier = isa[5].strip(), isa[7].strip()
        self.date, self.time, self.version = isa[9], isa[10], isa[12]
        self.control = isa[13].strip()
        self.wants_acknowledgment = isa[14] == "1"
        self.usage = isa[15]
        self.delimiters = delimiters
        self.position = position
        self.issues = IssueLog(base=position - 1)
        self.groups: list[Group] = []
        self.acknowledgments: list[Segment] = []


class Group:
    """GS to GE. `guide` is GS08."""

    def __init__(self, gs: Segment, position: int) -> None:
        gs = gs + [""] * (9 - len(gs))
        self.function, self.sender, self.receiver = gs[1], gs[2], gs[3]
        self.date, self.time, self.control = gs[4], gs[5], gs[6].strip()
        self.guide = gs[8].strip()
        self.promised = ""  # how many transactions GE says there are
        self.position = position
        self.issues = IssueLog(base=position - 1)
        self.transactions: list[TransactionSet] = []


class TransactionSet:
    """ST to SE. Iterating yields its segments once; what was not consumed is skipped, but still counted and checked.

    kind is "835", "837P", ...; supported is false when it must not be read as a typed transaction.
    """

    def __init__(self, st: Segment, position: int, interchange: Interchange, group: Group) -> None:
        st = st + [""] * (4 - len(st))
        self.set_id, self.control, self.own_guide = st[1], st[2].strip(), st[3]
        self.position = position
        self.interchange, self.group = interchange, group
        self.issues = IssueLog(base=position - 1)
        self.complete = False  # SE was seen, with the right number and count
        self.count = 1
        self.guide = group.guide or self.own_guide
        self.name: GuideName | None = GUIDES.get((self.guide, self.set_id))
        self._segments: Iterator[Segment] = iter(())
        self._check_guide()

    @property
    def kind(self) -> str:
        return self.name.kind if self.name else self.set_id

    @property
    def supported(self) -> bool:
        return self.name is not None and self.name.supported

    def __iter__(self) -> Iterator[Segment]:
        return self._segments

    def watch(self, through: Callable[[Iterable[Segment]], Iterator[Segment]]) -> None:
        """Lets every segment that is still to be read pass `through` first."""
        self._segments = through(self._segments)

    def _check_guide(self) -> None:
        guide, group = self.guide, self.group
        if guide and not guide.startswith("005010"):
            text = f"Version {guide} is not supported; only 005010 is. Ask the sender for version 005010."
            self._say("gs.version", text, "GS08")
            return
        if not group.guide:
            self._say("gs.guide", "The group header (GS08) names no guide.", "GS08")
            self.name = self.name or BY_SET.get(self.set_id)
        elif self.name is None:
            known = guide in GUIDE_CODES
            text = f"Guide {guide} is no guide for a {self.set_id}." if known else f"Guide {guide} is unknown."
            self._say("st.guide" if known else "gs.guide", text, "ST01" if known else "GS08")
        elif self.name.function != group.function:
            text = f"The group says {group.function or 'nothing'}, but holds a {self.kind} ({self.name.function})."
            self._say("gs.function", text, "GS01")
        if self.own_guide and group.guide and self.own_guide != group.guide:
            text = f"ST03 names guide {self.own_guide}, but the group names {group.guide}."
            self._say("st.guide", text, "ST03")

    def _say(self, rule: str, text: str, element: str) -> None:
        self.issues.add(rule, text, position=1, segment=element[:2], element=element)


class EnvelopeReader:
    """Reads a binary stream. Raises Unreadable at the first `next` when it is no X12 at all."""

    def __init__(self, stream: BinaryIO) -> None:
        self.issues = IssueLog()
        self.interchanges: list[Interchange] = []
        self._tokens = Tokenizer(stream, self.issues)
        self._source = iter(self._tokens)
        self._held: Segment | None = None
        self._interchange: Interchange | None = None
        self._group: Group | None = None
        self._groups = self._sets = 0
        self._after = 0  # 1 once the file has ended: what is missing is missing after the last segment
        self._used: dict[str, set[str]] = {"isa": set(), "gs": set(), "st": set()}

    @property
    def latin1(self) -> bool:
        return self._tokens._latin1

    def __iter__(self) -> Iterator[TransactionSet]:
        while (segment := self._next()) is not None:
            name = segment[0]
            if name == "ST" and self._group and self._interchange:
                transaction = self._open_transaction(segment, self._interchange, self._group)
                yield transaction
                for _ in transaction:  # what the caller left unread
                    pass
            else:
                self._envelope(name, segment)
        self._after = 1
        self._close_interchange(None)

    def _next(self) -> Segment | None:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        try:
            return next(self._source, None)
        except Unreadable as broken:
            if not self.interchanges:
                raise
            self._close_interchange(None)
            self.issues.add(broken.rule, broken.text, position=self._tokens.position + 1, segment="ISA")
            return None

    def _envelope(self, name: str, segment: Segment) -> None:
        if name == "GS":
            self._open_group(segment)
        elif name == "GE":
            self._close_group(segment)
        elif name == "ISA":
            self._open_interchange(segment)
        elif name == "IEA":
            self._close_interchange(segment)
        elif name == "TA1" and self._interchange and not self._group:
            self._interchange.acknowledgments.append(segment)
        else:
            text = f"{name[:3]} stands outside of a transaction. {AGAIN}"
            self._note("file.outside", text, segment=name[:3])

    def _note(self, rule: str, text: str, *, segment: str = "", element: str = "") -> None:
        log = self._tokens.log
        position = self._tokens.position - log.base + self._after
        log.add(rule, text, position=position, segment=segment, element=element)

    # interchange

    def _open_interchange(self, isa: Segment) -> None:
        self._close_interchange(None)
        interchange = Interchange(isa, self._tokens.delimiters, self._tokens.position)
        self.interchanges.append(interchange)
        self._interchange = interchange
        self._tokens.log = interchange.issues
        self._groups = 0
        for number, (value, length) in enumerate(zip(isa[1:], ISA_LENGTHS, strict=True), start=1):
            if len(value) != length:
                text = f"ISA{number:02d} has {len(value)} characters instead of {length}."
                self._note("isa.elements", text, segment="ISA", element=f"ISA{number:02d}")
        for element, said in wrong_values(isa):
            self._note("isa.value", f"{element} {said}.", segment="ISA", element=element)
        self._once("isa", interchange.control, "ISA13")
        self._used["gs"] = set()

    def _once(self, level: str, control: str, element: str) -> None:
        if control in self._used[level]:
            text = f"Control number {control} was used before. Tell the sender; check that nothing is posted twice."
            self._note(f"{level}.duplicate", text, segment=element[:-2], element=element)
        self._used[level].add(control)

    def _close_interchange(self, iea: Segment | None) -> None:
        interchange = self._interchange
        if interchange is None:
            if iea:
                self._note("file.outside", f"IEA without ISA. {AGAIN}", segment="IEA")
            return
        if self._group:
            self._close_group(None)
        if iea is None:
            self._note("isa.open", f"Interchange {interchange.control} has no trailer (IEA). {AGAIN}", segment="IEA")
        else:
            self._verify_interchange(interchange, iea + ["", ""])
        self._interchange = None
        self._tokens.log = self.issues

    def _verify_interchange(self, interchange: Interchange, iea: Segment) -> None:
        if not self._groups and not interchange.acknowledgments:
            self._note(
                "isa.empty", "The interchange holds nothing. Ask the sender whether that is meant.", segment="IEA"
            )
        if iea[2].strip() != interchange.control:
            text = f"IEA02 is {iea[2][:12] or 'empty'}, but ISA13 is {interchange.control}. {AGAIN}"
            self._note("isa.control", text, segment="IEA", element="IEA02")
        if _number(iea[1]) == self._groups:
            return
        if not self._groups and _number(iea[1]) == len(interchange.acknowledgments):
            text = f"IEA01 says {iea[1]}, counting acknowledgments; it should count groups."
            self._note("ta1.count", text, segment="IEA", element="IEA01")
            return
        text = f"IEA01 says {iea[1][:9] or 'nothing'}, but {self._groups} groups were received. {AGAIN}"
        self._note("isa.count", text, segment="IEA", element="IEA01")

    # group

    def _open_group(self, gs: Segment) -> None:
        if self._group:
            self._close_group(None)
        if self._interchange is None:
            self._note("file.outside", f"GS without ISA. {AGAIN}", segment="GS")
            return
        group = Group(gs, self._tokens.position)
        self._interchange.groups.append(group)
        self._group = group
        self._groups += 1
        self._sets = 0
        self._tokens.log = group.issues
        for element, said in wrong_values(gs):
            self._note("gs.value", f"{element} {said}.", segment="GS", element=element)
        self._once("gs", group.control, "GS06")
        self._used["st"] = set()

    def _close_group(self, ge: Segment | None) -> None:
        group, interchange = self._group, self._interchange
        if group is None or interchange is None:
            self._note("file.outside", f"GE without GS. {AGAIN}", segment="GE")
            return
        if ge is None:
            self._note("gs.open", f"Group {group.control} has no trailer (GE). {AGAIN}", segment="GE")
        else:
            ge = ge + ["", ""]
            group.promised = ge[1].strip() if _number(ge[1]) >= 0 else ""
            if ge[2].strip() != group.control:
                text = f"GE02 is {ge[2][:12] or 'empty'}, but GS06 is {group.control}. {AGAIN}"
                self._note("gs.control", text, segment="GE", element="GE02")
            if _number(ge[1]) != self._sets:
                text = f"GE01 says {ge[1][:9] or 'nothing'}, but {self._sets} transactions were received. {AGAIN}"
                self._note("gs.count", text, segment="GE", element="GE01")
        self._group = None
        self._tokens.log = interchange.issues

    # transaction

    def _open_transaction(self, st: Segment, interchange: Interchange, group: Group) -> TransactionSet:
        transaction = TransactionSet(st, self._tokens.position, interchange, group)
        group.transactions.append(transaction)
        self._sets += 1
        self._tokens.log = transaction.issues
        self._once("st", transaction.control, "ST02")
        transaction._segments = self._transaction(transaction, st)
        return transaction

    def _transaction(self, transaction: TransactionSet, st: Segment) -> Iterator[Segment]:
        yield st
        envelope = ENVELOPE
        segment: Segment | None = None
        source = self._source
        try:
            for segment in source:
                if segment[0] in envelope:
                    break
                yield segment
            else:
                segment = None
        except Unreadable as broken:
            self.issues.add(broken.rule, broken.text, position=self._tokens.position + 1, segment="ISA")
            segment = None
        count = transaction.count = self._tokens.position - transaction.position + 1
        if segment is not None and segment[0] == "SE":
            self._verify_transaction(transaction, segment + ["", ""], count)
            self._tokens.log = transaction.group.issues
            yield segment
            return
        found = f"{segment[0]} came" if segment else "the file ended"
        text = f"Transaction {transaction.control} has no trailer (SE): {found} first. {AGAIN}"
        transaction.issues.add("st.open", text, position=count + (segment is None), segment="SE")
        self._tokens.log = transaction.group.issues
        self._held = segment

    def _verify_transaction(self, transaction: TransactionSet, se: Segment, count: int) -> None:
        before = len(transaction.issues)
        if se[2].strip() != transaction.control:
            text = f"SE02 is {se[2][:12] or 'empty'}, but ST02 is {transaction.control}. {AGAIN}"
            self._note("st.control", text, segment="SE", element="SE02")
        if _number(se[1]) != count:
            text = f"SE01 says {se[1][:9] or 'nothing'}, but {count} segments were received. {AGAIN}"
            self._note("st.count", text, segment="SE", element="SE01")
        transaction.complete = len(transaction.issues) == before


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
