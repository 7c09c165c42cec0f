"""Answers a file as its receiver would: a TA1 for the interchange and a 999 for each group.

    answer = acknowledge(stream, out, envelope, controls)

A 999 speaks of syntax and guide only (SNIP 1 and 2); what is wrong with a claim's content belongs into a 277CA. The
envelope is that of the answer: its sender is the receiver of the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from medguild.x12.bind.sets import BOUND
from medguild.x12.bind.write import RecordWriter
from medguild.x12.check.reading import read_through
from medguild.x12.envelope import EnvelopeReader, Group, Interchange, TransactionSet
from medguild.x12.errors import GUIDE_LEVEL, Issue
from medguild.x12.records.acknowledgment import (
    ACCEPTED,
    PARTLY,
    REJECTED,
    WITH_ERRORS,
    Acknowledgment,
    ContextName,
    ElementError,
    ElementNote,
    ElementPlace,
    ErrorContext,
    GroupReference,
    GroupVerdict,
    InterchangeAcknowledgment,
    SegmentError,
    SegmentNote,
    SetReference,
    SetResponse,
    SetVerdict,
)
from medguild.x12.tokens import Delimiters, Segment
from medguild.x12.write.output import (
    ControlNumbers,
    Envelope,
    InterchangeWriter,
    SegmentWriter,
    WrittenFile,
    WrittenTransaction,
)
from medguild.x12.write.text import EXTENDED

ACKNOWLEDGMENTS = ("999", "997")  # never answered, or two partners would answer each other for ever
SEGMENT_ERRORS = {  # rule -> IK304
    "segment.id": "1",
    "segment.unexpected": "6",
    "segment.place": "2",
    "segment.missing": "3",
    "segment.repeat": "5",
    "loop.missing": "I7",
    "loop.repeat": "4",
    "835.lost": "2",
    "837.lost": "7",
}
ELEMENT_ERRORS = {  # rule -> IK403; the segment then has IK304 = 8
    "element.missing": "1",
    "element.relation": "2",
    "element.extra": "3",
    "element.short": "4",
    "element.long": "5",
    "element.type": "6",
    "element.characters": "6",
    "element.code": "7",
    "element.date": "8",
    "element.time": "9",
    "element.exclusion": "10",
    "element.unused": "I10",
    "segment.trailing": "3",
    "value.amount": "6",
    "value.quantity": "6",
    "value.date": "8",
    "hl.number": "7",
    "hl.parent": "7",
    "hl.level": "7",
    "837.lx": "7",
}
SET_ERRORS = {"st.open": "2", "st.control": "3", "st.count": "4", "st.duplicate": "23", "st.guide": "I6"}  # IK502
GROUP_ERRORS = {  # AK905
    "gs.function": "1", "gs.version": "2", "gs.guide": "2", "gs.open": "3", "gs.control": "4", "gs.count": "5",
    "gs.duplicate": "19",
}  # fmt: skip
INTERCHANGE_NOTES = {  # TA105
    "isa.control": "001", "isa.count": "021", "isa.open": "023", "isa.duplicate": "025",
    "file.truncated": "023", "file.outside": "022", "isa.delimiters": "022",
}  # fmt: skip
ISA_NOTES = {  # TA105 for an element of the header
    "ISA01": "010", "ISA02": "011", "ISA03": "012", "ISA04": "013", "ISA05": "005", "ISA06": "006", "ISA07": "007",
    "ISA08": "008", "ISA09": "014", "ISA10": "015", "ISA11": "016", "ISA12": "017", "ISA13": "018", "ISA14": "019",
    "ISA15": "020", "ISA16": "027",
}  # fmt: skip
GROUP_VALUES = {"GS06": "6"}  # AK905
MAX_ERRORS = 5
NOT_SUPPORTED = "1"  # IK502 and AK905
NAME_LENGTH, NO_NAME = 3, "ZZZ"
NO_ERROR, UNUSABLE_GROUP = "000", "024"  # a 999 must repeat GS01, GS06 and GS08
FUNCTION_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. written is None when there was nothing to acknowledge."""

    interchanges: tuple[InterchangeAcknowledgment, ...]
    groups: tuple[Acknowledgment, ...]
    written: WrittenFile | None


