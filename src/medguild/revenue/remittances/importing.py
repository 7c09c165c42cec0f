"""Taking in 835 files: each remittance posts whole and once, or waits and posts nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import holds_at
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import FileRefused, store_document
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.money import Cents
from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.ledger.errors import UnknownAccount
from medguild.foundation.organization.models import Unit
from medguild.revenue.remittances.context import payee_entity, payer_of, receiving_entity
from medguild.revenue.remittances.follow_up import conflict_work, quarantine_work, settle_waiting
from medguild.revenue.remittances.models import Remittance, RemittanceFile
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.ports import file_keepers
from medguild.revenue.remittances.posting import Tally, counting_day, post_remittance, subject_of
from medguild.revenue.remittances.rules import SETTLED, Hold, Outcome, RemittanceStatus, digest_of
from medguild.x12 import LoadedRemittance, Unreadable, load_remittances
from medguild.x12 import RemittanceFile as LoadedFile
from medguild.x12.errors import Issue
from medguild.x12.records import remittance as x12

RECEIVED = declare_event("remittance_file.received", gettext_lazy("Remittance file received"), icon="file-import")
QUARANTINED = declare_event("remittance.quarantined", gettext_lazy("Remittance put in quarantine"), icon="file-alert")
CONFLICT = declare_event("remittance.conflict", gettext_lazy("Two payments with one key"), icon="copy")
SET_ASIDE = declare_event("remittance.set_aside", gettext_lazy("Remittance set aside"), icon="file-off")

_WHOLE = "a payment is posted once, whoever imports it"
_KEPT_ISSUES = 50


@dataclass(frozen=True, slots=True)
class RemittanceOutcome:
    """What became of one remittance of a file. Amounts are cents; `remittance_id` is empty where it may not be told."""

    position: int
    control: str
    outcome: Outcome
    hold: str = ""
    difference: Cents = 0
    payer: str = ""
    payee: str = ""
    trace_number: str = ""
    payment_date: dt.date | None = None
    amount: Cents = 0
    claims: int = 0
    matched: int = 0
    suspended: int = 0
    denied: int = 0
    payee_known: bool = True
    remittance_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file; `problem` says why it could not be read, or what is wrong with it as a whole.

    `kept` says that such a file is in quarantine, with the reason.
    """

    name: str
    sha256: str
    readable: bool
    remittances: tuple[RemittanceOutcome, ...] = ()
    other_kinds: tuple[str, ...] = ()
    problem: str = ""
    kept: bool = False

    @property
    def ok(self) -> bool:
        return self.readable and not self.problem and all(one.outcome in SETTLED for one in self.remittances)


def import_remittances(
    *, content: bytes, filename: str, by: Actor, unit_id: UUID | None = None, at: dt.datetime | None = None
) -> FileOutcome:
    """Read a file, keep it, and post each remittance in it. All of the file commits, or nothing.

    `unit_id` says who received the file, for payments whose payee is unknown. A file that is no X12 is told as
    unreadable and handed to whoever keeps bad files.
    Raises Refusal where nobody can receive the file, NotAllowed without the right there.
    """
    moment = at or now()
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        loaded = load_remittances(io.BytesIO(content))
    except Unreadable as wrong:
        kept = _hand_on(content, filename, unit_id, by=by, at=moment)
        return FileOutcome(filename, sha256, readable=False, problem=wrong.text, kept=kept)
    if not loaded.remittances:
        return FileOutcome(
            filename, sha256, readable=True, other_kinds=loaded.other_kinds,
            problem=_("There is no remittance (835) in this file."),
            kept=_hand_on(content, filename, unit_id, by=by, at=moment),
        )  # fmt: skip
    receiver = _receiver(by, unit_id, moment)
    with transaction.atomic():
        file = _keep_file(content, filename, sha256, loaded, receiver, by=by, at=moment)
        taking = _Taking(file, loaded, receiver, by, moment)
        outcomes = tuple(taking.take(one) for one in loaded.remittances)
    return FileOutcome(filename, sha256, readable=True, remittances=outcomes, other_kinds=loaded.other_kinds)


