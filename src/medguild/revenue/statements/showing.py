"""What a statement says on paper: plain words, in the guarantor's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from medguild.foundation.documents.pdf import render_pdf
from medguild.foundation.documents.ports import register_template
from medguild.foundation.kernel.money import Cents, dollars
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import BillingIdentity
from medguild.foundation.organization.selectors import billing_identity
from medguild.patients.accounts.models import GuarantorAccount
from medguild.revenue.receipts.showing import address_lines, print_language, sender_of
from medguild.revenue.statements.rules import Why
from medguild.revenue.statements.selectors import Balance, BalanceLine
from medguild.revenue.statements.words import ADJUSTMENTS, WHY

STATEMENT = register_template("revenue.statement", Path(__file__).parent / "typst" / "statement.typ")


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything a statement is set from."""

    number: str
    account: GuarantorAccount
    balance: Balance
    lines: Sequence[BalanceLine]
    made_on: dt.date
    due_on: dt.date


def letter_language(account: GuarantorAccount) -> str:
    guarantor = account.guarantor_patient
    return print_language(guarantor.language if guarantor is not None else "en")


def statement_pdf(letter: Letter, at: dt.datetime) -> bytes:
    language = letter_language(letter.account)
    with translation.override(language):
        return render_pdf(STATEMENT, _data(letter, language), at=at)


def told(lines: Sequence[BalanceLine]) -> list[BalanceLine]:
    """Services that are settled are left out; those with the insurance are told, with nothing to pay."""
    return [line for line in lines if line.left or line.standing.pending > 0]


def _data(letter: Letter, language: str) -> dict[str, Any]:
    account, owes = letter.account, dollars(letter.balance.patient_owes)
    identity, site = _billing(letter)
    entity = account.entity.entity
    return {
        "language": language,
        "sender": _sender(account, identity, site),
        "recipient": {"name": account.guarantor_name(), "lines": _recipient_lines(account)},
        "date": date_format(letter.made_on, "DATE_FORMAT"),
        "reference": letter.number,
        "subject": _("Statement of your account"),
        "page_word": _("Page"),
        "of_word": _("of"),
        "intro": _("This is what you owe %(name)s for care, and how we came to it.") % {"name": entity.legal_name},
        "facts": [
            [_("You owe"), owes],
            [_("Please pay by"), date_format(letter.due_on, "DATE_FORMAT")],
            [_("Account"), account.number],
            [_("Statement"), letter.number],
        ],
        "columns": [
            _("Service"), _("Charge"), _("Insurance paid"), _("Adjustments"), _("You paid"), _("You owe"),
        ],
        "rows": [_row(line) for line in told(letter.lines)],
        "total": [_("You owe in all"), owes],
        "notes": _notes(letter),
        "sections": _sections(account, identity, site, letter.due_on),
    }  # fmt: skip


def _billing(letter: Letter) -> tuple[BillingIdentity | None, Site | None]:
    """Under which name and at which place we bill; the place of the latest service."""
    places = [line.charge.site for line in letter.lines if line.charge is not None]
    if not places:
        return None, None
    identity = billing_identity(
        entity_id=letter.account.entity_id, site_id=places[-1].pk, payer_id=None, specialty="", on=letter.made_on
    )
    return identity, getattr(places[-1], "site", None)


def _sender(account: GuarantorAccount, identity: BillingIdentity | None, site: Site | None) -> dict[str, Any]:
    if identity is None:
        return sender_of(account.entity.entity, site)
    if identity.pay_to_line1:
        where = (identity.pay_to_line1, identity.pay_to_city, identity.pay_to_state, identity.pay_to_postal_code)
    else:
        where = (identity.line1, identity.city, identity.state, identity.postal_code)
    line1, city, state, postal_code = where
    lines = address_lines(line1, "", city, state, postal_code)
    return {"name": identity.name, "lines": [*lines, _phone(identity.contact_phone)]}


def _phone(digits: str) -> str:
    bare = digits.removeprefix("+1")
    return f"({bare[:3]}) {bare[3:6]}-{bare[6:]}" if len(bare) == 10 and bare.isdigit() else digits


def _recipient_lines(account: GuarantorAccount) -> list[str]:
    owner = account.guarantor_patient or account
    return address_lines(owner.line1, owner.line2, owner.city, owner.state, owner.postal_code)


def _row(line: BalanceLine) -> dict[str, Any]:
    one, charge = line.standing, line.charge
    if charge is None:
        return {"title": str(WHY[Why.BROUGHT_FORWARD]), "detail": "", "why": [], "cells": _cells(line)}
    day = date_format(charge.service_date, "SHORT_DATE_FORMAT")
    return {
        "title": f"{day} · {line.label}",
        "detail": f"{charge.patient.label()} · {charge.rendering.label()}",
        "cells": _cells(line),
        "why": [*_adjusted(one.adjustments), *_because(line)],
    }


def _cells(line: BalanceLine) -> list[str]:
    one = line.standing
    return [
        dollars(one.charged if one.charge else one.share),
        _minus(line.insurance_paid),
        _minus(one.adjusted),
        _minus(one.paid),
        dollars(line.left),
    ]


def _minus(cents: Cents) -> str:
    return dollars(-cents) if cents else "–"


def _adjusted(adjustments: dict[str, Cents]) -> list[str]:
    return [f"{ADJUSTMENTS[code]}: {dollars(cents)}" for code, cents in adjustments.items() if cents]


def _because(line: BalanceLine) -> list[str]:
    if line.reasons and line.left > 0:
        return [f"{WHY[reason.why]} {dollars(reason.amount)}" for reason in line.reasons]
    return [str(WHY[line.why])]


def _notes(letter: Letter) -> list[str]:
    notes = [_("Services that are settled are not listed.")]
    if letter.balance.insurance_pending > 0:
        amount = dollars(letter.balance.insurance_pending)
        notes.append(_("Still with your insurance, and not part of what you owe now: %(amount)s.") % {"amount": amount})
    if letter.balance.unapplied > 0:
        amount = dollars(letter.balance.unapplied)
        notes.append(_("We also hold %(amount)s that you paid ahead.") % {"amount": amount})
    return notes


def _sections(
    account: GuarantorAccount, identity: BillingIdentity | None, site: Site | None, due_on: dt.date
) -> list[list[str]]:
    number = identity.contact_phone if identity else (site.phone if site else "")
    phone = _phone(number) if number else _("the number of your clinic")
    due = date_format(due_on, "DATE_FORMAT")
    return [
        [
            _("How to pay"),
            _("Pay at any of our front desks, or send a check with the account number %(number)s by %(due)s.")
            % {"number": account.number, "due": due},
        ],
        [
            _("Questions, or you think something is wrong"),
            _("Call %(phone)s. You may ask for every record behind these numbers; nothing is sent to collections"
              " while a question is open.") % {"phone": phone},
        ],
        [
            _("If you cannot pay this"),
            _("Call us before the date above. You can ask for a payment plan, and for financial help; asking costs"
              " nothing and does not change your care."),
        ],
        [
            _("Language help"),
            _("Interpreters and letters in other languages are free: call %(phone)s.") % {"phone": phone}
            + " " + f"Ayuda en español, gratis: {phone}.",
        ],
    ]  # fmt: skip
