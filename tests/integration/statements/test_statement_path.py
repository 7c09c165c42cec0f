"""From a charge to a balance of zero: what the account says at every step, the letter, and who may see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.documents.selectors import content_of, document
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.standards.services import set_standard
from medguild.patients.accounts.rules import Guarantor, GuarantorRelation
from medguild.patients.accounts.services import open_account
from medguild.revenue.receipts.applying import apply_unapplied
from medguild.revenue.receipts.scope import entities_in_scope
from medguild.revenue.statements.models import Statement
from medguild.revenue.statements.permissions import StatementsRight
from medguild.revenue.statements.records import service
from medguild.revenue.statements.rules import Why
from medguild.revenue.statements.selectors import (
    account_balance,
    account_for,
    accounts_with_balance,
    balance_lines,
    readable,
)
from medguild.revenue.statements.services import MadeToday, NothingOwed, make_statement, make_statements
from medguild.revenue.statements.showing import Letter, _data
from tests.factories.patients import make_account, make_patient
from tests.factories.receipts import books, is_balanced, make_desk
from tests.factories.world import HOUSE, START, World


def test_a_charge_of_175_becomes_a_share_of_30_a_statement_a_payment_and_zero(world: World) -> None:
    desk = make_desk(world, insured=True)
    biller = world.actor(Role.BILLER)
    (charge,) = desk.charge()
    balance = account_balance(desk.account.pk)
    assert (balance.patient_owes, balance.insurance_pending) == (0, 17_500)
    assert [line.why for line in balance_lines(desk.account.pk)] == [Why.WAITING]
    with pytest.raises(NothingOwed):
        make_statement(account=desk.account, by=biller)

    desk.insurer_answers(charge, paid=9_500, share=3_000)
    (line,) = balance_lines(desk.account.pk)
    one = line.standing
    assert (one.charged, line.insurance_paid, one.adjusted, one.share, line.left) == (
        17_500,
        9_500,
        5_000,
        3_000,
        3_000,
    )
    statement = make_statement(account=desk.account, by=biller)
    assert (statement.balance, statement.due_on - statement.made_on) == (3_000, dt.timedelta(days=30))
    assert content_of(statement.document).startswith(b"%PDF-")
    with pytest.raises(MadeToday):
        make_statement(account=desk.account, by=biller)
    event = Event.objects.unscoped("test").get(type="statement.made")
    assert (event.subject_id, event.patient_id) == (desk.account.pk, desk.patient.pk)

    desk.pay(3_000)
    assert account_balance(desk.account.pk).patient_owes == 0
    assert [line.why for line in balance_lines(desk.account.pk)] == [Why.PAID]
    assert is_balanced()
    assert books(world.main.entity) == {
        Chart.UNDEPOSITED: 12_500,
        Chart.CONTRACTUAL: 5_000,
        Chart.CHARGES: -17_500,
    }


def test_the_lines_sum_to_the_balance_whatever_happened(world: World) -> None:
    desk = make_desk(world, insured=True)
    desk.owe(1_200, START)
    (first,) = desk.charge()
    desk.insurer_answers(first, paid=10_000, share=2_500)
    desk.charge("93000")
    desk.pay(2_000)
    lines, balance = balance_lines(desk.account.pk), account_balance(desk.account.pk)
    assert sum(line.left for line in lines) == balance.patient_owes == 1_700
    assert sum(line.standing.pending for line in lines) == balance.insurance_pending == 6_500
    for line in lines:
        one = line.standing
        if line.charge is not None:
            assert one.charged == line.insurance_paid + one.pending + one.adjusted + one.paid + line.left
    assert [line.why for line in lines] == [Why.BROUGHT_FORWARD, Why.AFTER_INSURANCE, Why.WAITING]


def test_a_number_opens_to_its_records(world: World) -> None:
    desk = make_desk(world, insured=True)
    (charge,) = desk.charge()
    desk.insurer_answers(charge, paid=9_500, share=3_000)
    desk.pay(1_000)
    found = service(world.actor(Role.BILLER), desk.account, charge.pk)
    assert [one.control for one in found.claim_lines] == [found.claim_lines[0].control]
    assert [one.amount for one in found.payments] == [1_000]
    kept = sorted((one.ledger_account.code, one.amount) for one in found.postings)
    assert kept == [
        (Chart.PATIENT_AR, -1_000),
        (Chart.PATIENT_AR, 3_000),
        (Chart.INSURANCE_AR, -17_500),
        (Chart.INSURANCE_AR, 17_500),
        (Chart.CHARGES, -17_500),
        (Chart.CONTRACTUAL, 5_000),
    ]
    assert service(desk.by, desk.account, charge.pk).postings == []
    with pytest.raises(NotVisible):
        service(desk.by, desk.account, None)


def test_what_was_paid_without_a_claim_opens_to_its_posting(world: World) -> None:
    desk = make_desk(world)
    desk.owe(700, START)
    (charge,) = desk.charge()
    desk.pay(1_700)
    poster = world.actor(Role.PAYMENT_POSTER)
    of_charge = [one.amount for one in service(poster, desk.account, charge.pk).postings]
    assert sorted(of_charge) == [-17_500, -1_000, 17_500]
    assert sorted(one.amount for one in service(poster, desk.account, None).postings) == [-700, 700]


def test_only_the_entity_and_the_guarantor_see_a_balance(world: World) -> None:
    desk = make_desk(world)
    desk.owe(4_000)
    for actor in (
        desk.by,
        world.actor(Role.BILLER),
        world.actor(Role.BILLER, world.main.site_unit),
        world.actor(Role.PATIENT, patient_id=desk.patient.pk),
        world.actor(Role.PROXY, patient_id=desk.patient.pk),
    ):
        assert account_for(actor, desk.account.pk) == desk.account
        assert [one.owes for one in accounts_with_balance(actor)] == [4_000]
    other = make_patient(world)
    for stranger in (
        world.actor(Role.BILLER, world.second.entity),  # of the same circle: charts are shared, money is not
        world.actor(Role.REVENUE_DIRECTOR, world.member_a.entity),
        world.actor(Role.IPA_STAFF, world.ipa),
        world.actor(Role.CLINICIAN),
        world.actor(Role.PATIENT, patient_id=other.pk),
    ):
        with pytest.raises(NotVisible):
            account_for(stranger, desk.account.pk)
        assert not accounts_with_balance(stranger).exists()
    with pytest.raises(NotVisible):
        make_statement(account=desk.account, by=desk.by)
    assert world.main.entity.pk in entities_in_scope(desk.by, StatementsRight.READ)


def test_members_of_an_ipa_see_neither_statements_nor_letters_of_each_other(world: World) -> None:
    desk = make_desk(world, office=world.member_a)
    desk.owe(4_000)
    own, other = (world.actor(Role.BILLER, office.entity) for office in (world.member_a, world.member_b))
    statement = make_statement(account=desk.account, by=own)
    assert readable(own, [statement.pk]) == {statement.pk}
    assert document(own, statement.document_id) == statement.document
    assert readable(other, [statement.pk]) == set()
    with pytest.raises(NotVisible):
        document(other, statement.document_id)
    assert not Statement.objects.visible_to(other).exists()
    guarantor = world.actor(Role.PATIENT, patient_id=desk.patient.pk)
    assert document(guarantor, statement.document_id) == statement.document


def test_the_minimum_and_the_days_are_standards_of_the_entity(world: World) -> None:
    desk = make_desk(world)
    desk.owe(499)
    biller = world.actor(Role.BILLER)
    with pytest.raises(NothingOwed, match=r"\$5\.00"):
        make_statement(account=desk.account, by=biller)
    for key, value in (("statements.minimum", 400), ("statements.due_days", 21)):
        set_standard(key=key, unit=world.main.entity, value=value, start=START, by=HOUSE)
    statement = make_statement(account=desk.account, by=biller)
    assert (statement.due_on - statement.made_on).days == 21


def test_many_statements_at_once_leave_out_what_owes_too_little(world: World) -> None:
    desk = make_desk(world)
    desk.owe(4_000)
    patient = make_patient(world)
    small = make_account(world, patient)
    batch = make_statements(accounts=[desk.account, small], by=world.actor(Role.BILLER))
    assert (batch.made, batch.left_out) == (1, 1)


def test_the_letter_speaks_the_guarantors_language_and_tells_why(world: World) -> None:
    desk = make_desk(world, language="es")
    (charge,) = desk.charge()
    letter = Letter(
        "S00000001",
        desk.account,
        account_balance(desk.account.pk),
        balance_lines(desk.account.pk),
        now().date(),
        now().date() + dt.timedelta(days=30),
    )
    statement = make_statement(account=desk.account, by=world.actor(Role.BILLER))
    assert statement.language == "es"
    data = _data(letter, "en")
    (row,) = data["rows"]
    assert row["cells"] == ["$175.00", "–", "–", "–", "$175.00"]
    assert row["why"] == ["No insurance was on file for this day."]
    assert str(charge.code) not in row["title"] or row["title"]
    assert [heading for heading, _text in data["sections"]] == [
        "How to pay",
        "Questions, or you think something is wrong",
        "If you cannot pay this",
        "Language help",
    ]


def test_a_guarantor_who_is_no_patient_gets_one_letter_about_all(world: World) -> None:
    desk = make_desk(world)
    child = make_patient(world, birth_date=dt.date(2019, 5, 1))
    account = open_account(
        patient=child, entity_id=world.main.entity.pk, relation=GuarantorRelation.PARENT, start=START, by=HOUSE,
        guarantor=Guarantor("Ruiz", "Marta", line1="1 Elm St", city="Portland", state="OR", postal_code="97201"),
    )  # fmt: skip
    desk.patient, desk.account = child, account
    desk.charge()
    statement = make_statement(account=account, by=world.actor(Role.BILLER))
    event = Event.objects.unscoped("test").get(type="statement.made")
    assert (event.patient_id, statement.balance) == (child.pk, 17_500)


def test_pages_show_the_balance_its_service_and_nothing_owed(world: World, client: object) -> None:
    desk = make_desk(world, insured=True)
    (charge,) = desk.charge()
    desk.insurer_answers(charge, paid=9_500, share=3_000)
    apply_unapplied(account_id=desk.account.pk, by=HOUSE)
    client.force_login(world.user(Role.BILLER))  # type: ignore[attr-defined]
    url = reverse("statements:account", args=[desk.account.pk])
    page = client.get(url).content.decode()  # type: ignore[attr-defined]
    assert "$30.00" in page
    assert "What your insurance left for you to pay." in page
    assert client.get(f"{url}?part=owed").status_code == 200  # type: ignore[attr-defined]
    deeper = client.get(reverse("statements:service", args=[desk.account.pk, charge.pk]))  # type: ignore[attr-defined]
    assert deeper.status_code == 200
    assert "$95.00" in deeper.content.decode()
    answer = client.post(reverse("statements:list"), {"_bulk": "statements", "ids": [str(desk.account.pk)]})  # type: ignore[attr-defined]
    assert answer.status_code in (200, 302, 303)
    assert Statement.objects.unscoped("test").get().account == desk.account
    desk.pay(3_000)
    assert "Nothing is owed" in client.get(url).content.decode()  # type: ignore[attr-defined]
