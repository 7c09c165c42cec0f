"""A database superuser who edits, deletes or slips in an event, or touches a seal, is found at the exact place."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections, transaction

from medguild.foundation.events import verification
from medguild.foundation.events.anchors import export_anchors, read_anchors
from medguild.foundation.events.models import Seal
from medguild.foundation.events.rules import SEALED_COLUMNS
from medguild.foundation.events.sealing import seal_all, seal_batch
from medguild.foundation.events.services import record_reads
from medguild.foundation.events.verification import Position, verify
from medguild.foundation.kernel.actor import Actor
from tests.integration.events.support import superuser, tell, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> list[UUID]:
    """Three seals of four events."""
    told = []
    for _ in range(3):
        told += [tell(data={"n": n}) for n in range(4)]
        assert seal_batch() is not None
    return told


def test_an_untouched_log_is_proved(sealed: list[UUID]) -> None:
    found = verify()
    assert found.ok
    assert (found.seals, found.events, found.unsealed) == (3, 12, 0)
    tell()
    assert verify().unsealed == 1


def test_an_empty_log_is_proved() -> None:
    assert verify() == verification.Verification(0, 0, 0)
    assert seal_batch() is None


def test_sealing_goes_on_in_batches_until_nothing_is_left() -> None:
    for _ in range(7):
        tell()
    assert seal_batch(limit=3) is not None
    assert seal_all() == 1
    assert [len(seal.event_ids) for seal in Seal.objects.order_by("number")] == [3, 4]
    assert seal_all() == 0


def test_every_column_of_the_table_is_sealed() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname from pg_attribute where attrelid = 'foundation_event'::regclass"
            " and attnum > 0 and not attisdropped"
        )
        assert {row[0] for row in cursor.fetchall()} == set(SEALED_COLUMNS[max(SEALED_COLUMNS)])


EDITS = {
    "version": "7", "type": "'test.other'", "occurred_at": "occurred_at + interval '1 microsecond'",
    "recorded_at": "recorded_at - interval '1 day'", "xid": "'3'::xid8", "actor_kind": "'user'",
    "actor_id": "gen_random_uuid()", "actor_label": "'Somebody else'", "cause": "'x'", "subject_type": "'x'",
    "subject_id": "null", "subject_label": "''", "unit_id": "gen_random_uuid()", "patient_id": "gen_random_uuid()",
    "patient_ids": "array[gen_random_uuid()]", "data": "'{\"n\": 9}'",
}  # fmt: skip


def test_the_edits_below_cover_every_column() -> None:
    assert {*EDITS, "id"} == set(SEALED_COLUMNS[max(SEALED_COLUMNS)])


@pytest.mark.parametrize("column", EDITS)
def test_an_edited_event_is_found(sealed: list[UUID], column: str) -> None:
    with superuser() as cursor:
        cursor.execute(f"update foundation_event set {column} = {EDITS[column]} where id = %s", [sealed[6]])
        assert cursor.rowcount == 1
    found = verify()
    assert found.broken == Position(2, 3, sealed[6])
    assert found.fault == verification.EDITED


def test_a_deleted_event_is_found(sealed: list[UUID]) -> None:
    with superuser() as cursor:
        cursor.execute("delete from foundation_event where id = any(%s)", [[sealed[11], sealed[4]]])
    found = verify()
    assert found.broken == Position(2, 1, sealed[4])
    assert found.fault == verification.DELETED


def test_an_event_deleted_and_written_anew_is_found(sealed: list[UUID]) -> None:
    columns = ", ".join(SEALED_COLUMNS[1][1:])
    with superuser() as cursor:
        cursor.execute(
            f"with gone as (delete from foundation_event where id = %s returning *)"
            f" insert into foundation_event (id, {columns})"
            f" select id, {columns.replace('actor_label', 'upper(actor_label)')} from gone",
            [sealed[0]],
        )
    assert verify().broken == Position(1, 1, sealed[0])


def _slip_in(cursor: Any, like: UUID, xid: str = "e.xid") -> UUID:
    stray = UUID(int=like.int + 1)
    cursor.execute(
        f"insert into foundation_event (id, version, type, occurred_at, xid, actor_kind, actor_label, subject_type)"
        f" select %s, 1, 'test.told', occurred_at, {xid}, 'job', 'x', 'thing' from foundation_event e where e.id = %s",
        [stray, like],
    )
    return stray


def test_an_event_slipped_in_behind_the_seals_is_found_where_it_would_stand(sealed: list[UUID]) -> None:
    with superuser() as cursor:
        stray = _slip_in(cursor, sealed[5])
    found = verify()
    assert found.broken == Position(2, 3, stray)
    assert found.fault == verification.SLIPPED_IN


def test_an_event_of_a_transaction_that_never_ran_is_found(sealed: list[UUID]) -> None:
    with superuser() as cursor:
        stray = _slip_in(cursor, sealed[11], xid="'9000000000000'::xid8")
    found = verify()
    assert found.broken == Position(4, 0, stray)
    assert found.fault == verification.FROM_NOWHERE


@pytest.mark.parametrize(
    "change",
    [
        "hash = sha256('x')",
        "previous_hash = sha256('x')",
        "digests = substring(digests from 33)",
        "event_ids = event_ids[1:3]",
        "event_ids = event_ids[1:3], digests = substring(digests for 96)",
        "columns_version = 1 + columns_version",
        "sealed_at = sealed_at + interval '1 microsecond'",
        "first_xid = '3'",
        "last_xid = '3'",
        "last_event_id = event_ids[1]",
    ],
)
def test_an_edited_seal_is_found(sealed: list[UUID], change: str) -> None:
    with superuser() as cursor:
        cursor.execute(f"update foundation_seal set {change} where number = 2")
        assert cursor.rowcount == 1
    found = verify()
    assert found.broken == Position(2, 0, None)
    assert found.fault == verification.SEAL_CHANGED


def test_swapped_event_ids_in_a_seal_are_found(sealed: list[UUID]) -> None:
    ids = sealed[4:8]
    Seal.objects.filter(number=2).update(event_ids=[ids[1], ids[0], ids[2], ids[3]])
    assert verify().broken == Position(2, 1, ids[1])


def test_a_missing_seal_is_found(sealed: list[UUID]) -> None:
    Seal.objects.filter(number=2).delete()
    found = verify()
    assert found.broken == Position(2, 0, None)
    assert found.fault == verification.SEAL_MISSING


def test_a_cut_off_end_is_found_by_its_anchor(sealed: list[UUID], tmp_path: Path) -> None:
    """Without the last seal the chain is whole; only what was copied away tells."""
    file = tmp_path / "anchors" / "log.jsonl"
    assert export_anchors(file) == 3
    Seal.objects.filter(number=3).delete()
    with superuser() as cursor:
        cursor.execute("delete from foundation_event where id = any(%s)", [sealed[8:]])
    assert verify().ok
    found = verify(read_anchors(file))
    assert found.broken == Position(3, 0, None)
    assert found.fault == verification.SEAL_MISSING


def test_a_log_that_was_edited_and_sealed_anew_is_found_by_its_anchor(sealed: list[UUID], tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    export_anchors(file)
    Seal.objects.all().delete()
    with superuser() as cursor:
        cursor.execute("update foundation_event set actor_label = 'x' where id = %s", [sealed[9]])
    seal_batch(limit=4), seal_batch(limit=4), seal_batch(limit=4)
    assert verify().ok
    found = verify(read_anchors(file))
    assert found.broken == Position(1, 0, None)
    assert found.fault == verification.NOT_AS_ANCHORED


def test_anchors_are_appended_once_and_survive_a_torn_line(sealed: list[UUID], tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    assert export_anchors(file) == 3
    assert export_anchors(file) == 0
    with file.open("a") as handle:
        handle.write('{"seal": 4, "ha')
    tell()
    seal_all()
    assert export_anchors(file) == 1
    assert read_anchors(file) == {seal.number: bytes(seal.hash).hex() for seal in Seal.objects.all()}
    assert json.loads(file.read_text().splitlines()[0])["seal"] == 1
    assert file.stat().st_mode & 0o077 == 0
    assert verify(read_anchors(file)).ok


def test_an_older_open_transaction_is_waited_for(transactional_log: None) -> None:
    """What commits late must not appear behind a seal."""
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                tell()
                written.set()
                assert may_commit.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    with transaction.atomic():
        tell()
    record_reads(by=Actor.job("x"), what="x", patient_ids=[uuid4()])
    assert seal_batch() is None
    may_commit.set()
    thread.join()
    until(lambda: seal_batch() is None and not verify().unsealed)
    found = verify()
    assert found.ok
    assert (found.events, found.unsealed) == (3, 0)


def test_two_sealers_make_one_chain(transactional_log: None) -> None:
    def keep_sealing() -> None:
        try:
            until(lambda: seal_batch(limit=3) is None and Seal.objects.count() >= 15)
        finally:
            connections.close_all()

    for _ in range(45):
        with transaction.atomic():
            tell()
    threads = [threading.Thread(target=keep_sealing) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verify()
    assert found.ok
    assert (found.events, found.unsealed) == (45, 0)
    assert found.seals >= 15
