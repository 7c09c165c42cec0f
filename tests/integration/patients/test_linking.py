from __future__ import annotations

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.identity import ports, selectors
from medguild.patients.identity.linking import link_patients, unlink
from medguild.patients.identity.models import Patient
from tests.factories.patients import make_patient
from tests.factories.world import World


@pytest.fixture
def three(world: World) -> list[Patient]:
    return [make_patient(world, family_name=name) for name in ("One", "Two", "Three")]


def again(patient: Patient) -> Patient:
    found: Patient = Patient.objects.unscoped("test").get(pk=patient.pk)
    return found


def test_a_link_joins_aliases_and_moves_nothing(world: World, three: list[Patient]) -> None:
    one, two, _ = three
    manager = world.actor(Role.PRACTICE_MANAGER)
    link = link_patients(duplicate=one, survivor=two, reason="same person", by=manager)
    assert selectors.alias_ids(one.pk) == selectors.alias_ids(two.pk) == [two.pk, one.pk]
    assert selectors.canonical_id(one.pk) == selectors.canonical_id(two.pk) == two.pk
    assert again(one).mrn == one.mrn
    told = Event.objects.unscoped("test").filter(type="patient.linked")
    assert {event.patient_id for event in told} == {one.pk, two.pk}
    assert {event.data["survivor_id"] for event in told} == {str(two.pk)}
    timeline = selectors.timeline(manager, two.pk)
    assert {record.patient_id for record in timeline} == {one.pk, two.pk}
    unlink(link=link, reason="two after all", by=manager)
    assert selectors.alias_ids(one.pk) == [one.pk]
    assert again(one).survivor_id is None
    assert Event.objects.unscoped("test").filter(type="patient.unlinked").count() == 2


def test_links_to_a_duplicate_follow_it(world: World, three: list[Patient]) -> None:
    one, two, three_ = three
    manager = world.actor(Role.PRACTICE_MANAGER)
    link_patients(duplicate=one, survivor=two, reason="same", by=manager)
    link_patients(duplicate=two, survivor=three_, reason="same", by=manager)
    assert selectors.alias_ids(one.pk) == [three_.pk, *sorted([one.pk, two.pk])]


def test_a_survivor_that_is_linked_gives_way_to_its_own(world: World, three: list[Patient]) -> None:
    one, two, three_ = three
    manager = world.actor(Role.PRACTICE_MANAGER)
    link_patients(duplicate=two, survivor=three_, reason="same", by=manager)
    link = link_patients(duplicate=one, survivor=two, reason="same", by=manager)
    assert link.survivor_id == three_.pk


def test_what_cannot_be_linked_is_refused(world: World, three: list[Patient]) -> None:
    one, two, three_ = three
    manager = world.actor(Role.PRACTICE_MANAGER)
    with pytest.raises(Refusal, match="different"):
        link_patients(duplicate=one, survivor=one, reason="same", by=manager)
    with pytest.raises(Refusal, match="Write why"):
        link_patients(duplicate=one, survivor=two, reason=" ", by=manager)
    link = link_patients(duplicate=one, survivor=two, reason="same", by=manager)
    with pytest.raises(Refusal, match="linked already"):
        link_patients(duplicate=one, survivor=three_, reason="same", by=manager)
    with pytest.raises(Refusal, match="different"):
        link_patients(duplicate=two, survivor=one, reason="same", by=manager)
    with pytest.raises(Refusal, match="Write why"):
        unlink(link=link, reason="", by=manager)
    unlink(link=link, reason="no", by=manager)
    with pytest.raises(Refusal, match="undone already"):
        unlink(link=link, reason="no", by=manager)


def test_linking_never_crosses_circles_and_tells_nothing(world: World, three: list[Patient]) -> None:
    stranger = make_patient(world, unit=world.member_a.site_unit)
    manager = world.actor(Role.PRACTICE_MANAGER)
    messages = set()
    for duplicate, survivor in ((three[0], stranger), (stranger, three[0])):
        with pytest.raises(NotVisible) as error:
            link_patients(duplicate=duplicate, survivor=survivor, reason="same", by=manager)
        messages.add(error.value.message)
    with pytest.raises(NotVisible) as missing:
        selectors.patient(manager, world.circle.pk)
    assert messages == {missing.value.message}
    with pytest.raises(NotVisible):
        link_patients(duplicate=three[0], survivor=three[1], reason="same", by=world.actor(Role.FRONT_DESK))
    link = link_patients(duplicate=three[0], survivor=three[1], reason="same", by=manager)
    with pytest.raises(NotVisible):
        unlink(link=link, reason="no", by=world.actor(Role.PRACTICE_MANAGER, world.member_a.entity))
    both = world.user(Role.PRACTICE_MANAGER, world.enterprise)
    assert both
    with pytest.raises(NotVisible):
        link_patients(
            duplicate=three[2],
            survivor=stranger,
            reason="same",
            by=world.actor(Role.PRACTICE_MANAGER, world.enterprise),
        )


def test_wings_are_asked_before_a_link(world: World, three: list[Patient]) -> None:
    ports.link_participants.register("test", lambda one, two: [ports.LinkNote("2 appointments to come")])
    try:
        assert [note.text for note in ports.link_notes(three[0].pk, three[1].pk)] == ["2 appointments to come"]
    finally:
        ports.link_participants._entries.pop("test")


def test_readers_are_told_to_those_who_may_know(world: World, three: list[Patient]) -> None:
    assert selectors.readers(world.actor(Role.COMPLIANCE_OFFICER), three[0].pk) == []
    with pytest.raises(NotVisible):
        selectors.readers(world.actor(Role.PRACTICE_MANAGER), three[0].pk)
