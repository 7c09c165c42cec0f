"""A segment that matches its pattern has no findings: the short look and the closer one agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medguild.x12.bind.sets import BOUND
from medguild.x12.check.elements import STATED, TYPED, ElementCheck, plan_of
from medguild.x12.check.patterns import COMPONENT, ELEMENT, pattern
from medguild.x12.errors import IssueLog
from medguild.x12.guides.elements import ELEMENTS
from medguild.x12.guides.model import ElementUse, LoopUse, SegmentUse
from medguild.x12.guides.tables import TABLES

GUIDES = [*TABLES.values(), *(bound.guide for bound in BOUND.values())]
VALUES = [
    "",
    "",
    "A",
    "AB",
    "12",
    "1234567",
    "20260102",
    "20261302",
    "1.5",
    "-3",
    "1.234",
    "X" * 20,
    "X" * 90,
    "ñ",
    "\x07",
]


def uses(loop: LoopUse) -> Iterator[SegmentUse]:
    for child in loop.children:
        if isinstance(child, LoopUse):
            yield from uses(child)
        else:
            yield child


@st.composite
def texts(draw: st.DrawFn, element: ElementUse | None) -> str:
    """Often what the guide asks for, else anything."""
    if element is not None and element.components:
        known = {part.number: part for part in element.components}
        size = draw(st.integers(1, max(known) + 1))
        return COMPONENT.join(draw(texts(known.get(number))) for number in range(1, size + 1))
    if element is not None and element.codes and draw(st.integers(0, 5)):
        return draw(st.sampled_from(sorted(element.codes)))
    return draw(st.sampled_from(VALUES))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.code + guide.kind)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_what_matches_has_no_findings(guide: object, data: st.DataObject) -> None:
    every = list(uses(guide.root))  # type: ignore[attr-defined]
    use = data.draw(st.sampled_from(every))
    known = {element.number: element for element in use.elements or ()}
    size = data.draw(st.integers(0, len(ELEMENTS.get(use.name, ())) + 1))
    segment = [use.name, *(data.draw(texts(known.get(number))) for number in range(1, size + 1))]
    log = IssueLog()
    plan = plan_of(use)
    check = ElementCheck(log, COMPONENT)
    check.look_closer(segment, plan, 1, "")
    check.relations(segment, use.name, plan.relations, 1, "")
    if pattern(use, plan.stated, TYPED).fullmatch(ELEMENT.join(segment)):
        assert [issue.text for issue in log] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.code + guide.kind)
def test_the_least_that_a_guide_asks_for_matches(guide: object) -> None:
    """A pattern that matches nothing would be right too, but of no use."""
    every = [use for use in uses(guide.root) if use.elements is not None]  # type: ignore[attr-defined]
    matched = sum(bool(pattern(use, STATED, TYPED).fullmatch(_least(use))) for use in every)
    assert matched > len(every) * 0.9


def _least(use: SegmentUse) -> str:
    types = ELEMENTS[use.name]
    last = max((element.number for element in use.elements or () if element.required), default=0)
    known = {element.number: element for element in use.elements or () if element.required}
    parts = [
        use.name,
        *(_text(known[n], types[n - 1].kind, types[n - 1].shortest) if n in known else "" for n in range(1, last + 1)),
    ]
    return ELEMENT.join(parts)


def _text(element: ElementUse, kind: str, size: int) -> str:
    if element.codes:
        return sorted(element.codes)[0]
    if element.components:
        last = max((part.number for part in element.components if part.required), default=1)
        known = {part.number: part for part in element.components}
        return COMPONENT.join(_text(known[n], "AN", 2) if n in known else "" for n in range(1, last + 1))
    return "20260102" if kind == "DT" else "1" * max(size, 1)
