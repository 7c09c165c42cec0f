"""One regular expression per segment of a guide, which only a faultless segment matches.

Nearly all segments are faultless, and one match is several times faster than looking at every element. A segment that
does not match may still be right (a long decimal, a letter beyond Latin-1): then `ElementCheck` looks closer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

from medguild.x12.guides.elements import COMPONENTS, ELEMENTS, RELATIONS, ElementType
from medguild.x12.guides.model import ElementUse, SegmentUse

ELEMENT, COMPONENT = "\n", "\x1f"  # what separates elements and components in the text that is matched
_PRINTABLE = r"[ -~\xa1-\xac\xae-\xff]"
_DAY = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])"
_NOTHING = "(?!)"  # no text matches
_MOST_DIGITS = 18


def pattern(use: SegmentUse, stated: frozenset[str], typed: frozenset[str]) -> re.Pattern[str]:
    """Of name and elements, joined. What readers judge themselves: stated may be missing, typed may hold anything."""
    types = ELEMENTS.get(use.name, ())
    uses = {element.number: element for element in use.elements or ()}
    tail, may_end = "", True
    for number in range(len(types), 0, -1):
        place = f"{use.name}{number:02d}"
        element = uses.get(number)
        if element is None and use.elements is not None:
            body = ""
        else:
            body = _element(place, types[number - 1], element, anything=place in typed)
        if element is not None and element.required and place not in stated:
            body, may_end = f"(?!{ELEMENT}|$){body}", False
        else:
            body = f"(?:{body})?"
        tail = _behind(ELEMENT, body, tail, may_end=may_end)
    related = (_related(*relation) for relation in RELATIONS.get(use.name, ()) if _open(use, stated, *relation))
    return re.compile(f"{use.name}{''.join(related)}{tail}(?<!{ELEMENT})")


def _open(use: SegmentUse, stated: frozenset[str], kind: str, numbers: tuple[int, ...]) -> bool:
    """Can the elements break this relation, when each of them alone is as it must be?"""
    if use.elements is None:
        return True
    uses = {element.number: element for element in use.elements}
    possible = [n for n in numbers if n in uses]
    certain = [n for n in possible if uses[n].required and f"{use.name}{n:02d}" not in stated]
    if kind == "R":
        return not certain
    if kind == "P":
        return bool(possible) and certain != list(numbers)
    if kind == "C":
        return numbers[0] in possible and not set(numbers[1:]) <= set(certain)
    return len(possible) > 1


def _related(kind: str, numbers: tuple[int, ...]) -> str:
    """Looks ahead, right behind the name, at which elements are there."""
    there = [f"(?=(?:{ELEMENT}[^{ELEMENT}]*){{{n - 1}}}{ELEMENT}[^{ELEMENT}])" for n in numbers]
    absent = [text.replace("(?=", "(?!", 1) for text in there]
    if kind == "P":
        return f"(?:{''.join(absent)}|{''.join(there)})"
    if kind == "R":
        return f"(?:{'|'.join(there)})"
    if kind == "C":
        return f"(?:{absent[0]}|{''.join(there)})"
    return "".join(f"(?!{one}{other})" for one, other in combinations(there, 2))


def _element(place: str, known: ElementType, element: ElementUse | None, *, anything: bool) -> str:
    if element is not None and element.repeats:
        return _NOTHING
    if element is not None and element.codes:
        return _codes(element.codes)
    if element is not None and element.components:
        return _composite(COMPONENTS.get(place, ()), element.components)
    if known.kind not in ("AN", "ID") and anything:
        return f"{_PRINTABLE}+"
    return _value(known)


def _composite(types: tuple[ElementType, ...], components: tuple[ElementUse, ...]) -> str:
    """Components up to the last one used; none of them may be empty at the end."""
    uses = {component.number: component for component in components}
    tail, may_end = "", True
    for number in range(max(uses), 0, -1):
        use = uses.get(number)
        body = ""
        if use is not None:
            free = f"{_PRINTABLE}+"
            body = _codes(use.codes) if use.codes else _value(types[number - 1]) if number <= len(types) else free
        if use is not None and use.required:
            may_end = False
        else:
            body = f"(?:{body})?"
        tail = _behind(COMPONENT, body, tail, may_end=may_end) if number > 1 else body + tail
    return f"{tail}(?<!{COMPONENT})"


def _behind(separator: str, body: str, tail: str, *, may_end: bool) -> str:
    """One more part and what follows it; may_end says that the text may end before."""
    return f"(?:{separator}{body}{tail}|)" if may_end else f"{separator}{body}{tail}"


def _codes(codes: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(codes)))})"


def _value(known: ElementType) -> str:
    """Sure to be of the type and length."""
    low, high = known.shortest, known.longest
    if known.kind in ("AN", "ID"):
        return f"{_PRINTABLE}{{{low},{high}}}"
    if known.kind in ("N0", "TM"):
        return f"[0-9]{{{low},{high}}}"
    if known.kind == "R":
        high = min(high, _MOST_DIGITS)
        if high < low + 2:
            return f"-?[0-9]{{{low},{high}}}"
        return rf"-?(?:[0-9]{{{low},{high}}}|[0-9]{{{low},{high - 2}}}\.[0-9]{{1,2}})"
    return _DAY if known.kind == "DT" else f"{_PRINTABLE}+"
