"""The service lines of an 837: LX and everything under it (loops 2400 to 2440)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from medguild.x12.read.claim_parties import NamedLoop
from medguild.x12.read.elements import (
    PAD,
    Context,
    read_adjustments,
    read_amount,
    read_dtp,
    read_procedure,
    read_reference,
)
from medguild.x12.records.claim import Drug, Form, LineAdjudication, Note, RawSegment, ServiceLine
from medguild.x12.records.common import Adjustment, Amount, Dated, Procedure, Reference, Remark
from medguild.x12.records.making import maker
from medguild.x12.tokens import Segment

LINE = "2400"
Placed = Iterator[tuple[int, Segment]]  # segments that are still to be read, with their positions
NESTED = frozenset(("LIN", "NM1", "SVD", "LQ"))

make_line, make_note, make_adjudication = maker(ServiceLine), maker(Note), maker(LineAdjudication)


def read_lines(context: Context, lx: Segment, start: int, segments: Placed) -> tuple[ServiceLine, ...]:
    """All lines of a claim: lx opens the first, start is its position, segments are those that follow."""
    lines: list[ServiceLine] = []
    opener: Segment | None = lx
    while opener is not None:
        line, opener, start = _line(context, opener, start, segments)
        lines.append(line)
    return tuple(lines)


def _line(context: Context, lx: Segment, start: int, segments: Placed) -> tuple[ServiceLine, Segment | None, int]:
    """The line, and what opens the next one with its position."""
    dates: list[Dated] = []
    references: list[Reference] = []
    amounts: list[Amount] = []
    notes: list[Note] = []
    other: list[RawSegment] = []
    sv1: Segment = []
    sv1_at = position = start
    nested: _Nested | None = None
    following: Segment | None = None
    for position, segment in segments:
        name = segment[0]
        if name == "DTP":
            dates.append(read_dtp(context, segment, position, LINE))
        elif name == "REF":
            references.append(read_reference(context, segment))
        elif (name == "SV1" or name == "SV2") and not sv1:
            sv1, sv1_at = segment, position
        elif name == "LX":
            following = segment
            break
        elif name in NESTED:
            part, following, end = until_lx(segment, position, segments)
            nested = _Nested(context, part, position)
            position = end
            break
        elif name == "AMT":
            amounts.append(read_amount(context, segment, position, LINE))
        elif name == "NTE":
            notes.append(make_note(*(segment + PAD)[1:3]))
        elif name:
            other.append(context.raw(segment))
    if not sv1:
        text = "The service line has no SV1 or SV2, so its charge is unknown."
        context.unread = True
        context.log.add("value.amount", text, position=start, segment="SV1", loop=LINE, element="SV102")
    padded = sv1 + PAD
    revenue_code, noncovered = "", None
    if padded[0] == "SV2":  # begins with the revenue code; all else stands one element further on
        revenue_code, shift = padded[1], 1
        noncovered = context.cents(sv1, 7, sv1_at, LINE) if padded[7] else None
        padded = padded[1:6] + PAD
    else:
        shift = 0
    line = make_line(
        lx[1] if len(lx) > 1 else "",
        read_procedure(padded[1], context.component),
        context.cents(sv1, 2 + shift, sv1_at, LINE) if sv1 else 0,
        padded[3],
        context.quantity(sv1, 4 + shift, sv1_at, LINE),
        padded[5],
        _pointers(padded[7], context.component),
        padded[9],
        padded[11],
        padded[12],
        padded[15],
        tuple(dates),
        tuple(references),
        tuple(amounts) if amounts else (),
        tuple(notes) if notes else (),
        nested.drug if nested else None,
        tuple(p.provider() for p in nested.providers) if nested else (),
        tuple(nested.adjudications) if nested else (),
        tuple(nested.forms) if nested else (),
        tuple(other) if other else (),
        start,
        revenue_code,
        noncovered,
    )
    return line, following, position


def until_lx(first: Segment, position: int, segments: Placed) -> tuple[list[Segment], Segment | None, int]:
    """The segments up to the next line, and what opens that with its position."""
    part = [first]
    for position, segment in segments:  # noqa: B007, PLR1704
        if segment[0] == "LX":
            return part, segment, position
        part.append(segment)
    return part, None, position


@lru_cache(maxsize=1024)
def _pointers(text: str, component: str) -> tuple[int, ...]:
    return tuple(int(p) for p in text.split(component) if p.isascii() and p.isdigit() and len(p) < 4)


class _Nested:
    """Loops 2410 (drug), 2420 (providers), 2430 (other payers' adjudication), 2440 (forms) of one line."""

    def __init__(self, context: Context, block: list[Segment], start: int) -> None:
        self.drug: Drug | None = None
        self.providers: list[NamedLoop] = []
        self.adjudications: list[LineAdjudication] = []
        self.forms: list[Form] = []
        cuts = [at for at, segment in enumerate(block) if segment[0] in NESTED] + [len(block)]
        for at, end in pairwise(cuts):
            part, position = block[at:end], start + at
            name = part[0][0]
            if name == "NM1":
                self._provider(context, part, position)
            elif name == "SVD":
                self._adjudication(context, part, position)
            elif name == "LIN":
                self._drug(context, part, position)
            else:
                self._form(context, part, position)

    def _provider(self, context: Context, part: list[Segment], start: int) -> None:
        loop = NamedLoop(part[0])
        self.providers.append(loop)
        for position, segment in enumerate(part[1:], start + 1):
            if not loop.take(context, segment, position, "2420"):
                self._skip(context, segment, position, "2420")

    def _adjudication(self, context: Context, part: list[Segment], start: int) -> None:
        svd = part[0] + PAD
        adjustments: list[Adjustment] = []
        amounts: list[Amount] = []
        paid_on: Dated | None = None
        for position, segment in enumerate(part[1:], start + 1):
            name = segment[0]
            if name == "CAS":
                adjustments += read_adjustments(context, segment, position, "2430")
            elif name == "DTP":
                paid_on = read_dtp(context, segment, position, "2430")
            elif name == "AMT":
                amounts.append(read_amount(context, segment, position, "2430"))
            else:
                self._skip(context, segment, position, "2430")
        procedure = read_procedure(svd[3], context.component) if svd[3] else Procedure("", "")
        self.adjudications.append(
            make_adjudication(
                svd[1],
                context.cents(part[0], 2, start, "2430"),
                procedure,
                context.quantity(part[0], 5, start, "2430"),
                svd[6],
                tuple(adjustments),
                paid_on.start if paid_on else None,
                tuple(amounts),
                svd[4],
            )
        )

    def _drug(self, context: Context, part: list[Segment], start: int) -> None:
        lin = part[0] + PAD
        drug = Drug(lin[2], lin[3])
        references: list[Reference] = []
        for position, segment in enumerate(part[1:], start + 1):
            if segment[0] == "CTP":
                unit = (segment + PAD)[5].partition(context.component)[0]
                drug = replace(drug, quantity=context.quantity(segment, 4, position, "2410"), unit=unit)
            elif segment[0] == "REF":
                references.append(read_reference(context, segment))
            else:
                self._skip(context, segment, position, "2410")
        self.drug = replace(drug, references=tuple(references))

    def _form(self, context: Context, part: list[Segment], start: int) -> None:
        answers: list[RawSegment] = []
        for position, segment in enumerate(part[1:], start + 1):
            if segment[0] == "FRM":
                answers.append(context.raw(segment[1:]))
            else:
                self._skip(context, segment, position, "2440")
        self.forms.append(Form(Remark(*(part[0] + PAD)[1:3]), tuple(answers)))

    def _skip(self, context: Context, segment: Segment, position: int, loop: str) -> None:
        if segment[0]:
            text = f"{segment[0]} has no place here; it was skipped."
            context.lost("segment.place", segment, position, loop, text)
