from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.operations.chart.catalogue import search_services
from medguild.operations.chart.errors import (
    BadLine,
    ChangedMeanwhile,
    NotAClinician,
    NoteIncomplete,
    NoteIsFinal,
    NoteNotSigned,
    NotTheAuthor,
)
from medguild.operations.chart.lines import (
    Part,
    add_diagnosis,
    add_service,
    change_service,
    lead_with,
    remove_diagnosis,
    remove_service,
)
from medguild.operations.chart.models import Note, NoteDiagnosis, NoteService
from medguild.operations.chart.rules import NoteStatus, Section
from medguild.operations.chart.selectors import (
    codes_of_visit,
    note_of_visit,
    note_to_write,
    signed_note,
    unsigned_notes,
    visits_without_charge,
)
from medguild.operations.chart.services import add_addendum, begin_note, save_draft, sign_note, take_over, untouched
from medguild.operations.visits.rules import VisitStatus
from tests.factories.visits import clinician_actor, load_codes, make_note, make_signed_note, make_visit, walk_through
from tests.factories.world import HOUSE, World, npi

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _codes(db: None) -> None:
    load_codes()


def lines_of(note: Note) -> tuple[list[NoteDiagnosis], list[NoteService]]:
    diagnoses = NoteDiagnosis.objects.unscoped("test").filter(note=note).order_by("order")
    return list(diagnoses), list(NoteService.objects.unscoped("test").filter(note=note).order_by("order"))


def fresh(note: Note) -> Note:
    found: Note = Note.objects.unscoped("test").get(pk=note.pk)
    return found


def test_a_visit_has_one_note_begun_with_its_reason(world: World) -> None:
    visit = make_visit(world, reason="Sore throat")
    doctor = clinician_actor(world)
    note = begin_note(visit=visit, by=doctor)
    assert (note.reason, note.author) == ("Sore throat", world.main.clinician)
    assert begin_note(visit=visit, by=world.actor(Role.NURSE)).pk == note.pk


def test_a_note_that_a_nurse_begins_is_the_visits_clinicians(world: World) -> None:
    note = begin_note(visit=make_visit(world), by=world.actor(Role.NURSE))
    assert note.author == world.main.clinician


def test_saving_over_somebody_elses_text_is_refused(world: World) -> None:
    visit = make_visit(world)
    nurse = world.actor(Role.NURSE)
    note = begin_note(visit=visit, by=nurse)
    saved = save_draft(note=note, sections={Section.HISTORY: "a"}, by=nurse, seen=note.revision)
    with pytest.raises(ChangedMeanwhile, match="nurse saved this note"):
        save_draft(note=note, sections={Section.HISTORY: "b"}, by=HOUSE, seen=note.revision)
    assert fresh(note).history == "a"
    assert save_draft(note=saved, sections={Section.EXAM: "c"}, by=HOUSE, seen=saved.revision).exam == "c"


def test_a_page_does_not_stand_in_its_own_way(world: World) -> None:
    note = begin_note(visit=make_visit(world), by=HOUSE)
    seen, page, other = note.revision, new_id(), new_id()
    save_draft(note=note, sections={Section.EXAM: "a"}, by=HOUSE, seen=seen, page=page)
    save_draft(note=note, sections={Section.EXAM: "ab"}, by=HOUSE, seen=seen, page=page)
    with pytest.raises(ChangedMeanwhile):
        save_draft(note=note, sections={Section.EXAM: "x"}, by=HOUSE, seen=seen, page=other)
    save_draft(note=note, sections={Section.EXAM: "abc"}, by=HOUSE, seen=seen, page=page, closing=True)
    with pytest.raises(ChangedMeanwhile):
        save_draft(note=note, sections={Section.EXAM: "ab"}, by=HOUSE, seen=seen, page=page)
    assert fresh(note).exam == "abc", "a background save that comes late does not win"


