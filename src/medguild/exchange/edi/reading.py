"""A file as the pages show it: what inspect found, what it says in words, its money as steps."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from medguild.exchange.edi.words import LEVELS
from medguild.foundation.kernel.money import Cents, dollars
from medguild.foundation.ui.parts import Chart, Series
from medguild.x12 import Unreadable, inspect_stream
from medguild.x12.errors import Issue
from medguild.x12.explain import explain
from medguild.x12.report import FileReport, TransactionReport

MOST_LINES = 1_500
MOST_FINDINGS = 300
MOST_BARS = 20
_FEW_STEPS = 10
_SMALL = 80  # a file told in so few lines is shown open


@dataclass(slots=True)
class Told:
    """A line of the explanation and the lines under it."""

    line: str
    depth: int = 0
    children: list[Told] = field(default_factory=list)
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding and the envelope it belongs to."""

    issue: Issue
    where: str


@dataclass(frozen=True, slots=True)
class Balance:
    """A transaction with its money as steps: name, cents, whether it is a sum."""

    transaction: TransactionReport
    steps: tuple[tuple[str, Cents, bool], ...]
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page shows of one file. `more_told`, `more_found`: the page holds not all of it."""

    name: str
    report: FileReport
    balances: tuple[Balance, ...]
    findings: tuple[tuple[str | Promise, tuple[Finding, ...]], ...]
    told: tuple[Told, ...]
    claim: str = ""
    more_told: bool = False
    more_found: int = 0


def read_file(content: bytes, name: str, *, claim: str = "", key: str = "0") -> Reading:
    """Read a file whole. With a claim number its explanation is that of the claim. key sets the charts apart."""
    report = inspect_stream(io.BytesIO(content), name)
    lines = _lines(content, claim) if report.readable else []
    found = list(_findings(report))
    hidden = sum(transaction.hidden for transaction in report.transactions)
    return Reading(
        name,
        report,
        tuple(_balance(one, f"{key}-{number}") for number, one in enumerate(report.transactions)),
        tuple(_by_level(found[:MOST_FINDINGS])),
        tuple(_tree(lines[:MOST_LINES])) if not claim or _is_told(lines) else (),
        claim,
        len(lines) > MOST_LINES,
        len(found[MOST_FINDINGS:]) + hidden,
    )


def _lines(content: bytes, claim: str) -> list[str]:
    try:
        return list(islice(explain(io.BytesIO(content), claim), MOST_LINES + 1))
    except Unreadable:
        return []


def _is_told(lines: Iterable[str]) -> bool:
    """Something beneath the lines that only name interchange and transaction."""
    return any(line.startswith(" " * 4) for line in lines)


def _tree(lines: list[str]) -> list[Told]:
    """Indentation becomes levels."""
    root = Told("", -1)
    above = [root]
    for line in lines:
        depth = len(line) - len(line.lstrip(" "))
        while above[-1].depth >= depth:
            above.pop()
        told = Told(line.strip(), depth, opened=depth <= 2 or len(lines) <= _SMALL)
        above[-1].children.append(told)
        above.append(told)
    return root.children


def _findings(report: FileReport) -> Iterator[Finding]:
    yield from (Finding(issue, "") for issue in report.issues)
    for interchange in report.interchanges:
        yield from (Finding(issue, f"ISA {interchange.control}") for issue in interchange.issues)
        for group in interchange.groups:
            yield from (Finding(issue, f"GS {group.control}") for issue in group.issues)
            for transaction in group.transactions:
                yield from (Finding(issue, f"ST {transaction.control}") for issue in transaction.issues)


def _by_level(found: list[Finding]) -> Iterator[tuple[str | Promise, tuple[Finding, ...]]]:
    for level, name in LEVELS.items():
        rows = tuple(one for one in found if one.issue.level == level)
        if rows:
            yield name, rows


def _balance(transaction: TransactionReport, key: str) -> Balance:
    steps = _payment_steps(transaction) if transaction.kind == "835" else _charge_steps(transaction)
    if not any(cents for _name, cents, _sum in steps):
        return Balance(transaction, (), None)
    chart = Chart(
        key=f"balance-{key}",
        title=_("From charge to payment") if transaction.kind == "835" else _("The charge by lines"),
        kind="waterfall",
        categories=[name for name, _cents, _sum in steps],
        series=[Series(_("Amount"), [cents / 100 for _name, cents, _sum in steps])],
        unit="$",
        height="lg" if len(steps) > _FEW_STEPS else "md",
        totals=[at for at, (_name, _cents, is_sum) in enumerate(steps) if is_sum],
        summary=_summary(transaction),
    )
    return Balance(transaction, tuple(steps), chart)


def _summary(one: TransactionReport) -> str:
    if one.balanced is False:
        return _("%(amount)s is not explained.") % {"amount": dollars(abs(one.difference_cents))}
    if one.kind == "835":
        text = _("Claims %(claims)s less %(other)s beside them is %(payment)s.")
        if one.plb_cents < 0:
            text = _("Claims %(claims)s and %(other)s beside them is %(payment)s.")
        amounts = {"claims": one.paid_cents, "other": abs(one.plb_cents), "payment": one.total_cents}
        return text % {name: dollars(cents) for name, cents in amounts.items()}
    return _("The lines come to %(amount)s.") % {"amount": dollars(one.charge_cents)}


def _payment_steps(one: TransactionReport) -> list[tuple[str, Cents, bool]]:
    """Charge, less adjustments by group, is paid; less what stands beside the claims (PLB), is the payment."""
    steps: list[tuple[str, Cents, bool]] = [(_("Charged"), one.charge_cents, True)]
    steps += [
        (_("Adjusted %(group)s") % {"group": group}, -cents, False) for group, cents in one.adjustment_cents.items()
    ]
    steps += _unexplained(one.paid_cents - one.charge_cents + sum(one.adjustment_cents.values()))
    steps.append((_("Paid on claims"), one.paid_cents, True))
    if one.plb_cents:
        steps.append((_("Beside the claims (PLB)"), -one.plb_cents, False))
    steps += _unexplained(one.total_cents - one.paid_cents + one.plb_cents)
    return [*steps, (_("Payment"), one.total_cents, True)]


def _charge_steps(one: TransactionReport) -> list[tuple[str, Cents, bool]]:
    """Service lines up to the charge of the claims."""
    lines = one.line_cents[:MOST_BARS]
    steps = [(_("Line %(number)d") % {"number": number}, cents, False) for number, cents in enumerate(lines, start=1)]
    rest = one.charge_cents - sum(lines)
    if one.services > len(lines):
        steps.append((_("Other lines"), rest, False))
    else:
        steps += _unexplained(rest)
    return [*steps, (_("Charged"), one.charge_cents, True)]


def _unexplained(cents: Cents) -> list[tuple[str, Cents, bool]]:
    return [(_("Not explained"), cents, False)] if cents else []
