"""Services: pictures of insurance cards."""

from __future__ import annotations

import enum

from django.db import transaction

from medguild.foundation.documents.models import Document
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import store_document
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.coverage.services import CHANGED, subject_of


class Side(enum.StrEnum):
    FRONT = "front"
    BACK = "back"


@transaction.atomic
def attach_card(*, coverage: Coverage, side: Side, content: bytes, filename: str, by: Actor) -> Document:
    """Keep a picture of the card's front or back; the picture before stays on file. Raises NotVisible, FileRefused."""
    rows = Coverage.objects.visible_to(by, CoverageRight.MANAGE).select_for_update(of=("self",))
    held: Coverage | None = rows.select_related("payer", "patient").filter(pk=coverage.pk).first()
    if held is None:
        raise NotVisible
    document = store_document(
        content=content,
        filename=filename,
        kind=DocumentKind.CARD,
        subject=subject_of(held),
        unit_id=held.patient.home_unit_id,
        circle_id=held.patient.circle_id,
        patient_id=held.patient_id,
        by=by,
    )
    setattr(held, side.value, document)
    held.save(update_fields=[side.value])
    record(
        CHANGED,
        subject=subject_of(held),
        by=by,
        patient_id=held.patient_id,
        unit_id=held.patient.home_unit_id,
        data={"card": side.value, "document_id": document.pk},
    )
    return document
