"""The parts of an 837P above the claim: header, billing provider, subscriber, patient."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from medguild.x12.read.elements import PAD, Context, read_address, read_contact, read_party, read_reference, trimmed
from medguild.x12.records.claim import BillingProvider, ClaimHeader, Patient, Payer, Provider, Subscriber
from medguild.x12.records.common import Address, Contact, Party, Reference
from medguild.x12.records.making import maker
from medguild.x12.tokens import Segment

TAX_ID = ("EI", "SY")
_NOTHING: Segment = []

make_patient, make_payer, make_provider = maker(Patient), maker(Payer), maker(Provider)
make_subscriber = maker(Subscriber)


class NamedLoop:
    """One NM1 loop while it is read: address, demographics, references, contacts."""

    __slots__ = ("birth_date", "contacts", "lines", "nm1", "place", "references", "sex", "taxonomy")

    def __init__(self, nm1: Segment) -> None:
        self.nm1 = nm1
        self.lines = self.place = _NOTHING
        self.references: list[Reference] = []
        self.contacts: list[Contact] = []
        self.birth_date: date | None = None
        self.sex = ""
        self.taxonomy = ""

    def take(self, context: Context, segment: Segment, position: int, loop: str) -> bool:
        """False when the segment has no place in a named loop."""
        name = segment[0]
        if name == "N3":
            self.lines = segment
        elif name == "N4":
            self.place = segment
        elif name == "DMG":
            self.birth_date = context.day(segment, 2, position, loop)
            self.sex = segment[3] if len(segment) > 3 else ""
        elif name == "PRV":
            self.taxonomy = segment[3] if len(segment) > 3 else ""
        elif name == "REF":
            self.references.append(read_reference(context, segment))
        elif name == "PER":
            self.contacts.append(read_contact(segment))
        else:
            return name == ""
        return True

    @property
    def role(self) -> str:
        return self.nm1[1] if len(self.nm1) > 1 else ""

    @property
    def party(self) -> Party:
        return read_party(self.nm1)

    @property
    def address(self) -> Address | None:
        return read_address(self.lines, self.place) if self.lines or self.place else None

    def provider(self) -> Provider:
        if not self.place and not self.lines and not self.references and not self.contacts:
            return _plain_provider(self.taxonomy, *self.nm1)
        return make_provider(self.party, self.taxonomy, self.address, tuple(self.references), tuple(self.contacts))

    def payer(self) -> Payer:
        if not self.place and not self.lines and not self.references:
            return _plain_payer(*self.nm1)
        return make_payer(self.party, self.address, tuple(self.references))


@lru_cache(maxsize=2048)
def _plain_provider(taxonomy: str, *nm1: str) -> Provider:
    """Few providers and payers stand in many claims, so those that are only named share their records."""
    return make_provider(read_party([*nm1]), taxonomy, None, (), ())


@lru_cache(maxsize=2048)
def _plain_payer(*nm1: str) -> Payer:
    return make_payer(read_party([*nm1]), None, ())


def _loops(
    context: Context, block: list[Segment], start: int, own: tuple[str, ...], loop: str
) -> tuple[dict[str, Segment], dict[str, NamedLoop]]:
    """The level's own segments by name, and its named loops by role."""
    segments: dict[str, Segment] = {}
    named: dict[str, NamedLoop] = {}
    current: NamedLoop | None = None
    for position, segment in enumerate(block, start):
        name = segment[0]
        if name == "NM1":
            current = NamedLoop(segment)
            role = segment[1] if len(segment) > 1 else ""
            if role in named:
                text = f"A second NM1*{role[:3]} in one loop; the first one is used."
                context.lost("loop.repeat", segment, position, loop, text)
            else:
                named[role] = current
        elif name in own and (current is None or (name != "PRV" and name != "REF")):
            segments.setdefault(name, segment)
        elif (current is None or not current.take(context, segment, position, loop)) and name:
            text = f"{name} has no place here; it was skipped."
            context.lost("segment.place", segment, position, loop, text)
    return segments, named


def read_header(context: Context, block: list[Segment]) -> ClaimHeader:
    segments, named = _loops(context, block, 1, ("ST", "BHT"), "HEADER")
    st, bht = segments.get("ST", []) + PAD, segments.get("BHT", []) + PAD
    submitter = named.get("41") or NamedLoop(["NM1", "41", "2"])
    receiver = named.get("40") or NamedLoop(["NM1", "40", "2"])
    return ClaimHeader(
        control=st[2].strip(),
        reference=bht[3],
        purpose=bht[2],
        created=_moment(context, bht),
        kind=bht[6],
        submitter=submitter.party,
        contacts=tuple(submitter.contacts),
        receiver=receiver.party,
    )


def _moment(context: Context, bht: Segment) -> datetime | None:
    day = context.day(bht, 4, 2, "HEADER")
    if day is None:
        return None
    try:
        clock = time.fromisoformat(bht[5][:6]) if bht[5].isascii() and len(bht[5]) in (4, 6, 7, 8) else time()
    except ValueError:
        clock = time()
    return datetime.combine(day, clock)


def read_billing(context: Context, block: list[Segment], start: int) -> BillingProvider:
    """Loop 2000A. block begins with HL."""
    segments, named = _loops(context, block, start, ("HL", "PRV", "CUR"), "2000A")
    provider = named.get("85") or NamedLoop(["NM1", "85", "2"])
    pay_to = named.get("87")
    plan = named.get("PE")
    tax = next((r for r in provider.references if r.qualifier in TAX_ID), Reference("EI", ""))
    return BillingProvider(
        party=provider.party,
        address=provider.address,
        tax_id=tax.value,
        tax_id_qualifier=tax.qualifier,
        taxonomy=(segments.get("PRV", []) + PAD)[3],
        references=tuple(r for r in provider.references if r is not tax),
        contacts=tuple(provider.contacts),
        pay_to=pay_to.address if pay_to else None,
        currency=(segments.get("CUR", []) + PAD)[2],
        pay_to_plan=plan.provider() if plan else None,
    )


def read_subscriber(context: Context, block: list[Segment], start: int) -> Subscriber:
    """Loop 2000B. block begins with HL."""
    segments, named = _loops(context, block, start, ("HL", "SBR", "PAT"), "2000B")
    sbr = segments.get("SBR", _NOTHING) + PAD
    person = named.get("IL") or NamedLoop(["NM1", "IL", "1"])
    payer = named.get("PR") or NamedLoop(["NM1", "PR", "2"])
    return make_subscriber(
        person.party,
        payer.payer(),
        sbr[1],
        sbr[2],
        sbr[3],
        sbr[4],
        sbr[5],
        sbr[9],
        person.address,
        person.birth_date,
        person.sex,
        tuple(person.references) if person.references else (),
        tuple(person.contacts) if person.contacts else (),
        trimmed(segments["PAT"][1:]) if "PAT" in segments else (),
    )


def read_patient(context: Context, block: list[Segment], start: int) -> Patient:
    """Loop 2000C. block begins with HL."""
    segments, named = _loops(context, block, start, ("HL", "PAT"), "2000C")
    pat = segments.get("PAT", [])
    person = named.get("QC") or NamedLoop(["NM1", "QC", "1"])
    return make_patient(
        party=person.party,
        relationship=(pat + PAD)[1],
        address=person.address,
        birth_date=person.birth_date,
        sex=person.sex,
        references=tuple(person.references),
        contacts=tuple(person.contacts),
        pat=trimmed(pat[2:]),
    )
