"""What `inspect` found, as plain values, JSON and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from medguild.x12.amounts import money
from medguild.x12.errors import Issue
from medguild.x12.summary import interchange_answer

Json = dict[str, Any]
LINES_KEPT = 40


def issue_json(issue: Issue) -> Json:
    return {
        "level": issue.level,
        "severity": issue.severity,
        "rule": issue.rule,
        "position": issue.position,
        "segment": issue.segment,
        "loop": issue.loop,
        "element": issue.element,
        "text": issue.text,
    }


def _issue_line(issue: Issue) -> str:
    where = " ".join(part for part in (issue.loop and f"loop {issue.loop}", issue.element or issue.segment) if part)
    place = f"segment {issue.position}" + (f" ({where})" if where else "")
    return f"{issue.severity:<7} {place}: {issue.text} [{issue.rule}]"


@dataclass(slots=True)
class TransactionReport:
    """Amounts are cents. balanced is None where there is nothing to balance or the set is not supported."""

    kind: str
    control: str
    claims: int = 0
    services: int = 0
    charge_cents: int = 0
    paid_cents: int = 0
    adjustment_cents: dict[str, int] = field(default_factory=dict)
    plb_cents: int = 0
    total_cents: int = 0
    balanced: bool | None = None
    difference_cents: int = 0
    issues: list[Issue] = field(default_factory=list)
    has_errors: bool = False
    hidden: int = 0
    notes: list[str] = field(default_factory=list)  # what an answer comes to, for people
    line_cents: list[int] = field(default_factory=list)  # an 837's first service lines

    def to_json(self) -> Json:
        return {
            "type": self.kind,
            "control": self.control,
            "claims": self.claims,
            "services": self.services,
            "charge": money(self.charge_cents),
            "paid": money(self.paid_cents),
            "adjustments": {group: money(cents) for group, cents in self.adjustment_cents.items()},
            "plb": money(self.plb_cents),
            "total": money(self.total_cents),
            "balanced": self.balanced,
            "difference": money(self.difference_cents),
            "errors": [issue_json(issue) for issue in self.issues],
        }

    def lines(self) -> list[str]:
        verdict = {True: "balanced", False: f"NOT BALANCED, difference {money(self.difference_cents)}", None: ""}
        counts = "" if self.kind == "999" else f": {self.claims} claims, {self.services} services"
        said = [f"{self.kind} {self.control}{counts}"]
        if self.kind == "835":
            groups = ", ".join(f"{group} {money(cents)}" for group, cents in self.adjustment_cents.items()) or "none"
            said += [
                f"  charge {money(self.charge_cents)}, adjustments {groups}, paid {money(self.paid_cents)}",
                f"  less provider adjustments {money(self.plb_cents)}, payment {money(self.total_cents)}",
            ]
        elif self.charge_cents:
            said.append(f"  charge {money(self.charge_cents)}")
        if verdict[self.balanced]:
            said.append(f"  {verdict[self.balanced]}")
        said += [f"  {note}" for note in self.notes]
        said += [f"  {_issue_line(issue)}" for issue in self.issues]
        if self.hidden:
            said.append(f"  and {self.hidden} more findings")
        return said


@dataclass(slots=True)
class GroupReport:
    control: str
    guide: str
    issues: list[Issue]
    transactions: list[TransactionReport]
    has_errors: bool

    def to_json(self) -> Json:
        return {
            "control": self.control,
            "guide": self.guide,
            "errors": [issue_json(issue) for issue in self.issues],
            "transactions": [transaction.to_json() for transaction in self.transactions],
        }


@dataclass(slots=True)
class InterchangeReport:
    control: str
    sender: str
    receiver: str
    issues: list[Issue]
    groups: list[GroupReport]
    acknowledgments: list[tuple[str, ...]]
    has_errors: bool

    @property
    def answers(self) -> list[str]:
        """Its TA1 segments in words."""
        return [interchange_answer(ta1) for ta1 in self.acknowledgments]

    def to_json(self) -> Json:
        return {
            "control": self.control,
            "sender": self.sender,
            "receiver": self.receiver,
            "errors": [issue_json(issue) for issue in self.issues],
            "groups": [group.to_json() for group in self.groups],
        }


@dataclass(slots=True)
class FileReport:
    name: str
    readable: bool
    issues: list[Issue]
    interchanges: list[InterchangeReport] = field(default_factory=list)
    has_errors: bool = False
    blocks: bool = False  # something after which nothing may be posted from this file stands in it, on whatever level

    @property
    def transactions(self) -> list[TransactionReport]:
        return [t for i in self.interchanges for g in i.groups for t in g.transactions]

    @property
    def findings(self) -> list[Issue]:
        """What is wrong on every level, in the order of the file."""
        found = list(self.issues)
        for interchange in self.interchanges:
            found += interchange.issues
            for group in interchange.groups:
                found += group.issues
                for transaction in group.transactions:
                    found += transaction.issues
        return sorted(found, key=lambda issue: issue.file_position)

    @property
    def ok(self) -> bool:
        """False when any finding of severity "error" stands, on whatever level."""
        inner = any(i.has_errors or any(g.has_errors for g in i.groups) for i in self.interchanges)
        return not (self.has_errors or inner or any(t.has_errors for t in self.transactions))

    def to_json(self) -> Json:
        return {
            "file": self.name,
            "readable": self.readable,
            "errors": [issue_json(issue) for issue in self.issues],
            "interchanges": [interchange.to_json() for interchange in self.interchanges],
        }

    def lines(self) -> list[str]:
        said = [f"{self.name}: " + ("ok" if self.ok else "something is wrong" if self.readable else "unreadable")]
        said += [f"  {_issue_line(issue)}" for issue in self.issues]
        for interchange in self.interchanges:
            said.append(f"  interchange {interchange.control}, {interchange.sender} to {interchange.receiver}")
            said += [f"    {_issue_line(issue)}" for issue in interchange.issues]
            said += [f"    {answer}" for answer in interchange.answers]
            for group in interchange.groups:
                said.append(f"    group {group.control}, guide {group.guide or 'not named'}")
                said += [f"      {_issue_line(issue)}" for issue in group.issues]
                said += [f"      {line}" for transaction in group.transactions for line in transaction.lines()]
        return said


@dataclass(slots=True)
class Report:
    files: list[FileReport]

    @property
    def ok(self) -> bool:
        return all(file.ok for file in self.files)

    def to_json(self) -> Json:
        return {"ok": self.ok, "files": [file.to_json() for file in self.files]}

    def human(self) -> str:
        return "\n".join(line for file in self.files for line in file.lines())
