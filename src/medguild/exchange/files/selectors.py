"""Finding files in quarantine."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from medguild.exchange.edi.permissions import EdiRight
from medguild.exchange.files.models import QuarantinedFile
from medguild.foundation.documents import files
from medguild.foundation.documents.files import FileMissing
from medguild.foundation.documents.models import Document
from medguild.foundation.documents.ports import register_subject
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible


def kept_files(actor: Actor) -> ScopedQuerySet[QuarantinedFile]:
    return QuarantinedFile.objects.visible_to(actor).select_related("unit").order_by("-received_at", "pk")


def kept_file(actor: Actor, file_id: UUID, right: EdiRight = EdiRight.INSPECT) -> QuarantinedFile:
    """Raises NotVisible, the same for a missing and a hidden one."""
    rows = QuarantinedFile.objects.visible_to(actor, right).select_related("unit")
    found: QuarantinedFile | None = rows.filter(pk=file_id).first()
    if found is None:
        raise NotVisible
    return found


def content_of(file: QuarantinedFile) -> bytes | None:
    """The bytes as they came; None where the store has lost them."""
    if file.document_id is None:
        return b""
    held = Document.objects.unscoped("the file was found visible").filter(pk=file.document_id).first()
    try:
        return files.read(held.sha256) if held else None
    except FileMissing:
        return None


def receivers(actor: Actor) -> list[Unit]:
    """Legal entities for which the actor may put files into quarantine."""
    return list(units_visible(actor, EdiRight.DECIDE, kind=UnitKind.ENTITY))


def _readable(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(QuarantinedFile.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))


register_subject("quarantined_file", _readable)
