"""What is checked on a whole claim record: its line numbers, and the situational rules."""

from __future__ import annotations

from medguild.x12.check.places import Claimed
from medguild.x12.check.situational import check_situations
from medguild.x12.errors import IssueLog
from medguild.x12.records.claim import Claim


def check_claim(claim: Claim, log: IssueLog, where: Claimed) -> None:
    """where holds the segments that the claim was read from."""
    _lines_are_numbered(claim, log)
    check_situations(claim, log, where)


def _lines_are_numbered(claim: Claim, log: IssueLog) -> None:
    for expected, line in enumerate(claim.lines, start=1):
        if line.number != str(expected):
            text = f"LX01 is {line.number[:6] or 'empty'}, expected {expected}."
            log.add("837.lx", text, position=line.position, segment="LX", loop="2400", element="LX01")
            return