class _Echo:
    """What is repeated from a file, as far as the answer can carry it: any other character becomes a question mark."""

    def __init__(self, delimiters: Delimiters) -> None:
        marks = {delimiters.element, delimiters.component, delimiters.segment, delimiters.repetition}
        self._allowed = frozenset(EXTENDED) - marks

    def text(self, value: str, longest: int = 35) -> str:
        return "".join(c if c in self._allowed else "?" for c in value.strip()[:longest])

    def name(self, segment: str) -> str:
        """A segment's name, which has two or three letters and digits."""
        known = "".join(c for c in segment.upper() if c.isascii() and c.isalnum())[:NAME_LENGTH]
        return known if len(known) > 1 else NO_NAME


class _Claims:
    """Remembers where each claim begins, so that an error can name its claim."""

    def __init__(self, echo: _Echo) -> None:
        self.echo = echo
        self._starts: list[int] = []
        self._numbers: list[str] = []

    def watch(self, segments: Iterable[Segment]) -> Iterator[Segment]:
        for position, segment in enumerate(segments, start=1):
            if segment[0] == "CLM":
                self._starts.append(position)
                self._numbers.append(self.echo.text(segment[1]) if len(segment) > 1 else "")
            yield segment

    def at(self, position: int) -> str:
        found = bisect_right(self._starts, position)
        return self._numbers[found - 1] if found else ""


def acknowledge(
    stream: BinaryIO, out: BinaryIO, envelope: Envelope, controls: ControlNumbers, *, always_ta1: bool = False
) -> Answer:
    """Reads the stream to its end and writes the answer into `out`.

    A TA1 is written when the interchange asks for it (ISA14), is in error, or always_ta1 is set. Raises Unreadable
    when the stream holds no interchange (then nobody can be answered).
    """
    envelope = replace(envelope, extended=True)  # names and numbers are repeated as they came
    echo = _Echo(envelope.delimiters)
    reader = EnvelopeReader(stream)
    claims: dict[int, _Claims] = {}
    for transaction in reader:
        watch = claims[id(transaction)] = _Claims(echo)
        read_through(transaction, watch.watch)
    notes = [_interchange(interchange, list(reader.issues)) for interchange in reader.interchanges]
    wanted = [
        note
        for note, interchange in zip(notes, reader.interchanges, strict=True)
        if always_ta1 or interchange.wants_acknowledgment or note.note != NO_ERROR
    ]
    groups = [
        _group(group, claims, echo)
        for interchange, note in zip(reader.interchanges, notes, strict=True)
        if note.accepted
        for group in interchange.groups
        if not _is_acknowledgment(group)
    ]
    written = _write(out, envelope, controls, wanted, groups) if wanted or groups else None
    return Answer(tuple(notes), tuple(groups), written)


def _is_acknowledgment(group: Group) -> bool:
    return bool(group.transactions) and all(t.set_id in ACKNOWLEDGMENTS for t in group.transactions)


def _interchange(interchange: Interchange, of_file: list[Issue]) -> InterchangeAcknowledgment:
    errors = [i for i in (*interchange.issues, *of_file) if i.is_error]
    if not all(len(g.function) == FUNCTION_LENGTH and g.control and g.guide for g in interchange.groups):
        return _note(interchange, REJECTED, UNUSABLE_GROUP)
    notes = [note for note in map(_note_of, errors) if note]
    rejected = any(i.blocks or i.rule == "isa.duplicate" for i in errors)
    code = REJECTED if rejected else WITH_ERRORS if notes else ACCEPTED
    return _note(interchange, code, notes[0] if notes else NO_ERROR)


def _note_of(issue: Issue) -> str:
    if issue.rule in ("isa.elements", "isa.value"):
        return ISA_NOTES.get(issue.element, "022")
    return INTERCHANGE_NOTES.get(issue.rule, "")


def _note(interchange: Interchange, code: str, note: str) -> InterchangeAcknowledgment:
    return InterchangeAcknowledgment(interchange.control, interchange.date, interchange.time, code, note)


def _group(group: Group, claims: dict[int, _Claims], echo: _Echo) -> Acknowledgment:
    responses = tuple(_set(transaction, claims[id(transaction)]) for transaction in group.transactions)
    accepted = sum(1 for r in responses if r.verdict and r.verdict.accepted)
    errors = _unique(
        code for i in group.issues if i.is_error and (code := GROUP_ERRORS.get(i.rule) or GROUP_VALUES.get(i.element))
    )
    own = _unique(
        GROUP_ERRORS[i.rule] for t in group.transactions for i in t.issues if i.is_error and i.rule in GROUP_ERRORS
    )
    unread = [NOT_SUPPORTED] if any(_unread(t) for t in group.transactions) else []
    errors = _unique((*errors, *own, *unread))[:MAX_ERRORS]
    code = _group_code(responses, accepted, rejected=any(i.blocks for i in group.issues), errors=bool(errors))
    received = str(len(responses))
    verdict = GroupVerdict(
        code, group.promised or received, received, "0" if code == REJECTED else str(accepted), *errors
    )
    reference = GroupReference(echo.text(group.function), echo.text(group.control, 9), echo.text(group.guide, 12))
    return Acknowledgment(reference, responses, verdict)