def _hand_on(content: bytes, filename: str, unit_id: UUID | None, *, by: Actor, at: dt.datetime) -> bool:
    """Let a file that holds nothing to post be kept where bad files are; was it?"""
    receiver = receiving_entity(by, unit_id, day_of(at))
    if receiver is None:
        return False
    return any(keep(content=content, filename=filename, unit=receiver, by=by, at=at) for keep in file_keepers)


def _receiver(by: Actor, unit_id: UUID | None, at: dt.datetime) -> Unit:
    receiver = receiving_entity(by, unit_id, day_of(at))
    if receiver is None:
        raise Refusal(_("There is no legal entity that could receive this file."), code="no_entity", field="unit")
    if not holds_at(by, RemittancesRight.POST, receiver.pk):
        raise NotAllowed(_("You may not post payments for this entity."))
    return receiver


def _keep_file(
    content: bytes, filename: str, sha256: str, loaded: LoadedFile, receiver: Unit, *, by: Actor, at: dt.datetime
) -> RemittanceFile:
    _hold(f"remittance_file:{receiver.pk}:{sha256}")
    files = RemittanceFile.objects.unscoped("the receiver was checked")
    held: RemittanceFile | None = files.filter(entity=receiver, sha256=sha256).first()
    if held is not None:
        return held
    file = RemittanceFile(
        id=new_id(), entity=receiver, sha256=sha256, filename=filename, size=len(content),
        remittance_count=len(loaded.remittances), other_kinds=list(loaded.other_kinds), received_at=at,
        received_by=by.id,
    )  # fmt: skip
    file.document_id = _store(file, content, by=by, at=at)
    file.save(force_insert=True)
    record(
        RECEIVED,
        subject=SubjectRef("remittance_file", file.pk, sha256[:12]),
        by=by,
        unit_id=receiver.pk,
        occurred_at=at,
        data={"remittances": file.remittance_count, "size": file.size, "document_id": file.document_id},
    )
    return file


def _store(file: RemittanceFile, content: bytes, *, by: Actor, at: dt.datetime) -> UUID | None:
    """The bytes as a document. What was read is posted even where the store does not take the bytes."""
    try:
        with transaction.atomic():
            kept = store_document(
                content=content, filename=file.filename, kind=DocumentKind.REMITTANCE,
                subject=SubjectRef("remittance_file", file.pk), unit_id=file.entity_id, by=by, at=at,
            )  # fmt: skip
    except FileRefused:
        return None
    return kept.pk


