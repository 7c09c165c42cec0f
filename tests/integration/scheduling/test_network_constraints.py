"""Answers about the network are whole, about this visit, and kept."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.care.models import NetworkAnswer, VisitTypeTerms
from medguild.operations.scheduling.models import Appointment
from tests.factories.network import PAYS, answers, out_of_network
from tests.factories.scheduling import Schedule
from tests.factories.world import World


def end_transaction() -> None:
    """What a commit asks of constraints that are deferred."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


def test_out_of_network_without_an_answer_is_broken_at_the_end(plan: Schedule) -> None:
    """The constraint trigger is `appointment_out_of_network_answered`."""
    booked = plan.book()
    Appointment.objects.unscoped("test").filter(pk=booked.pk).update(network="out")
    with pytest.raises(IntegrityError, match="needs the answer of the patient"):
        end_transaction()


def test_the_answer_must_be_about_the_clinician_who_sees_them(plan: Schedule, world: World) -> None:
    out_of_network(plan)
    booked = plan.book(network_answer=PAYS)
    end_transaction()
    other = world.clinician(plan.site.unit)
    with pytest.raises(IntegrityError, match="needs the answer of the patient"):
        Appointment.objects.unscoped("test").filter(pk=booked.pk).update(clinician=other)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"answer": "maybe"}, "network_answer_known"),
        ({"channel": "smoke"}, "network_answer_channel_known"),
        ({"words": ""}, "network_answer_whole"),
        ({"appointment": None}, "network_answer_has_visit"),
        ({"price": -1}, "network_answer_price_positive"),
    ],
)
def test_answers_are_whole(plan: Schedule, changes: dict[str, object], constraint: str) -> None:
    held = out_of_network(plan)
    booked = plan.book(network_answer=PAYS)
    given = {
        "patient": plan.patient, "appointment": booked, "plan": held, "clinician": plan.clinician,
        "unit": plan.site.unit, "entity": plan.office.entity, "day": plan.monday, "answer": "self_pay",
        "channel": "phone", "words": "words", "asked_by_label": "test", "answered_at": now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        NetworkAnswer.objects.create(**(given | changes))


def test_an_answer_is_kept_as_it_was_given(plan: Schedule) -> None:
    out_of_network(plan)
    plan.book(network_answer=PAYS)
    [kept] = answers()
    kept.answer = "asks_plan"
    with pytest.raises(IntegrityError, match="network_answer_is_kept|kept as it was given"), transaction.atomic():
        kept.save()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"patient_state": "Oregon"}, "appointment_patient_state_form"),
        ({"network": "maybe"}, "appointment_network_known"),
    ],
)
def test_appointments_say_state_and_network_in_their_words(
    plan: Schedule, changes: dict[str, str], constraint: str
) -> None:
    booked = plan.book()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Appointment.objects.unscoped("test").filter(pk=booked.pk).update(**changes)


@pytest.mark.parametrize(
    ("code", "constraint"), [("99 13", "visit_type_terms_code_form"), ("", "visit_type_terms_say_something")]
)
def test_terms_of_a_kind_of_visit(plan: Schedule, code: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        VisitTypeTerms.objects.create(visit_type=plan.kind, service_code=code)
