"""Several visits of a day are out of network: the patient hears of each, of the sum, and answers once for all."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.ids import new_id
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.models import Appointment
from medguild.patients.coverage.models import Coverage
from medguild.payers.networks.rules import Standing
from medguild.payers.networks.services import list_clinician, list_group
from tests.factories.itineraries import Grounds, grounds
from tests.factories.payers import make_fees, make_network, make_plan
from tests.factories.program import Program
from tests.factories.scheduling import wall
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World) -> Grounds:
    """The plan pays neither the laboratory ($40.00) nor the visit ($150.00)."""
    made = grounds(world)
    held = make_plan()
    network = make_network(held, entity=made.other.entity)
    list_group(network=network, entity=made.plan.office.entity, standing=Standing.IN, start=START, by=HOUSE)
    for office, who in ((made.other, made.technician), (made.plan.office, made.plan.clinician)):
        list_clinician(
            network=network, entity=office.entity, clinician=who, standing=Standing.OUT, start=START, by=HOUSE
        )
    Coverage.objects.create(
        patient=made.plan.patient, payer=held.payer, plan=held, rank="primary", member_id="M1", relation="self",
        period=DateRange(START, None),
    )  # fmt: skip
    set_visit_type_terms(visit_type=made.lab, privilege=None, service_code="36415", by=HOUSE)
    set_visit_type_terms(visit_type=made.plan.kind, privilege=None, service_code="99213", by=HOUSE)
    make_fees(made.other.entity, c36415=4_000)
    make_fees(made.plan.office.entity, c99213=15_000)
    return made


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.user(Role.SCHEDULER, world.enterprise))
    return client


def post(desk: Client, here: Grounds, **answer: Any) -> Any:
    monday = here.plan.monday
    stops = [
        (here.lab, here.technician, here.other.site, wall(monday, 9), "0"),
        (here.plan.kind, here.plan.clinician, here.plan.site, wall(monday, 10), "1"),
    ]
    picks = [
        f"{kind.pk}|{who.pk}|{site.unit_id}|{start.isoformat()}|{after}" for kind, who, site, start, after in stops
    ]
    data = {"token": str(new_id()), "campus": str(here.campus.pk), "pick": picks} | answer
    return desk.post(reverse("itineraries:book", args=[here.plan.patient.pk]), data)


def words_of(page: Any) -> list[str]:
    return [one.told.words for one in page.context["visits"]]


def test_each_visit_is_told_with_its_price_and_the_sum(desk: Client, here: Grounds) -> None:
    page = post(desk, here)
    assert page.status_code == 422
    text = page.content.decode()
    for said in ("$40.00", "$150.00", "$190.00", "Blood draw", here.technician.label(), here.plan.clinician.label()):
        assert said in text
    assert not Appointment.objects.unscoped("test").exists()


def test_one_answer_is_kept_with_each_visit_in_its_own_words(desk: Client, here: Grounds) -> None:
    words = words_of(post(desk, here))
    answer = {"network_answer": "self_pay", "network_channel": "phone", "network_words": words}
    assert post(desk, here, **answer).status_code == 302
    kept = list(NetworkAnswer.objects.unscoped("test").order_by("appointment__start"))
    assert [(one.answer, one.channel, one.price) for one in kept] == [
        ("self_pay", "phone", 4_000), ("self_pay", "phone", 15_000),
    ]  # fmt: skip
    assert [one.words for one in kept] == words
    assert "$40.00" in words[0]
    assert "$150.00" in words[1]


def test_without_an_answer_it_is_asked_again_with_what_is_missing(desk: Client, here: Grounds) -> None:
    page = post(desk, here, network_words=words_of(post(desk, here)))
    assert page.status_code == 422
    assert page.context["network"].errors
    assert "$190.00" in page.content.decode()


def test_words_that_changed_since_are_read_again(desk: Client, here: Grounds) -> None:
    """The page that was sent told other prices: nothing is booked on an answer to these."""
    words = [one.replace("$40.00", "$20.00") for one in words_of(post(desk, here))]
    answer = {"network_answer": "self_pay", "network_channel": "phone", "network_words": words}
    page = post(desk, here, **answer)
    assert page.status_code == 422
    assert not Appointment.objects.unscoped("test").exists()


def test_a_price_that_nobody_knows_is_not_summed(desk: Client, here: Grounds) -> None:
    set_visit_type_terms(visit_type=here.lab, privilege=None, service_code="", by=HOUSE)
    assert "Together at least $150.00" in post(desk, here).content.decode()


def test_the_page_that_asks_shows_the_whole_day(desk: Client, here: Grounds) -> None:
    text = post(desk, here).content.decode()
    assert "The day that was chosen" in text
    assert here.plan.monday.strftime("%b %-d") in text
    assert text.count(here.other.site.unit.name) >= 1
    assert [out for _, out in post(desk, here).context["day"]] == [True, True]


def asked_by_program(here: Grounds) -> dict[str, Any]:
    stops = [
        (here.lab, here.technician, here.other.site, wall(here.plan.monday, 9)),
        (here.plan.kind, here.plan.clinician, here.plan.site, wall(here.plan.monday, 10)),
    ]
    visits = [
        {"visit_type": str(kind.pk), "clinician": str(who.pk), "site": str(site.unit_id), "start": start.isoformat()}
        for kind, who, site, start in stops
    ]
    return {"patient": str(here.plan.patient.pk), "campus": str(here.campus.pk), "visits": visits}


def test_programs_are_told_of_each_visit_and_answer_for_each(world: World, here: Grounds) -> None:
    program, asked = Program(Role.SCHEDULER, world.enterprise), asked_by_program(here)
    refused = program.post("/itineraries", asked)
    assert (refused.status_code, refused.json()["because"]["code"]) == (409, "network_answer_needed")
    told = refused.json()["out_of_network"]
    assert [(one["visit_type"], one["price"]) for one in told] == [
        (str(here.lab.pk), 4_000), (str(here.plan.kind.pk), 15_000),
    ]  # fmt: skip
    assert not Appointment.objects.unscoped("test").exists()
    for visit, one in zip(asked["visits"], told, strict=True):
        visit["network_answer"] = {"answer": "self_pay", "channel": "phone", "words": one["words"]}
    assert program.post("/itineraries", asked).status_code == 201
    kept = NetworkAnswer.objects.unscoped("test").order_by("appointment__start")
    assert [one.words for one in kept] == [one["words"] for one in told]
