"""A service under supervision asks the supervisor for a co-signature: on their list, given once, told."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import Actor
from medguild.operations.chart.cosigning import cosign_note, cosignatures_of, waiting_for
from medguild.operations.chart.errors import NotAClinician, NotAskedToCosign
from medguild.operations.chart.lines import Part, add_service
from medguild.operations.chart.models import Note
from medguild.operations.chart.services import sign_note
from tests.factories.visits import clinician_actor, make_note, make_visit
from tests.factories.world import World

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def supervised(world: World) -> tuple[Note, Actor, Actor]:
    """A note signed by the office's clinician, with a service that another one of the entity supervised."""
    signer, supervisor = world.main.clinician, world.clinician(world.main.site_unit)
    by = clinician_actor(world)
    note = make_note(make_visit(world, clinician=signer), by, services=False)
    add_service(note=note, code="99213", by=by, part=Part(supervising=supervisor))
    add_service(note=note, code="99214", by=by, part=Part(supervising=signer))
    signed = sign_note(note=note, by=by)
    user = world.user(Role.CLINICIAN, world.main.practice)
    user.person = supervisor.person
    user.save(update_fields=["person"])
    return signed, by, clinician_actor(world, clinician=supervisor)


def test_the_signature_asks_the_supervisor_and_not_the_signer(world: World) -> None:
    note, by, supervisor = supervised(world)
    (asked,) = cosignatures_of(note)
    assert asked.given_at is None
    assert [one.pk for one in waiting_for(supervisor, asked.clinician)] == [asked.pk]
    assert waiting_for(by, world.main.clinician) == []
    with pytest.raises(NotAskedToCosign):
        cosign_note(note=note, by=by)
    with pytest.raises(NotAClinician):
        cosign_note(note=note, by=world.actor(Role.NURSE))


def test_a_co_signature_is_given_once_and_told(world: World) -> None:
    note, _by, supervisor = supervised(world)
    given = cosign_note(note=note, by=supervisor)
    assert given.given_at is not None
    assert cosign_note(note=note, by=supervisor).given_at == given.given_at
    assert waiting_for(supervisor, given.clinician) == []
    assert Event.objects.unscoped("test").filter(type="note.cosigned", subject_id=note.pk).count() == 1


def test_a_note_without_supervision_asks_nobody(world: World) -> None:
    by = clinician_actor(world)
    note = sign_note(note=make_note(make_visit(world), by), by=by)
    assert cosignatures_of(note) == []


def test_the_supervisor_sees_the_note_on_the_day_and_signs_it_there(world: World) -> None:
    note, _by, supervisor = supervised(world)
    (asked,) = cosignatures_of(note)
    client = Client()
    client.force_login(asked.clinician.person.user, backend=_BACKEND)
    page = reverse("chart:note", args=[note.visit_id])
    assert [one.pk for one in client.get(reverse("chart:day")).context["cosign"]] == [asked.pk]
    assert client.get(page).context["may_cosign"] is True
    assert client.post(reverse("chart:cosign", args=[note.visit_id])).url == page
    answer = client.get(page)
    assert answer.context["may_cosign"] is False
    assert "Co-signed" in answer.content.decode()
    assert client.get(reverse("chart:day")).context["cosign"] == []
