"""Each named constraint and trigger of charts is violated once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from medguild.foundation.kernel.clock import now
from medguild.operations.chart.models import Addendum, CoSignature, Note, NoteDiagnosis, NoteService
from medguild.operations.visits.rules import VisitStatus
from tests.factories.visits import MINUTE, make_note, make_signed_note, make_visit
from tests.factories.world import HOUSE, World, npi

pytestmark = pytest.mark.django_db


# What triggers say; they are named after what they guard.
SAYS = {
    "note_signed_is_final": "a signed note is final",
    "note_diagnosis_is_final": "lines of a signed note are final",
    "note_service_is_final": "lines of a signed note are final",
    "addendum_after_signature": "an addendum follows a signature",
    "addendum_is_final": "an addendum is final",
    "cosignature_after_signature": "a co-signature follows a signature",
    "cosignature_is_final": "a co-signature is final",
}


def refused(constraint: str, work: Any) -> None:
    with pytest.raises(IntegrityError, match=SAYS.get(constraint, constraint)), transaction.atomic():
        _at_once(work)


def _at_once(work: Any) -> None:
    """Deferred constraints are checked now, not at the end of the test."""
    work()
    _sql("set constraints all immediate")


def change(row: Any, **values: Any) -> Any:
    return lambda: type(row).objects.unscoped("test").filter(pk=row.pk).update(**values)


def remove(row: Any) -> Any:
    return lambda: type(row).objects.unscoped("test").filter(pk=row.pk).delete()


def diagnosis(note: Note) -> NoteDiagnosis:
    found: NoteDiagnosis = NoteDiagnosis.objects.unscoped("test").filter(note=note).order_by("order").first()
    return found


def service(note: Note) -> NoteService:
    found: NoteService = NoteService.objects.unscoped("test").filter(note=note).order_by("order").first()
    return found


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("note_status_known", {"status": "lost"}),
        ("note_signature_whole", {"status": "signed"}),
        ("note_signature_whole", {"digest": "0" * 64}),
    ],
)
def test_a_note_is_whole(world: World, constraint: str, values: dict[str, Any]) -> None:
    refused(constraint, change(make_note(make_visit(world)), **values))


def test_a_note_is_signed_after_it_was_begun(world: World) -> None:
    note = make_note(make_visit(world))
    early = {
        "status": "signed", "digest": "0" * 64, "signed_by": world.main.clinician, "signed_at": now() - 600 * MINUTE,
    }  # fmt: skip
    refused("note_signed_after_start", change(note, **early))


def test_a_visit_has_one_note(world: World) -> None:
    note = make_note(make_visit(world))
    copy = Note(visit=note.visit, author=note.author, started_at=now(), saved_at=now())
    refused("visit_id", lambda: copy.save(force_insert=True))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("note_diagnosis_order_once", {"order": 1, "code": "I10"}),
        ("note_diagnosis_order_range", {"order": 13, "code": "I10"}),
        ("note_diagnosis_code_once", {"order": 2, "code": "J06.9"}),
        ("note_diagnosis_code_form", {"order": 2, "code": "cough"}),
    ],
)
def test_a_diagnosis_is_whole(world: World, constraint: str, values: dict[str, Any]) -> None:
    note = make_note(make_visit(world))
    refused(constraint, lambda: NoteDiagnosis(note=note, **values).save(force_insert=True))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("note_service_order_positive", {"order": 0}),
        ("note_service_code_form", {"code": "992"}),
        ("note_service_units_range", {"units": 0}),
        ("note_service_modifiers_form", {"modifiers": ["25", "x"]}),
        ("note_service_modifiers_form", {"modifiers": ["25", "26", "27", "28", "29"]}),
        ("note_service_pointers_range", {"pointers": [13]}),
        ("note_service_pointers_range", {"pointers": [1, 2, 3, 4, 5]}),
        ("note_service_referring_whole", {"referring_name": "Vale"}),
        ("note_service_referring_whole", {"referring_npi": npi()}),
    ],
)
def test_a_service_is_whole(world: World, constraint: str, values: dict[str, Any]) -> None:
    refused(constraint, change(service(make_note(make_visit(world))), **values))


def test_one_referring_person_and_one_place_in_the_order(world: World) -> None:
    line = service(make_note(make_visit(world)))
    both = {"referring": world.second.clinician, "referring_name": "Vale", "referring_npi": npi()}
    refused("note_service_referring_one", change(line, **both))
    line.pk = None
    line._state.adding = True
    refused(
        "note_service_order_once",
        lambda: NoteService(
            note=line.note, order=1, code="99214", performed_by=line.performed_by, rendering=line.rendering
        ).save(force_insert=True),
    )


def test_an_empty_addendum_is_none(world: World) -> None:
    note = make_signed_note(world, make_visit(world))
    empty = Addendum(note=note, author=note.author, text="", written_at=now())
    refused("addendum_has_text", lambda: empty.save(force_insert=True))


def test_a_signed_note_never_changes(world: World) -> None:
    note = make_signed_note(world, make_visit(world))
    refused("note_signed_is_final", change(note, exam="better"))
    refused("note_signed_is_final", change(note, status="draft", signed_at=None, signed_by=None, digest=""))
    refused("note_signed_is_final", lambda: _sql("delete from operations_note where id = %s", note.pk))


def _sql(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def test_lines_of_a_signed_note_never_change(world: World) -> None:
    note = make_signed_note(world, make_visit(world))
    refused("note_diagnosis_is_final", change(diagnosis(note), code="I10"))
    refused("note_diagnosis_is_final", remove(diagnosis(note)))
    refused("note_service_is_final", change(service(note), units=2))
    refused("note_service_is_final", remove(service(note)))
    late = NoteDiagnosis(note=note, order=2, code="I10")
    refused("note_diagnosis_is_final", lambda: late.save(force_insert=True))


def test_a_line_cannot_be_carried_out_of_a_signed_note(world: World) -> None:
    signed = make_signed_note(world, make_visit(world))
    draft = make_note(make_visit(world, world.second))
    refused("note_service_is_final", change(service(signed), note=draft))
    refused("note_service_is_final", change(service(draft), note=signed))


def test_addenda_come_after_the_signature_and_stay(world: World) -> None:
    draft = make_note(make_visit(world, world.second))
    early = Addendum(note=draft, author=draft.author, text="x", written_at=now())
    refused("addendum_after_signature", lambda: early.save(force_insert=True))
    note = make_signed_note(world, make_visit(world))
    addendum = Addendum.objects.create(note=note, author=note.author, text="x", written_at=now())
    refused("addendum_is_final", change(addendum, text="y"))
    refused("addendum_is_final", remove(addendum))


def test_cosignatures_follow_the_signature_once_and_stay(world: World) -> None:
    draft = make_note(make_visit(world, world.second))
    early = CoSignature(note=draft, clinician=draft.author, asked_at=now())
    refused("cosignature_after_signature", lambda: early.save(force_insert=True))
    note = make_signed_note(world, make_visit(world))
    asked = CoSignature.objects.create(note=note, clinician=world.second.clinician, asked_at=now())
    refused("cosignature_after_request", change(asked, given_at=asked.asked_at - MINUTE))
    again = CoSignature(note=note, clinician=world.second.clinician, asked_at=now())
    refused("cosignature_once", lambda: again.save(force_insert=True))
    change(asked, given_at=now())()
    refused("cosignature_is_final", change(asked, given_at=None))
    refused("cosignature_is_final", remove(asked))


@pytest.mark.django_db(transaction=True)
def test_a_line_that_comes_while_the_note_is_signed_waits_and_is_refused(transactional_log: None, world: World) -> None:
    note = make_note(make_visit(world, to=VisitStatus.WITH_CLINICIAN), HOUSE)
    signing, result = threading.Event(), []

    def add_line() -> None:
        signing.wait(5)
        try:
            NoteDiagnosis(note=note, order=2, code="I10").save(force_insert=True)
        except IntegrityError as error:
            result.append(str(error))
        finally:
            connection.close()

    late = threading.Thread(target=add_line)
    late.start()
    with transaction.atomic():
        change(note, status="signed", digest="0" * 64, signed_by=note.author, signed_at=now())()
        signing.set()
        late.join(0.3)
        assert late.is_alive(), "the line waits for the signature"
    late.join(5)
    assert result
    assert "lines of a signed note are final" in result[0]
