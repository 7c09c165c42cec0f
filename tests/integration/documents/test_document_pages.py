"""The page of a subject's documents: list, upload, and what is not let in."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.documents import files, ports, selectors
from medguild.foundation.documents.models import Document
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import add_document, store_document
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotAllowed, NotVisible
from medguild.foundation.kernel.ids import new_id
from tests.factories.world import HOUSE, World
from tests.integration.documents.conftest import PDF

LATIN = (
    b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*^*00501*000000001*0*T*:~"
    b"N1*PR*Caf\xe9 Sant\xe9~"
)


@pytest.fixture(autouse=True)
def _password_is_enough(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


@pytest.fixture
def subject(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A thing at the main site, which members of its circle see."""
    pk = new_id()
    seen = {world.user(Role.FRONT_DESK).pk, world.user(Role.AUDITOR).pk, None}

    def readable(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
        return set(ids) if actor.id in seen else set()

    def place(actor: Actor, subject_id: UUID) -> ports.Placing:
        if actor.id not in seen or subject_id != pk:
            raise NotVisible
        return ports.Placing("Thing 7", world.main.site_unit.pk, world.circle.pk)

    kept = ports.SubjectType("thing", readable, place=place)
    monkeypatch.setitem(ports._subject_types._entries, "thing", kept)
    return pk


def _page(subject: UUID) -> str:
    return reverse("documents:about", args=["thing", subject])


def _send(client: Client, subject: UUID, content: bytes, name: str = "letter.pdf") -> Any:
    given = {"file": SimpleUploadedFile(name, content), "kind": "letter", "title": "From the hospital"}
    return client.post(_page(subject), given)


def test_a_document_is_added_listed_and_handed_out(world: World, subject: UUID, client: Client) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    assert "No documents yet" in client.get(_page(subject)).content.decode()
    assert _send(client, subject, PDF).status_code == 302
    page = client.get(_page(subject)).content.decode()
    kept = Document.objects.unscoped("test").get()
    assert "From the hospital" in page
    assert reverse("documents:download", args=[kept.pk]) in page
    assert client.get(reverse("documents:download", args=[kept.pk])).content == PDF


def test_the_same_bytes_about_the_same_thing_are_kept_once(world: World, subject: UUID, client: Client) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    _send(client, subject, PDF)
    _send(client, subject, PDF, "again.pdf")
    assert Document.objects.unscoped("test").count() == 1
    _send(client, subject, PDF + b"2")
    assert Document.objects.unscoped("test").count() == 2


def test_what_is_too_large_empty_or_unknown_is_said_at_the_field(
    world: World, subject: UUID, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    assert _send(client, subject, b"MZ\x90\x00").status_code == 422
    assert _send(client, subject, b"").status_code == 422
    monkeypatch.setattr("medguild.foundation.documents.forms.LARGEST", 10)
    answer = _send(client, subject, PDF)
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()
    assert not Document.objects.unscoped("test").exists()


def test_who_may_only_read_adds_nothing_and_others_see_nothing(world: World, subject: UUID, client: Client) -> None:
    add_document(
        subject_type_name="thing", subject_id=subject, content=PDF, filename="a.pdf", kind=DocumentKind.LETTER,
        by=world.actor(Role.FRONT_DESK),
    )  # fmt: skip
    client.force_login(world.user(Role.AUDITOR))
    page = client.get(_page(subject)).content.decode()
    assert "a.pdf" in page
    assert "Add a document" not in page
    with pytest.raises(NotAllowed):
        add_document(
            subject_type_name="thing", subject_id=subject, content=PDF, filename="a.pdf", kind=DocumentKind.LETTER,
            by=world.actor(Role.AUDITOR),
        )  # fmt: skip
    client.force_login(world.user(Role.NURSE))
    assert client.get(_page(subject)).status_code == 404
    with pytest.raises(NotVisible):
        selectors.placing(HOUSE, "unheard_of", subject)


def test_x12_in_any_encoding_is_kept_as_it_is(world: World, subject: UUID) -> None:
    kept = store_document(
        content=LATIN, filename="era.835", kind=DocumentKind.REMITTANCE, subject=SubjectRef("thing", subject),
        unit_id=world.main.site_unit.pk, by=HOUSE,
    )  # fmt: skip
    assert files.read(kept.sha256) == LATIN
