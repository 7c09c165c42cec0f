"""From records to segments, in the order of their fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from medguild.x12.amounts import x12_amount, x12_quantity
from medguild.x12.bind.fields import ElementBinding, Kind, LoopBinding, SegmentBinding, bindings
from medguild.x12.bind.read import segment_name
from medguild.x12.records.common import Address, Amount, Contact, Dated, Party, Quantity, Reference
from medguild.x12.write.output import SegmentWriter, day


class RecordWriter:
    """Writes one transaction between ST and SE; numbers its hierarchical levels."""

    def __init__(self, out: SegmentWriter) -> None:
        self._out = out
        self._levels = 0

    def loop(self, record: Any, parent: str = "") -> None:
        """A loop and all below it. parent is the number of the hierarchical level above.

        Raises Unwritable for what would not survive: a delimiter in a code, a name without Latin letters.
        """
        kind = getattr(record, "HL", "")
        if kind:
            parent = self._level(record, kind, parent)
        for name, binding in bindings(type(record)):
            value = getattr(record, name)
            values = value if binding.many else () if value is None else (value,)
            if isinstance(binding, SegmentBinding):
                for one in values:
                    self.segment(one)
            elif isinstance(binding, LoopBinding) and values:
                self._loops(values, binding, parent)

    def _loops(self, records: tuple[Any, ...], binding: LoopBinding, parent: str) -> None:
        if binding.bracket:
            self._out.put("LS", binding.bracket)
        for record in records:
            self.loop(record, parent)
        if binding.bracket:
            self._out.put("LE", binding.bracket)

    def _level(self, record: Any, kind: str, parent: str) -> str:
        self._levels += 1
        number = str(self._levels)
        children = "1" if _has_lower_level(record) else "0"
        self._out.put("HL", number, parent, kind, children if getattr(record, "CHILDREN", True) else "")
        return number

    def segment(self, record: Any) -> None:
        out = self._out
        if isinstance(record, Party):
            out.party(record)
        elif isinstance(record, Reference):
            out.references((record,))
        elif isinstance(record, Contact):
            out.contacts((record,))
        elif isinstance(record, Dated):
            out.dates((record,))
        elif isinstance(record, Amount):
            out.amounts((record,))
        elif isinstance(record, Quantity):
            out.quantities((record,))
        elif isinstance(record, Address):
            out.address(record)
        else:
            out.put(segment_name(type(record)), *self._elements(record))

    def _elements(self, record: Any) -> list[str]:
        """Elements from the first on; gaps are empty."""
        elements: list[str] = []
        for name, binding in bindings(type(record)):
            for at, text in enumerate(self._texts(binding, getattr(record, name)), start=binding.index):
                elements += [""] * (at - len(elements))
                elements[at - 1] = text
        return elements

    def _texts(self, binding: ElementBinding, value: Any) -> list[str]:
        if binding.kind is Kind.RUN:
            return [self._composite(one) for one in value]
        return [self._text(binding, value)]

    def _text(self, binding: ElementBinding, value: Any) -> str:
        out = self._out
        if value is None or value == "" or value == ():
            return ""
        kind = binding.kind
        if kind is Kind.TEXT:
            return out.charset.text(value, binding.limit)
        if kind is Kind.CODE:
            return out.charset.identifier(value, binding.limit, f"Element {binding.index}")
        if kind is Kind.COMPOSITE:
            return self._composite(value)
        if kind is Kind.REPEATS:
            return out.repeated(value)
        return _plain(kind, value)

    def _composite(self, record: Any) -> str:
        return self._out.composite(*self._elements(record))


def _plain(kind: Kind, value: Any) -> str:
    if kind is Kind.CENTS:
        return x12_amount(value)
    if kind is Kind.NUMBER:
        return x12_quantity(Decimal(value))
    return day(value)


def _has_lower_level(record: Any) -> bool:
    """Does a loop with a hierarchical level of its own stand below?"""
    for name, binding in bindings(type(record)):
        if not isinstance(binding, LoopBinding):
            continue
        value = getattr(record, name)
        inner = value if binding.many else () if value is None else (value,)
        if any(getattr(one, "HL", "") or _has_lower_level(one) for one in inner):
            return True
    return False
