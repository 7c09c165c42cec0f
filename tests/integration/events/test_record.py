from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from medguild.foundation.events.events import Happening, SubjectRef
from medguild.foundation.events.models import Event
from medguild.foundation.events.partitions import ensure_partitions, guard_partitions, month_start
from medguild.foundation.events.selectors import patient_timeline, readers_of, timeline
from medguild.foundation.events.services import READ, EventOutsideTransaction, record, record_many, record_reads
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.ids import first_id_at
from tests.integration.events.support import TOLD, everything, tell

SOMEONE = Actor(ActorKind.USER, uuid4(), "Ana", cause="request:1", home=uuid4())


@pytest.mark.django_db
def test_an_event_keeps_who_what_when_and_where() -> None:
    unit, patient = uuid4(), uuid4()
    at = dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC)
    event_id = record(
        TOLD, subject=SubjectRef("thing", patient, "Thing 1"), by=SOMEONE, data={"n": 1, "id": unit},
        patient_id=patient, unit_id=unit, occurred_at=at,
    )  # fmt: skip
    event = everything().get(pk=event_id)
    assert (event.type, event.subject_type, event.subject_id, event.subject_label) == (
        TOLD,
        "thing",
        patient,
        "Thing 1",
    )
    assert (event.actor_kind, event.actor_id, event.actor_label, event.cause) == (
        "user",
        SOMEONE.id,
        "Ana",
        "request:1",
    )
    assert (event.occurred_at, event.unit_id, event.patient_id) == (at, unit, patient)
    assert event.data == {"n": 1, "id": str(unit)}
    assert event.recorded_at is not None
    assert event.version == 1


@pytest.mark.django_db
def test_an_event_without_a_unit_stands_where_its_actor_works() -> None:
    event_id = record(TOLD, subject=SubjectRef("thing", None), by=SOMEONE)
    assert everything().get(pk=event_id).unit_id == SOMEONE.home


@pytest.mark.django_db
def test_an_undeclared_event_is_a_mistake() -> None:
    with pytest.raises(LookupError, match="thing.never_declared"):
        record("thing.never_declared", subject=SubjectRef("thing", None), by=SOMEONE)


@pytest.mark.django_db
def test_events_roll_back_with_the_rows_they_tell_of() -> None:
    def change() -> None:
        with transaction.atomic():
            tell()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert everything().filter(type=TOLD).count() == 0


def test_outside_a_transaction_nothing_is_recorded(transactional_log: None) -> None:
    with pytest.raises(EventOutsideTransaction):
        tell()
    assert everything().count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "update foundation_event set actor_label = 'x'",
        "delete from foundation_event",
        "truncate foundation_event",
        "truncate {partition}",
        "delete from {partition}",
    ],
)
def test_the_log_is_append_only(statement: str) -> None:
    event_id = tell()
    with connection.cursor() as cursor:
        cursor.execute("select tableoid::regclass::text from foundation_event where id = %s", [event_id])
        partition = cursor.fetchone()[0]
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            cursor.execute(statement.format(partition=partition))
    assert everything().filter(pk=event_id).exists()


@pytest.mark.django_db
def test_partitions_are_made_ahead_and_guarded() -> None:
    made = ensure_partitions(today=dt.date(2031, 12, 15), back=0, ahead=2)
    assert made == ["foundation_event_203112", "foundation_event_203201", "foundation_event_203202"]
    assert ensure_partitions(today=dt.date(2031, 12, 15), back=0, ahead=2) == []
    guard_partitions()
    with connection.cursor() as cursor:
        for day, partition in ((dt.date(2031, 12, 31), made[0]), (dt.date(2032, 1, 1), made[1])):
            first = first_id_at(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))
            cursor.execute(
                "insert into foundation_event (id, version, type, occurred_at, actor_kind, actor_label, subject_type)"
                " values (%s, 1, 'x', now(), 'job', 'x', 'x') returning tableoid::regclass::text",
                [first],
            )
            assert cursor.fetchone()[0] == partition
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"truncate {made[0]}")


def test_months_step_over_the_year() -> None:
    assert month_start(dt.date(2026, 11, 30), 2) == dt.date(2027, 1, 1)
    assert month_start(dt.date(2026, 1, 31), -1) == dt.date(2025, 12, 1)


