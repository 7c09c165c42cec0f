"""One claim of an 835: CLP and everything under it (loops 2100 and 2110)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from medguild.x12.read.elements import (
    PAD,
    Context,
    read_adjustments,
    read_amount,
    read_contact,
    read_dtm,
    read_party,
    read_procedure,
    read_quantity,
    read_reference,
    trimmed,
)
from medguild.x12.records.common import Adjustment, Amount, Contact, Dated, Party, Quantity, Reference, Remark
from medguild.x12.records.making import maker
from medguild.x12.records.remittance import RemittanceClaim, ServicePayment
from medguild.x12.tokens import Segment

CLAIM, LINE = "2100", "2110"
# days of service, line and policy numbers, allowed amounts: under a claim they are what a lost SVC leaves behind
OF_LINES = frozenset(("DTM472", "DTM150", "DTM151", "REF6R", "REF0K", "AMTB6", "AMTKH"))

make_claim, make_service, make_remark = maker(RemittanceClaim), maker(ServicePayment), maker(Remark)


def read_claim(context: Context, block: list[Segment], start: int, header_number: str) -> RemittanceClaim:
    """block begins with CLP; start is the position of CLP."""
    segments = enumerate(block, start)
    next(segments)
    adjustments: list[Adjustment] = []
    parties: list[Party] = []
    references: list[Reference] = []
    dates: list[Dated] = []
    contacts: list[Contact] = []
    amounts: list[Amount] = []
    quantities: list[Quantity] = []
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    services: list[ServicePayment] = []
    for position, segment in segments:
        name = segment[0]
        if name == "NM1":
            parties.append(read_party(segment))
        elif name == "DTM":
            dates.append(read_dtm(context, segment, position, CLAIM))
            _beside_its_line(context, segment, dates[-1].qualifier, position)
        elif name == "REF":
            references.append(read_reference(context, segment))
            _beside_its_line(context, segment, references[-1].qualifier, position)
        elif name == "SVC":
            svc: Segment | None = segment
            while svc is not None:
                service, svc, position = _service(context, svc, position, segments)  # noqa: PLW2901
                services.append(service)
        elif name == "CAS":
            adjustments += read_adjustments(context, segment, position, CLAIM)
        elif name == "AMT":
            amounts.append(read_amount(context, segment, position, CLAIM))
            _beside_its_line(context, segment, amounts[-1].qualifier, position)
        elif name == "QTY":
            quantities.append(read_quantity(context, segment, position, CLAIM))
        elif name == "MOA":
            outpatient = trimmed(segment[1:])
        elif name == "MIA":
            inpatient = trimmed(segment[1:])
        elif name == "PER":
            contacts.append(read_contact(segment))
        elif name == "LQ":
            context.lost("835.lost", segment, position, CLAIM, "A remark (LQ) stands outside of a service line.")
    clp = block[0]
    padded = clp + PAD
    return make_claim(
        padded[1],
        padded[2],
        context.cents(clp, 3, start, CLAIM),
        context.cents(clp, 4, start, CLAIM),
        context.cents(clp, 5, start, CLAIM) if padded[5] else None,
        padded[6],
        padded[7],
        padded[8],
        padded[9],
        padded[11],
        padded[12],
        padded[13],
        header_number,
        tuple(adjustments) if adjustments else (),
        tuple(parties),
        inpatient,
        outpatient,
        tuple(references),
        tuple(dates),
        tuple(contacts) if contacts else (),
        tuple(amounts) if amounts else (),
        tuple(quantities) if quantities else (),
        tuple(services),
        start,
    )


@lru_cache(maxsize=1024)
def _remark(qualifier: str, code: str) -> Remark:
    return make_remark(qualifier, code)


def _beside_its_line(context: Context, segment: Segment, qualifier: str, position: int) -> None:
    """A payer may pay a claim as a whole, without lines; but then it has nothing that only lines have."""
    if segment[0] + qualifier in OF_LINES:
        text = (
            f"{segment[0]}*{qualifier} belongs to a service line, but no SVC stands above it: a line was lost. "
            "Post nothing; ask the payer for the file again."
        )
        context.lost("835.lost", segment, position, CLAIM, text)


def _service(
    context: Context, svc: Segment, start: int, segments: Iterator[tuple[int, Segment]]
) -> tuple[ServicePayment, Segment | None, int]:
    """The line that svc opens, and the SVC of the next one with its position."""
    adjustments: list[Adjustment] = []
    references: list[Reference] = []
    dates: list[Dated] = []
    amounts: list[Amount] = []
    quantities: list[Quantity] = []
    remarks: list[Remark] = []
    following: Segment | None = None
    position = start
    for position, segment in segments:
        name = segment[0]
        if name == "CAS":
            adjustments += read_adjustments(context, segment, position, LINE)
        elif name == "DTM":
            dates.append(read_dtm(context, segment, position, LINE))
        elif name == "SVC":
            following = segment
            break
        elif name == "REF":
            references.append(read_reference(context, segment))
        elif name == "AMT":
            amounts.append(read_amount(context, segment, position, LINE))
        elif name == "LQ":
            remarks.append(_remark(*(segment + PAD)[1:3]))
        elif name == "QTY":
            quantities.append(read_quantity(context, segment, position, LINE))
        elif name:
            text = f"{name} belongs to the claim, not to a service line; it was skipped."
            context.lost("segment.place", segment, position, LINE, text)
    padded = svc + PAD
    service = make_service(
        read_procedure(padded[1], context.component),
        context.cents(svc, 2, start, LINE),
        context.cents(svc, 3, start, LINE),
        padded[4],
        context.quantity(svc, 5, start, LINE),
        read_procedure(padded[6], context.component) if padded[6] else None,
        context.quantity(svc, 7, start, LINE),
        tuple(dates),
        tuple(adjustments),
        tuple(references),
        tuple(amounts) if amounts else (),
        tuple(quantities) if quantities else (),
        tuple(remarks) if remarks else (),
        start,
    )
    return service, following, position
