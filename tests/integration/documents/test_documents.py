"""Storing, reading through two doors, signing, and looking after the files."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.documents import files, rules, selectors
from medguild.foundation.documents.models import Document, Signature
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import (
    FileRefused,
    remove_orphans,
    sign_document,
    store_document,
    verify_files,
)
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from tests.factories.world import HOUSE, World
from tests.integration.documents.conftest import PDF, Door


def events(type: str) -> list[Event]:
    return list(Event.objects.unscoped("test").filter(type=type).order_by("id"))


def store(world: World, content: bytes, **fields: object) -> Document:
    given = {
        "content": content, "filename": "x.pdf", "kind": DocumentKind.OTHER, "subject": SubjectRef("thing", new_id()),
        "unit_id": world.main.site_unit.pk, "by": HOUSE,
    }  # fmt: skip
    return store_document(**{**given, **fields})  # type: ignore[arg-type]


def test_a_file_is_kept_under_its_hash_for_us_alone(stored: Document, folder: Path) -> None:
    path = folder / stored.sha256[:2] / stored.sha256[2:4] / stored.sha256
    assert path.read_bytes() == PDF == selectors.content_of(stored)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (stored.media_type, stored.size) == ("application/pdf", len(PDF))
    event = events("document.stored")[-1]
    assert event.subject_id == stored.pk
    assert event.patient_id == stored.patient_id
    assert "card.pdf" not in f"{event.data} {event.subject_label}"


def test_the_same_bytes_are_kept_once(stored: Document, world: World, folder: Path) -> None:
    again = store(world, PDF)
    assert again.sha256 == stored.sha256
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_refused"), (b"MZ program", "file_refused"), (PDF + b"x" * rules.LARGEST, "file_refused")],
    ids=["empty", "unknown", "too large"],
)
def test_what_is_not_kept(world: World, folder: Path, door: Door, content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        store(world, content)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert not folder.exists()


def test_a_subject_that_nobody_reads_is_a_mistake(world: World, folder: Path) -> None:
    with pytest.raises(LookupError):
        store(world, PDF, subject=SubjectRef("nobody knows this", new_id()))


def test_a_failed_write_leaves_nothing_behind(
    world: World, folder: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"), transaction.atomic():
        store(world, PDF)
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert not Document.objects.unscoped("test").exists()


def test_both_doors_must_open(stored: Document, world: World, door: Door) -> None:
    """Missing, out of scope, and shut by the owning room give the same words."""
    insider, member = world.actor(Role.FRONT_DESK), world.actor(Role.FRONT_DESK, world.member_a.entity)
    assert selectors.document(insider, stored.pk) == stored
    assert selectors.documents_of(insider, "thing", stored.subject_id) == [stored]
    assert selectors.documents_of(insider, "thing", stored.subject_id, kind=DocumentKind.LETTER) == []
    assert selectors.documents_of_patient(insider, [stored.patient_id]) == [stored]  # type: ignore[list-item]
    words = []
    for actor, wanted in ((member, stored.pk), (insider, new_id())):
        with pytest.raises(NotVisible) as hidden:
            selectors.document(actor, wanted)
        words.append(hidden.value.message)
    door.shut_to.add(insider.id)
    with pytest.raises(NotVisible) as hidden:
        selectors.document(insider, stored.pk)
    assert {*words} == {hidden.value.message}
    assert selectors.documents_of(insider, "thing", stored.subject_id) == []
    assert selectors.documents_of(member, "thing", stored.subject_id) == []
    assert selectors.documents_of_patient(member, [stored.patient_id]) == []  # type: ignore[list-item]


def test_a_subject_type_that_is_gone_shuts_the_door(stored: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "subject_type", lambda name: None)
    with pytest.raises(NotVisible):
        selectors.document(HOUSE, stored.pk)


def test_many_subjects_are_asked_in_one_question(stored: Document, world: World, door: Door) -> None:
    for _ in range(3):
        store(world, PDF, patient_id=stored.patient_id)
    door.asked = 0
    assert len(selectors.documents_of_patient(HOUSE, [stored.patient_id])) == 4  # type: ignore[list-item]
    assert door.asked == 1


def test_the_download_is_saved_and_not_run_and_the_read_is_recorded(
    stored: Document, world: World, client: Client
) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    answer = client.get(reverse("documents:download", args=[stored.pk]))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="card.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert events("record.read")[-1].patient_ids == [stored.patient_id]


def test_a_document_of_another_member_is_like_none(stored: Document, world: World, client: Client) -> None:
    client.force_login(world.user(Role.FRONT_DESK, world.member_a.entity))
    answers = [client.get(reverse("documents:download", args=[one])) for one in (stored.pk, new_id())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert not events("record.read")


def test_a_missing_file_is_told_and_not_recorded_as_read(stored: Document, world: World, client: Client) -> None:
    files.path_of(stored.sha256).unlink()
    client.force_login(world.user(Role.FRONT_DESK))
    assert client.get(reverse("documents:download", args=[stored.pk])).status_code == 503
    assert not events("record.read")


def test_a_signature_is_made_once_by_a_person(stored: Document, world: World) -> None:
    signer = world.actor(Role.CLINICIAN)
    signature = sign_document(document_id=stored.pk, meaning="I agree.", by=signer)
    assert (signature.sha256, signature.signer_id) == (stored.sha256, signer.id)
    assert selectors.signatures_of(stored) == [signature]
    assert events("document.signed")[-1].patient_id == stored.patient_id
    with pytest.raises(Conflict):
        sign_document(document_id=stored.pk, meaning="I agree.", by=signer)
    with pytest.raises(NotAllowed):
        sign_document(document_id=stored.pk, meaning="I agree.", by=HOUSE)
    with pytest.raises(NotAllowed):
        sign_document(document_id=stored.pk, meaning="I agree.", by=world.actor(Role.AUDITOR))
    with pytest.raises(Refusal):
        sign_document(document_id=stored.pk, meaning=" ", by=world.actor(Role.NURSE))
    with pytest.raises(NotVisible):
        sign_document(document_id=stored.pk, meaning="x", by=world.actor(Role.CLINICIAN, world.member_b.entity))


def test_a_damaged_file_is_found_and_cannot_be_signed(stored: Document, world: World) -> None:
    assert verify_files(by=HOUSE) == []
    files.path_of(stored.sha256).write_bytes(PDF + b"more")
    (damage,) = verify_files(by=HOUSE, document_ids=[stored.pk])
    assert (damage.document_id, damage.missing) == (stored.pk, False)
    with pytest.raises(FileRefused):
        sign_document(document_id=stored.pk, meaning="I agree.", by=world.actor(Role.CLINICIAN))
    files.path_of(stored.sha256).unlink()
    assert verify_files(by=HOUSE)[0].missing is True
    assert len(events("document.damaged")) == 2
    assert Signature.objects.unscoped("test").count() == 0


def test_a_damaged_file_of_another_size_is_mended_by_storing_again(stored: Document, world: World) -> None:
    files.path_of(stored.sha256).write_bytes(b"short")
    store(world, PDF)
    assert files.is_whole(stored.sha256)


def test_orphans_go_after_a_day_and_files_of_documents_stay(stored: Document, folder: Path) -> None:
    orphan = files.write(b"%PDF-nobody")
    unfinished = folder / "ab" / "cd" / ".new-x"
    unfinished.parent.mkdir(parents=True)
    unfinished.write_bytes(b"half")
    assert remove_orphans() == 0
    long_ago = time.time() - 2 * 86_400
    for path in (files.path_of(orphan), unfinished, files.path_of(stored.sha256)):
        os.utime(path, (long_ago, long_ago))
    assert remove_orphans() == 2
    assert files.is_whole(stored.sha256)
    with pytest.raises(files.FileMissing):
        files.read(orphan)
