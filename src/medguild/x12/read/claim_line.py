"""One service line of an 837P: LX and everything under it (loops 2400 to 2440)."""

from __future__ import annotations

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
    read_party,
    read_procedure,
    read_reference,
)
from medguild.x12.records.claim import Drug, Form, LineAdjudication, Note, RawSegment, ServiceLine
from medguild.x12.records.common import Adjustment, Amount, Dated, Procedure, Reference, Remark
from medguild.x12.records.making import maker
from medguild.x12.tokens import Segment

LINE = "2400"
NESTED = frozenset(("LIN", "NM1", "SVD", "LQ"))

make_line, make_note, make_adjudication = maker(ServiceLine), maker(Note), maker(LineAdjudication)


def read_line(context: Context, block: list[Segment], start: int) -> ServiceLine:
    """block begins with LX; start is its position."""
    end = len(block)
    for at, segment in enumerate(block):
        if segment[0] in NESTED:
            end = at
            break
    dates: list[Dated] = []
    references: list[Reference] = []
    amounts: list[Amount] = []
    notes: list[Note] = []
    other: list[RawSegment] = []
    sv1: Segment = []
    sv1_at = start
    for position, segment in enumerate(block[:end], start):
        name = segment[0]
        if (name == "SV1" or name == "SV2") and not sv1:
            sv1, sv1_at = segment, position
        elif name == "DTP":
            dates.append(read_dtp(context, segment, position, LINE))
        elif name == "REF":
            references.append(read_reference(context, segment))
        elif name == "AMT":
            amounts.append(read_amount(context, segment, position, LINE))
        elif name == "NTE":
            notes.append(make_note(*(segment + PAD)[1:3]))
        elif name != "LX" and name:
            other.append(context.raw(segment))
    if not sv1:
        text = "The service line has no SV1 or SV2, so its charge is unknown."
        context.unread = True
        context.log.add("value.amount", text, position=start, segment="SV1", loop=LINE, element="SV102")
    nested = _Nested(context, block[end:], start + end) if end < len(block) else None
    institutional = sv1[:1] == ["SV2"]  # SV2 begins with the revenue code; all else stands one element further on
    shift = 1 if institutional else 0
    service = sv1[:1] + sv1[2:] if institutional else sv1
    padded = service[:5] + PAD if institutional else sv1 + PAD[: max(16 - len(sv1), 0)]
    return make_line(
        block[0][1] if len(block[0]) > 1 else "",
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
        tuple(amounts),
        tuple(notes),
        nested.drug if nested else None,
        tuple(p.provider() for p in nested.providers) if nested else (),
        tuple(nested.adjudications) if nested else (),
        tuple(nested.forms) if nested else (),
        tuple(other),
        start,
        (sv1 + PAD)[1] if institutional else "",
        context.cents(sv1, 7, sv1_at, LINE) if institutional and (sv1 + PAD)[7] else None,
    )


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
        loop = NamedLoop(read_party(part[0]))
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
