"""Handing out files: both the row's scope and the room that owns the subject must agree."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.documents.models import Document
from medguild.foundation.documents.ports import SubjectType, _subject_types
from medguild.foundation.documents.rules import DocumentKind, MediaType
from medguild.foundation.kernel.ids import new_id
from tests.factories.world import World
from tests.url_tables import LET_IN, Row


def _anybody(actor: Any, ids: Any) -> set[Any]:
    return set(ids)


_subject_types.register("url_table_thing", SubjectType("url_table_thing", _anybody))


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
}
