"""After a visit that took place one question goes out: once, by the way the patient wants, nothing about health."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from medguild.experience.feedback.models import VisitRating
from medguild.experience.feedback.rating import rate_visit
from medguild.experience.outreach.afterwards import ask_how_it_was, repeat_failed_questions
from medguild.experience.outreach.answering import take_reply
from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.reminding import remind
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus, Said, Withheld
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import ActorKind
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.standards.services import set_standard
from medguild.operations.promises.models import Inquiry
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus, Mode
from medguild.patients.identity.models import Patient
from medguild.patients.preferences.rules import Channel
from medguild.patients.preferences.services import set_contact_preference
from tests.factories.outreach import PHONE, outgoing
from tests.factories.scheduling import ZONE, Schedule
from tests.factories.world import HOUSE

pytestmark = pytest.mark.django_db
_DAY = dt.timedelta(days=1)


def noon(days: int = 0) -> dt.datetime:
    """By the clock of the site, so many days from today."""
    return dt.datetime.combine(local_date(now(), str(ZONE)) + days * _DAY, dt.time(12), tzinfo=ZONE)


def kept(plan: Schedule, days_ago: int = 1, hours: int = 0, patient: Patient | None = None, **more: Any) -> Appointment:
    start = noon(-days_ago) + dt.timedelta(hours=hours)
    made: Appointment = Appointment.objects.create(
        patient=patient or plan.patient, clinician=plan.clinician, unit=plan.site.unit, entity=plan.office.entity,
        visit_type=plan.kind, start=start, end=start + dt.timedelta(minutes=30), booked_at=start - 4 * _DAY,
        **({"status": AppointmentStatus.FULFILLED} | more),
    )  # fmt: skip
    return made


def questions() -> list[Notice]:
    return list(Notice.objects.unscoped("test").filter(kind=NoticeKind.RATING).order_by("pk"))


def test_a_visit_is_asked_about_once_without_a_word_about_health_and_the_link_takes_the_answer(plan: Schedule) -> None:
    visit = kept(plan)
    assert ask_how_it_was(at=noon()) == 1
    assert ask_how_it_was(at=noon() + dt.timedelta(hours=1)) == 0
    (sent,) = outgoing()
    assert (sent["channel"], sent["to"]) == ("text", PHONE)
    for secret in (visit.visit_type.name, visit.clinician.person.family_name, plan.patient.family_name):
        assert secret not in sent["words"] + sent["title"]
    link = next(word for word in sent["words"].split() if "/messages/" in word)
    path = "/" + link.split("/", 3)[3]
    assert Client().post(path, {"answer": "9"}).status_code == 200
    assert VisitRating.objects.unscoped("test").get().score == 9


def test_a_patient_is_asked_once_in_the_days_of_the_standard(plan: Schedule) -> None:
    set_standard(unit=plan.site.unit, key="outreach.rating_days", value=30, by=HOUSE)
    kept(plan, hours=-2)
    latest = kept(plan)
    assert ask_how_it_was(at=noon()) == 1
    assert [one.appointment_id for one in questions()] == [latest.pk], "of a day with two visits one is asked about"
    kept(plan, -19)
    kept(plan, -34)
    assert ask_how_it_was(at=noon(20)) == 0
    assert ask_how_it_was(at=noon(35)) == 1
    set_standard(unit=plan.site.unit, key="outreach.rating_days", value=0, by=HOUSE)
    kept(plan, patient=plan.another())
    assert ask_how_it_was(at=noon()) == 0, "none: nobody is asked"


@pytest.mark.parametrize(
    "more",
    [
        {"status": AppointmentStatus.NO_SHOW}, {"status": AppointmentStatus.ARRIVED}, {"mode": Mode.E_CONSULT},
        {"days_ago": 4}, {"days_ago": 0},
    ],
)  # fmt: skip
def test_only_what_took_place_in_the_last_days_is_asked_about(plan: Schedule, more: dict[str, Any]) -> None:
    kept(plan, **more)
    assert ask_how_it_was(at=noon()) == 0


def test_who_has_said_it_is_not_asked_and_who_wants_no_messages_gets_none(plan: Schedule) -> None:
    rate_visit(visit=kept(plan, patient=plan.another()), score=7, by=HOUSE)
    assert ask_how_it_was(at=noon()) == 0
    set_contact_preference(patient=plan.patient, channels=[], by=HOUSE)
    kept(plan)
    ask_how_it_was(at=noon())
    (withheld,) = questions()
    assert (withheld.status, withheld.reason) == (NoticeStatus.WITHHELD, Withheld.NOT_WANTED)
    assert outgoing() == []


def test_a_short_rest_asks_about_no_visit_twice(plan: Schedule) -> None:
    set_standard(unit=plan.site.unit, key="outreach.rating_days", value=1, by=HOUSE)
    kept(plan)
    assert ask_how_it_was(at=noon()) == 1
    assert ask_how_it_was(at=noon() + dt.timedelta(hours=25)) == 0


def test_nobody_is_asked_in_quiet_hours(plan: Schedule) -> None:
    kept(plan)
    assert ask_how_it_was(at=noon() + dt.timedelta(hours=10)) == 0
    set_contact_preference(patient=plan.patient, channels=[Channel.EMAIL], quiet_from=0, quiet_to=13 * 60, by=HOUSE)
    assert ask_how_it_was(at=noon()) == 0
    assert ask_how_it_was(at=noon() + dt.timedelta(hours=2)) == 1
    assert outgoing()[0]["channel"] == "email"
    assert "STOP" not in outgoing()[0]["words"], "an e-mail is answered by its link"


def test_a_number_answers_the_question_and_changes_no_visit_to_come(plan: Schedule) -> None:
    """2 means no to a reminder: after the question it is how the visit was."""
    to_come = plan.book(9, at=noon(-9))
    remind(at=noon())
    visit = kept(plan)
    ask_how_it_was(at=noon())
    assert take_reply(address=PHONE, text="2", at=noon()) is Said.SCORE
    assert take_reply(address=PHONE, text="8/10", at=noon()) is Said.SCORE, "the second word counts"
    rating = VisitRating.objects.unscoped("test").get()
    assert (rating.appointment_id, rating.score) == (visit.pk, 8)
    told = Event.objects.unscoped("test").filter(type="visit.rated")
    assert set(told.values_list("actor_kind", flat=True)) == {ActorKind.LINK}
    for unclear in ("11", "1 hour of waiting", "no"):
        assert take_reply(address=PHONE, text=unclear, at=noon()) is None
    assert Inquiry.objects.unscoped("test").count() == 3, "a person reads it"
    to_come.refresh_from_db()
    assert to_come.status == AppointmentStatus.BOOKED


def test_what_could_not_be_sent_is_tried_again(plan: Schedule) -> None:
    visit = kept(plan)
    Notice.objects.create(
        source=f"rating:{visit.pk}", patient=plan.patient, unit=plan.site.unit, appointment=visit, channel="text",
        kind=NoticeKind.RATING, address=PHONE, status=NoticeStatus.FAILED, sent_at=noon(),
    )  # fmt: skip
    assert repeat_failed_questions(at=noon()) == 0
    assert repeat_failed_questions(at=noon() + dt.timedelta(minutes=5)) == 1
    (sent,) = outgoing()
    assert sent["to"] == PHONE
    assert repeat_failed_questions(at=noon() + dt.timedelta(minutes=50)) == 0
