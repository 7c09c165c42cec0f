"""Events are owed in commit order and delivered at least once; one failing subscriber stops nobody else."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection, connections, transaction

from medguild.foundation.events import dispatch
from medguild.foundation.events.dispatch import dispatch_pending, forget_done, owe, pay_one, retry_failed
from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.models import Delivery
from medguild.foundation.events.rules import MOST_ATTEMPTS, DeliveryStatus, retry_delay
from medguild.foundation.events.subscribers import Subscriber, subscribers
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from tests.integration.events.support import TOLD, everything, tell, until


class Listener:
    """A subscriber that keeps what it hears and fails as often as it is told to."""

    def __init__(self, fails: int = 0) -> None:
        self.heard: list[UUID] = []
        self.calls = 0
        self.fails = fails

    def __call__(self, event: EventRecord) -> None:
        self.calls += 1
        if self.calls <= self.fails:
            raise ValueError("Ana Ruiz, born 1980")
        self.heard.append(event.id)


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    """Registers listeners for the length of a test."""
    entries = dict(subscribers._entries)

    def register(name: str, fails: int = 0) -> Listener:
        listener = Listener(fails)
        subscribers.register(name, Subscriber(name, frozenset({TOLD}), listener))
        return listener

    yield register
    subscribers._entries = entries


def _later(minutes: int = 60) -> time_machine.travel:
    return time_machine.travel(now() + dt.timedelta(minutes=minutes), tick=True)


@pytest.mark.django_db
def test_each_subscriber_hears_each_event_once_in_order(listen: Callable[..., Listener]) -> None:
    one, two = listen("test.one"), listen("test.two")
    subject = uuid4()
    told = [tell(subject) for _ in range(5)]
    assert dispatch_pending() == 10
    assert one.heard == two.heard == told
    assert dispatch_pending() == 0


@pytest.mark.django_db
def test_events_that_nobody_hears_are_passed_over(listen: Callable[..., Listener]) -> None:
    listener = listen("test.one")
    tell(type="test.hidden")
    told = tell()
    tell(type="test.hidden")
    assert dispatch_pending() == 1
    assert listener.heard == [told]
    assert owe() == 0


@pytest.mark.django_db
def test_one_transaction_with_more_events_than_a_batch_keeps_its_order(listen: Callable[..., Listener]) -> None:
    listener = listen("test.one")
    subject = uuid4()
    told = [tell(subject) for _ in range(25)]
    while owe(limit=10):
        pass
    dispatch_pending()
    assert listener.heard == told


@pytest.mark.django_db
def test_a_failing_subscriber_is_tried_again_and_holds_back_only_its_own_subject(
    listen: Callable[..., Listener],
) -> None:
    weak, strong = listen("test.weak", fails=1), listen("test.strong")
    subject, other = uuid4(), uuid4()
    first, second, elsewhere = tell(subject), tell(subject), tell(other)
    dispatch_pending()
    assert strong.heard == [first, second, elsewhere]
    assert weak.heard == [elsewhere]
    with _later():
        dispatch_pending()
    assert weak.heard == [elsewhere, first, second]


@pytest.mark.django_db
def test_after_the_last_attempt_it_fails_for_good_and_says_so_without_the_text(
    listen: Callable[..., Listener],
) -> None:
    weak = listen("test.weak", fails=MOST_ATTEMPTS)
    subject = uuid4()
    tell(subject)
    for hour in range(MOST_ATTEMPTS):
        with _later(60 * hour):
            dispatch_pending()
    delivery = Delivery.objects.get(subscriber="test.weak")
    assert (delivery.status, delivery.attempts, delivery.error) == (DeliveryStatus.FAILED, MOST_ATTEMPTS, "ValueError")
    event = everything().get(type=dispatch.DELIVERY_FAILED)
    assert event.data == {"event_id": str(delivery.event_id), "subscriber": "test.weak", "error": "ValueError"}
    with _later(60 * MOST_ATTEMPTS):
        assert dispatch_pending() == 0
        assert retry_failed(delivery_id=delivery.pk, by=Actor.job("test"))
        assert not retry_failed(delivery_id=delivery.pk, by=Actor.job("test"))
        dispatch_pending()
    assert everything().filter(type=dispatch.DELIVERY_RECOVERED).count() == 1
    assert len(weak.heard) == 1


@pytest.mark.django_db
def test_what_a_failing_subscriber_wrote_is_rolled_back(listen: Callable[..., Listener]) -> None:
    listen("test.strong")

    def writes_then_fails(event: EventRecord) -> None:
        tell(type="test.hidden")
        raise ValueError

    subscribers.register("test.writes", Subscriber("test.writes", frozenset({TOLD}), writes_then_fails))
    tell()
    dispatch_pending()
    assert everything().filter(type="test.hidden").count() == 0
    assert Delivery.objects.filter(status=DeliveryStatus.DONE).count() == 1


@pytest.mark.django_db
def test_a_subscriber_that_is_gone_fails_alone(listen: Callable[..., Listener]) -> None:
    listen("test.gone")
    stays = listen("test.stays")
    tell()
    owe()
    del subscribers._entries["test.gone"]
    dispatch_pending()
    assert len(stays.heard) == 1
    assert Delivery.objects.get(subscriber="test.gone").error.startswith("LookupError medguild/foundation/")


@pytest.mark.django_db
def test_what_a_subscriber_records_is_delivered_in_turn(listen: Callable[..., Listener]) -> None:
    heard: list[UUID] = []

    def answers(event: EventRecord) -> None:
        heard.append(event.id)
        if len(heard) < 3:
            tell()

    subscribers.register("test.chain", Subscriber("test.chain", frozenset({TOLD}), answers))
    tell()
    assert dispatch_pending() == 3


@pytest.mark.django_db
def test_done_deliveries_are_forgotten_and_their_events_are_not_owed_again(listen: Callable[..., Listener]) -> None:
    listener = listen("test.one")
    tell()
    dispatch_pending()
    assert forget_done(before=now() - dt.timedelta(days=1)) == 0
    assert forget_done(before=now() + dt.timedelta(seconds=1)) == 1
    assert dispatch_pending() == 0
    assert listener.calls == 1


def test_waits_grow_fourfold() -> None:
    assert [retry_delay(n).total_seconds() for n in (1, 2, 3, 4)] == [2, 8, 32, 128]


def _in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_older_transaction_that_commits_later_is_not_skipped(
    transactional_log: None, listen: Callable[..., Listener]
) -> None:
    """The old transaction writes first and commits last; its event id and transaction id are the lower ones."""
    listener = listen("test.one")
    written, may_commit = threading.Event(), threading.Event()
    told: list[UUID] = []

    def slow() -> None:
        with transaction.atomic():
            told.append(tell())
            written.set()
            assert may_commit.wait(10)

    thread = _in_thread(slow)
    assert written.wait(10)
    with transaction.atomic():
        told.append(tell())
    assert dispatch_pending() == 0
    assert everything().count() == 1
    may_commit.set()
    thread.join()
    until(lambda: dispatch_pending() == 0 and len(listener.heard) == 2)
    assert told[0] < told[1]
    assert listener.heard == told


def test_two_dispatchers_deliver_each_event_once_and_in_order(
    transactional_log: None, listen: Callable[..., Listener]
) -> None:
    listener = listen("test.one")
    subjects = [uuid4() for _ in range(4)]
    told: dict[UUID, list[UUID]] = {subject: [] for subject in subjects}
    for number in range(40):
        with transaction.atomic():
            told[subjects[number % 4]].append(tell(subjects[number % 4]))
    threads = [_in_thread(lambda: _keep_paying(40)) for _ in range(3)]
    for thread in threads:
        thread.join()
    assert sorted(listener.heard) == sorted(event for events in told.values() for event in events)
    for events in told.values():
        assert [event for event in listener.heard if event in events] == events


def _keep_paying(whole: int) -> None:
    until(lambda: dispatch_pending() == 0 and Delivery.objects.filter(status=DeliveryStatus.DONE).count() == whole)


def test_a_crash_between_delivery_and_commit_delivers_again(
    transactional_log: None, listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = listen("test.one")
    with transaction.atomic():
        tell()
    until(owe)

    def crash(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Delivery, "save", crash)
        with pytest.raises(KeyboardInterrupt):
            pay_one()
    assert Delivery.objects.get().status == DeliveryStatus.PENDING
    dispatch_pending()
    assert listener.calls == 2


def test_the_queue_is_read_by_its_index(transactional_log: None) -> None:
    with connection.cursor() as cursor:
        # An empty table tempts older planners to read it whole and sort; what counts is that the index can serve.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"set enable_{way} = off")
        cursor.execute("explain " + dispatch._NEXT, [now()])
        plan = "\n".join(row[0] for row in cursor.fetchall())
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"reset enable_{way}")
    assert "delivery_next" in plan
    assert "delivery_open" in plan
    assert "Sort" not in plan
