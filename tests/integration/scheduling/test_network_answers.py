"""Out of network is booked only with what the patient said; unknown stays unknown; what was said is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.errors import NetworkAnswerNeeded
from medguild.operations.scheduling.network.answers import record_network_answer
from medguild.operations.scheduling.network.check import check_network, standing_of
from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy, NetworkStanding, Said, nobody_asked
from medguild.operations.scheduling.network.words import plan_asks
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.placing import know
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.visits.flags import flags_for
from medguild.operations.visits.network import OUT, OUT_UNTOLD
from medguild.operations.visits.ports import VisitRef
from medguild.operations.waitlist.accepting import accept_offer
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.payers.networks import services as networks
from medguild.payers.networks.models import NetworkClinician
from medguild.payers.networks.rules import Standing
from medguild.payers.networks.selectors import Place
from medguild.payers.payers.models import Plan
from medguild.payers.payers.rules import PayerKind, PlanKind
from tests.factories.network import PAYS, answers, cover, in_network, out_of_network
from tests.factories.payers import make_fees, make_network, make_payer, make_plan
from tests.factories.scheduling import Schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, START, World

WEEK = dt.timedelta(weeks=1)


def standing(made: Schedule) -> NetworkStanding:
    return NetworkStanding(made.book().network)


# --- the standing of a visit ------------------------------------------------------------------------------------------


def test_without_coverage_there_is_no_plan(plan: Schedule) -> None:
    assert standing(plan) is NetworkStanding.NO_PLAN


def test_who_pays_for_themselves_has_no_plan(plan: Schedule) -> None:
    payer = make_payer("Self", PayerKind.SELF_PAY, payer_id="")
    cover(plan, make_plan(payer, kind=PlanKind.OTHER), payer)
    assert standing(plan) is NetworkStanding.NO_PLAN


def test_a_policy_without_its_plan_is_unknown(plan: Schedule) -> None:
    cover(plan, None)
    assert standing(plan) is NetworkStanding.UNKNOWN


def test_a_plan_without_a_network_on_file_is_unknown(plan: Schedule) -> None:
    cover(plan, make_plan())
    assert standing(plan) is NetworkStanding.UNKNOWN


def test_a_plan_that_needs_no_network_is_in(plan: Schedule) -> None:
    cover(plan, make_plan(kind=PlanKind.INDEMNITY))
    assert standing(plan) is NetworkStanding.IN


def test_group_and_clinician_listed_is_in(plan: Schedule) -> None:
    in_network(plan)
    assert standing(plan) is NetworkStanding.IN


def test_a_clinician_who_is_not_listed_is_unknown_not_in(plan: Schedule) -> None:
    held = make_plan()
    make_network(held, entity=plan.office.entity)
    cover(plan, held)
    assert standing(plan) is NetworkStanding.UNKNOWN


def test_the_policy_of_a_linked_record_counts(plan: Schedule) -> None:
    in_network(plan)
    plan.patient.survivor = plan.another()
    plan.patient.save()
    assert standing(plan) is NetworkStanding.IN


def test_the_quick_answer_never_says_in_where_the_rules_do_not(plan: Schedule) -> None:
    """Every combination of standings, sites, panels and periods: quick and slow agree."""
    held = make_plan()
    network = make_network(held, entity=plan.office.entity, clinician=plan.clinician)
    cover(plan, held)
    row = NetworkClinician.objects.get(network=network)
    group = network.groups.get()
    for entity_standing in Standing:
        for clinician_standing in Standing:
            for site in (None, plan.site.unit):
                for panel in (True, False):
                    for until in (None, plan.monday):
                        group.standing, group.site = entity_standing.value, site
                        row.standing, row.open_panel = clinician_standing.value, panel
                        row.period = DateRange(START, until)
                        group.save()
                        row.save()
                        assert_agrees(plan, held)


def assert_agrees(plan: Schedule, held: Plan) -> None:
    entity_id = plan.office.entity.pk
    facts = know(
        clinician_id=plan.clinician.pk, visit_type_id=plan.kind.pk, unit_id=plan.site.unit_id,
        patient_id=plan.patient.pk, start=wall(plan.monday, 9),
    )  # fmt: skip
    whole = check_network(
        patient_id=plan.patient.pk, visit_type_id=plan.kind.pk, patient_kind=plan.kind.patient_kind,
        place=Place(entity_id, plan.site.unit_id, plan.clinician.pk), on=plan.monday,
    )  # fmt: skip
    assert standing_of(facts, entity_id) is whole.standing
    quick = bool(facts.network_entities and entity_id in facts.network_entities)
    assert not quick or whole.standing is NetworkStanding.IN


# --- booking and moving -----------------------------------------------------------------------------------------------


def test_out_of_network_is_refused_until_the_patient_was_asked(plan: Schedule) -> None:
    out_of_network(plan, kind=PlanKind.HMO)
    set_visit_type_terms(visit_type=plan.kind, privilege=None, service_code="99213", by=HOUSE)
    make_fees(plan.office.entity, c99213=15_000)
    with pytest.raises(NetworkAnswerNeeded) as refused:
        plan.book()
    assert refused.value.code == "network_answer_needed"
    assert "$150.00" in refused.value.message
    assert "pays nothing" in refused.value.message
    with pytest.raises(NetworkAnswerNeeded):
        plan.book(network_answer=Said(AnswerKind.OTHER_CLINICIAN, AskedBy.PHONE, "words"))
    booked = plan.book(network_answer=PAYS)
    [kept] = answers()
    assert (kept.appointment_id, kept.answer, kept.channel, kept.price) == (booked.pk, "self_pay", "phone", 15_000)
    assert kept.words == PAYS.words
    event = Event.objects.unscoped("test").filter(type="appointment.booked").latest("pk")
    assert (event.data["network"], event.data["network_answer"]) == ("out", "self_pay")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(AnswerKind.SELF_PAY, None, "words"), "channel_needed"),
        (Said(AnswerKind.ASKS_PLAN, AskedBy.PHONE, " "), "words_needed"),
        (nobody_asked("no"), "reason_needed"),
    ],
)
def test_half_an_answer_is_refused(plan: Schedule, said: Said, code: str) -> None:
    out_of_network(plan)
    with pytest.raises(Refusal) as refused:
        plan.book(network_answer=said)
    assert refused.value.code == code


def test_nobody_asked_needs_its_reason_and_is_asked_later(plan: Schedule) -> None:
    out_of_network(plan)
    booked = plan.book(network_answer=nobody_asked("Emergency, no time to ask"))
    assert answers()[0].reason == "Emergency, no time to ask"
    record_network_answer(appointment=booked, said=PAYS, by=HOUSE)
    assert [one.answer for one in answers()] == ["not_asked", "self_pay"]
    assert Event.objects.unscoped("test").filter(type="appointment.network_answered").count() == 1


def test_a_visit_in_network_keeps_no_answer(plan: Schedule) -> None:
    in_network(plan)
    plan.book(network_answer=PAYS)
    assert answers() == []


def test_a_move_within_the_same_place_keeps_the_answer_and_elsewhere_asks_anew(plan: Schedule, world: World) -> None:
    held = out_of_network(plan)
    booked = plan.book(network_answer=PAYS)
    moved = move_appointment(appointment=booked, start=wall(plan.monday, 10), by=HOUSE)
    assert moved.network == NetworkStanding.OUT
    other = world.clinician(plan.site.unit)
    plan.add(clinician=other)
    networks.list_clinician(
        network=held.networks.get().network, entity=plan.office.entity, clinician=other, standing=Standing.PENDING,
        start=START, by=HOUSE,
    )  # fmt: skip
    with pytest.raises(NetworkAnswerNeeded):
        move_appointment(appointment=moved, start=wall(plan.monday, 11), clinician=other, by=HOUSE)
    again = move_appointment(
        appointment=moved, start=wall(plan.monday, 11), clinician=other, network_answer=PAYS, by=HOUSE
    )
    assert [one.clinician_id for one in answers()] == [plan.clinician.pk, other.pk]
    assert again.network == NetworkStanding.OUT


def test_the_network_is_that_of_the_day_of_the_visit(plan: Schedule) -> None:
    in_network(plan)
    row = NetworkClinician.objects.get()
    row.period = DateRange(START, plan.monday + WEEK)
    row.save()
    assert plan.book().network == NetworkStanding.IN
    with pytest.raises(NetworkAnswerNeeded):
        plan.book(start=wall(plan.monday + WEEK, 9))


# --- what plans ask ---------------------------------------------------------------------------------------------------


def test_a_plan_with_a_gatekeeper_asks_for_a_referral_to_a_specialist(plan: Schedule) -> None:
    held = in_network(plan, kind=PlanKind.HMO)
    check = check_network(
        patient_id=plan.patient.pk, visit_type_id=plan.kind.pk, patient_kind="any",
        place=Place(plan.office.entity.pk, plan.site.unit_id, plan.clinician.pk), on=plan.monday,
    )  # fmt: skip
    assert check.plan == held
    assert len(plan_asks(check, specialty="cardiology")) == 2
    assert plan_asks(check, specialty="family_medicine") == []


# --- the day of the visit ---------------------------------------------------------------------------------------------


def test_cards_say_out_of_network_and_whether_they_were_told(plan: Schedule) -> None:
    out_of_network(plan)
    booked = plan.book(network_answer=nobody_asked("Said yes by link"))
    ref = VisitRef(
        visit_id=None, appointment_id=booked.pk, patient_id=plan.patient.pk, site_id=plan.site.unit_id,
        entity_id=plan.office.entity.pk, clinician_id=plan.clinician.pk, day=plan.monday,
    )  # fmt: skip
    assert OUT_UNTOLD in flags_for(HOUSE, [ref])[ref]
    record_network_answer(appointment=booked, said=PAYS, by=HOUSE)
    assert OUT in flags_for(HOUSE, [ref])[ref]


def test_a_yes_to_an_offer_needs_their_word_on_the_network_too(plan: Schedule) -> None:
    out_of_network(plan)
    booked = plan.book(patient=plan.another())
    plan.patient.phone = "+15035550123"
    plan.patient.save()
    wait_for(plan, plan.patient)
    cancel_appointment(appointment=booked, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    [offer] = offer_freed(
        freed=Freed(plan.clinician.pk, plan.site.unit_id, booked.start, booked.end), by=HOUSE,
        at=wall(plan.monday - WEEK, 10),
    )  # fmt: skip
    with pytest.raises(NetworkAnswerNeeded):
        accept_offer(offer=offer, by=HOUSE, at=wall(plan.monday - WEEK, 10))
    taken = accept_offer(offer=offer, by=HOUSE, told=PAYS, at=wall(plan.monday - WEEK, 10))
    assert taken.network == NetworkStanding.OUT
    assert answers()[0].answer == "self_pay"
