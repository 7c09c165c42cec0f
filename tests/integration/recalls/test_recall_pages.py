"""The page of a recall: nothing is written down or closed without a choice, and who is not to come yet is put off."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.local_time import today_at
from medguild.operations.recalls.models import Recall, RecallContact
from medguild.operations.recalls.rules import RecallStatus
from tests.factories.recalls import due
from tests.factories.scheduling import schedule
from tests.factories.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def recall(world: World) -> Recall:
    return due(schedule(world))


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.user(Role.SCHEDULER))
    return client


def kept(recall: Recall) -> Recall:
    found: Recall = Recall.objects.unscoped("test").get(pk=recall.pk)
    return found


def test_nothing_is_closed_or_written_down_that_nobody_chose(recall: Recall, desk: Client) -> None:
    page = desk.get(reverse("recalls:show", args=[recall.pk])).content.decode()
    assert '<option value="" selected>Choose a reason' in page
    assert desk.post(reverse("recalls:close", args=[recall.pk]), {"reason": ""}).status_code == 422
    data = {"way": "phone", "outcome": "", "note": ""}
    assert desk.post(reverse("recalls:contact", args=[recall.pk]), data).status_code == 422
    assert kept(recall).status == RecallStatus.DUE
    assert not RecallContact.objects.unscoped("test").exists()


def test_who_wants_to_come_later_is_put_off(recall: Recall, desk: Client) -> None:
    address = reverse("recalls:put_off", args=[recall.pk])
    answer = desk.post(address, {"due_on": today_at(recall.unit_id).isoformat()})
    assert answer.status_code == 422
    assert "Choose a day after today" in answer.content.decode()
    later = today() + dt.timedelta(days=90)
    assert desk.post(address, {"due_on": later.isoformat()}).url == reverse("recalls:show", args=[recall.pk])
    assert kept(recall).due_on == later


def test_the_telephone_number_is_read_and_dialled(recall: Recall, desk: Client) -> None:
    recall.patient.phone = "+15035550142"
    recall.patient.save(update_fields=["phone"])
    page = desk.get(reverse("recalls:show", args=[recall.pk])).content.decode()
    assert '<a href="tel:+15035550142">(503) 555-0142</a>' in page
