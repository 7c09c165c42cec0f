"""Handing out files: both the row's scope and the room that owns the subject must agree."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.documents.models import Document
from medguild.foundation.documents.ports import Placing, SubjectType, _subject_types
from medguild.foundation.documents.rules import DocumentKind, MediaType
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.ids import new_id
from tests.factories.patients import make_patient
from tests.factories.world import World
from tests.url_tables import LET_IN, Row


def _anybody(actor: Any, ids: Any) -> set[Any]:
    return set(ids)


def _place(actor: Any, subject_id: Any) -> Placing:
    """Readers of the unit of the document."""
    found = Document.objects.visible_to(actor).filter(subject_id=subject_id).first()
    if found is None:
        raise NotVisible
    return Placing("Thing", found.unit_id, found.circle_id)


_subject_types.register("url_table_thing", SubjectType("url_table_thing", _anybody, place=_place))


def _document(world: World) -> Any:
    """A row without a file: whoever is let in hears that the file is missing (503)."""
    return world.kept.setdefault(
        "document",
        Document.objects.create(
            sha256="0" * 64, size=1, media_type=MediaType.PDF, filename="card.pdf", kind=DocumentKind.CARD,
            subject_type="url_table_thing", subject_id=new_id(), unit=world.main.site_unit, circle=world.circle,
            uploaded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        ),
    )  # fmt: skip


URLS = {
    "documents:download": Row(
        Role.FRONT_DESK,
        wrong=None,
        kwargs=lambda world: {"document_id": _document(world).pk},
        ok=LET_IN | {503},
    ),
    "documents:about": Row(
        Role.FRONT_DESK,
        wrong=None,
        kwargs=lambda world: {"subject_type": "url_table_thing", "subject_id": _document(world).subject_id},
        shows=lambda world: "card.pdf",
    ),
    "documents:of_patient": Row(
        Role.FRONT_DESK, wrong=None, kwargs=lambda world: {"subject_id": make_patient(world).pk}
    ),
}
