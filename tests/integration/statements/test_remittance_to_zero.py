"""Claim sent, remittance posted, share told with its reason, co-pay applied, statement, payment, zero; a reversal."""

from __future__ import annotations

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.clock import now
from medguild.patients.accounts.models import AccountMember, GuarantorAccount
from medguild.revenue.charges.models import Charge
from medguild.revenue.receipts.rules import Method, Purpose
from medguild.revenue.receipts.services import take_payment
from medguild.revenue.statements.records import service as service_of
from medguild.revenue.statements.rules import Why
from medguild.revenue.statements.selectors import account_balance, balance_lines
from medguild.revenue.statements.services import make_statement
from medguild.revenue.statements.showing import Letter, _data
from tests.factories.receipts import is_balanced
from tests.factories.remittances import Desk, answer, reversed_answer, service
from tests.factories.revenue import make_billing
from tests.factories.world import World


def _pay(desk: Desk, account: GuarantorAccount, amount: int, charge: Charge, purpose: Purpose) -> None:
    take_payment(
        account=account, patient=charge.patient, site=desk.billing.office.site, amount=amount, method=Method.CARD,
        purpose=purpose, visit=charge.visit if purpose is Purpose.COPAY else None,
        by=desk.world.actor(Role.FRONT_DESK, desk.billing.office.entity),
    )  # fmt: skip


def test_a_remittance_leaves_a_share_that_is_told_paid_and_zero(world: World) -> None:
    desk = Desk(world, make_billing(world))
    claim = desk.sent("99213")
    (line,) = desk.lines(claim)
    account, charge = claim.account, line.charge
    _pay(desk, account, 1_000, charge, Purpose.COPAY)
    assert account_balance(account.pk).unapplied == 1_000

    said = answer(
        claim.number,
        service(line, 9_500, ("CO", "45", 4_000), ("PR", "1", 2_500), ("PR", "3", 1_500)),
    )
    desk.take(desk.remittance(said))
    dispatch_pending()
    balance = account_balance(account.pk)
    assert (balance.patient_owes, balance.insurance_pending, balance.unapplied) == (3_000, 0, 0)
    (told,) = balance_lines(account.pk)
    assert (told.insurance_paid, told.standing.adjusted, told.standing.share, told.left) == (9_500, 4_000, 4_000, 3_000)
    assert {(reason.why, reason.amount) for reason in told.reasons} == {(Why.DEDUCTIBLE, 2_500), (Why.COPAY, 1_500)}
    behind = service_of(world.actor(Role.BILLER), account, charge.pk)
    assert [one.line.paid for one in behind.said] == [9_500]
    assert [code for code, _words, _cents in behind.said[0].adjustments] == ["CO-45", "PR-1", "PR-3"]

    statement = make_statement(account=account, by=world.actor(Role.BILLER))
    assert statement.balance == 3_000
    letter = Letter("S1", account, balance, [told], now().date(), now().date())
    why = " ".join(_data(letter, "en")["rows"][0]["why"])
    assert "Discount agreed with your insurance: $40.00" in why
    assert "Deductible" in why
    assert "$25.00" in why
    _pay(desk, account, 3_000, charge, Purpose.BALANCE)
    assert account_balance(account.pk).patient_owes == 0
    assert is_balanced()


def test_a_reversal_frees_what_the_patient_paid(world: World) -> None:
    desk = Desk(world, make_billing(world))
    claim = desk.sent("99213")
    (line,) = desk.lines(claim)
    said = answer(claim.number, service(line, 9_500, ("CO", "45", 4_000), ("PR", "2", 4_000)))
    desk.take(desk.remittance(said))
    dispatch_pending()
    _pay(desk, claim.account, 4_000, line.charge, Purpose.BALANCE)
    better = answer(claim.number, service(line, 12_500, ("CO", "45", 4_000), ("PR", "2", 1_000)))
    desk.take(desk.remittance(reversed_answer(said), better))
    dispatch_pending()
    balance = account_balance(claim.account_id)
    assert (balance.patient_owes, balance.insurance_pending, balance.unapplied) == (0, 0, 3_000)
    (told,) = balance_lines(claim.account_id)
    assert (told.why, [(one.why, one.amount) for one in told.reasons]) == (Why.PAID, [(Why.COINSURANCE, 1_000)])
    assert AccountMember.objects.unscoped("test").filter(account_id=claim.account_id).exists()
    assert is_balanced()
