"""Making statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.documents.models import Document
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import store_document
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.money import dollars
from medguild.patients.accounts.models import GuarantorAccount
from medguild.revenue.receipts.recording import lock_account, next_number
from medguild.revenue.receipts.scope import account_in_scope
from medguild.revenue.statements import rules
from medguild.revenue.statements.models import Statement
from medguild.revenue.statements.permissions import StatementsRight
from medguild.revenue.statements.selectors import account_balance, balance_lines
from medguild.revenue.statements.showing import Letter, letter_language, statement_pdf
from medguild.revenue.statements.standards import due_days, minimum

MADE = declare_event("statement.made", gettext_lazy("Statement made"), icon="file-dollar")


class NothingOwed(Refusal):
    """The guarantor owes nothing, or too little to ask for by letter."""

    code = "nothing_owed"


class MadeToday(Conflict):
    """The account had its statement today."""

    code = "made_today"


@transaction.atomic
def make_statement(*, account: GuarantorAccount, by: Actor, at: dt.datetime | None = None) -> Statement:
    """Write to the guarantor what the account owes, and keep the letter. Raises NotVisible, NothingOwed, MadeToday."""
    moment = at or now()
    held = account_in_scope(by, account.pk, StatementsRight.SEND)
    lock_account(held.pk)
    balance = account_balance(held.pk)
    _refuse_too_little(held, balance.patient_owes)
    made_on = day_of(moment)
    rows = Statement.objects.unscoped("one statement a day, whoever asks")
    if rows.filter(account=held, made_on=made_on).exists():
        raise MadeToday(_("This account had its statement today."))
    letter = Letter(
        number=rules.statement_number(next_number("revenue_statement_number")),
        account=held,
        balance=balance,
        lines=balance_lines(held.pk),
        made_on=made_on,
        due_on=rules.due_on(made_on, due_days(held.entity_id)),
    )
    return _keep(letter, by=by, at=moment)


def _refuse_too_little(account: GuarantorAccount, owes: int) -> None:
    if owes <= 0:
        raise NothingOwed(_("Nothing is owed on this account."))
    least = minimum(account.entity_id)
    if not rules.is_owed_enough(owes, least):
        raise NothingOwed(
            _("Less than %(least)s is owed; no statement is made for so little.") % {"least": dollars(least)}
        )


def _keep(letter: Letter, *, by: Actor, at: dt.datetime) -> Statement:
    account, statement_id = letter.account, new_id()
    document = _stored(letter, SubjectRef("statement", statement_id, letter.number), by=by, at=at)
    statement = Statement.objects.create(
        id=statement_id, number=letter.number, account=account, entity_id=account.entity_id,
        balance=letter.balance.patient_owes, language=letter_language(account), made_on=letter.made_on,
        due_on=letter.due_on, document=document, created_at=at, created_by=by.id,
    )  # fmt: skip
    record(
        MADE,
        subject=SubjectRef("account", account.pk, account.number),
        by=by,
        patient_id=account.guarantor_patient_id or _only_patient(letter),
        unit_id=account.entity_id,
        occurred_at=at,
        data={"statement_id": statement_id, "balance": statement.balance, "due_on": statement.due_on.isoformat()},
    )
    return statement


def _stored(letter: Letter, subject: SubjectRef, *, by: Actor, at: dt.datetime) -> Document:
    account = letter.account
    return store_document(
        content=statement_pdf(letter, at),
        filename=f"statement-{letter.number}.pdf",
        kind=DocumentKind.STATEMENT,
        subject=subject,
        unit_id=account.entity_id,
        circle_id=account.circle_id,
        patient_id=account.guarantor_patient_id,
        title=letter.number,
        by=by,
        at=at,
    )


def _only_patient(letter: Letter) -> UUID | None:
    """For a guarantor who is no patient: the patient, where all services are one patient's."""
    patients = {line.charge.patient_id for line in letter.lines if line.charge is not None}
    return patients.pop() if len(patients) == 1 else None


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of asking for many statements."""

    made: int = 0
    left_out: int = 0


def make_statements(*, accounts: Iterable[GuarantorAccount], by: Actor, at: dt.datetime | None = None) -> Batch:
    """One statement for each account that owes enough and had none today; each stands by itself."""
    made = left_out = 0
    for account in accounts:
        try:
            make_statement(account=account, by=by, at=at)
            made += 1
        except (NothingOwed, MadeToday):
            left_out += 1
    return Batch(made, left_out)
