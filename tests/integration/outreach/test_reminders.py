"""Reminders are sent once, in their time, by the way people want; answers confirm or give up the visit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from medguild.experience.outreach import links
from medguild.experience.outreach.answering import NothingToAnswer, confirm_visit, give_up_visit, take_reply
from medguild.experience.outreach.models import Notice, Reply
from medguild.experience.outreach.offering import send_offers
from medguild.experience.outreach.reminding import remind, repeat_failed
from medguild.experience.outreach.rules import NoticeStatus, Said, Withheld
from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.standards.services import set_standard
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AppointmentStatus, CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.waitlist.models import SlotOffer
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.services import record_consent
from medguild.patients.preferences.rules import Channel
from medguild.patients.preferences.services import set_contact_preference
from tests.factories.outreach import PHONE, outgoing
from tests.factories.scheduling import Schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def booked(plan: Schedule, hour: int = 11, **given: Any) -> Appointment:
    return plan.book(hour, at=wall(plan.monday, 9) - dt.timedelta(days=7), **given)


def before(plan: Schedule, days: int, hour: int = 12) -> dt.datetime:
    return wall(plan.monday - dt.timedelta(days=days), hour)


def notices() -> list[Notice]:
    return list(Notice.objects.unscoped("test").order_by("pk"))


def test_two_reminders_each_once_and_nothing_about_health(plan: Schedule) -> None:
    visit = booked(plan)
    assert remind(at=before(plan, 4)) == 0
    assert remind(at=before(plan, 3)) == 1
    assert remind(at=before(plan, 3, 13)) == 0
    assert remind(at=before(plan, 1)) == 1
    assert remind(at=before(plan, 1, 13)) == 0
    first, last = outgoing()
    assert (first["channel"], first["to"]) == ("text", PHONE)
    assert "11:00 AM" in first["words"]
    assert links.token_of(visit.pk) in last["words"]
    for secret in (visit.visit_type.name, visit.clinician.person.family_name, plan.patient.family_name):
        assert secret not in first["words"] + first["title"]


def test_two_answers_to_one_link_never_contradict_each_other(plan: Schedule) -> None:
    visit = booked(plan)
    address, client = f"/messages/v/{links.token_of(visit.pk)}/", Client()
    for _twice in range(2):
        page = client.post(address, {"answer": "no"})
        assert (page.status_code, "is cancelled" in page.content.decode()) == (200, True)
    late = client.post(address, {"answer": "yes"})
    assert (late.status_code, "is cancelled" in late.content.decode()) == (409, False), "one thing is said"


def test_nobody_is_disturbed_in_quiet_hours(plan: Schedule) -> None:
    booked(plan)
    assert remind(at=before(plan, 1, 21)) == 0
    assert remind(at=wall(plan.monday, 8)) == 0
    set_contact_preference(patient=plan.patient, channels=[Channel.TEXT], quiet_from=0, quiet_to=12 * 60, by=HOUSE)
    assert remind(at=before(plan, 2, 11)) == 0
    assert remind(at=before(plan, 2, 12)) == 1


def test_a_visit_that_was_moved_is_reminded_of_again(plan: Schedule) -> None:
    visit = booked(plan)
    assert remind(at=before(plan, 3)) == 1
    move_appointment(appointment=visit, start=wall(plan.monday, 10), by=HOUSE, at=before(plan, 3))
    assert remind(at=before(plan, 2)) == 1
    assert "10:00 AM" in outgoing()[-1]["words"]


def test_neither_who_confirmed_nor_who_cancelled_nor_who_just_booked(plan: Schedule) -> None:
    sure = booked(plan)
    confirm_visit(visit=sure, by=HOUSE, at=before(plan, 4))
    gone = booked(plan, 10, patient=plan.another())
    cancel_appointment(appointment=gone, reason=CancelReason.PATIENT_ILL, by=HOUSE, at=before(plan, 4))
    late = plan.another()
    plan.book(9, patient=late, at=before(plan, 0, 8))
    assert remind(at=before(plan, 3)) == 0
    assert remind(at=before(plan, 1)) == 0


def test_who_wants_no_messages_gets_none_and_the_desk_sees_why(plan: Schedule) -> None:
    silent, refusing, unknown = plan.patient, plan.another(), plan.another()
    set_contact_preference(patient=silent, channels=[], by=HOUSE)
    record_consent(patient=refusing, kind=ConsentKind.COMMUNICATION, decision=Decision.REFUSED, by=HOUSE)
    for hour, person in ((9, silent), (10, refusing), (11, unknown)):
        booked(plan, hour, patient=person)
    remind(at=before(plan, 1))
    assert outgoing() == []
    assert {one.patient_id: one.reason for one in notices()} == {
        silent.pk: Withheld.NOT_WANTED, refusing.pk: Withheld.REFUSED, unknown.pk: Withheld.NO_ADDRESS,
    }  # fmt: skip


def test_the_language_and_the_way_are_those_of_the_patient(plan: Schedule) -> None:
    plan.patient.language = "es"
    plan.patient.save(update_fields=["language"])
    set_contact_preference(patient=plan.patient, channels=[Channel.EMAIL, Channel.TEXT], by=HOUSE)
    booked(plan)
    remind(at=before(plan, 1))
    (sent,) = outgoing()
    assert (sent["channel"], sent["to"]) == ("email", "pat@example.org")
    assert sent["words"].startswith("Hola Pat")


def test_what_fails_is_tried_again_later_and_not_for_ever(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense://{to}")
    booked(plan)
    moment = before(plan, 1)
    remind(at=moment)
    assert notices()[0].status == NoticeStatus.FAILED
    assert repeat_failed(at=moment + dt.timedelta(minutes=1)) == 0
    for attempt in range(1, 5):
        moment += dt.timedelta(minutes=2**attempt)
        assert repeat_failed(at=moment) == 1
    assert repeat_failed(at=moment + dt.timedelta(hours=3)) == 0
    assert notices()[0].attempts == 5
    monkeypatch.delenv("MEDGUILD_SEND_TEXT")


def test_what_failed_in_the_evening_is_tried_again_in_the_morning(
    plan: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense://{to}")
    booked(plan)
    evening, minute = wall(plan.monday - dt.timedelta(days=1), 19, 58), dt.timedelta(minutes=1)
    assert remind(at=evening) == 1
    assert repeat_failed(at=evening + 3 * minute) == 0
    assert repeat_failed(at=before(plan, 0, 9) - minute) == 0
    set_contact_preference(patient=plan.patient, channels=[Channel.TEXT], quiet_from=0, quiet_to=600, by=HOUSE)
    assert repeat_failed(at=before(plan, 0, 9)) == 0, "nor in hours of their own"
    assert repeat_failed(at=before(plan, 0, 10)) == 1


def test_a_failure_that_passes_is_sent_in_the_end(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDGUILD_SEND_TEXT", "nonsense://{to}")
    booked(plan)
    remind(at=before(plan, 1))
    monkeypatch.delenv("MEDGUILD_SEND_TEXT")
    assert repeat_failed(at=before(plan, 1, 13)) == 1
    assert (notices()[0].status, len(outgoing())) == (NoticeStatus.SENT, 1)


def test_a_full_or_broken_outbox_loses_nothing(plan: Schedule, settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path / "file"
    settings.OUTBOX.touch()
    booked(plan)
    assert remind(at=before(plan, 1)) == 1
    assert notices()[0].status == NoticeStatus.FAILED
    settings.OUTBOX = tmp_path
    assert repeat_failed(at=before(plan, 1, 13)) == 1
    assert (notices()[0].status, len(outgoing())) == (NoticeStatus.SENT, 1)


def test_a_site_says_when_to_remind(plan: Schedule) -> None:
    for key in ("outreach.first_reminder", "outreach.last_reminder"):
        set_standard(key=key, unit=plan.site.unit, value=0, by=HOUSE)
    booked(plan)
    assert remind(at=before(plan, 1)) == 0


def test_an_offer_of_the_waiting_list_is_sent_with_its_link(plan: Schedule) -> None:
    visit = plan.book(9)
    waiting = plan.another()
    waiting.phone = "+15035550143"
    waiting.save(update_fields=["phone"])
    wait_for(plan, waiting)
    cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    dispatch_pending()
    # At night it waits: the job of every minute sends it when its time has come.
    (offer,) = SlotOffer.objects.unscoped("test")
    send_offers(at=offer.sends_at)
    (sent,) = outgoing()
    assert sent["to"] == "+15035550143"
    assert "/waitlist/o/" in sent["words"]


def test_yes_by_link_confirms_and_no_gives_the_time_away(client: Client, plan: Schedule) -> None:
    visit = booked(plan)
    address = f"/messages/v/{links.token_of(visit.pk)}/"
    page = client.get(address).content.decode()
    assert "I will come" in page
    told = page.index("its time is given to somebody else")
    assert page.index("I cannot come") < told < page.index('value="no"'), "no is asked twice: it cannot be taken back"
    assert visit.visit_type.name not in page
    assert "you are expected" in client.post(address, {"answer": "yes"}).content.decode()
    assert "is cancelled" in client.post(address, {"answer": "no"}).content.decode()
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason) == (AppointmentStatus.CANCELLED, CancelReason.PATIENT_REQUEST)
    assert client.post(address, {"answer": "yes"}).status_code == 409
    assert [one.said for one in Reply.objects.unscoped("test").order_by("at")] == [Said.YES, Said.NO]
    assert client.get("/messages/v/made-up/").status_code == 404


def test_the_visit_goes_into_the_patients_calendar(client: Client, plan: Schedule) -> None:
    visit = booked(plan)
    answer = client.get(f"/messages/v/{links.token_of(visit.pk)}/appointment.ics")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (visit.start, visit.end)
    assert visit.visit_type.name.encode() not in answer.content


def test_replies_by_text_message(plan: Schedule) -> None:
    visit = booked(plan)
    moment = before(plan, 1)
    assert take_reply(address=PHONE, text="YES", at=moment) is None, "nothing was asked yet"
    remind(at=moment)
    assert take_reply(address=PHONE, text="May I come later?", at=moment) is None
    assert take_reply(address=PHONE, text="Sí", at=moment) is Said.YES
    assert take_reply(address=PHONE, text="no", at=moment) is Said.NO
    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.CANCELLED
    with pytest.raises(NothingToAnswer):
        take_reply(address=PHONE, text="yes", at=moment)


def test_where_two_visits_were_reminded_of_a_person_asks_which_is_meant(plan: Schedule) -> None:
    sibling = plan.another()
    sibling.phone = PHONE
    sibling.save(update_fields=["phone"])
    booked(plan)
    booked(plan, 10, patient=sibling)
    remind(at=before(plan, 1))
    assert take_reply(address=PHONE, text="no", at=before(plan, 1)) is None
    assert Reply.objects.unscoped("test").count() == 0


def test_stop_ends_all_messages(plan: Schedule) -> None:
    booked(plan)
    remind(at=before(plan, 3))
    assert take_reply(address=PHONE, text="STOP", at=before(plan, 3)) is Said.STOP
    remind(at=before(plan, 1))
    assert [one.reason for one in notices()] == ["", Withheld.NOT_WANTED]


def test_a_visit_that_is_over_is_not_answered(plan: Schedule) -> None:
    visit = booked(plan)
    for act in (confirm_visit, give_up_visit):
        with pytest.raises(NothingToAnswer):
            act(visit=visit, by=HOUSE, at=visit.start)


def test_the_desk_sees_its_own_messages(client: Client, world: World, plan: Schedule) -> None:
    booked(plan)
    remind(at=before(plan, 1))
    client.force_login(world.user(Role.FRONT_DESK))
    assert plan.patient.label() in client.get("/messages/").content.decode()
    client.force_login(world.user(Role.FRONT_DESK, world.member_a.entity))
    assert plan.patient.label() not in client.get("/messages/").content.decode()


def test_how_to_reach_a_patient_is_kept_by_the_desk(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.FRONT_DESK))
    address = f"/patients/{plan.patient.pk}/contact/"
    client.post(address, {"channels": "email", "quiet_from": "21:00", "quiet_to": "08:30"})
    page = client.get(address).content.decode()
    assert 'value="21:00"' in page
    assert client.post(address, {"channels": "email", "quiet_from": "21:00"}).status_code == 422
    with pytest.raises(NotVisible):
        set_contact_preference(
            patient=plan.patient, channels=[], by=world.actor(Role.FRONT_DESK, world.member_a.entity)
        )
    with pytest.raises(Refusal, match="both ends"):
        set_contact_preference(patient=plan.patient, channels=[], quiet_to=5, by=HOUSE)