def test_a_text_without_end_is_refused(world: World) -> None:
    note = begin_note(visit=make_visit(world), by=HOUSE)
    with pytest.raises(Refusal, match="too long"):
        save_draft(note=note, sections={Section.EXAM: "x" * 20_001}, by=HOUSE, seen=note.revision)


def test_signing_makes_the_note_final_and_tells_the_others(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.WITH_CLINICIAN)
    note = make_signed_note(world, visit)
    held = fresh(note)
    assert (held.status, held.signed_by) == (NoteStatus.SIGNED, world.main.clinician)
    assert untouched(held)
    event = Event.objects.unscoped("test").get(type="note.signed")
    assert event.data["visit_id"] == str(visit.pk)
    assert event.data["note_id"] == str(note.pk)
    assert event.data["digest"] == held.digest
    with pytest.raises(NoteIsFinal):
        save_draft(note=note, sections={Section.EXAM: "more"}, by=HOUSE, seen=note.revision)
    with pytest.raises(NoteIsFinal):
        add_service(note=note, code="99214", by=HOUSE)
    with pytest.raises(NoteIsFinal):
        sign_note(note=note, by=clinician_actor(world))


def test_only_the_author_signs_and_only_a_clinician(world: World) -> None:
    note = make_note(make_visit(world), clinician_actor(world))
    with pytest.raises(NotAClinician):
        sign_note(note=note, by=world.actor(Role.NURSE))
    with pytest.raises(NotAClinician):
        sign_note(note=note, by=HOUSE)
    colleague = clinician_actor(world, world.second)
    with pytest.raises(NotTheAuthor, match="Take it over"):
        sign_note(note=note, by=colleague)
    taken = take_over(note=note, by=colleague)
    assert sign_note(note=taken, by=colleague).signed_by == world.second.clinician
    with pytest.raises(NoteIsFinal):
        take_over(note=note, by=clinician_actor(world))


def test_taking_over_ones_own_note_changes_nothing(world: World) -> None:
    note = make_note(make_visit(world), clinician_actor(world))
    assert take_over(note=note, by=clinician_actor(world)).revision == fresh(note).revision


def test_an_empty_note_cannot_be_signed(world: World) -> None:
    doctor = clinician_actor(world)
    note = begin_note(visit=make_visit(world), by=doctor)
    with pytest.raises(NoteIncomplete, match="assessment and plan"):
        sign_note(note=note, by=doctor)


def test_an_addendum_follows_the_signature(world: World) -> None:
    doctor = clinician_actor(world)
    note = make_note(make_visit(world), doctor)
    with pytest.raises(NoteNotSigned):
        add_addendum(note=note, text="Later", by=doctor)
    note = sign_note(note=note, by=doctor)
    with pytest.raises(Refusal, match="Write the addendum"):
        add_addendum(note=note, text="  ", by=doctor)
    with pytest.raises(NotAClinician):
        add_addendum(note=note, text="Later", by=world.actor(Role.NURSE))
    addendum = add_addendum(note=note, text="Culture is negative.", by=doctor)
    assert addendum.author == world.main.clinician
    assert untouched(fresh(note)), "an addendum leaves what was signed as it is"


def test_diagnoses_keep_their_pointers_when_one_is_taken_out(world: World) -> None:
    note = begin_note(visit=make_visit(world), by=HOUSE)
    first, second, third = (add_diagnosis(note=note, code=code, by=HOUSE) for code in ("e119", "I10", "J06.9"))
    service = add_service(note=note, code="99213", pointers=[3, 1], by=HOUSE)
    remove_diagnosis(note=note, line=first, by=HOUSE)
    diagnoses, services = lines_of(note)
    assert [(line.order, line.code) for line in diagnoses] == [(1, "I10"), (2, "J06.9")]
    assert services[0].pointers == [2]
    lead_with(note=note, line=third, by=HOUSE)
    diagnoses, services = lines_of(note)
    assert [(line.order, line.code) for line in diagnoses] == [(1, "J06.9"), (2, "I10")]
    assert services[0].pointers == [1]
    assert (service.pk, second.code) == (services[0].pk, "I10")