def _hold(name: str) -> None:
    """Whoever takes in the same thing waits until our transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


class _Taking:
    """Takes in the remittances of one file, one after the other."""

    def __init__(self, file: RemittanceFile, loaded: LoadedFile, receiver: Unit, by: Actor, at: dt.datetime) -> None:
        self.file, self.loaded, self.receiver, self.by, self.at = file, loaded, receiver, by, at

    def take(self, one: LoadedRemittance) -> RemittanceOutcome:
        if one.remittance is None:
            return self._unread(one)
        row = self._row(one, one.remittance)
        if not holds_at(self.by, RemittancesRight.POST, row.entity_id):
            return replace(_told(row, Outcome.REFUSED), remittance_id=None)
        _hold("remittance:" + "|".join(map(str, one.remittance.header.key)))
        return self._decide(row, one, one.remittance)

    def _decide(self, row: Remittance, one: LoadedRemittance, content: x12.Remittance) -> RemittanceOutcome:
        same = list(_same_key(row).order_by("received_at"))
        twin = next((held for held in same if held.digest == row.digest), None)
        if twin is not None and twin.status in (RemittanceStatus.POSTED, RemittanceStatus.SET_ASIDE):
            before = Outcome.ALREADY_POSTED if twin.status == RemittanceStatus.POSTED else Outcome.SET_ASIDE
            return self._before(twin, before)
        hold = hold_of(one, self.loaded)
        if hold is not None:
            return self._quarantine(twin or row, hold, one)
        posted = next((held for held in same if held.status == RemittanceStatus.POSTED), None)
        if posted is not None:
            return self._conflict(twin or row, posted)
        return self._post(self._again(twin, row) if twin else row, content, same)

    def _again(self, twin: Remittance, row: Remittance) -> Remittance:
        """What waited before is posted from the good copy, with what is known of payer and payee today."""
        if twin.file_id != row.file_id:
            twin.file, twin.position, twin.control = row.file, row.position, row.control
        take_parties(twin, row)
        return twin

    def _before(self, twin: Remittance, outcome: Outcome) -> RemittanceOutcome:
        told = _told(twin, outcome)
        visible = holds_at(self.by, RemittancesRight.READ, twin.entity_id)
        return told if visible else replace(told, remittance_id=None)

    def _post(self, row: Remittance, content: x12.Remittance, same: Iterable[Remittance]) -> RemittanceOutcome:
        waited = not row._state.adding
        try:
            tally = post_or_refuse(row, content, by=self.by, at=self.at)
        except Refusal as refusal:
            hold = Hold.NO_BOOKS if isinstance(refusal, UnknownAccount) else Hold.REFUSED
            return self._quarantine(row, hold, None)
        if waited:
            settle_waiting(row, "posted", by=self.by, at=self.at)
        for held in same:
            if held.pk != row.pk and held.status == RemittanceStatus.QUARANTINED:
                put_aside(held, "A good copy of it was posted.", by=self.by, at=self.at)
        return _told(row, Outcome.POSTED, tally)

    def _conflict(self, row: Remittance, posted: Remittance) -> RemittanceOutcome:
        fresh = row.status != RemittanceStatus.CONFLICT
        row.status, row.hold, row.conflicts_with = RemittanceStatus.CONFLICT, Hold.SAME_KEY, posted
        row.save()
        if fresh:
            conflict_work(row, by=self.by, at=self.at)
            _tell(CONFLICT, row, by=self.by, at=self.at, posted_id=posted.pk)
        return _told(row, Outcome.CONFLICT)

    def _quarantine(self, row: Remittance, hold: Hold, one: LoadedRemittance | None) -> RemittanceOutcome:
        keep_waiting(row, hold, one, self.loaded, by=self.by, at=self.at)
        return _told(row, Outcome.QUARANTINED)

    def _unread(self, one: LoadedRemittance) -> RemittanceOutcome:
        """A version that is not read here: kept by its place in the file, because its content is not known."""
        rows = Remittance.objects.unscoped(_WHOLE)
        held: Remittance | None = rows.filter(file=self.file, position=one.position).first()
        row = held or Remittance(
            id=new_id(), file=self.file, position=one.position, control=one.control, entity=self.receiver,
            payee_known=False, received_at=self.at, status=RemittanceStatus.QUARANTINED,
        )  # fmt: skip
        if row.status == RemittanceStatus.SET_ASIDE:
            return _told(row, Outcome.SET_ASIDE)
        return self._quarantine(row, Hold.VERSION, one)

    def _row(self, one: LoadedRemittance, content: x12.Remittance) -> Remittance:
        return row_of(self.file, one, content, self.at)


def row_of(file: RemittanceFile, one: LoadedRemittance, content: x12.Remittance, at: dt.datetime) -> Remittance:
    header = content.header
    payee = payee_entity(header, counting_day(header.payment_date, at))
    return Remittance(
        id=new_id(), file=file, position=one.position, control=one.control,
        entity_id=payee or file.entity_id, payee_known=payee is not None, payer=payer_of(header),
        payer_name=header.payer.name, payer_identifier=header.payer_id, payee_name=header.payee.name,
        payee_identifier=header.payee.id, trace_number=header.trace_number, method=header.method,
        payment_date=header.payment_date, amount=header.payment_cents,
        claim_total=sum(claim.paid_cents for claim in content.claims),
        provider_total=sum(other.amount_cents for other in content.provider_adjustments),
        claim_count=len(content.claims), digest=digest_of(content), received_at=at,
    )  # fmt: skip


def take_parties(row: Remittance, fresh: Remittance) -> None:
    """Payer and payee as they are found now: a billing identity or a payer may have been added meanwhile."""
    row.entity_id, row.payee_known, row.payer_id = fresh.entity_id, fresh.payee_known, fresh.payer_id


def hold_of(one: LoadedRemittance, loaded: LoadedFile) -> Hold | None:
    """Why a remittance may not be posted; None where it may."""
    if loaded.may_post(one):
        return None
    if one.remittance is None:
        return Hold.VERSION
    return Hold.DAMAGED if one.balanced else Hold.UNBALANCED


def post_or_refuse(row: Remittance, content: x12.Remittance, *, by: Actor, at: dt.datetime) -> Tally:
    """Post in a savepoint, so that a refusal of the books leaves nothing behind and the row as it was."""
    before = (row.status, row.hold, row.difference)
    try:
        with transaction.atomic():
            return post_remittance(row=row, content=content, by=by, at=at)
    except Refusal:
        row.status, row.hold, row.difference = before
        row.posted_at = row.posted_by = row.entry = None
        row._state.adding = row._state.adding or not _is_kept(row)
        raise


def _is_kept(row: Remittance) -> bool:
    return Remittance.objects.unscoped(_WHOLE).filter(pk=row.pk).exists()


def keep_waiting(
    row: Remittance, hold: Hold, one: LoadedRemittance | None, loaded: LoadedFile, *, by: Actor, at: dt.datetime
) -> None:
    """Keep a remittance in quarantine with its difference and what is wrong; told once, however often it comes."""
    fresh = row._state.adding
    row.status, row.hold, row.conflicts_with = RemittanceStatus.QUARANTINED, hold, None
    row.difference = one.difference_cents if one else 0
    row.issues = [_plain(issue) for issue in (*(one.issues if one else ()), *loaded.issues)][:_KEPT_ISSUES]
    row.save()
    if fresh:
        quarantine_work(row, by=by, at=at)
        _tell(QUARANTINED, row, by=by, at=at, hold=hold, difference=row.difference)


def put_aside(row: Remittance, note: str, *, by: Actor, at: dt.datetime) -> None:
    """It will never be posted; its work is done."""
    row.status, row.note = RemittanceStatus.SET_ASIDE, note
    row.save(update_fields=["status", "note"])
    settle_waiting(row, "set_aside", by=by, at=at)
    _tell(SET_ASIDE, row, by=by, at=at)


def _same_key(row: Remittance) -> ScopedQuerySet[Remittance]:
    rows = Remittance.objects.unscoped(_WHOLE).exclude(digest="")
    rows = rows.filter(
        payer_identifier=row.payer_identifier, payee_identifier=row.payee_identifier, trace_number=row.trace_number,
        amount=row.amount,
    )  # fmt: skip
    return rows.filter(payment_date=row.payment_date) if row.payment_date else rows.filter(payment_date__isnull=True)


def _plain(issue: Issue) -> dict[str, Any]:
    """Texts of issues hold no patient data."""
    return {
        "rule": issue.rule, "severity": issue.severity, "segment": issue.segment, "position": issue.file_position,
        "text": issue.text,
    }  # fmt: skip


def _told(row: Remittance, outcome: Outcome, tally: Tally | None = None) -> RemittanceOutcome:
    done = tally or Tally(claims=row.claim_count)
    return RemittanceOutcome(
        position=row.position, control=row.control, outcome=outcome, hold=row.hold, difference=row.difference,
        payer=row.payer_name, payee=row.payee_name, trace_number=row.trace_number, payment_date=row.payment_date,
        amount=row.amount, claims=done.claims, matched=done.matched, suspended=done.suspended, denied=done.denied,
        payee_known=row.payee_known, remittance_id=row.pk,
    )  # fmt: skip


def _tell(event: str, row: Remittance, *, by: Actor, at: dt.datetime, **data: object) -> None:
    record(event, subject=subject_of(row), by=by, unit_id=row.entity_id, occurred_at=at, data=data)
