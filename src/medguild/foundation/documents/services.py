"""Keeping files and signing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from medguild.foundation.documents import files, rules
from medguild.foundation.documents.models import Document, Signature
from medguild.foundation.documents.permissions import DocumentRight
from medguild.foundation.documents.ports import subject_type
from medguild.foundation.documents.rules import DocumentKind, MediaType
from medguild.foundation.documents.selectors import document, documents_of, may_add, placing
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotAllowed, Refusal

STORED = declare_event("document.stored", "Document stored", icon="file-plus")
SIGNED = declare_event("document.signed", "Document signed", icon="signature")
DAMAGED = declare_event("document.damaged", "Document file damaged or missing", icon="alert-triangle")
# An orphan this young may belong to a transaction that has not committed yet.
ORPHAN_AGE = dt.timedelta(days=1)


class FileRefused(Refusal):
    """The file is empty, too large, or of a kind that is not kept."""

    code = "file_refused"


@transaction.atomic
def store_document(
    *,
    content: bytes,
    filename: str,
    kind: DocumentKind,
    subject: SubjectRef,
    unit_id: UUID,
    by: Actor,
    patient_id: UUID | None = None,
    circle_id: UUID | None = None,
    title: str = "",
    as_it_came: bool = False,
    at: dt.datetime | None = None,
) -> Document:
    """Keep a file about a subject. Its type is found from its bytes, whatever its name says.

    `as_it_came` is for quarantines: bytes of no known kind are kept too, to be saved and not opened.
    A document of a patient belongs to the sharing circle of the record: give `circle_id`. Raises FileRefused;
    LookupError for a subject type that nobody registered (its files could never be read).
    """
    if subject_type(subject.type) is None or subject.id is None:
        raise LookupError(f"documents about {subject.type!r} have no reader registered")
    media_type = _accepted(content, as_it_came=as_it_came)
    _hold(files.digest(content))
    kept = Document.objects.create(
        sha256=files.write(content), size=len(content), media_type=media_type,
        filename=rules.clean_filename(filename, media_type), title=title.strip(), kind=kind,
        subject_type=subject.type, subject_id=subject.id, patient_id=patient_id, unit_id=unit_id,
        circle_id=circle_id, uploaded_by=by.id, uploaded_at=at or now(),
    )  # fmt: skip
    _tell(STORED, kept, by, kind=kind, subject_type=subject.type, subject_id=str(subject.id))
    return kept


@transaction.atomic
def add_document(
    *,
    subject_type_name: str,
    subject_id: UUID,
    content: bytes,
    filename: str,
    kind: DocumentKind,
    by: Actor,
    title: str = "",
    at: dt.datetime | None = None,
) -> tuple[Document, bool]:
    """Keep what a person uploads about a subject; the same bytes about it are kept once.

    Returns the document, and whether it is new. Raises NotVisible, NotAllowed, FileRefused.
    """
    place = placing(by, subject_type_name, subject_id)
    if not may_add(by, place):
        raise NotAllowed(_("You may read these documents, not add to them."))
    _hold(files.digest(content))
    for held in documents_of(by, subject_type_name, subject_id):
        if held.sha256 == files.digest(content):
            return held, False
    kept = store_document(
        content=content, filename=filename, kind=kind, subject=SubjectRef(subject_type_name, subject_id), by=by,
        unit_id=place.unit_id, circle_id=place.circle_id, patient_id=place.patient_id, title=title, at=at,
    )  # fmt: skip
    return kept, True


@transaction.atomic
def sign_document(
    *, document_id: UUID, meaning: str, by: Actor, signer_label: str = "", at: dt.datetime | None = None
) -> Signature:
    """Sign the content as it stands: "I have read and agree". The signer is the actor; once per document.

    Raises NotVisible, NotAllowed, FileRefused when the file is damaged, Conflict when signed already.
    """
    kept = document(by, document_id)
    if by.id is None or not by.may(DocumentRight.SIGN):
        raise NotAllowed(_("Only a signed-in person can sign."))
    if not meaning.strip():
        raise Refusal(_("Say what the signature means."), field="meaning")
    if files.is_whole(kept.sha256) is not True:
        raise FileRefused(_("The file is damaged and cannot be signed; tell an administrator."), code="file_damaged")
    _hold(f"signature:{kept.pk}:{by.id}")
    mine = Signature.objects.unscoped("once per signer").filter(document=kept, signer_id=by.id)
    if mine.exists():
        raise Conflict(_("You have signed this document already."), code="signed_already")
    signature = Signature.objects.create(
        document=kept, signer_id=by.id, signer_label=signer_label or by.label, meaning=meaning.strip(),
        sha256=kept.sha256, signed_at=at or now(),
    )  # fmt: skip
    _tell(SIGNED, kept, by, signature_id=str(signature.pk))
    return signature


@dataclass(frozen=True, slots=True)
class Damage:
    """A document whose file is missing (`missing`) or has another hash."""

    document_id: UUID
    missing: bool


def verify_files(*, by: Actor, document_ids: Iterable[UUID] | None = None) -> list[Damage]:
    """Hash the files again; tells of each damaged one in an event and returns them."""
    rows = Document.objects.unscoped("the house looks after all files").order_by("pk")
    if document_ids is not None:
        rows = rows.filter(pk__in=list(document_ids))
    found: list[Damage] = []
    known: dict[str, bool | None] = {}
    for kept in rows.iterator(chunk_size=500):
        if kept.sha256 not in known:
            known[kept.sha256] = files.is_whole(kept.sha256)
        whole = known[kept.sha256]
        if whole is not True:
            found.append(Damage(kept.pk, missing=whole is None))
            with transaction.atomic():
                _tell(DAMAGED, kept, by, missing=whole is None)
    return found


def remove_orphans(*, at: dt.datetime | None = None) -> int:
    """Delete files older than a day that no document has: left over from refused or rolled-back uploads."""
    before = ((at or now()) - ORPHAN_AGE).timestamp()
    removed = 0
    for path in files.older_than(before):
        with transaction.atomic():
            _hold(path.name)
            rows = Document.objects.unscoped("the house looks after all files")
            if rows.filter(sha256=path.name).exists() or path.stat().st_mtime >= before:
                continue
            files.remove(path)
            removed += 1
    return removed


def _accepted(content: bytes, *, as_it_came: bool) -> MediaType:
    if not content:
        raise FileRefused(_("The file is empty."), field="file")
    if len(content) > rules.LARGEST:
        megabytes = rules.LARGEST // (1024 * 1024)
        raise FileRefused(_("The file is larger than %(size)d MB.") % {"size": megabytes}, field="file")
    media_type = rules.sniff(content)
    if media_type is None and as_it_came:
        return MediaType.BINARY
    if media_type is None:
        raise FileRefused(_("Choose a PDF, a PNG or JPEG picture, a CSV or an X12 file."), field="file")
    return media_type


def _hold(name: str) -> None:
    """Whoever stores or cleans up the same bytes waits until our transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"document:{name}"])


def _tell(event: str, kept: Document, by: Actor, **data: object) -> None:
    record(
        event,
        subject=SubjectRef("document", kept.pk, kept.kind),
        by=by,
        unit_id=kept.unit_id,
        patient_id=kept.patient_id,
        data=data,
    )