def _group_code(responses: tuple[SetResponse, ...], accepted: int, *, rejected: bool, errors: bool) -> str:
    if rejected or not accepted:
        return REJECTED
    if accepted < len(responses):
        return PARTLY
    clean = all(r.verdict and r.verdict.code == ACCEPTED for r in responses)
    return ACCEPTED if clean and not errors else WITH_ERRORS


def _unread(transaction: TransactionSet) -> bool:
    """A set that is known and only counted: nobody here may say that its content was accepted."""
    return transaction.name is not None and not transaction.supported


def _set(transaction: TransactionSet, claims: _Claims) -> SetResponse:
    issues = [i for i in transaction.issues if i.is_error and i.level <= GUIDE_LEVEL]
    errors = tuple(_segment_errors(issues, claims))
    codes = _unique(SET_ERRORS[i.rule] for i in issues if i.rule in SET_ERRORS)
    unread = _unread(transaction)
    if unread:
        codes = _unique((NOT_SUPPORTED, *codes))
    if errors:
        codes = _unique((*codes, "5"))
    if any(i.rule in GROUP_ERRORS for i in issues) and not codes:
        codes = ["I6"]
    verdict = SetVerdict(REJECTED if issues or unread else ACCEPTED, *codes[:MAX_ERRORS])
    reference = SetReference(
        claims.echo.text(transaction.set_id),
        claims.echo.text(transaction.control),
        claims.echo.text(transaction.own_guide),
    )
    return SetResponse(reference, errors, verdict)


def _segment_errors(issues: list[Issue], claims: _Claims) -> Iterator[SegmentError]:
    """One IK3 per segment and error; all bad elements of a segment under one IK3 with code 8."""
    elements: dict[tuple[int, str, str], list[Issue]] = {}
    for issue in issues:
        if issue.rule in ELEMENT_ERRORS:
            elements.setdefault((issue.position, issue.segment, issue.loop), []).append(issue)
    done = set()
    for issue in sorted(issues, key=lambda i: i.position):
        key = (issue.position, issue.segment, issue.loop)
        contexts = _contexts(claims.at(issue.position))
        if issue.rule in SEGMENT_ERRORS:
            note = SegmentNote(
                claims.echo.name(issue.segment), str(issue.position), _loop(issue), SEGMENT_ERRORS[issue.rule]
            )
            yield SegmentError(note, contexts)
        elif issue.rule in ELEMENT_ERRORS and key not in done:
            done.add(key)
            note = SegmentNote(claims.echo.name(issue.segment), str(issue.position), _loop(issue), "8")
            yield SegmentError(note, contexts, tuple(_element_error(i) for i in sorted(elements[key], key=_element)))


def _contexts(claim: str) -> tuple[ErrorContext, ...]:
    return (ErrorContext(ContextName("CLM01", claim)),) if claim else ()


def _loop(issue: Issue) -> str:
    return issue.loop[:4] if issue.loop[:1].isdigit() else ""


def _element(issue: Issue) -> str:
    return issue.element


def _element_error(issue: Issue) -> ElementError:
    number, _, component = issue.element[len(issue.segment) :].partition("-")
    place = ElementPlace(str(int(number or 0)) if number.isdigit() else "0", component)
    return ElementError(ElementNote(place, error=ELEMENT_ERRORS[issue.rule]))


def _unique(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def _write(
    out: BinaryIO,
    envelope: Envelope,
    controls: ControlNumbers,
    notes: list[InterchangeAcknowledgment],
    groups: list[Acknowledgment],
) -> WrittenFile:
    guide = BOUND["999"].guide.code
    writer = InterchangeWriter(out, envelope, controls)
    with writer.open("FA" if groups else "", guide, acknowledgments=[note.elements() for note in notes]):
        for group in groups:
            control = writer.control()
            segments = SegmentWriter(envelope)
            segments.put("ST", "999", control, guide)
            RecordWriter(segments).loop(group)
            writer.add(WrittenTransaction(control, "", ()), segments)
    return writer.file()
