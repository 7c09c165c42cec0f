"""What can be wrong with an X12 file, as values (`Issue`) and as exceptions.

Reading never stops at the first mistake: whatever is wrong is written into an `IssueLog` and reading goes on, so that
one pass tells everything. Only a file that is no X12 at all raises (`Unreadable`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from medguild.x12.catalogue import RULES


class X12Error(Exception):
    """Anything this library raises."""


class X12ValueError(X12Error, ValueError):
    """An element's text is not of its data type."""


class Unreadable(X12Error):
    """The stream holds no X12 interchange: empty, other format, or an envelope header beyond repair."""

    def __init__(self, rule: str, text: str) -> None:
        self.rule = rule
        self.text = _advised(rule, text)
        super().__init__(self.text)


def _advised(rule: str, text: str) -> str:
    remedy = RULES[rule].remedy
    return text if not remedy or text.endswith((remedy, "again.")) else f"{text} {remedy}"


class Unwritable(X12Error):
    """The records break a rule that the receiver would reject; nothing has been written for them."""


GUIDE_LEVEL = 2  # a 999 speaks of SNIP 1 and 2 only
OF_FORM, OF_CONTENT, WARNING = range(3)  # kinds of findings


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding.

    level: SNIP type 1 to 7. severity: "error" or "warning". position: number of the segment, counted from the header
    of the envelope that the finding belongs to (ST, GS or ISA is 1; for a whole file, its first segment is 1).
    file_position: the same segment counted from the start of the file. text: what is wrong and what to do.
    """

    level: int
    severity: str
    rule: str
    position: int
    segment: str
    loop: str
    element: str
    text: str
    file_position: int

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def blocks(self) -> bool:
        """True when the content cannot be trusted: nothing may be posted from this transaction."""
        return RULES[self.rule].blocks


class IssueLog:
    """Collects the issues of one envelope and counts all of them.

    Kept are the first `LIMIT` of each kind (errors of syntax and guide, other errors, warnings): memory stays flat, and
    no crowd of small findings hides a grave one.
    """

    LIMIT = 200

    __slots__ = ("_blocking", "_errors", "_items", "_kept", "_total", "base")

    def __init__(self, base: int = 0) -> None:
        self.base = base  # segments of the file before the header of this envelope
        self._items: list[Issue] = []
        self._total = 0
        self._errors = 0
        self._blocking = 0
        self._kept = [0, 0, 0]

    def add(self, rule: str, text: str, *, position: int, segment: str = "", loop: str = "", element: str = "") -> None:
        """`position` counts from the header of this envelope."""
        known = RULES[rule]
        self._total += 1
        self._errors += known.severity == "error"
        self._blocking += known.blocks
        kind = WARNING if known.severity != "error" else OF_CONTENT if known.level > GUIDE_LEVEL else OF_FORM
        if self._kept[kind] < self.LIMIT:
            self._kept[kind] += 1
            self._items.append(
                Issue(
                    known.level,
                    known.severity,
                    rule,
                    position,
                    segment,
                    loop,
                    element,
                    _advised(rule, text),
                    self.base + position,
                )  # fmt: skip
            )

    def __iter__(self) -> Iterator[Issue]:
        return iter(self._items)

    def __len__(self) -> int:
        return self._total

    @property
    def has_errors(self) -> bool:
        return self._errors > 0

    @property
    def blocks(self) -> bool:
        """True when any issue (kept or only counted) forbids posting."""
        return self._blocking > 0

    @property
    def hidden(self) -> int:
        """Issues that were counted but not kept."""
        return self._total - len(self._items)
