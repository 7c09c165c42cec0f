"""One claim of an 837: CLM and everything under it (loops 2300 to 2330)."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from medguild.x12.read.claim_line import read_lines, until_lx
from medguild.x12.read.claim_parties import NamedLoop
from medguild.x12.read.elements import (
    PAD,
    Context,
    read_adjustments,
    read_amount,
    read_dtp,
    read_reference,
    trimmed,
)
from medguild.x12.records.claim import (
    BillingProvider,
    Claim,
    Diagnosis,
    Institutional,
    InstitutionalCode,
    Note,
    OtherPayer,
    Patient,
    Payer,
    Provider,
    RawSegment,
    Subscriber,
)
from medguild.x12.records.common import Adjustment, Amount, Dated, Party, Reference
from medguild.x12.records.making import maker
from medguild.x12.tokens import Segment

CLAIM, OTHER = "2300", "2320"
HI_KINDS = {"BP": "anesthesia", "BO": "anesthesia", "BG": "condition"}

make_claim, make_diagnosis, make_note = maker(Claim), maker(Diagnosis), maker(Note)


def read_claim(
    context: Context,
    block: list[Segment],
    start: int,
    billing: BillingProvider,
    subscriber: Subscriber,
    patient: Patient | None,
    *,
    institutional: bool = False,
) -> Claim:
    """block begins with CLM; start is its position. institutional: an 837I, whose HI holds more than diagnoses."""
    segments = enumerate(block, start)
    next(segments)
    dates: list[Dated] = []
    references: list[Reference] = []
    notes: list[Note] = []
    codes: dict[str, list[Diagnosis]] = {}
    providers: list[NamedLoop] = []
    other: list[RawSegment] = []
    patient_paid: int | None = None
    lx: Segment | None = None
    payers: tuple[OtherPayer, ...] = ()
    own = len(block)
    for position, segment in segments:
        name = segment[0]
        if name == "NM1":
            providers.append(NamedLoop(segment))
        elif name == "LX":
            own, lx = position - start, segment
            break
        elif name == "SBR":
            own = position - start
            part, lx, end = until_lx(segment, position, segments)
            payers = _other_payers(context, part, position)
            position = end
            break
        elif providers:
            if not providers[-1].take(context, segment, position, "2310"):
                _skipped(context, segment, position, "2310")
        elif name == "HI":
            _codes(context, codes, segment)
        elif name == "REF":
            references.append(read_reference(context, segment))
        elif name == "DTP":
            dates.append(read_dtp(context, segment, position, CLAIM))
        elif name == "NTE":
            notes.append(make_note(*(segment + PAD)[1:3]))
        elif name == "AMT" and segment[1:2] == ["F5"] and patient_paid is None:
            patient_paid = context.cents(segment, 2, position, CLAIM)
        elif name:
            other.append(context.raw(segment))
    lines = read_lines(context, lx, position, segments) if lx is not None else ()
    clm = block[0] + PAD
    place = _components(clm[5], context.component)
    causes = _components(clm[11], context.component)
    claim = make_claim(
        clm[1],
        context.cents(block[0], 2, start, CLAIM),
        billing,
        subscriber,
        patient,
        place[0],
        place[1],
        place[2],
        clm[6],
        clm[7],
        clm[8],
        clm[9],
        clm[10],
        tuple(cause for cause in causes[:3] if cause) if clm[11] else (),
        causes[3],
        causes[4],
        clm[12],
        clm[20],
        tuple(dates),
        patient_paid,
        tuple(references),
        tuple(notes),
        tuple(codes.get("diagnosis", ())),
        tuple(codes.get("anesthesia", ())),
        tuple(codes.get("condition", ())),
        tuple([p.provider() for p in providers]),
        payers,
        lines,
        tuple(other),
        start,
    )
    return _as_institutional(context, claim, block[:own], start) if institutional else claim


def _as_institutional(context: Context, claim: Claim, block: list[Segment], start: int) -> Claim:
    """CL1 and HI of an 837I as they are meant there; the diagnoses stay where a reader of claims looks for them."""
    codes: list[tuple[InstitutionalCode, ...]] = []
    cl1: Segment = []
    for position, segment in enumerate(block, start):
        if segment[0] == "CL1":
            cl1 = segment
        elif segment[0] == "HI":
            codes.append(tuple(_institutional(context, e, position) for e in segment[1:] if e))
    padded = cl1 + PAD
    facts = Institutional(padded[1], padded[2], padded[3], tuple(codes))
    diagnoses = tuple(Diagnosis(c.qualifier, c.code) for c in facts.listed("ABK", "BK", "ABF", "BF"))
    other = tuple(segment for segment in claim.other if segment[0] != "CL1")
    return replace(claim, institutional=facts, diagnoses=diagnoses, anesthesia=(), conditions=(), other=other)


def _institutional(context: Context, element: str, position: int) -> InstitutionalCode:
    parts = (["HI", *element.split(context.component)] + PAD)[:10]
    amount = context.cents(parts, 5, position, CLAIM) if parts[5] else None
    return InstitutionalCode(parts[1], parts[2], parts[3], parts[4], amount, parts[9])


def _codes(context: Context, codes: dict[str, list[Diagnosis]], segment: Segment) -> None:
    """HI: each element is one composite of qualifier and code."""
    for element in segment[1:]:
        diagnosis = _diagnosis(element, context.component)
        if diagnosis.qualifier:
            kind = HI_KINDS.get(diagnosis.qualifier, "diagnosis")
            codes.setdefault(kind, []).append(diagnosis)


@lru_cache(maxsize=4096)
def _diagnosis(text: str, component: str) -> Diagnosis:
    qualifier, _, code = text.partition(component)
    return make_diagnosis(qualifier, code.partition(component)[0])


@lru_cache(maxsize=1024)
def _components(text: str, component: str) -> tuple[str, ...]:
    """The parts of CLM05 or CLM11, five at least."""
    return tuple(text.split(component) + PAD[:5])


def _skipped(context: Context, segment: Segment, position: int, loop: str) -> None:
    context.lost("segment.place", segment, position, loop, f"{segment[0]} has no place here; it was skipped.")


def _other_payers(context: Context, block: list[Segment], start: int) -> tuple[OtherPayer, ...]:
    """Loops 2320. block begins with SBR."""
    cuts = [at for at, segment in enumerate(block) if segment[0] == "SBR"] + [len(block)]
    return tuple(_other_payer(context, block[at:end], start + at) for at, end in pairwise(cuts))


def _other_payer(context: Context, block: list[Segment], start: int) -> OtherPayer:
    sbr = block[0] + PAD
    adjustments: list[Adjustment] = []
    amounts: list[Amount] = []
    oi: RawSegment = ()
    outpatient: tuple[str, ...] = ()
    inpatient: tuple[str, ...] = ()
    named: list[NamedLoop] = []
    paid_on: Dated | None = None
    for position, segment in enumerate(block[1:], start + 1):
        name = segment[0]
        if name == "NM1":
            named.append(NamedLoop(segment))
        elif name == "DTP":
            paid_on = read_dtp(context, segment, position, "2330B")
        elif named:
            if not named[-1].take(context, segment, position, "2330"):
                _skipped(context, segment, position, "2330")
        elif name == "CAS":
            adjustments += read_adjustments(context, segment, position, OTHER)
        elif name == "AMT":
            amounts.append(read_amount(context, segment, position, OTHER))
        elif name == "OI":
            oi = trimmed(segment[1:])
        elif name == "MOA":
            outpatient = trimmed(segment[1:])
        elif name == "MIA":
            inpatient = trimmed(segment[1:])
        elif name:
            _skipped(context, segment, position, OTHER)
    person = _first(named, "IL") or NamedLoop(["NM1", "IL", "1"])
    payer = _first(named, "PR")
    providers: list[Provider] = [n.provider() for n in named if n is not person and n is not payer]
    return OtherPayer(
        subscriber=person.party,
        payer=payer.payer() if payer else Payer(Party("PR", "2")),
        sequence=sbr[1],
        relationship=sbr[2],
        group_number=sbr[3],
        group_name=sbr[4],
        insurance_type=sbr[5],
        filing_indicator=sbr[9],
        adjustments=tuple(adjustments),
        amounts=tuple(amounts),
        oi=oi,
        outpatient=outpatient,
        subscriber_address=person.address,
        subscriber_references=tuple(person.references),
        paid_on=paid_on.start if paid_on else None,
        providers=tuple(providers),
        inpatient=inpatient,
    )


def _first(named: list[NamedLoop], role: str) -> NamedLoop | None:
    return next((n for n in named if n.role == role), None)
