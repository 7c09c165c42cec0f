"""People read their own record, and nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.experience.outreach.answering import give_up_visit
from medguild.experience.outreach.rules import Said
from medguild.experience.outreach.selectors import last_answer
from medguild.experience.portal.services import end_access, give_access
from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user, forget_actors
from medguild.foundation.access.services import end_grant
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import ActorKind
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.operations.scheduling.change_models import Cancellation
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import CANCELLED
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.services import BOOKED, MOVED
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import DECLINED, Freed, offer_freed
from medguild.operations.waitlist.rules import OfferStatus
from medguild.revenue.statements.services import make_statement
from tests.factories.patients import make_patient
from tests.factories.portal import client_of
from tests.factories.receipts import Desk, make_desk
from tests.factories.scheduling import schedule, wall
from tests.factories.visits import make_note, make_signed_note, make_visit
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World) -> Desk:
    """Somebody with a balance of 80 dollars and a statement about it."""
    made = make_desk(world)
    made.owe(8_000)
    make_statement(account=made.account, by=world.actor(Role.BILLER))
    return made


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_patient_begins_at_the_own_record_with_balance_and_statement(world: World, desk: Desk) -> None:
    client = client_of(world, desk.patient)
    assert client.get(reverse("today:home"))["Location"] == reverse("portal:home")
    home = client.get(reverse("portal:home"))
    assert home["Location"] == reverse("portal:record", args=[desk.patient.pk])
    page = client.get(home["Location"]).content.decode()
    assert "$80.00" in page
    statement = desk.account.statements.unscoped("test").get()
    assert statement.number in page
    letter = client.get(reverse("documents:download", args=[statement.document_id]))
    assert letter.content.startswith(b"%PDF")
    assert client.get(reverse("statements:account", args=[desk.account.pk])).status_code == 200


def test_visits_to_come_earlier_visits_and_signed_notes_are_shown(world: World) -> None:
    plan = schedule(world)
    patient = make_patient(world)
    coming = plan.book(hour=11, patient=patient)
    make_signed_note(world, make_visit(world, patient=patient))
    draft = make_note(make_visit(world, world.second, patient=patient, at=now() - dt.timedelta(hours=3)))
    client = client_of(world, patient)
    page = client.get(reverse("portal:record", args=[patient.pk])).content.decode()
    assert coming.clinician.label() in page
    notes = page.count(f"/my/{patient.pk}/visits/")
    assert notes == 1, "a draft is not shown"
    assert str(draft.pk) not in page


def test_a_visit_is_confirmed_and_an_offered_time_is_answered_from_the_own_record(world: World) -> None:
    plan = schedule(world)
    patient = make_patient(world)
    coming = plan.book(hour=11, patient=patient)
    wait_for(plan, patient, instead_of=coming)
    start, end = wall(plan.monday, 9), wall(plan.monday, 9, 20)
    (offer,) = offer_freed(freed=Freed(plan.clinician.pk, plan.site.unit_id, start, end))
    client, page_url = client_of(world, patient), reverse("portal:record", args=[patient.pk])
    later = now() + dt.timedelta(hours=1)
    SlotOffer.objects.unscoped("test").update(sends_at=later, expires_at=later + dt.timedelta(hours=1))
    assert "Please answer by" not in client.get(page_url).content.decode(), "its time has not come"
    SlotOffer.objects.unscoped("test").update(offered_at=now(), sends_at=now())
    page = client.get(page_url).content.decode()
    answers = {
        reverse("portal:appointment", args=[patient.pk, coming.pk]): "yes",
        reverse("portal:offer", args=[patient.pk, offer.pk]): "no",
    }
    for address, said in answers.items():
        assert address in page
        assert page_url in client.get(address).content.decode(), "the way back"
        assert client.post(address, {"answer": said}).status_code == 200
    offer.refresh_from_db()
    assert offer.status == OfferStatus.DECLINED
    assert last_answer(coming) == Said.YES
    told = Event.objects.unscoped("test").filter(patient_id=patient.pk, actor_kind=ActorKind.PATIENT)
    assert {"appointment.confirmed", DECLINED} <= set(told.values_list("type", flat=True)), "in the reader's own name"


def test_what_is_answered_from_the_own_record_stands_in_the_readers_name(world: World) -> None:
    """Given up, moved forward by an offer, booked by an offer: in the log and in the history that staff read."""
    plan = schedule(world)
    given_up, moved = plan.book(hour=11), plan.book(hour=11, minute=20, patient=plan.another())
    early, first = wall(plan.monday, 9), make_patient(world)
    wait_for(plan, moved.patient, instead_of=moved)
    wait_for(plan, first, at=now() - dt.timedelta(days=3))
    for hour, person in ((9, first), (10, moved.patient)):
        start = wall(plan.monday, hour)
        freed = Freed(plan.clinician.pk, plan.site.unit_id, start, start + dt.timedelta(minutes=20))
        offer = next(one for one in offer_freed(freed=freed) if one.patient_id == person.pk)
        SlotOffer.objects.unscoped("test").update(offered_at=now(), sends_at=now())
        url = reverse("portal:offer", args=[person.pk, offer.pk])
        assert client_of(world, person, Role.PROXY).post(url, {"answer": "yes"}).status_code == 200
    user = world.user(Role.PATIENT, patient_id=given_up.patient_id)
    url = reverse("portal:appointment", args=[given_up.patient_id, given_up.pk])
    assert signed_in(user).post(url, {"answer": "no"}).status_code == 200

    told = Event.objects.unscoped("test").filter(actor_kind=ActorKind.PATIENT, subject_type="appointment")
    booked = Appointment.objects.unscoped("test").get(patient=first)
    assert {(one.type, one.subject_id) for one in told} == {
        (CANCELLED, given_up.pk), (MOVED, moved.pk), (BOOKED, booked.pk),
    }  # fmt: skip
    assert told.get(type=CANCELLED).actor_id == user.pk
    assert booked.start == early
    page = signed_in(world.user(Role.FRONT_DESK)).get(reverse("scheduling:show", args=[given_up.pk]))
    assert f"{user.label()}, online" in page.content.decode()


def test_a_visit_given_up_late_is_late_whoever_of_the_family_gave_it_up(world: World) -> None:
    plan = schedule(world)
    visit = plan.book(hour=11)
    proxy = world.user(Role.PROXY, patient_id=visit.patient_id)
    give_up_visit(visit=visit, by=actor_of_user(proxy), at=visit.start - dt.timedelta(hours=2))
    kept = Cancellation.objects.unscoped("test").get(appointment=visit)
    assert (kept.late, kept.notice_minutes) == (True, 120)
    told = Event.objects.unscoped("test").get(type=CANCELLED, subject_id=visit.pk)
    assert (told.actor_kind, told.actor_id, told.data["late"]) == (ActorKind.PATIENT, proxy.pk, True)


def test_whose_access_has_ended_can_answer_no_more(world: World) -> None:
    plan = schedule(world)
    patient = make_patient(world)
    coming = plan.book(hour=11, patient=patient)
    user = world.user(Role.PROXY, patient_id=patient.pk)
    client = Client()
    client.force_login(user)
    address = reverse("portal:appointment", args=[patient.pk, coming.pk])
    assert client.get(address).status_code == 200
    end_grant(grant=Grant.objects.get(user=user), by=HOUSE)
    assert client.post(address, {"answer": "no"}).status_code in (403, 404)
    coming.refresh_from_db()
    assert coming.status == AppointmentStatus.BOOKED


def test_visits_and_offers_of_others_are_not_found_under_the_own_record(world: World) -> None:
    plan = schedule(world)
    mine, theirs = make_patient(world), make_patient(world)
    visit = plan.book(hour=11, patient=theirs)
    wait_for(plan, theirs, instead_of=visit)
    (offer,) = offer_freed(
        freed=Freed(plan.clinician.pk, plan.site.unit_id, wall(plan.monday, 9), wall(plan.monday, 9, 20))
    )
    client = client_of(world, mine)
    for address in (reverse("portal:appointment", args=[mine.pk, visit.pk]),
                    reverse("portal:offer", args=[mine.pk, offer.pk])):  # fmt: skip
        assert client.post(address, {"answer": "no"}).status_code == 404


def test_another_persons_pages_are_not_found(world: World, desk: Desk) -> None:
    stranger = client_of(world, make_patient(world))
    note = make_signed_note(world, make_visit(world, patient=desk.patient))
    statement = desk.account.statements.unscoped("test").get()
    for url in (
        reverse("portal:record", args=[desk.patient.pk]),
        reverse("portal:visit", args=[desk.patient.pk, note.pk]),
        reverse("documents:download", args=[statement.document_id]),
        reverse("statements:account", args=[desk.account.pk]),
    ):
        answer = stranger.get(url)
        assert answer.status_code == 404, url
        assert desk.patient.family_name not in answer.content.decode()


def test_a_note_of_another_is_not_found_under_the_own_record(world: World) -> None:
    mine, theirs = make_patient(world), make_patient(world)
    note = make_signed_note(world, make_visit(world, patient=theirs))
    client = client_of(world, mine)
    assert client.get(reverse("portal:visit", args=[mine.pk, note.pk])).status_code == 404


def test_no_page_of_staff_opens_to_a_patient(world: World, desk: Desk) -> None:
    client = client_of(world, desk.patient)
    for name in ("patients:list", "scheduling:day", "visits:board", "work:mine", "organization:tree", "access:users"):
        assert client.get(reverse(name)).status_code in (403, 404), name
    assert client.get(reverse("patients:detail", args=[desk.patient.pk])).status_code == 403


def test_a_proxy_chooses_for_whom(world: World) -> None:
    one, two, other = (make_patient(world, given_name=name) for name in ("Ona", "Tova", "Uma"))
    user = world.user(Role.PROXY, patient_id=one.pk)
    give_access(patient=two, email=user.email, name="", role=Role.PROXY, by=HOUSE, identity_checked=True)
    forget_actors()
    client = signed_in(user)
    page = client.get(reverse("portal:home")).content.decode()
    assert "Ona" in page
    assert "Tova" in page
    assert "Uma" not in page
    assert "Tova" in client.get(reverse("portal:record", args=[one.pk])).content.decode()
    assert client.get(reverse("portal:record", args=[other.pk])).status_code == 404


def test_the_desk_lets_somebody_in_and_out(world: World) -> None:
    patient = make_patient(world)
    desk = signed_in(world.user(Role.FRONT_DESK))
    give = reverse("portal:give", args=[patient.pk])
    data = {"role": "patient", "name": "Elena Ruiz", "email": "Elena@Example.org", "language": "es"}
    refused = desk.post(give, data)
    assert refused.status_code == 422
    assert not User.objects.filter(email="elena@example.org").exists()
    made = desk.post(give, data | {"identity_checked": "on"})
    assert "/accounts/password/reset/key/" in made.content.decode()
    user = User.objects.get(email="elena@example.org")
    assert user.language == "es"
    access = reverse("portal:access", args=[patient.pk])
    assert "elena@example.org" in desk.get(access).content.decode()
    again = desk.post(give, data | {"identity_checked": "on"})
    assert again.status_code == 422, "the same access twice is refused"
    grant = Grant.objects.get(user=user)
    desk.post(reverse("portal:end", args=[patient.pk, grant.pk]))
    assert signed_in(user).get(reverse("portal:home")).status_code == 403


def test_a_known_login_keeps_its_password(world: World) -> None:
    """Naming an address must not take over the login behind it."""
    patient = make_patient(world)
    staff = world.user(Role.BILLER)
    given = {"patient": patient, "email": staff.email, "name": "", "role": Role.PATIENT, "identity_checked": True}
    assert give_access(by=HOUSE, **given) is None


def test_access_that_ends_and_what_is_refused(world: World) -> None:
    patient, other = make_patient(world), make_patient(world, unit=world.member_a.site_unit)
    desk = world.actor(Role.FRONT_DESK)
    tomorrow = now().date() + dt.timedelta(days=1)
    given = {"email": "p@example.org", "name": "P", "by": desk, "identity_checked": True}
    assert give_access(patient=patient, role=Role.PROXY, end=tomorrow, **given)
    with pytest.raises(Refusal):
        give_access(patient=patient, role=Role.NURSE, **given)
    with pytest.raises(NotVisible):
        give_access(patient=other, role=Role.PATIENT, **given)
    grant = Grant.objects.get(patient_id=patient.pk)
    with pytest.raises(NotVisible):
        end_access(patient=make_patient(world), grant=grant, by=desk)