@pytest.mark.django_db
def test_reads_are_one_event_for_each_request_and_found_by_patient() -> None:
    one, two = uuid4(), uuid4()
    event_id = record_reads(by=SOMEONE, what="patients:list", patient_ids=[one, two, one])
    event = everything().get(pk=event_id)
    assert (event.type, event.patient_id, event.unit_id) == (READ, None, SOMEONE.home)
    assert sorted(event.patient_ids or []) == sorted([one, two])
    assert [found.id for found in readers_of(patient_ids=[two])] == [event_id]
    assert readers_of(patient_ids=[uuid4()]) == []
    assert patient_timeline(patient_ids=[one, two]) == []
    alone = record_reads(by=SOMEONE, what="patients:show", patient_ids=[one])
    assert everything().get(pk=alone).patient_id == one
    assert record_reads(by=SOMEONE, what="patients:list", patient_ids=[]) is None


def test_reads_outside_a_transaction_commit_without_waiting_and_leave_the_connection_as_it_was(
    transactional_log: None, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = on")  # test databases do not wait by themselves
    with django_assert_num_queries(1) as captured:
        event_id = record_reads(by=SOMEONE, what="patients:show", patient_ids=[uuid4()])
    assert "set_config('synchronous_commit', 'off', true)" in captured[0]["sql"]
    assert everything().filter(pk=event_id).exists()
    with connection.cursor() as cursor:
        cursor.execute("show synchronous_commit")
        assert cursor.fetchone()[0] == "on"
    assert connection.connection.info.transaction_status.name == "IDLE"


def test_a_failed_read_record_leaves_the_connection_usable(transactional_log: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table foundation_event add constraint no_reads check (type <> 'record.read')")
    try:
        with pytest.raises(DatabaseError):
            record_reads(by=SOMEONE, what="patients:show", patient_ids=[uuid4()])
        assert connection.connection.info.transaction_status.name == "IDLE"
        with transaction.atomic():
            tell()
            with pytest.raises(DatabaseError):
                record_reads(by=SOMEONE, what="patients:show", patient_ids=[uuid4()])
            tell()
        assert everything().count() == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("alter table foundation_event drop constraint no_reads")


@pytest.mark.django_db
def test_timelines_show_the_newest_first_page_by_page_without_hidden_events() -> None:
    thing = SubjectRef("thing", uuid4(), "Thing")
    ids = [record(TOLD, subject=thing, by=SOMEONE, patient_id=thing.id) for _ in range(5)]
    record("test.hidden", subject=thing, by=SOMEONE, patient_id=thing.id)
    tell()
    assert thing.id is not None
    assert [event.id for event in timeline(subjects=[thing])] == ids[::-1]
    assert [event.id for event in timeline(subjects=[thing], limit=2)] == ids[:-3:-1]
    assert [event.id for event in timeline(subjects=[thing], before=ids[2])] == [ids[1], ids[0]]
    assert [event.id for event in patient_timeline(patient_ids=[thing.id])] == ids[::-1]
    assert timeline(subjects=[]) == []
    assert timeline(subjects=[thing])[0].subject.key == thing.key


@pytest.mark.django_db
def test_the_log_itself_is_a_scoped_model() -> None:
    event_id = tell(unit_id=SOMEONE.home)
    assert SOMEONE.home is not None
    assert Event.objects.visible_to(SOMEONE).count() == 0
    assert Event.objects.visible_to(Actor.job("x")).filter(pk=event_id).exists()


@pytest.mark.django_db
def test_a_bulk_load_tells_the_log_one_event_for_each_subject() -> None:
    one, two, unit = uuid4(), uuid4(), uuid4()
    told = [
        Happening(SubjectRef("thing", one, "One\tor \\N"), data={"n": 1}, patient_id=one),
        Happening(SubjectRef("thing", two)),
    ]
    told.append(Happening(SubjectRef("thing", two), unit_id=unit))
    assert record_many(TOLD, told, by=SOMEONE) == 3
    first, second, third = everything().filter(type=TOLD).order_by("id")
    assert (first.subject_label, first.data, first.patient_id) == ("One\tor \\N", {"n": 1}, one)
    assert (second.unit_id, third.unit_id) == (SOMEONE.home, unit)


def test_a_bulk_load_needs_a_transaction_too(transactional_log: None) -> None:
    with pytest.raises(EventOutsideTransaction):
        record_many(TOLD, [], by=SOMEONE)
