"""Checks the elements of one segment against its place in the guide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from medguild.x12.amounts import parse_quantity
from medguild.x12.check.patterns import pattern
from medguild.x12.errors import IssueLog, X12ValueError
from medguild.x12.guides.elements import COMPONENTS, ELEMENTS, RELATIONS, ElementType
from medguild.x12.guides.model import ElementUse, SegmentUse
from medguild.x12.tokens import Segment

# the typed readers judge these themselves (value.amount, value.date, value.quantity)
TYPED = frozenset(
    "BPR02 BPR16 CLP03 CLP04 CLP05 SVC02 SVC03 SVC05 SVC07 CAS03 CAS04 CAS06 CAS07 CAS09 CAS10 CAS12 CAS13 CAS15 "
    "CAS16 CAS18 CAS19 PLB02 PLB04 PLB06 PLB08 PLB10 PLB12 PLB14 AMT02 QTY02 DTM02 CLM02 SV102 SV104 SVD02 SVD05 "
    "CTP04 BHT04".split()
)
RARE = 16  # segments of one place, before a pattern pays
LONGEST_CODE = 3  # longer text may be a name that slipped in; it is not repeated
STATED = frozenset(  # amounts whose absence the typed readers report, those of claims and payments
    "BPR02 CLP03 CLP04 SVC02 SVC03 CAS03 CAS06 CAS09 CAS12 CAS15 CAS18 PLB04 PLB06 PLB08 PLB10 PLB12 PLB14 AMT02 CLM02 "
    "SV102 SVD02".split()
)
READ_TYPED = frozenset(("835", "837P", "837I"))


Relation = tuple[str, tuple[int, ...]]
SKIP, TEXT, CODE, COMPOSITE, OTHER, UNUSED, REPEATED = range(7)


class Plan:
    """What is needed to check one SegmentUse, looked up once. slots: per element what to do, least and most length."""

    __slots__ = ("matches", "name", "relations", "required", "seen", "slots", "stated", "types", "use", "uses")

    def __init__(self, use: SegmentUse, stated: frozenset[str]) -> None:
        self.use = use
        self.stated = stated
        self.name = use.name
        self.seen = 0
        self.matches: Callable[[str], object] | None = None
        self.types = ELEMENTS.get(use.name, ())
        self.uses = {element.number: element for element in use.elements or ()}
        self.relations = RELATIONS.get(use.name, ())
        self.required = [
            n for n, element in self.uses.items() if element.required and f"{use.name}{n:02d}" not in stated
        ]
        self.slots = [(SKIP, 0, 0, 0)]
        for number, known in enumerate(self.types, start=1):
            mode = self._mode(number, known, free=use.elements is None)
            self.slots.append((mode, known.shortest, known.longest, number))

    def learn(self) -> None:
        """Makes what tells a faultless segment at once; only for segments that come often."""
        self.seen += 1
        if self.seen > RARE:
            self.matches = pattern(self.use, self.stated, TYPED).fullmatch

    def _mode(self, number: int, known: ElementType, *, free: bool) -> int:
        element = self.uses.get(number)
        if element is None and not free:
            return UNUSED
        if element is not None and element.repeats:
            return REPEATED
        if element is not None and element.codes:
            return CODE
        if element is not None and element.components:
            return COMPOSITE
        if known.kind in ("AN", "ID"):
            return TEXT
        return SKIP if f"{self.name}{number:02d}" in TYPED else OTHER


_PLANS: dict[int, Plan] = {}  # by the id of the use, which its plan keeps alive


def plan_of(use: SegmentUse, stated: frozenset[str] = STATED) -> Plan:
    return _PLANS.setdefault(id(use), Plan(use, stated))


class ElementCheck:
    """One per transaction. Ranges from presence to type; says each finding once."""

    def __init__(self, log: IssueLog, component: str, repetition: str = "") -> None:
        self._log = log
        self._component = component
        self._repetition = repetition

    def check(self, segment: Segment, plan: Plan, position: int, loop: str) -> None:
        """For a segment that its plan's pattern does not match, or that has no pattern yet."""
        if plan.matches is None:
            plan.learn()
        self.look_closer(segment, plan, position, loop)
        self.relations(segment, plan.name, plan.relations, position, loop)

    def look_closer(self, segment: Segment, plan: Plan, position: int, loop: str) -> None:
        size = len(segment)
        for number in plan.required:
            if number >= size or not segment[number]:
                self._say("element.missing", position, loop, plan.name, number, "is required but missing")
        if size > 1 and not segment[-1]:
            self._say("segment.trailing", position, loop, plan.name, size - 1, "is empty; no separator may stand there")
        if size > len(plan.slots) and any(segment[len(plan.slots) :]):
            self._say("element.extra", position, loop, plan.name, len(plan.slots), "does not exist in this segment")
        for text, (mode, shortest, longest, number) in zip(segment, plan.slots, strict=False):
            if text and mode:
                if mode == TEXT:
                    if not shortest <= len(text) <= longest:
                        self._length(plan.types[number - 1], len(text), position, loop, plan.name, number, 0)
                elif mode != CODE or text not in plan.uses[number].codes:
                    self._slow(text, plan, mode, position, loop, number)
        if not "".join(segment).isprintable():
            self._controls(segment, position, loop)

    def _slow(self, text: str, plan: Plan, mode: int, position: int, loop: str, number: int) -> None:
        if mode == CODE:
            self._code(text, plan.uses[number], position, loop, plan.name, number)
        elif mode == COMPOSITE:
            self._composite(text, plan.uses[number], position, loop, plan.name, number)
        elif mode == REPEATED:
            self._repeated(text, plan, position, loop, number)
        elif mode == UNUSED:
            self._say("element.unused", position, loop, plan.name, number, "is not used here; leave it empty")
        else:
            self._type(text, plan.types[number - 1], position, loop, plan.name, number, 0)

    def _repeated(self, text: str, plan: Plan, position: int, loop: str, number: int) -> None:
        element, known = plan.uses[number], plan.types[number - 1]
        for part in text.split(self._repetition) if self._repetition else (text,):
            if element.codes:
                if part not in element.codes:
                    self._code(part, element, position, loop, plan.name, number)
            elif element.components:
                self._composite(part, element, position, loop, plan.name, number)
            else:
                self._type(part, known, position, loop, plan.name, number, 0)

    def _controls(self, segment: Segment, position: int, loop: str) -> None:
        for number, text in enumerate(segment):  # separators may themselves be control characters
            if not text.replace(self._component, "").replace(self._repetition, "").isprintable():
                self._say("element.characters", position, loop, segment[0], number, "holds control characters")

    def _code(
        self, text: str, element: ElementUse, position: int, loop: str, name: str, number: int, component: int = 0
    ) -> None:
        codes = sorted(element.codes)
        found = f"is '{text}'" if len(text) <= LONGEST_CODE else "is no code"
        shown = ", ".join(codes[:12]) + (", ..." if len(codes) > 12 else "")
        self._say("element.code", position, loop, name, number, f"{found}; allowed are {shown}", component)

    def _composite(self, text: str, element: ElementUse, position: int, loop: str, name: str, number: int) -> None:
        parts = text.split(self._component)
        types = COMPONENTS.get(f"{name}{number:02d}", ())
        if not parts[-1]:
            said = "ends with an empty component; no separator may stand there"
            self._say("segment.trailing", position, loop, name, number, said)
        for use in element.components:
            part = parts[use.number - 1] if use.number <= len(parts) else ""
            if not part:
                if use.required:
                    self._say("element.missing", position, loop, name, number, "is required but missing", use.number)
            elif use.codes and part not in use.codes:
                self._code(part, use, position, loop, name, number, use.number)
            elif use.number <= len(types):
                self._type(part, types[use.number - 1], position, loop, name, number, use.number)
        used = {use.number for use in element.components}
        for at, part in enumerate(parts, start=1):
            if part and at not in used:
                said = "is not used here; leave it empty"
                self._say("element.unused", position, loop, name, number, said, at)

    def _type(
        self, text: str, known: ElementType, position: int, loop: str, name: str, number: int, component: int
    ) -> None:
        kind = known.kind
        size = len(text)
        if kind == "R":
            try:
                parse_quantity(text)
            except X12ValueError:
                self._say("element.type", position, loop, name, number, "is not a number", component)
            else:
                size -= text.count("-") + text.count(".")
        elif kind == "N0":
            if not (text.isascii() and text.isdigit()):
                self._say("element.type", position, loop, name, number, "is not a whole number", component)
        elif kind in ("DT", "TM") and (not (text.isascii() and text.isdigit()) or (kind == "DT" and not _is_day(text))):
            said = "is not a date" if kind == "DT" else "is not a time"
            self._say("element.date" if kind == "DT" else "element.time", position, loop, name, number, said, component)
        if kind != "C" and not known.shortest <= size <= known.longest:
            self._length(known, size, position, loop, name, number, component)

    def _length(
        self, known: ElementType, size: int, position: int, loop: str, name: str, number: int, component: int
    ) -> None:
        said = f"has {size} characters; allowed are {known.shortest} to {known.longest}"
        self._say(
            "element.short" if size < known.shortest else "element.long", position, loop, name, number, said, component
        )

    def relations(self, segment: Segment, name: str, relations: Sequence[Relation], position: int, loop: str) -> None:
        size = len(segment)
        for kind, numbers in relations:
            if numbers[0] >= size and kind != "R":
                continue  # their first element is the foremost, or the condition
            present = [n for n in numbers if n < size and segment[n]]
            if kind == "P":
                bad = 0 < len(present) < len(numbers)
            elif kind == "R":
                bad = not present
            elif kind == "C":
                bad = numbers[0] in present and len(present) < len(numbers)
            else:
                bad = len(present) > 1
            if bad:
                listed = ", ".join(f"{name}{n:02d}" for n in numbers)
                how = {"P": "belong together", "R": "one is needed", "C": "belong together", "E": "only one may stand"}
                text = f"{listed}: {how[kind]}."
                self._log.add(
                    "element.exclusion" if kind == "E" else "element.relation",
                    text,
                    position=position,
                    segment=name,
                    loop=loop,
                    element=f"{name}{numbers[0]:02d}",
                )

    def _say(self, rule: str, position: int, loop: str, name: str, number: int, said: str, component: int = 0) -> None:
        element = f"{name}{number:02d}" + (f"-{component}" if component else "")
        self._log.add(rule, f"{element} {said}.", position=position, segment=name, loop=loop, element=element)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 8
