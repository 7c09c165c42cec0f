"""Finding documents. Two doors must both open: the row's scope, and the room that owns the subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from medguild.foundation.documents import files
from medguild.foundation.documents.models import Document, Signature
from medguild.foundation.documents.permissions import DocumentRight
from medguild.foundation.documents.ports import Placing, subject_type
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible


def document(actor: Actor, document_id: UUID) -> Document:
    """A document that the actor may read. Raises NotVisible, the same for a missing and a hidden one."""
    kept = Document.objects.visible_to(actor).filter(pk=document_id).first()
    if kept is None or not _readable(actor, [kept]):
        raise NotVisible
    return kept


def content_of(kept: Document) -> bytes:
    """The bytes of a document that a selector gave out. Raises files.FileMissing."""
    return files.read(kept.sha256)


def documents_of(
    actor: Actor, subject_type_name: str, subject_id: UUID, *, kind: DocumentKind | None = None
) -> list[Document]:
    """Documents about a subject, newest first; none where the actor may not read them."""
    rows = Document.objects.visible_to(actor).filter(subject_type=subject_type_name, subject_id=subject_id)
    return _readable(actor, (rows.filter(kind=kind) if kind else rows).order_by("-uploaded_at", "-pk"))


def documents_of_patient(actor: Actor, patient_ids: Iterable[UUID]) -> list[Document]:
    """Documents of a patient (all ids of linked records), whatever they are about, newest first."""
    rows = Document.objects.visible_to(actor).filter(patient_id__in=list(patient_ids))
    return _readable(actor, rows.order_by("-uploaded_at", "-pk"))


def placing(actor: Actor, subject_type_name: str, subject_id: UUID) -> Placing:
    """Where a subject stands to which people may add documents. Raises NotVisible, for unknown types too."""
    registered = subject_type(subject_type_name)
    if registered is None or registered.place is None:
        raise NotVisible
    return registered.place(actor, subject_id)


def listed(actor: Actor, subject_type_name: str, subject_id: UUID, place: Placing) -> list[Document]:
    """What the page of a subject lists: its documents, and for a patient all that are about it, newest first."""
    found = {kept.pk: kept for kept in documents_of(actor, subject_type_name, subject_id)}
    if place.patient_ids:
        found |= {kept.pk: kept for kept in documents_of_patient(actor, place.patient_ids)}
    return sorted(found.values(), key=lambda kept: (kept.uploaded_at, kept.pk), reverse=True)


def may_add(actor: Actor, place: Placing) -> bool:
    """Whether the actor may store documents there."""
    scope = actor.scope(DocumentRight.STORE)
    return scope.everything or place.unit_id in scope.units or place.circle_id in scope.circles


def signatures_of(kept: Document) -> list[Signature]:
    """Signatures on a document that a selector gave out, oldest first."""
    rows = Signature.objects.unscoped("the document was found visible").filter(document=kept)
    return list(rows.order_by("signed_at", "pk"))


def _readable(actor: Actor, rows: Iterable[Document]) -> list[Document]:
    """Those about subjects whose room lets the actor read; asked once per subject type. Unknown types: none."""
    found = list(rows)
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for kept in found:
        wanted[kept.subject_type].add(kept.subject_id)
    allowed: dict[str, set[UUID]] = {}
    for name, ids in wanted.items():
        registered = subject_type(name)
        allowed[name] = registered.readable(actor, ids) if registered else set()
    return [kept for kept in found if kept.subject_id in allowed[kept.subject_type]]
