"""Shared readers of single segments. All take the segment as read and never raise: what is wrong goes to the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from medguild.x12.amounts import parse_cents, parse_quantity
from medguild.x12.errors import IssueLog, X12ValueError
from medguild.x12.records.common import (
    Address,
    Adjustment,
    Amount,
    Contact,
    Dated,
    Party,
    Procedure,
    Quantity,
    Reference,
)
from medguild.x12.records.making import maker
from medguild.x12.tokens import Segment

NEUTRAL = "\x1f"  # separates components in segments that are kept verbatim
PAD = [""] * 20
PLACES = ("segment.place", "loop.repeat")

make_address, make_adjustment, make_amount = maker(Address), maker(Adjustment), maker(Amount)
make_contact, make_dated, make_party = maker(Contact), maker(Dated), maker(Party)
make_procedure, make_quantity, make_reference = maker(Procedure), maker(Quantity), maker(Reference)


@lru_cache(maxsize=4096)
def parse_day(text: str) -> date | None:
    """YYYYMMDD, or None."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Context:
    """What every block reader needs: where to report, and the component separator of the file."""

    __slots__ = ("component", "guided", "log", "repetition", "unread")

    def __init__(self, log: IssueLog, component: str, *, guided: bool, repetition: str = "") -> None:
        self.log = log
        self.component = component
        self.repetition = repetition
        self.guided = guided  # a walker checks the places of segments, so they are not reported twice
        self.unread = False  # an amount could not be read

    def raw(self, segment: Segment) -> tuple[str, ...]:
        """A segment kept verbatim, its component separators made neutral, so that any delimiters can be written."""
        if self.component == NEUTRAL:
            return tuple(segment)
        return tuple(element.replace(self.component, NEUTRAL) for element in segment)

    def cents(self, segment: Segment, index: int, position: int, loop: str, *, required: bool = True) -> int:
        """Cents of an element; 0 and an issue when it is missing (if required) or not an amount."""
        text = segment[index] if index < len(segment) else ""
        try:
            return parse_cents(text)
        except X12ValueError as wrong:
            if required or text:
                self.unread = True
                self._wrong("value.amount", segment, index, position, loop, text, wrong)
            return 0

    def quantity(self, segment: Segment, index: int, position: int, loop: str) -> Decimal | None:
        text = segment[index] if index < len(segment) else ""
        if not text:
            return None
        try:
            return parse_quantity(text)
        except X12ValueError as wrong:
            self._wrong("value.quantity", segment, index, position, loop, text, wrong)
            return None

    def day(self, segment: Segment, index: int, position: int, loop: str) -> date | None:
        text = segment[index] if index < len(segment) else ""
        if not text:
            return None
        day = parse_day(text)
        if day is not None:
            return day
        wrong = X12ValueError("the value is not a date (year, month, day)")
        self._wrong("value.date", segment, index, position, loop, text, wrong)
        return None

    def lost(self, rule: str, segment: Segment, position: int, loop: str, text: str) -> None:
        if not (self.guided and rule in PLACES):
            self.log.add(rule, text, position=position, segment=segment[0][:3], loop=loop)

    def _wrong(
        self, rule: str, segment: Segment, index: int, position: int, loop: str, text: str, wrong: Exception
    ) -> None:
        element = f"{segment[0][:3]}{index:02d}"
        said = f"{element} is missing." if not text else f"{element}: {wrong}."
        self.log.add(
            rule,
            f"{said} Ask the sender to correct it.",
            position=position,
            segment=segment[0][:3],
            loop=loop,
            element=element,
        )


def read_reference(context: Context, segment: Segment) -> Reference:
    if len(segment) == 3:
        return make_reference(segment[1], segment[2])
    _, qualifier, value, description, other = (segment + PAD)[:5]
    return make_reference(qualifier, value, description, other.partition(context.component)[2])


def read_party(segment: Segment) -> Party:
    if len(segment) == 10:
        _, role, kind, last, first, middle, prefix, suffix, qualifier, number = segment
        return make_party(role, kind, last, first, middle, suffix, qualifier, number, prefix)
    _, role, kind, last, first, middle, prefix, suffix, qualifier, number, relationship = (segment + PAD)[:11]
    return make_party(role, kind, last, first, middle, suffix, qualifier, number, prefix, relationship)


def read_contact(segment: Segment) -> Contact:
    padded = segment + PAD
    numbers = tuple((padded[i], padded[i + 1]) for i in (3, 5, 7) if padded[i] or padded[i + 1])
    return make_contact(padded[1], padded[2], numbers)


