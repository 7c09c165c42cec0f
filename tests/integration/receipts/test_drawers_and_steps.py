"""Drawers, the close of the day, and the steps of the check-in list that are about money."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.standards.rules import Dimension
from medguild.foundation.standards.services import set_standard
from medguild.operations.visits.arrival import finish_check_in, mark_step
from medguild.operations.visits.checklist import checklist
from medguild.operations.visits.day import day_list
from medguild.operations.visits.errors import ChecklistOpen
from medguild.operations.visits.rules import MarkOutcome
from medguild.operations.visits.selectors import ref_of
from medguild.patients.identity.ports import Place, slots_for
from medguild.revenue.receipts.drawers import cash_in, close_drawer, open_drawer
from medguild.revenue.receipts.errors import DifferenceNeedsReason, DrawerClosed, DrawerOpenAlready
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.rules import Method, Purpose
from medguild.revenue.receipts.selectors import day_close, drawer_for, drawer_view, drawers_left_open, expected_copay
from medguild.revenue.receipts.services import void_receipt
from medguild.revenue.receipts.showing import _data, receipt_pdf
from tests.factories.patients import give_consents, make_patient
from tests.factories.portal import client_of
from tests.factories.receipts import books, drawer, is_balanced, make_desk
from tests.factories.visits import make_visit
from tests.factories.world import HOUSE, START, World


def test_a_drawer_that_agrees_moves_its_takings_to_the_deposit(world: World) -> None:
    desk = make_desk(world)
    held = drawer(desk, 5_000)
    desk.pay(2_500, method=Method.CASH)
    gone = desk.pay(700, method=Method.CASH)
    void_receipt(receipt=gone, reason="wrong patient", by=desk.by)
    desk.pay(4_000, method=Method.CHECK, reference="1077")
    assert cash_in(held) == 7_500
    view = drawer_view(held)
    assert (view.taken, view.cash, view.expected) == (6_500, 2_500, 7_500)
    closed = close_drawer(drawer=held, counted=7_500, by=desk.by)
    assert (closed.difference, closed.difference_reason) == (0, "")
    assert books()[Chart.UNDEPOSITED] == 6_500
    assert Chart.DRAWER not in books()
    assert is_balanced()


@pytest.mark.parametrize(("counted", "off"), [(7_200, 300), (7_900, -400), (0, 7_500)])
def test_a_difference_needs_a_reason_and_goes_to_over_and_short(world: World, counted: int, off: int) -> None:
    desk = make_desk(world)
    held = drawer(desk, 5_000)
    desk.pay(2_500, method=Method.CASH)
    with pytest.raises(DifferenceNeedsReason, match=r"\$75\.00"):
        close_drawer(drawer=held, counted=counted, by=desk.by)
    closed = close_drawer(drawer=held, counted=counted, reason="Wrong change", by=desk.by)
    assert closed.difference == -off
    assert books()[Chart.OVER_SHORT] == off
    assert Chart.DRAWER not in books()
    assert is_balanced()
    with pytest.raises(DrawerClosed):
        close_drawer(drawer=held, counted=counted, by=desk.by)


def test_who_may_open_and_close(world: World) -> None:
    desk = make_desk(world)
    held = drawer(desk)
    with pytest.raises(DrawerOpenAlready):
        drawer(desk)
    for actor in (world.actor(Role.CODER), world.actor(Role.FRONT_DESK, world.second.entity), HOUSE):
        with pytest.raises(NotAllowed):
            open_drawer(site=desk.office.site, float_amount=0, by=actor)
    with pytest.raises(Refusal):
        open_drawer(site=desk.office.site, float_amount=-1, by=world.actor(Role.BILLER))
    with pytest.raises(NotAllowed):
        close_drawer(drawer=held, counted=10_000, by=world.actor(Role.BILLER))
    with pytest.raises(NotVisible):
        close_drawer(drawer=held, counted=10_000, by=world.actor(Role.PRACTICE_MANAGER, world.second.entity))
    with pytest.raises(Refusal):
        close_drawer(drawer=held, counted=-1, by=desk.by)
    with pytest.raises(NotVisible):
        drawer_for(world.actor(Role.BILLER), held.pk)
    manager = world.actor(Role.PRACTICE_MANAGER)
    assert drawer_for(manager, held.pk) == held
    assert close_drawer(drawer=held, counted=10_000, by=manager).closed_by == manager.id


def test_the_close_of_the_day_shows_every_drawer_and_what_came_without_one(world: World) -> None:
    desk = make_desk(world)
    card = desk.pay(1_000)
    held = drawer(desk, 0)
    desk.pay(2_000, method=Method.CASH)
    close_drawer(drawer=held, counted=1_900, reason="short", by=desk.by)
    today = local_date(now(), desk.office.site.time_zone)
    found = day_close(desk.office.site, today)
    assert [view.drawer for view in found.drawers] == [held]
    assert list(found.without_drawer) == [card]
    assert (found.taken, found.difference, found.open_count) == (3_000, -100, 0)
    assert day_close(desk.office.site, today - dt.timedelta(days=1)).taken == 0
    drawer(desk)
    assert drawers_left_open(desk.office.site, today) == []
    assert len(drawers_left_open(desk.office.site, today + dt.timedelta(days=1))) == 1


def _copay(world: World, cents: int) -> None:
    set_standard(key="checkin.copay", unit=world.main.entity, value=cents, start=START, by=HOUSE)


def _states(actor: object, visit: object) -> dict[str, object]:
    lines = checklist(actor, visit, with_context=True)  # type: ignore[arg-type]
    return {line.step.key: line.state for line in lines if line.step.key in ("co-pay", "balance")}


def test_nothing_is_asked_where_nothing_is_due(world: World) -> None:
    desk = make_desk(world, insured=True)
    visit = make_visit(world, patient=desk.patient)
    assert _states(desk.by, visit) == {"co-pay": "skipped", "balance": "skipped"}


def test_check_in_asks_for_the_co_pay_and_the_old_balance(world: World) -> None:
    desk = make_desk(world, insured=True)
    give_consents(desk.patient)
    _copay(world, 2_500)
    desk.owe(4_000, now().date() - dt.timedelta(days=60))
    visit = make_visit(world, patient=desk.patient)
    assert expected_copay(ref_of(visit)) == 2_500
    assert _states(desk.by, visit) == {"co-pay": "todo", "balance": "todo"}
    with pytest.raises(ChecklistOpen, match="co-pay"):
        finish_check_in(visit=visit, by=desk.by)
    desk.pay(1_000, purpose=Purpose.COPAY, visit=visit)
    assert _states(desk.by, visit)["co-pay"] == "todo"
    desk.pay(1_500, purpose=Purpose.COPAY, visit=visit)
    assert _states(desk.by, visit) == {"co-pay": "done", "balance": "todo"}
    mark_step(visit=visit, key="balance", outcome=MarkOutcome.SKIPPED, reason="Asks for a bill", by=desk.by)
    mark_step(visit=visit, key="coverage", outcome=MarkOutcome.DONE, by=desk.by)
    finish_check_in(visit=visit, by=desk.by)


def test_the_co_pay_may_differ_by_payer_and_none_is_asked_without_insurance(world: World) -> None:
    insured = make_desk(world, insured=True)
    _copay(world, 2_500)
    payer = insured.billing.plan.payer
    set_standard(
        key="checkin.copay", unit=world.main.entity, value=4_000, start=START, by=HOUSE, dimension=Dimension.PAYER,
        target=str(payer.pk),
    )  # fmt: skip
    ref = ref_of(make_visit(world, patient=insured.patient))
    assert expected_copay(ref) == 4_000
    assert expected_copay(dataclasses.replace(ref, patient_id=make_patient(world).pk)) == 0


def test_the_arrivals_list_flags_who_owes(world: World) -> None:
    desk = make_desk(world)
    desk.owe(4_000)
    make_visit(world, patient=desk.patient)
    day = local_date(now(), desk.office.site.time_zone)
    (line,) = day_list(desk.by, desk.office.site, day=day, at=now()).everyone
    assert "Owes $40.00" in [str(flag.label) for flag in line.flags]
    assistant = world.actor(Role.MEDICAL_ASSISTANT)
    (line,) = day_list(assistant, desk.office.site, day=day, at=now()).everyone
    assert "balance" not in [flag.key for flag in line.flags]


def test_the_desk_takes_the_co_pay_from_the_check_in_page(world: World, client: Client) -> None:
    desk = make_desk(world, insured=True)
    _copay(world, 2_500)
    visit = make_visit(world, patient=desk.patient)
    client.force_login(world.user(Role.FRONT_DESK))
    page = client.get(reverse("visits:check_in", args=[visit.pk])).content.decode()
    assert "Take $25.00" in page
    assert 'value="cash"' not in page
    url = reverse("receipts:take_at_visit", args=[visit.pk])
    said = {"receipt_id": str(new_id()), "purpose": "copay", "amount": "25.00", "method": "cash"}
    assert client.post(url, said).status_code == 302
    assert not Receipt.objects.unscoped("test").exists()
    client.post(reverse("receipts:drawer_of", args=[visit.site_id]), {"float_amount": "100"})
    assert 'value="cash"' in client.get(reverse("visits:check_in", args=[visit.pk])).content.decode()
    for _twice in range(2):
        assert client.post(url, said).status_code == 302
    receipt = Receipt.objects.unscoped("test").get()
    assert (receipt.visit, receipt.amount, receipt.purpose) == (visit, 2_500, Purpose.COPAY)
    shown = client.get(reverse("receipts:show", args=[receipt.pk])).content.decode()
    assert receipt.number in shown
    page_of_visit = reverse("visits:show", args=[visit.pk])
    assert page_of_visit in shown
    own = client_of(world, desk.patient).get(reverse("receipts:show", args=[receipt.pk])).content.decode()
    assert (receipt.number in own, page_of_visit in own) == (True, False), "no way to a page that is the desk's"
    paper = client.get(reverse("receipts:pdf", args=[receipt.pk]))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert client.post(url, {**said, "amount": "none"}).status_code == 302


def test_pages_of_the_desk(world: World, client: Client) -> None:
    desk = make_desk(world)
    desk.owe(4_000)
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    site_id = desk.office.site_unit.pk
    assert client.get(reverse("receipts:my_drawer")).status_code == 302
    assert client.post(reverse("receipts:drawer_of", args=[site_id]), {"float_amount": "x"}).status_code == 422
    client.post(reverse("receipts:drawer_of", args=[site_id]), {"float_amount": "100"})
    take = client.get(reverse("receipts:take_for", args=[desk.patient.pk]))
    form = client.get(take["Location"])
    assert 'value="40.00"' in form.content.decode()
    said = {
        "site": str(site_id), "patient": str(desk.patient.pk), "amount": "40", "method": "cash", "purpose": "balance",
        "receipt_id": str(new_id()), "reference": "",
    }  # fmt: skip
    assert client.post(take["Location"], {**said, "amount": ""}).status_code == 422
    answer = client.post(take["Location"], said)
    assert "Nothing is owed" in client.get(answer["Location"]).content.decode()
    assert "$140.00" in client.get(reverse("receipts:drawer_of", args=[site_id])).content.decode()
    receipt = Receipt.objects.unscoped("test").get()
    held = receipt.drawer
    assert held is not None
    close = reverse("receipts:close_drawer", args=[held.pk])
    assert client.post(close, {"counted": "130"}).status_code == 422
    assert client.post(reverse("receipts:void", args=[receipt.pk]), {"reason": ""}).status_code == 302
    assert not Receipt.objects.unscoped("test").get().is_void
    assert client.post(close, {"counted": "130", "reason": "Short"}).status_code == 302
    assert client.get(reverse("receipts:drawer", args=[held.pk])).status_code == 200
    day = client.get(reverse("receipts:day_of", args=[site_id])).content.decode()
    assert "Differs" in day
    assert client.get(reverse("receipts:list")).status_code == 200
    assert client.get(reverse("receipts:day")).status_code == 302


def test_the_receipt_on_paper_says_what_it_paid_and_for_whom(world: World) -> None:
    desk = make_desk(world, language="es")
    desk.owe(1_000)
    receipt = desk.pay(2_500)
    data = _data(receipt, "en")
    assert data["rows"] == [
        ["Earlier balance", "$10.00"],
        ["Kept for services to come or still with the insurance", "$15.00"],
    ]
    assert ["Received", "$25.00"] in data["facts"]
    assert receipt_pdf(receipt).startswith(b"%PDF-")


def test_the_patients_page_shows_the_balance_to_those_of_the_entity(world: World) -> None:
    desk = make_desk(world)
    desk.owe(4_000)
    shown = [slot.template for slot, _context in slots_for(desk.by, desk.patient, Place.ASIDE)]
    assert "statements/_patient.html" in shown
    other = world.actor(Role.BILLER, world.second.entity)
    shown = [slot.template for slot, _context in slots_for(other, desk.patient, Place.ASIDE)]
    assert "statements/_patient.html" not in shown
