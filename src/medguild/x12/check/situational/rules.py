"""How a situational rule is declared: an id, how grave it is, where it points, what is wrong and what to do.

A rule is a named predicate that is true when the rule is broken. It looks at a claim, at one of its lines, or at one of
its other payers; it never looks at the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from medguild.x12.catalogue import declare
from medguild.x12.check.places import Claimed, segment_of
from medguild.x12.errors import IssueLog
from medguild.x12.records.claim import Claim, OtherPayer, ServiceLine

SITUATIONAL = 4
ClaimCheck = Callable[[Claim], bool]
LineCheck = Callable[[Claim, ServiceLine], bool]
PayerCheck = Callable[[Claim, OtherPayer], bool]


@dataclass(frozen=True, slots=True)
class Situation:
    """One rule. segment, loop and element say where the correction belongs; qualifier is the segment's first element.

    about names the field that the rule looks at: where it is empty, there is nothing to break.
    """

    id: str
    segment: str
    loop: str
    element: str
    text: str
    about: str = ""
    qualifier: str = ""


CLAIM_RULES: list[tuple[Situation, ClaimCheck]] = []
LINE_RULES: list[tuple[Situation, LineCheck]] = []
PAYER_RULES: list[tuple[Situation, PayerCheck]] = []
CLAIM_FIELDS = ("dates", "related_causes", "references", "providers", "patient", "other_payers")
LINE_FIELDS = ("pointers", "providers", "adjudications", "drug", "other", "place_of_service")


def _situation(rule: str, severity: str, place: str, text: str, about: str = "") -> Situation:
    loop, element = place.split()
    declare(rule, SITUATIONAL, severity, text.partition(".")[0])
    segment = segment_of(element)
    named = re.search(rf"{segment}\*(\w+)", text)
    return Situation(rule, segment, loop, "" if element == segment else element, text, about, named[1] if named else "")


def claim_rule(
    rule: str, severity: str, place: str, text: str, *, about: str = ""
) -> Callable[[ClaimCheck], ClaimCheck]:
    """place is loop and element, as in ``2300 CLM05``."""
    situation = _situation(rule, severity, place, text, about)

    def keep(check: ClaimCheck) -> ClaimCheck:
        CLAIM_RULES.append((situation, check))
        return check

    return keep


def line_rule(rule: str, severity: str, place: str, text: str, *, about: str = "") -> Callable[[LineCheck], LineCheck]:
    situation = _situation(rule, severity, place, text, about)

    def keep(check: LineCheck) -> LineCheck:
        LINE_RULES.append((situation, check))
        return check

    return keep


def payer_rule(rule: str, severity: str, place: str, text: str) -> Callable[[PayerCheck], PayerCheck]:
    situation = _situation(rule, severity, place, text)

    def keep(check: PayerCheck) -> PayerCheck:
        PAYER_RULES.append((situation, check))
        return check

    return keep


def _filled(record: Claim | ServiceLine, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(record, name)]


@lru_cache(maxsize=1024)
def _claim_rules(*filled: str) -> list[tuple[Situation, ClaimCheck]]:
    """The rules that a claim with these fields can break."""
    return [rule for rule in CLAIM_RULES if not rule[0].about or rule[0].about in filled]


@lru_cache(maxsize=1024)
def _line_rules(*filled: str) -> list[tuple[Situation, LineCheck]]:
    return [rule for rule in LINE_RULES if not rule[0].about or rule[0].about in filled]


def check_situations(claim: Claim, log: IssueLog, where: Claimed | None = None) -> None:
    """Every rule on one claim. A finding points at the segment to correct; without `where`, at CLM or LX."""
    for situation, broken in _claim_rules(*_filled(claim, CLAIM_FIELDS)):
        if broken(claim):
            _say(log, situation, _place(where, situation, claim.position))
    for line in claim.lines:
        for situation, broken_line in _line_rules(*_filled(line, LINE_FIELDS)):
            if broken_line(claim, line):
                _say(log, situation, _place(where, situation, line.position, line=line.position))
    for number, payer in enumerate(claim.other_payers):
        for situation, broken_payer in PAYER_RULES:
            if broken_payer(claim, payer):
                _say(log, situation, _place(where, situation, claim.position, payer=number))


def _place(where: Claimed | None, situation: Situation, known: int, *, line: int = 0, payer: int = 0) -> int:
    if where is None:
        return known
    return where.find(situation.loop, situation.segment, situation.qualifier, line=line, payer=payer)


def _say(log: IssueLog, situation: Situation, position: int) -> None:
    log.add(
        situation.id,
        situation.text,
        position=position,
        segment=situation.segment,
        loop=situation.loop,
        element=situation.element,
    )
