"""Implementation guides as data: loops and segments with usage, repeats, elements and codes.

A guide is a small text, one line per loop or segment, nested by indentation:

    LOOP 2010AA R1                          required loop, at most once (* = any number)
      NM1=85 R1 : 2{1,2} 3 4? 8?{XX} 9?     NM101 is 85; element 2 is required with these codes, 4 may be used
      HI.1.1=BK R1 : 1(1 2)                 the qualifier is the first component of the first element
      EB R1 : 1 3?+{30,98}                  element 3 may be repeated within the segment

Elements that a line does not name are not used. A line without `:` takes elements as they come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

MANY = 1_000_000
_ELEMENT = re.compile(r"(\d+)(\?)?(\+)?(?:\{([^}]*)\})?(?:\(([^)]*)\))?")


@dataclass(frozen=True, slots=True)
class ElementUse:
    """One element (or component): required or situational, its codes (empty: any), its components, may it repeat."""

    number: int
    required: bool
    codes: frozenset[str] = frozenset()
    components: tuple[ElementUse, ...] = ()
    repeats: bool = False


@dataclass(slots=True)
class SegmentUse:
    """A segment at a place of a guide. index is the element with the qualifier, component_index its component or 0."""

    name: str
    required: bool
    limit: int
    qualifiers: frozenset[str] = frozenset()
    index: int = 1
    component_index: int = 0
    elements: tuple[ElementUse, ...] | None = None
    group: int = 0

    @property
    def label(self) -> str:
        return f"{self.name}*{sorted(self.qualifiers)[0]}" if len(self.qualifiers) == 1 else self.name


@dataclass(slots=True)
class Place:
    """Where a segment may stand in a loop: as itself (loop is None), or opening a loop. at is the child's index."""

    at: int
    group: int
    limit: int
    use: SegmentUse
    loop: LoopUse | None = None

    @property
    def label(self) -> str:
        return self.loop.name if self.loop else self.use.label


@dataclass(slots=True)
class Choice:
    """The places of equally named segments in one loop, told apart by one element or component of it."""

    index: int = 1
    component_index: int = 0
    by_code: dict[str, list[Place]] = field(default_factory=dict)
    otherwise: list[Place] = field(default_factory=list)

    def add(self, place: Place) -> None:
        """Raises ValueError for places that different elements tell apart."""
        use = place.use
        if not use.qualifiers:
            for places in (*self.by_code.values(), self.otherwise):
                places.append(place)
            return
        if self.by_code and (use.index, use.component_index) != (self.index, self.component_index):
            raise ValueError(f"{use.name} is told apart by different elements in one loop")
        self.index, self.component_index = use.index, use.component_index
        for code in use.qualifiers:
            self.by_code.setdefault(code, list(self.otherwise)).append(place)


@dataclass(slots=True)
class LoopUse:
    """A loop; its first child is the segment that opens it. choices and needed say what may and must follow that."""

    name: str
    required: bool
    limit: int
    children: list[LoopUse | SegmentUse] = field(default_factory=list)
    group: int = 0
    choices: dict[str, Choice] = field(default_factory=dict)
    needed: list[Place] = field(default_factory=list)
    needs_until: int = -1  # the last group in which something is needed

    @property
    def trigger(self) -> SegmentUse:
        first = self.children[0]
        if isinstance(first, LoopUse):
            raise TypeError(f"Loop {self.name} does not begin with a segment")
        return first


@dataclass(frozen=True)
class Guide:
    """code is the guide in the version that we send. The table becomes a tree when it is first asked for."""

    code: str
    kind: str
    table: str = field(repr=False)

    @cached_property
    def root(self) -> LoopUse:
        return _tree(self.table)


def _elements(text: str) -> tuple[ElementUse, ...]:
    found = []
    for number, maybe, repeats, codes, inner in _ELEMENT.findall(text):
        allowed = frozenset(codes.split(",")) if codes else frozenset()
        found.append(ElementUse(int(number), not maybe, allowed, _elements(inner), bool(repeats)))
    return tuple(found)


def _usage(text: str) -> tuple[bool, int]:
    return text[0] == "R", MANY if text[1:] == "*" else int(text[1:])


def _segment(line: str) -> SegmentUse:
    head, colon, elements = line.partition(" : ")
    key, usage = head.strip().rsplit(maxsplit=1)
    name, _, qualifiers = key.partition("=")
    name, *path = name.split(".")
    required, limit = _usage(usage)
    return SegmentUse(
        name=name,
        required=required,
        limit=limit,
        qualifiers=frozenset(qualifiers.split(",")) if qualifiers else frozenset(),
        index=int(path[0]) if path else 1,
        component_index=int(path[1]) if len(path) > 1 else 0,
        elements=_elements(elements) if colon else None,
    )


def _tree(text: str) -> LoopUse:
    """Neighbours that begin with the same segment form a group, in which any order is allowed."""
    root = LoopUse("ST", required=True, limit=1)
    stack: list[tuple[int, LoopUse]] = [(-1, root)]
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        depth = len(raw) - len(raw.lstrip())
        while stack[-1][0] >= depth:
            stack.pop()
        parent = stack[-1][1]
        if line.startswith("LOOP "):
            _, name, usage = line.split()
            required, limit = _usage(usage)
            loop = LoopUse(name, required, limit)
            parent.children.append(loop)
            stack.append((depth, loop))
        else:
            parent.children.append(_segment(line))
    _number(root)
    return root


def _number(loop: LoopUse) -> None:
    before = ""
    group = -1
    for at, child in enumerate(loop.children):
        opened = child if isinstance(child, LoopUse) else None
        use = child.trigger if isinstance(child, LoopUse) else child
        if opened:
            _number(opened)
        group += use.name != before
        before = use.name
        child.group = group
        if not at:
            continue  # the opener is met in the loop above
        place = Place(at, group, child.limit, use, opened)
        loop.choices.setdefault(use.name, Choice()).add(place)
        if child.required:
            loop.needed.append(place)
            loop.needs_until = group
