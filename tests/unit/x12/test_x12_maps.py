"""Our guides beside the maps of an independent judge: which elements are used and required, and their codes.

pyx12's maps know the 837P, 837I, 835, 277CA and 999. What differs for a reason stands in `DIFFERENT`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import pytest

from medguild.x12.guides.model import ElementUse, Guide, LoopUse, SegmentUse
from medguild.x12.guides.x214 import X214
from medguild.x12.guides.x221 import X221
from medguild.x12.guides.x222 import X222
from medguild.x12.guides.x223 import X223
from medguild.x12.guides.x231 import X231

MAPS = (
    (X222, "837.5010.X222.A1.xml"),
    (X223, "837Q3.I.5010.X223.A1.xml"),
    (X221, "835.5010.X221.A1.xml"),
    (X214, "277.5010.X214.xml"),
    (X231, "999.5010.xml"),
)
ROOT, PARTS = "ST", ("ST_LOOP", "HEADER", "DETAIL", "FOOTER")  # what stands in no loop of the guide
Place = tuple[int, int]  # element, component (0: the element itself)

DIFFERENT = {
    "835 2110 SVC 1-7 may not be used": "payers name the procedure that they paid",
    **{f"837P 2400 SV1 7-{n} lacks codes": "a pointer is judged by the diagnoses of its claim" for n in range(1, 5)},
    **{
        f"{kind} ST ST*{number} 3 lacks codes": "the version is judged beside that of its group"
        for kind, number in (("837I", "837"), ("277CA", "277"), ("999", "999"))
    },
    "999 2100 CTX*SITUATIONAL TRIGGER 6-2 may not be used": "the data element's number comes with its position",
}


@dataclass(frozen=True)
class Theirs:
    loop: str
    name: str
    elements: dict[Place, tuple[str, frozenset[str]]]  # usage (R, S, N) and codes


def theirs_of(node: ElementTree.Element, loop: str = "") -> Iterator[Theirs]:
    for child in node:
        if child.tag == "segment":
            yield Theirs(loop, child.attrib["xid"], dict(_elements(child)))
        else:
            yield from theirs_of(child, child.attrib["xid"] if child.tag == "loop" else loop)


def _elements(segment: ElementTree.Element) -> Iterator[tuple[Place, tuple[str, frozenset[str]]]]:
    for one in segment:
        if one.tag not in ("element", "composite"):
            continue
        number = int(one.findtext("seq", "0"))
        yield (number, 0), _use(one)
        for part in one.findall("element"):
            yield (number, int(part.findtext("seq", "0"))), _use(part)


def _use(one: ElementTree.Element) -> tuple[str, frozenset[str]]:
    return one.findtext("usage", ""), frozenset(code.text or "" for code in one.findall("valid_codes/code"))


def ours_of(loop: LoopUse) -> Iterator[tuple[str, SegmentUse]]:
    for child in loop.children:
        if isinstance(child, LoopUse):
            yield from ours_of(child)
        else:
            yield loop.name, child


def meant(theirs: list[Theirs], loop: str, use: SegmentUse) -> Theirs | None:
    """Their one segment of that loop with the same qualifiers, if there is just one."""
    place = (use.index, use.component_index)
    same = [
        one
        for one in theirs
        if one.name == use.name
        and (one.loop == loop or (loop == ROOT and one.loop in PARTS))
        and (not use.qualifiers or use.qualifiers & one.elements.get(place, ("", frozenset[str]()))[1])
    ]
    return same[0] if same and all(one.elements == same[0].elements for one in same) else None


def differences(label: str, use: SegmentUse, other: Theirs) -> Iterator[str]:
    ours: dict[Place, ElementUse] = {}
    for element in use.elements or ():
        ours[element.number, 0] = element
        ours.update({(element.number, part.number): part for part in element.components})
    told_apart = (use.index, use.component_index) if use.qualifiers else None
    for place, (usage, codes) in other.elements.items():
        if place == told_apart:
            continue
        name = f"{label} {place[0]}" + (f"-{place[1]}" if place[1] else "")
        mine = ours.get(place)
        if usage == "N":
            yield from [f"{name} may not be used"] if mine else []
        elif mine is None:
            yield from _unnamed(name, label, place, ours, usage, codes)
        elif codes and not mine.codes:
            yield f"{name} lacks codes"
        elif codes - mine.codes:
            yield f"{name} refuses {sorted(codes - mine.codes)}"


def _unnamed(
    name: str, label: str, place: Place, ours: dict[Place, Any], usage: str, codes: frozenset[str]
) -> Iterator[str]:
    number, component = place
    if not component or any(known == number and part for known, part in ours):
        yield f"{name} is not known"
    elif (number, 0) in ours and (usage == "R" or codes):
        yield f"{label} {number} lacks its components"


@pytest.mark.parametrize(("guide", "name"), MAPS, ids=[guide.kind for guide, _ in MAPS])
def test_our_guide_takes_what_the_map_takes(guide: Guide, name: str) -> None:
    theirs = list(theirs_of(ElementTree.fromstring((files("pyx12") / "map" / name).read_bytes())))
    found: set[str] = set()
    compared = 0
    for loop, use in ours_of(guide.root):
        other = meant(theirs, loop, use)
        if other is not None:
            compared += 1
            found |= set(differences(f"{guide.kind} {loop} {use.label}", use, other))
    assert compared > 5
    assert found == {known for known in DIFFERENT if known.startswith(f"{guide.kind} ")}
