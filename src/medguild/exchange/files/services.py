"""Keeping bad files, looking again, discarding, taking in what turned out good."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.exchange.edi.permissions import EdiRight
from medguild.exchange.files.models import QuarantinedFile
from medguild.exchange.files.rules import DECIDED, IMPORTABLE, FileState
from medguild.exchange.files.selectors import content_of
from medguild.foundation.access.demand import holds_at
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import store_document
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization.models import Unit
from medguild.revenue.remittances.importing import FileOutcome, import_remittances
from medguild.x12 import inspect_stream
from medguild.x12.errors import Issue
from medguild.x12.report import FileReport, issue_json

KEPT = declare_event("quarantined_file.kept", gettext_lazy("Bad file put in quarantine"), icon="file-alert")
LOOKED = declare_event("quarantined_file.looked_at", gettext_lazy("File looked at again"), icon="file-search")
DISCARDED = declare_event("quarantined_file.discarded", gettext_lazy("File discarded"), icon="file-off")
IMPORTED = declare_event("quarantined_file.imported", gettext_lazy("File taken in from quarantine"), icon="file-import")

_KEPT_ISSUES = 100


def is_bad(report: FileReport) -> bool:
    """Unreadable, or something stands in it after which its content cannot be trusted."""
    return not report.readable or report.blocks


@transaction.atomic
def keep_file(
    *, content: bytes, filename: str, report: FileReport, unit: Unit, by: Actor, at: dt.datetime | None = None
) -> tuple[QuarantinedFile, bool]:
    """Keep a bad file with the reason; the same bytes in the same entity once, whatever became of them.

    Returns the row, and whether it is new. Raises NotAllowed, FileRefused when it is too large to be kept, and
    ValueError for a file that is not bad.
    """
    if not holds_at(by, EdiRight.DECIDE, unit.pk):
        raise NotAllowed(_("You may not keep files for this entity."))
    if not is_bad(report):
        raise ValueError("only bad files are kept")
    sha256 = hashlib.sha256(content).hexdigest()
    _hold(f"quarantined_file:{unit.pk}:{sha256}")
    rows = QuarantinedFile.objects.unscoped("the right on the entity was checked")
    held: QuarantinedFile | None = rows.filter(unit=unit, sha256=sha256).first()
    if held is not None:
        return held, False
    moment = at or now()
    row = QuarantinedFile(
        id=new_id(), unit=unit, sha256=sha256, filename=filename[:200] or "-", size=len(content),
        status=FileState.WAITING, received_at=moment, received_by=by.id, received_label=by.label,
    )  # fmt: skip
    _take_report(row, report, moment)
    if content:
        row.document_id = store_document(
            content=content, filename=row.filename, kind=DocumentKind.OTHER, as_it_came=True, unit_id=unit.pk,
            subject=SubjectRef("quarantined_file", row.pk), by=by, at=moment,
        ).pk  # fmt: skip
    row.save(force_insert=True)
    _tell(KEPT, row, by, moment, readable=row.readable, findings=row.issue_count)
    return row, True


@transaction.atomic
def look_again(*, file_id: UUID, by: Actor, at: dt.datetime | None = None) -> QuarantinedFile:
    """Read the file with today's rules. Raises NotVisible, Refusal when it is decided or its bytes are lost."""
    row = _open(file_id, by)
    moment = at or now()
    report = inspect_stream(io.BytesIO(_content(row)), row.filename)
    row.status = FileState.WAITING if is_bad(report) else FileState.SOUND
    _take_report(row, report, moment)
    row.save()
    _tell(LOOKED, row, by, moment, status=row.status)
    return row


@transaction.atomic
def discard(*, file_id: UUID, reason: str, by: Actor, at: dt.datetime | None = None) -> QuarantinedFile:
    """It will not be taken in; it is kept as discarded. Raises NotVisible, Refusal."""
    row = _open(file_id, by)
    if not reason.strip():
        raise Refusal(_("Say why it is discarded."), code="no_reason", field="reason")
    row.status, row.note, row.decided_at = FileState.DISCARDED, reason.strip(), at or now()
    row.save(update_fields=["status", "note", "decided_at"])
    _tell(DISCARDED, row, by, row.decided_at)
    return row


@transaction.atomic
def import_now(*, file_id: UUID, by: Actor, at: dt.datetime | None = None) -> tuple[QuarantinedFile, FileOutcome]:
    """Take in a file with remittances that reads well today. Raises NotVisible, Refusal with what stands against it."""
    row = _open(file_id, by)
    content, moment = _content(row), at or now()
    report = inspect_stream(io.BytesIO(content), row.filename)
    if is_bad(report) or not may_import(report):
        raise Refusal(_("It is no remittance file that can be taken in; look at it again."), code="still_bad")
    outcome = import_remittances(content=content, filename=row.filename, by=by, unit_id=row.unit_id, at=moment)
    if not outcome.readable or outcome.problem:
        raise Refusal(outcome.problem, code="not_imported")
    _take_report(row, report, moment)
    row.status, row.decided_at = FileState.IMPORTED, moment
    row.save()
    _tell(IMPORTED, row, by, moment, remittances=len(outcome.remittances))
    return row, outcome


def may_import(report: FileReport) -> bool:
    return any(transaction.kind == IMPORTABLE for transaction in report.transactions)


def _open(file_id: UUID, by: Actor) -> QuarantinedFile:
    """The row, locked, if nothing was decided about it."""
    rows = QuarantinedFile.objects.visible_to(by, EdiRight.DECIDE)
    row: QuarantinedFile | None = rows.filter(pk=file_id).select_for_update(of=("self",)).first()
    if row is None:
        raise NotVisible
    if row.status in DECIDED:
        raise Refusal(_("It was decided about this file already."), code="decided")
    return row


def _content(row: QuarantinedFile) -> bytes:
    content = content_of(row)
    if content is None:
        raise Refusal(_("The file is missing from the store; tell an administrator."), code="file_missing")
    return content


def _take_report(row: QuarantinedFile, report: FileReport, at: dt.datetime) -> None:
    findings = report.findings
    row.readable, row.looked_at = report.readable, at
    row.kinds = sorted({transaction.kind for transaction in report.transactions})
    row.issues = [issue_json(issue) | {"file_position": issue.file_position} for issue in _gravest(findings)]
    row.issue_count = len(findings) + sum(transaction.hidden for transaction in report.transactions)
    grave = sorted((issue for issue in findings if issue.blocks), key=lambda issue: issue.level)
    row.reason = grave[0].text if grave else ""  # a cut file does not balance either: what comes first is said
    if not row.reason and is_bad(report):
        row.reason = next((issue.text for issue in findings if issue.is_error), _("Its content cannot be trusted."))


def _gravest(findings: list[Issue]) -> list[Issue]:
    """The first findings, those before the others after which nothing may be posted."""
    ordered = sorted(findings, key=lambda issue: (not issue.blocks, not issue.is_error, issue.file_position))
    return ordered[:_KEPT_ISSUES]


def _hold(name: str) -> None:
    """Whoever keeps the same bytes waits until our transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _tell(event: str, row: QuarantinedFile, by: Actor, at: dt.datetime, **data: object) -> None:
    subject = SubjectRef("quarantined_file", row.pk, row.sha256[:12])
    record(event, subject=subject, by=by, unit_id=row.unit_id, occurred_at=at, data=data)