def test_wrong_diagnoses_are_refused(world: World) -> None:
    note = begin_note(visit=make_visit(world), by=HOUSE)
    add_diagnosis(note=note, code="I10", by=HOUSE)
    with pytest.raises(BadLine, match="already"):
        add_diagnosis(note=note, code="i10", by=HOUSE)
    with pytest.raises(BadLine, match="heading"):
        add_diagnosis(note=note, code="E11", by=HOUSE)
    with pytest.raises(BadLine, match="no such code"):
        add_diagnosis(note=note, code="Z99.9", by=HOUSE)
    with pytest.raises(BadLine, match="looks like"):
        add_diagnosis(note=note, code="cough", by=HOUSE)
    for number in range(11):
        add_diagnosis(note=note, code=f"A0{number // 10}.{number % 10}", by=HOUSE)
    with pytest.raises(BadLine, match="twelve"):
        add_diagnosis(note=note, code="J06.9", by=HOUSE)


def test_a_service_takes_its_words_from_the_list_and_its_people_from_the_note(world: World) -> None:
    note = begin_note(visit=make_visit(world), by=HOUSE)
    add_diagnosis(note=note, code="I10", by=HOUSE)
    line = add_service(note=note, code=" 99213", modifiers=["25", ""], by=HOUSE)
    assert line.name
    assert (line.pointers, line.modifiers) == ([1], ["25"])
    assert (line.performed_by, line.rendering) == (world.main.clinician.person, world.main.clinician)
    line = change_service(note=note, line=line, units=2, modifiers=["lt"], pointers=[1], by=HOUSE)
    assert (line.units, line.modifiers) == (2, ["LT"])
    remove_service(note=note, line=line, by=HOUSE)
    assert lines_of(note)[1] == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "1"}, "five letters or digits"),
        ({"code": "ZZZZZ"}, "neither on the list"),
        ({"units": 0}, "units from 1"),
        ({"modifiers": ["1"]}, "two letters or digits"),
        ({"pointers": [2]}, "does not have"),
        ({"part": Part(referring_name="Dr. Vale")}, "name and a valid NPI"),
    ],
)
def test_wrong_services_are_refused(world: World, fields: dict[str, object], words: str) -> None:
    note = begin_note(visit=make_visit(world), by=HOUSE)
    add_diagnosis(note=note, code="I10", by=HOUSE)
    with pytest.raises(BadLine, match=words):
        add_service(note=note, by=HOUSE, **({"code": "99213"} | fields))  # type: ignore[arg-type]


def test_people_of_a_service(world: World) -> None:
    note = begin_note(visit=make_visit(world), by=HOUSE)
    other = world.second.clinician
    with pytest.raises(BadLine, match="one referring"):
        add_service(
            note=note, code="99213", part=Part(referring=other, referring_name="Vale", referring_npi=npi()), by=HOUSE
        )
    part = Part(supervising=other, ordering=other, referring_name="Vale", referring_npi=npi())
    line = add_service(note=note, code="99213", part=part, by=HOUSE)
    assert (line.supervising, line.ordering, line.referring_name) == (other, other, "Vale")


def test_the_picker_finds_services_by_code_and_words(world: World) -> None:
    today = now().date()
    assert [hit.code for hit in search_services("9921", today)][:1] == ["99211"]
    assert search_services("complexity", today)


def test_the_text_crosses_inside_the_circle_and_not_beyond(world: World) -> None:
    visit = make_visit(world)
    make_note(visit)
    for role in (Role.CLINICIAN, Role.NURSE):
        assert note_of_visit(world.actor(role, world.second.entity), visit.pk) is not None
        assert note_of_visit(world.actor(role, world.member_a.entity), visit.pk) is None
        assert note_of_visit(world.actor(role, world.ipa), visit.pk) is None
    for role in (Role.FRONT_DESK, Role.BILLER, Role.CODER, Role.IPA_STAFF, Role.HR, Role.ADMINISTRATOR):
        assert note_of_visit(world.actor(role), visit.pk) is None


