"""A folder of its own for the files, and a subject type whose readers a test chooses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from medguild.foundation.documents import ports
from medguild.foundation.documents.models import Document
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import store_document
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ids import new_id
from tests.factories.world import HOUSE, World

PDF = b"%PDF-1.7\n1 0 obj\n"


@dataclass
class Door:
    """Who may read documents about the test's subject: everybody in scope, until a test shuts it."""

    shut_to: set[UUID | None] = field(default_factory=set)
    asked: int = 0

    def readable(self, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
        self.asked += 1
        return set() if actor.id in self.shut_to else set(ids)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = storages
    return tmp_path / "documents"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    kept = Door()
    monkeypatch.setitem(ports._subject_types._entries, "thing", ports.SubjectType("thing", kept.readable))
    return kept


@pytest.fixture
def stored(world: World, folder: Path, door: Door) -> Document:
    """A patient's card at the main site."""
    return store_document(
        content=PDF, filename="card.pdf", kind=DocumentKind.CARD, subject=SubjectRef("thing", new_id()),
        unit_id=world.main.site_unit.pk, circle_id=world.circle.pk, patient_id=new_id(), by=HOUSE,
    )  # fmt: skip