def read_address(lines: Segment, place: Segment) -> Address:
    if len(lines) == 2 and len(place) == 4:
        return make_address(lines[1], "", *place[1:])
    n3, n4 = lines + PAD, place + PAD
    return make_address(n3[1], n3[2], n4[1], n4[2], n4[3], n4[4], n4[7])


def read_amount(context: Context, segment: Segment, position: int, loop: str) -> Amount:
    if len(segment) == 3:
        try:
            return _amount(segment[1], segment[2])
        except X12ValueError:
            pass  # said below
    return make_amount((segment + PAD)[1], context.cents(segment, 2, position, loop))


@lru_cache(maxsize=8192)
def _amount(qualifier: str, text: str) -> Amount:
    """Fees repeat, and so do the records of what is paid and cut of them. Raises X12ValueError."""
    return make_amount(qualifier, parse_cents(text))


@lru_cache(maxsize=8192)
def _adjustment(group: str, reason: str, text: str) -> Adjustment:
    return make_adjustment(group, reason, parse_cents(text))


def read_quantity(context: Context, segment: Segment, position: int, loop: str) -> Quantity:
    return make_quantity((segment + PAD)[1], context.quantity(segment, 2, position, loop) or Decimal(0))


def read_dtm(context: Context, segment: Segment, position: int, loop: str) -> Dated:
    """DTM: qualifier, date."""
    if len(segment) == 3:
        dated = _on_day(segment[1], segment[2])
        if dated is not None:
            return dated
    day = context.day(segment, 2, position, loop)
    return make_dated((segment + PAD)[1], day, None, "" if day else (segment + PAD)[2])


@lru_cache(maxsize=4096)
def _on_day(qualifier: str, text: str) -> Dated | None:
    """The days of one file are few, so their records are shared."""
    day = parse_day(text)
    return make_dated(qualifier, day) if day else None


def read_dtp(context: Context, segment: Segment, position: int, loop: str) -> Dated:
    """DTP: qualifier, format (D8, RD8, DT), value."""
    if len(segment) == 4 and segment[2] == "D8":
        dated = _on_day(segment[1], segment[3])
        if dated is not None:
            return dated
    _, qualifier, form, text = (segment + PAD)[:4]
    if form == "D8":
        day = context.day(segment, 3, position, loop)
        return make_dated(qualifier, day) if day else make_dated(qualifier, None, None, text, form)
    if form == "RD8":
        first, _, last = text.partition("-")
        start = context.day([segment[0], "", "", first], 3, position, loop)
        end = context.day([segment[0], "", "", last], 3, position, loop)
        return make_dated(qualifier, start, end) if start and end else make_dated(qualifier, start, end, text, form)
    return make_dated(qualifier, None, None, text, form)


def read_adjustments(context: Context, segment: Segment, position: int, loop: str) -> list[Adjustment]:
    """The reasons of one CAS: group, then up to six of reason, amount, quantity."""
    if len(segment) == 4 and segment[2]:
        try:
            return [_adjustment(segment[1], segment[2], segment[3])]
        except X12ValueError:
            pass  # said below
    group = segment[1] if len(segment) > 1 else ""
    found: list[Adjustment] = []
    for at in range(2, max(len(segment), 4), 3):
        reason = segment[at] if at < len(segment) else ""
        if not reason and at > 2 and not any(segment[at : at + 3]):
            continue
        cents = context.cents(segment, at + 1, position, loop)
        quantity = context.quantity(segment, at + 2, position, loop) if at + 2 < len(segment) else None
        found.append(make_adjustment(group, reason, cents, quantity))
    return found


@lru_cache(maxsize=4096)
def read_procedure(text: str, component: str) -> Procedure:
    """SV101, SVC01, SVD03: qualifier, code, four modifiers, description. They are few, so their records are shared."""
    parts = text.split(component)
    if len(parts) == 2:
        return make_procedure(parts[0], parts[1])
    if len(parts) == 1:
        return make_procedure("", parts[0])
    modifiers = tuple(m for m in parts[2:6] if m)
    return make_procedure(parts[0], parts[1], modifiers, parts[6] if len(parts) > 6 else "")


def trimmed(elements: Sequence[str]) -> tuple[str, ...]:
    """Elements without the empty ones at the end."""
    last = len(elements)
    while last and not elements[last - 1]:
        last -= 1
    return tuple(elements[:last])
