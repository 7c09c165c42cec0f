"""A patient who lost the password gets a link at the desk: checked, short, once, and nothing else opens by it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from medguild.experience.portal.services import renew_password
from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import grant_role
from medguild.foundation.access.users import RENEWAL_LASTS, close_login, password_link
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.patients.identity.models import Patient
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db
SECRET = "quite another secret 8"  # noqa: S105


@pytest.fixture
def patient(world: World) -> Patient:
    return make_patient(world)


def grant_of(user: User) -> Grant:
    return Grant.objects.get(user=user, patient_id__isnull=False)


def link(world: World, patient: Patient, user: User, **given: Any) -> str:
    told = {"checked_by": "photo_id", "by": world.actor(Role.FRONT_DESK), **given}
    return renew_password(patient=patient, grant=grant_of(user), **told)


def opens(path: str) -> bool:
    """Whether the link still leads to a form for a new password."""
    return Client().get(path).status_code == 302


def test_the_desk_hands_out_a_link_and_the_patient_is_in_again(world: World, patient: Patient, settings: Any) -> None:
    user = world.user(Role.PATIENT, patient_id=patient.pk)
    desk = Client()
    desk.force_login(world.user(Role.FRONT_DESK))
    page = reverse("portal:renew", args=[patient.pk, grant_of(user).pk])
    assert page in desk.get(reverse("portal:access", args=[patient.pk])).content.decode()
    refused = desk.post(page, {"checked_by": ""})
    assert refused.status_code == 422
    shown = desk.post(page, {"checked_by": "photo_id"})
    url = shown.context["url"]
    assert url in shown.content.decode()
    client = Client()
    form = client.get(url)
    assert form.status_code == 302
    done = client.post(form["Location"], {"password1": SECRET, "password2": SECRET})
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password(SECRET)
    assert not opens(url), "it works once"
    told = Event.objects.unscoped("test").get(type="portal.password_renewed")
    assert told.patient_id == patient.pk
    assert told.data["checked_by"] == "photo_id"
    assert Event.objects.unscoped("test").filter(type="access.password_link_made").count() == 1


def test_a_new_link_voids_the_old_one_the_password_and_sessions(world: World, patient: Patient) -> None:
    user = world.user(Role.PATIENT, patient_id=patient.pk)
    user.set_password(SECRET)
    user.save()
    home = Client()
    home.force_login(user)
    assert home.get(reverse("portal:record", args=[patient.pk])).status_code == 200
    first = link(world, patient, user)
    second = link(world, patient, user)
    assert not opens(first)
    assert opens(second)
    user.refresh_from_db()
    assert not user.check_password(SECRET)
    assert home.get(reverse("portal:record", args=[patient.pk])).status_code == 302


def test_it_lasts_an_hour(world: World, patient: Patient) -> None:
    user, start = world.user(Role.PATIENT, patient_id=patient.pk), now()
    with time_machine.travel(start, tick=False) as clock:
        path = link(world, patient, user)
        clock.move_to(start + RENEWAL_LASTS - dt.timedelta(minutes=1))
        assert opens(path)
        clock.move_to(start + RENEWAL_LASTS + dt.timedelta(minutes=1))
        assert not opens(path)


def test_a_login_that_opens_more_is_refused(world: World, patient: Patient) -> None:
    """Else a desk could sign in as an administrator who is also a patient, or read records of another group."""
    staff = world.user(Role.PATIENT, patient_id=patient.pk)
    grant_role(user=staff, role=Role.ADMINISTRATOR, unit=world.main.entity, by=HOUSE, start=START)
    with pytest.raises(NotAllowed):
        link(world, patient, staff)
    elsewhere = make_patient(world, unit=world.member_a.site_unit)
    parent = world.user(Role.PROXY, patient_id=patient.pk)
    held = grant_of(parent)
    grant_role(user=parent, role=Role.PROXY, patient_id=elsewhere.pk, by=HOUSE, start=START)
    with pytest.raises(NotAllowed):
        renew_password(patient=patient, grant=held, checked_by="known", by=world.actor(Role.FRONT_DESK))


def test_only_for_this_record_by_those_who_may_and_never_for_a_closed_login(world: World, patient: Patient) -> None:
    user = world.user(Role.PATIENT, patient_id=patient.pk)
    other = make_patient(world)
    with pytest.raises(NotVisible):
        link(world, other, user)
    with pytest.raises(NotVisible):
        link(world, patient, user, by=world.actor(Role.BILLER))
    with pytest.raises(Refusal):
        link(world, patient, user, checked_by="a feeling")
    close_login(user=user, by=HOUSE)
    with pytest.raises(Refusal):
        link(world, patient, User.objects.get(pk=user.pk))


def test_an_invitation_still_lasts_three_days(world: World) -> None:
    user, start = world.user(Role.NURSE), now()
    with time_machine.travel(start, tick=False) as clock:
        path = password_link(user=user, by=HOUSE)
        clock.move_to(start + dt.timedelta(days=2))
        assert opens(path)
