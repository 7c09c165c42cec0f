"""Bad files are kept once with the reason, looked at again, discarded, or taken in when they turn out good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.exchange.files import selectors, services
from medguild.exchange.files.models import QuarantinedFile
from medguild.exchange.files.rules import FileState
from medguild.foundation.access.rules import Role
from medguild.foundation.documents.models import Document
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.revenue.remittances.models import Remittance
from medguild.x12 import inspect_stream
from tests.factories.revenue import make_billing
from tests.factories.world import World
from tests.support_exchange import BROKEN, real, stream_of

pytestmark = pytest.mark.django_db
GOOD = "own_835_interest.835"


def keep(world: World, content: bytes = BROKEN, name: str = "broken.835", by: Actor | None = None) -> QuarantinedFile:
    report = inspect_stream(stream_of(content), name)
    actor = by or world.actor(Role.BILLER)
    row, _fresh = services.keep_file(content=content, filename=name, report=report, unit=world.main.entity, by=actor)
    return row


def sound(world: World) -> QuarantinedFile:
    """A good file that is in quarantine, as one is that was kept by rules which were wrong."""
    row = keep(world, real(GOOD).replace(b"ST*835*", b"ST*X35*"), "odd.835")
    kept = Document.objects.unscoped("the test looks").get(pk=row.document_id)
    other = services.store_document(
        content=real(GOOD), filename="odd.835", kind=services.DocumentKind.OTHER, unit_id=kept.unit_id,
        subject=services.SubjectRef("quarantined_file", row.pk), by=world.actor(Role.BILLER),
    )  # fmt: skip
    row.document_id = other.pk
    row.save()
    return row


def test_a_bad_file_is_kept_as_it_came_with_the_reason(world: World) -> None:
    row = keep(world)
    assert (row.status, row.readable, row.size) == (FileState.WAITING, True, len(BROKEN))
    assert row.reason
    assert row.issues[0]["position"] >= 1
    assert selectors.content_of(row) == BROKEN
    assert Event.objects.unscoped("the test counts").filter(type="quarantined_file.kept").count() == 1


@pytest.mark.parametrize("content", [b"nothing", b"\x00\xff\x00", b"%PDF-1.7 no interchange"])
def test_what_is_no_x12_at_all_is_kept_too(world: World, content: bytes) -> None:
    row = keep(world, content, "../etc/passwd")
    assert not row.readable
    assert selectors.content_of(row) == content


def test_an_empty_file_is_kept_without_a_document(world: World) -> None:
    row = keep(world, b"", "empty.835")
    assert (row.size, row.document_id) == (0, None)
    assert "empty" in row.reason
    assert selectors.content_of(row) == b""


def test_the_same_bytes_twice_are_one_row(world: World) -> None:
    assert keep(world).pk == keep(world, name="again.835").pk
    assert QuarantinedFile.objects.unscoped("the test counts").count() == 1


def test_what_was_discarded_stays_discarded_when_it_comes_again(world: World) -> None:
    row = keep(world)
    services.discard(file_id=row.pk, reason="The payer sent a whole one.", by=world.actor(Role.BILLER))
    assert keep(world).status == FileState.DISCARDED


def test_a_good_file_is_not_kept(world: World) -> None:
    with pytest.raises(ValueError, match="only bad files"):
        keep(world, real(GOOD))


def test_who_only_reads_keeps_and_decides_nothing(world: World) -> None:
    row = keep(world)
    auditor = world.actor(Role.AUDITOR)
    assert selectors.kept_file(auditor, row.pk).pk == row.pk
    with pytest.raises(NotAllowed):
        keep(world, b"other", by=auditor)
    with pytest.raises(NotVisible):
        services.look_again(file_id=row.pk, by=auditor)


def test_looking_again_at_a_bad_file_keeps_it_waiting(world: World) -> None:
    row = services.look_again(file_id=keep(world).pk, by=world.actor(Role.BILLER))
    assert (row.status, bool(row.reason)) == (FileState.WAITING, True)


def test_what_turns_out_good_is_taken_in(world: World) -> None:
    make_billing(world)
    biller, row = world.actor(Role.BILLER), sound(world)
    row = services.look_again(file_id=row.pk, by=biller)
    assert (row.status, row.reason, row.kinds) == (FileState.SOUND, "", ["835"])
    row, outcome = services.import_now(file_id=row.pk, by=biller)
    assert (row.status, outcome.ok) == (FileState.IMPORTED, True)
    assert Remittance.objects.unscoped("the test counts").count() == 1
    with pytest.raises(Refusal, match="already"):
        services.import_now(file_id=row.pk, by=biller)


def test_what_is_still_bad_is_not_taken_in(world: World) -> None:
    with pytest.raises(Refusal, match="look at it again"):
        services.import_now(file_id=keep(world).pk, by=world.actor(Role.BILLER))
    assert not Remittance.objects.unscoped("the test counts").exists()


def test_discarding_needs_a_reason_and_is_final(world: World) -> None:
    biller, row = world.actor(Role.BILLER), keep(world)
    with pytest.raises(Refusal, match="why"):
        services.discard(file_id=row.pk, reason=" ", by=biller)
    row = services.discard(file_id=row.pk, reason="Sent again", by=biller)
    assert (row.status, row.note, row.decided_at is not None) == (FileState.DISCARDED, "Sent again", True)
    for act in (services.look_again, services.import_now):
        with pytest.raises(Refusal, match="already"):
            act(file_id=row.pk, by=biller)


def test_a_lost_file_is_told(world: World) -> None:
    row = keep(world)
    QuarantinedFile.objects.unscoped("the test breaks it").filter(pk=row.pk).update(
        document_id="00000000-0000-7000-8000-000000000000"
    )
    row.refresh_from_db()
    assert selectors.content_of(row) is None
    with pytest.raises(Refusal, match="missing"):
        services.look_again(file_id=row.pk, by=world.actor(Role.BILLER))


def change(**values: Any) -> Callable[[QuarantinedFile], Any]:
    def apply(row: QuarantinedFile) -> None:
        QuarantinedFile.objects.unscoped("the test breaks it").filter(pk=row.pk).update(**values)

    return apply


def copy(row: QuarantinedFile) -> None:
    QuarantinedFile.objects.create(
        unit=row.unit, sha256=row.sha256, filename="x", size=1, document_id=row.document_id, readable=True,
        status=FileState.WAITING, reason="x", received_at=now(), looked_at=now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("quarantined_file_once", copy),
        ("quarantined_file_hash_form", change(sha256="no hash")),
        ("quarantined_file_status_known", change(status="lost")),
        ("quarantined_file_bytes_kept", change(document_id=None)),
        ("quarantined_file_waiting_has_reason", change(reason="")),
        ("quarantined_file_discarded_has_note", change(status=FileState.DISCARDED, decided_at=now(), note="")),
        ("quarantined_file_decided_has_time", change(status=FileState.IMPORTED)),
    ],
)
def test_the_database_refuses(world: World, name: str, violate: Callable[[QuarantinedFile], Any]) -> None:
    row = keep(world)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(row)
