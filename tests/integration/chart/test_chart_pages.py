from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization import staffing
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import AffiliationKind
from medguild.operations.chart.models import Addendum, Note, NoteDiagnosis, NoteService
from medguild.operations.chart.rules import NoteStatus
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus
from tests.factories.visits import (
    MINUTE,
    clinician_actor,
    load_codes,
    make_note,
    make_signed_note,
    make_visit,
    make_walk_in,
)
from tests.factories.world import HOUSE, START, World, npi

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "div#lines"}


@pytest.fixture(autouse=True)
def _codes(db: None) -> None:
    load_codes()


def login(world: World, role: Role, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(world.user(role, unit))
    return client


def doctor(world: World) -> Client:
    clinician_actor(world)
    return login(world, Role.CLINICIAN)


def note_of(visit: Visit) -> Note:
    found: Note = Note.objects.unscoped("test").get(visit=visit)
    return found


def test_a_clinician_writes_and_signs_a_note_with_the_keyboard_alone(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.WITH_CLINICIAN)
    client = doctor(world)
    begun = client.post(reverse("chart:begin", args=[visit.pk]))
    page = client.get(begun["Location"]).content.decode()
    assert "Assessment and plan" in page
    client.post(reverse("chart:add_diagnosis", args=[visit.pk]), {"code": "J06.9"})
    client.post(reverse("chart:add_service", args=[visit.pk]), {"code": "99213", "modifiers": "25"})
    body = {"seen": 1, "history": "Cough", "assessment": "Rest", "exam": "", "reason": "Cough", "then": "sign"}
    gone = client.post(reverse("chart:save", args=[visit.pk]), body)
    summary = client.get(gone["Location"]).content.decode()
    assert "A signed note is final" in summary
    assert "Rest" in summary
    client.post(gone["Location"], {"seen": note_of(visit).revision})
    note = note_of(visit)
    assert note.status == NoteStatus.SIGNED
    assert note.signed_by == world.main.clinician
    read = client.get(reverse("chart:note", args=[visit.pk])).content.decode()
    assert note.digest[:16] in read
    assert "no longer gives the fingerprint" not in read
    assert client.get(reverse("chart:sign", args=[visit.pk])).status_code == 302


def test_what_is_missing_is_told_before_signing(world: World) -> None:
    visit = make_visit(world)
    client = doctor(world)
    client.post(reverse("chart:begin", args=[visit.pk]))
    summary = client.get(reverse("chart:sign", args=[visit.pk])).content.decode()
    assert "Write the assessment and plan." in summary
    assert "nothing will be charged" in summary
    client.post(reverse("chart:sign", args=[visit.pk]))
    assert note_of(visit).status == NoteStatus.DRAFT


def test_the_draft_saves_itself_and_tells_of_another_screen(world: World) -> None:
    visit = make_visit(world)
    note = make_note(visit)
    client = login(world, Role.NURSE)
    url = reverse("chart:save", args=[visit.pk])
    kept = client.post(url, {"seen": note.revision, "exam": "Clear"}, headers=HTMX)
    assert kept.status_code == 200
    assert f'name="seen" value="{note.revision + 1}"' in kept.content.decode()
    assert note_of(visit).exam == "Clear"
    assert note_of(visit).history, "a section that was not sent stays"
    late = client.post(url, {"seen": note.revision, "exam": "Other"}, headers=HTMX)
    assert late.status_code == 409
    assert "saved this note meanwhile" in late.content.decode()
    plain = client.post(url, {"seen": note.revision, "exam": "My typed text"})
    assert plain.status_code == 409
    assert "My typed text" in plain.content.decode(), "what was typed is kept"
    assert client.post(url, {"exam": "x"}).status_code == 422


def test_pickers_and_lines(world: World) -> None:
    visit = make_visit(world)
    make_note(visit, services=False)
    client = login(world, Role.NURSE)
    hits = client.get(reverse("chart:find_diagnosis", args=[visit.pk]), {"code": "high bl"}).content.decode()
    assert "I10" in hits
    assert (
        "Nothing found"
        in client.get(reverse("chart:find_service", args=[visit.pk]), {"code": "zebra"}).content.decode()
    )
    assert client.get(reverse("chart:find_service", args=[visit.pk]), {"code": "9"}).content.decode().strip() == ""
    added = client.post(reverse("chart:add_diagnosis", args=[visit.pk]), {"code": "I10"}, headers=HTMX)
    assert "2. I10" in added.content.decode()
    twice = client.post(reverse("chart:add_diagnosis", args=[visit.pk]), {"code": "I10"}, headers=HTMX)
    assert twice.status_code == 409
    assert client.post(reverse("chart:add_diagnosis", args=[visit.pk]), {}, headers=HTMX).status_code == 409
    line = NoteDiagnosis.objects.unscoped("test").get(code="I10")
    change = reverse("chart:change_diagnosis", args=[visit.pk, line.pk])
    assert "1. I10" in client.post(change, {"act": "first"}, headers=HTMX).content.decode()
    client.post(reverse("chart:add_service", args=[visit.pk]), {"code": "99213", "units": "x"})
    client.post(
        reverse("chart:add_service", args=[visit.pk]),
        {"code": "99213", "rendering": str(world.main.clinician.pk), "pointers": ["2", "1"]},
    )
    service = NoteService.objects.unscoped("test").get()
    assert service.pointers == [2, 1]
    url = reverse("chart:change_service", args=[visit.pk, service.pk])
    client.post(url, {"units": "2", "modifiers": "lt, 25", "pointers": "1"})
    service = NoteService.objects.unscoped("test").get()
    assert (service.units, service.modifiers, service.pointers) == (2, ["LT", "25"], [1])
    assert client.post(url, {"units": "0"}, headers=HTMX).status_code == 409
    client.post(url, {"act": "remove"})
    assert client.post(url, {"act": "remove"}).status_code == 404
    client.post(change, {"act": "remove"})
    assert client.post(change, {"act": "remove"}).status_code == 404


def test_other_people_may_stand_in_the_parts_of_a_service(world: World) -> None:
    visit = make_visit(world)
    make_note(visit, services=False)
    nurse = staffing.join(given_name="Bo", family_name="Lind", by=HOUSE, start=START)
    staffing.affiliate(person=nurse, unit=world.main.entity, kind=AffiliationKind.EMPLOYED, by=HOUSE, start=START)
    colleague = world.clinician(world.main.site_unit)
    client = login(world, Role.NURSE)
    page = client.get(reverse("chart:note", args=[visit.pk])).content.decode()
    assert "Bo Lind" in page
    body = {
        "code": "99213", "performed_by": str(nurse.pk), "rendering": str(colleague.pk),
        "supervising": str(world.main.clinician.pk), "referring_name": "Dr. Vale", "referring_npi": npi(),
    }  # fmt: skip
    client.post(reverse("chart:add_service", args=[visit.pk]), body)
    line = NoteService.objects.unscoped("test").get()
    assert (line.performed_by, line.rendering, line.supervising) == (nurse, colleague, world.main.clinician)
    assert line.referring_name == "Dr. Vale"
    stranger = {**body, "rendering": str(world.member_a.clinician.pk)}
    client.post(reverse("chart:add_service", args=[visit.pk]), stranger)
    assert NoteService.objects.unscoped("test").count() == 1


def test_another_clinician_takes_a_note_over(world: World) -> None:
    visit = make_visit(world)
    colleague = world.clinician(world.main.site_unit)
    note = make_note(visit)
    user = world.user(Role.CLINICIAN)
    user.person = colleague.person
    user.save(update_fields=["person"])
    client = login(world, Role.CLINICIAN)
    assert "Take this note over" in client.get(reverse("chart:note", args=[visit.pk])).content.decode()
    client.post(reverse("chart:take_over", args=[visit.pk]))
    assert note_of(visit).author == colleague
    assert note.author == world.main.clinician


def test_an_addendum_is_written_below_a_signed_note(world: World) -> None:
    visit = make_visit(world)
    make_signed_note(world, visit)
    client = doctor(world)
    url = reverse("chart:addendum", args=[visit.pk])
    assert client.post(url, {"text": ""}).status_code == 422
    client.post(url, {"text": "Culture is negative."})
    assert Addendum.objects.unscoped("test").count() == 1
    assert "Culture is negative." in client.get(reverse("chart:note", args=[visit.pk])).content.decode()


def test_a_coder_sees_codes_and_no_text(world: World) -> None:
    visit = make_visit(world)
    client = login(world, Role.CODER)
    assert "has not been begun" in client.get(reverse("chart:codes", args=[visit.pk])).content.decode()
    make_signed_note(world, visit)
    page = client.get(reverse("chart:codes", args=[visit.pk])).content.decode()
    assert "99213" in page
    assert "Viral; rest." not in page
    assert client.get(reverse("chart:note", args=[visit.pk])).status_code == 403
    shown = client.get(reverse("visits:show", args=[visit.pk])).content.decode()
    assert "99213" in shown
    assert "Viral; rest." not in shown


def test_the_front_desk_sees_neither(world: World) -> None:
    visit = make_visit(world)
    make_signed_note(world, visit)
    client = login(world, Role.FRONT_DESK)
    shown = client.get(reverse("visits:show", args=[visit.pk])).content.decode()
    assert "Viral; rest." not in shown
    assert "99213" not in shown
    for name in ("note", "codes", "sign"):
        assert client.get(reverse(f"chart:{name}", args=[visit.pk])).status_code == 403


def test_the_page_of_the_visit_shows_the_note_to_those_who_treat(world: World) -> None:
    visit = make_visit(world)
    client = login(world, Role.NURSE)
    assert "Begin the note" in client.get(reverse("visits:show", args=[visit.pk])).content.decode()
    make_signed_note(world, visit)
    assert "Viral; rest." in client.get(reverse("visits:show", args=[visit.pk])).content.decode()


def test_a_note_crosses_inside_the_circle_only(world: World) -> None:
    visit = make_visit(world)
    make_signed_note(world, visit)
    url = reverse("chart:note", args=[visit.pk])
    inside = login(world, Role.NURSE, world.second.entity).get(url)
    assert "Viral; rest." in inside.content.decode()
    assert Event.objects.unscoped("test").filter(type="record.read", subject_label="chart:note").count() == 1
    for place in (world.member_a.entity, world.member_b.entity, world.ipa):
        answer = login(world, Role.NURSE, place).get(url)
        assert answer.status_code == 404
        assert "Viral" not in answer.content.decode()


def test_the_clinicians_day(world: World) -> None:
    visit = make_visit(world, at=now() - 20 * MINUTE, to=VisitStatus.ROOMED, reason="Ear ache")
    make_note(visit)
    client = doctor(world)
    page = client.get(reverse("chart:day")).content.decode()
    assert "Ear ache" in page
    assert "Notes to sign" in page
    assert "Running late" in page
    body = {"to": "with_clinician", "seen": visit.revision, "back": "day"}
    moved = client.post(reverse("visits:move", args=[visit.pk]), body)
    assert moved["Location"] == reverse("chart:day")


def test_a_login_without_a_clinician_is_told_so(world: World) -> None:
    assert "not bound to a clinician" in login(world, Role.CLINICIAN).get(reverse("chart:day")).content.decode()


def test_the_day_asks_as_much_for_many_patients_as_for_few(world: World) -> None:
    client = doctor(world)
    for number in range(8):
        make_note(make_walk_in(world))
        if number == 1:
            client.get(reverse("chart:day"))
            with CaptureQueriesContext(connection) as few:
                client.get(reverse("chart:day"))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("chart:day"))
    assert len(many) == len(few)
    assert len(many) <= 15, [query["sql"][:120] for query in many]


def test_a_visit_that_ended_without_a_note_waits_among_those_to_sign(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.LEFT)
    make_visit(world, to=VisitStatus.LEFT, clinician=world.clinician(world.main.site_unit))
    client = doctor(world)
    context = client.get(reverse("chart:day")).context
    assert ([one.pk for one in context["unwritten"]], context["to_sign"]) == ([visit.pk], 1)
    panel = next(panel for panel in client.get("/").context["panels"] if panel.key == "sign_off")
    assert panel.numbers[0].value == "1"
    assert client.post(reverse("chart:begin", args=[visit.pk])).status_code == 302
    context = client.get(reverse("chart:day")).context
    assert (context["unwritten"], len(context["unsigned"]), context["to_sign"]) == ([], 1, 1)