def test_another_entity_of_the_circle_reads_but_does_not_write(world: World) -> None:
    visit = make_visit(world)
    make_note(visit)
    assert note_to_write(world.actor(Role.NURSE), visit.pk)
    with pytest.raises(NotVisible):
        note_to_write(world.actor(Role.NURSE, world.second.entity), visit.pk)
    with pytest.raises(NotVisible):
        note_to_write(world.actor(Role.BILLER), visit.pk)


def test_coders_see_codes_of_their_own_entity_without_the_text(world: World) -> None:
    visit = make_visit(world)
    assert codes_of_visit(world.actor(Role.CODER), visit.pk) is None
    make_note(visit)
    codes = codes_of_visit(world.actor(Role.CODER), visit.pk)
    assert codes is not None
    assert [line.code for line in codes.diagnoses] == ["J06.9"]
    assert [line.code for line in codes.services] == ["99213"]
    for role, unit in (
        (Role.CODER, world.second.entity), (Role.BILLER, world.member_a.entity), (Role.FRONT_DESK, world.main.entity),
    ):  # fmt: skip
        assert codes_of_visit(world.actor(role, unit), visit.pk) is None


def test_what_charges_are_made_of(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.WITH_CLINICIAN)
    assert signed_note(visit.pk) is None
    note = make_signed_note(world, visit)
    found = signed_note(visit.pk)
    assert found is not None
    assert (found.note_id, found.visit.entity_id) == (note.pk, world.main.entity.pk)
    assert [line.code for line in found.services] == ["99213"]
    assert [line.code for line in found.diagnoses] == ["J06.9"]


def test_visits_that_left_without_a_charge_are_found(world: World) -> None:
    biller = world.actor(Role.BILLER)
    visit = make_visit(world, to=VisitStatus.WITH_CLINICIAN)
    assert list(visits_without_charge(biller)) == []
    walk_through(visit, VisitStatus.LEFT)
    assert list(visits_without_charge(biller)) == [visit]
    assert list(visits_without_charge(world.actor(Role.BILLER, world.second.entity))) == []
    make_signed_note(world, visit)
    assert list(visits_without_charge(biller)) == []


def test_a_signed_note_without_a_service_is_found_too(world: World) -> None:
    visit = make_visit(world, at=now() - dt.timedelta(hours=1), to=VisitStatus.LEFT)
    make_signed_note(world, visit, services=False)
    assert list(visits_without_charge(world.actor(Role.BILLER))) == [visit]


def test_notes_signed_at_once_tell_their_visits(world: World) -> None:
    """The trigger `note_codes_visit` works on statements, so that loading and imports need nothing of their own."""
    hours, doctor = (dt.timedelta(hours=hour) for hour in (3, 2, 1)), clinician_actor(world)
    first, second, bare = (make_visit(world, at=now() - hour, to=VisitStatus.LEFT) for hour in hours)
    notes = [make_note(visit, doctor, services=visit is not bare) for visit in (first, second, bare)]
    drafts = Note.objects.unscoped("test").filter(pk__in=[note.pk for note in notes])
    drafts.update(status=NoteStatus.SIGNED, signed_at=now(), signed_by=F("author"), digest="0" * 64)
    assert list(visits_without_charge(world.actor(Role.BILLER))) == [bare]


def test_drafts_of_an_author(world: World) -> None:
    doctor = clinician_actor(world)
    note = make_note(make_visit(world), doctor)
    assert unsigned_notes(doctor, world.main.clinician) == [note]
    sign_note(note=fresh(note), by=doctor)
    assert unsigned_notes(doctor, world.main.clinician) == []
