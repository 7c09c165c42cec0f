"""Looks at files and tells what is in them: control numbers, totals, balance, and everything that is wrong.

report = inspect_files(["era.835"])
print(human(report)); json.dumps(report.to_json()); sys.exit(exit_code(report))
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from medguild.x12.amounts import parse_cents
from medguild.x12.bind.sets import BOUND
from medguild.x12.bind.transactions import read_transaction
from medguild.x12.check.partners import PartnerRules
from medguild.x12.check.reading import checked_reader
from medguild.x12.envelope import EnvelopeReader, Group, Interchange, TransactionSet
from medguild.x12.errors import Issue, IssueLog, Unreadable, X12ValueError
from medguild.x12.read.claim import ClaimReader
from medguild.x12.read.remittance import RemittanceReader
from medguild.x12.report import LINES_KEPT, FileReport, GroupReport, InterchangeReport, Report, TransactionReport
from medguild.x12.summary import told

# what counts as a claim and a service in sets that are only counted: segment names
CLAIM_SEGMENTS = {"835": "CLP", "837P": "CLM", "837I": "CLM", "837D": "CLM"}
SERVICE_SEGMENTS = {"835": "SVC", "837P": "SV1", "837I": "SV2", "837D": "SV3"}


def inspect_files(paths: Iterable[str | Path], partners: PartnerRules | None = None) -> Report:
    """Every file on its own; one that cannot be opened is reported as unreadable. partners are payers' own rules."""
    return Report([_inspect_path(Path(path), partners) for path in paths])


def _inspect_path(path: Path, partners: PartnerRules | None) -> FileReport:
    try:
        with path.open("rb") as stream:
            return inspect_stream(stream, str(path), partners)
    except OSError as wrong:
        return _unreadable(str(path), "file.not-x12", f"The file cannot be opened: {wrong.strerror}.")


def _unreadable(name: str, rule: str, text: str) -> FileReport:
    log = IssueLog()
    log.add(rule, text, position=1)
    return FileReport(name, readable=False, issues=list(log), has_errors=True, blocks=True)


def inspect_stream(stream: BinaryIO, name: str, partners: PartnerRules | None = None) -> FileReport:
    """Reads the stream to its end, holding one claim at a time."""
    reader = EnvelopeReader(stream)
    seen: dict[int, TransactionReport] = {}
    try:
        for transaction in reader:
            seen[id(transaction)] = _transaction(transaction, partners)
    except Unreadable as wrong:
        return _unreadable(name, wrong.rule, wrong.text)
    interchanges = [_interchange(interchange, seen) for interchange in reader.interchanges]
    return FileReport(
        name, readable=True, issues=list(reader.issues), interchanges=interchanges,
        has_errors=reader.issues.has_errors, blocks=_blocks(reader),
    )  # fmt: skip


def _blocks(reader: EnvelopeReader) -> bool:
    logs = [reader.issues]
    for interchange in reader.interchanges:
        logs.append(interchange.issues)
        for group in interchange.groups:
            logs += [group.issues, *(transaction.issues for transaction in group.transactions)]
    return any(log.blocks for log in logs)


def _interchange(interchange: Interchange, seen: dict[int, TransactionReport]) -> InterchangeReport:
    groups = [_group(group, seen) for group in interchange.groups]
    return InterchangeReport(
        interchange.control,
        interchange.sender,
        interchange.receiver,
        list(interchange.issues),
        groups,
        [tuple(ta1) for ta1 in interchange.acknowledgments],
        interchange.issues.has_errors,
    )


def _group(group: Group, seen: dict[int, TransactionReport]) -> GroupReport:
    transactions = []
    for transaction in group.transactions:
        report = seen[id(transaction)]
        report.issues = _in_order(transaction.issues)
        report.has_errors = transaction.issues.has_errors
        report.hidden = transaction.issues.hidden
        transactions.append(report)
    return GroupReport(group.control, group.guide, list(group.issues), transactions, group.issues.has_errors)


def _in_order(log: IssueLog) -> list[Issue]:
    return sorted(log, key=lambda issue: issue.position)


def _transaction(transaction: TransactionSet, partners: PartnerRules | None) -> TransactionReport:
    report = TransactionReport(transaction.kind, transaction.control)
    if transaction.supported and transaction.kind in BOUND:
        found = read_transaction(transaction)
        report.claims, report.services = found.claims, found.services
        report.notes = told(transaction.kind, found.record)
        return report
    if not transaction.supported:
        _count(transaction, report)
        return report
    reader = checked_reader(transaction, partners)
    if isinstance(reader, RemittanceReader):
        _remittance(reader, report)
    else:
        _claims(reader, report)
    return report


def _remittance(reader: RemittanceReader, report: TransactionReport) -> None:
    for _ in reader:
        pass
    balance = reader.balance
    report.claims, report.services = balance.claims, balance.services
    report.charge_cents, report.paid_cents = balance.charge_cents, balance.paid_cents
    report.adjustment_cents = dict(sorted(balance.adjustment_cents.items()))
    report.plb_cents, report.total_cents = balance.plb_cents, balance.payment_cents
    report.balanced, report.difference_cents = balance.balanced, balance.difference_cents


def _claims(reader: ClaimReader, report: TransactionReport) -> None:
    for claim in reader:
        if len(report.line_cents) < LINES_KEPT:
            report.line_cents += [line.charge_cents for line in claim.lines[: LINES_KEPT - len(report.line_cents)]]
    balance = reader.balance
    report.claims, report.services = balance.claims, balance.services
    report.charge_cents = report.total_cents = balance.charge_cents
    report.balanced, report.difference_cents = balance.balanced, balance.difference_cents


def _count(transaction: TransactionSet, report: TransactionReport) -> None:
    """Sets without typed reading: only counts, and charges where the claim segment states them; no verdict on money."""
    kind = transaction.kind
    if transaction.name:
        text = f"A {kind} is only counted here; whether its content is right is not known. Have it checked elsewhere."
        transaction.issues.add("st.unread", text, position=1, segment="ST", element="ST01")
    claim, service = CLAIM_SEGMENTS.get(kind, ""), SERVICE_SEGMENTS.get(kind, "")
    for segment in transaction:
        if segment[0] == claim:
            report.claims += 1
            if claim == "CLM":
                report.charge_cents += _charge(segment)
        elif segment[0] == service:
            report.services += 1
    report.total_cents = report.charge_cents


def _charge(segment: list[str]) -> int:
    try:
        return parse_cents(segment[2])
    except (X12ValueError, IndexError):
        return 0


def exit_code(report: Report) -> int:
    """0 when all is well, 1 when an error stands, 2 when a file is unreadable."""
    if any(not file.readable for file in report.files):
        return 2
    return 0 if report.ok else 1


def human(report: Report) -> str:
    """The report as plain text for people."""
    return report.human()
