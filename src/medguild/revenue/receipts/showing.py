"""What a receipt says on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from medguild.foundation.documents.pdf import render_pdf
from medguild.foundation.documents.ports import register_template
from medguild.foundation.events.actors import named
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.money import dollars
from medguild.foundation.organization.models import LegalEntity, Site
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.selectors import settled_by
from medguild.revenue.receipts.standing import by_charge
from medguild.revenue.receipts.words import METHODS, PURPOSES

RECEIPT = register_template("revenue.receipt", Path(__file__).parent / "typst" / "receipt.typ")
PRINTED = ("en", "es")


def print_language(language: str) -> str:
    """The language of the paper: the patient's own where we have it, else English."""
    return language if language in PRINTED else "en"


def address_lines(line1: str, line2: str, city: str, state: str, postal_code: str) -> list[str]:
    zip_code = f"{postal_code[:5]}-{postal_code[5:]}" if len(postal_code) == 9 else postal_code
    town = " ".join(part for part in (f"{city}," if city else "", state, zip_code) if part)
    return [line for line in (line1, line2, town) if line]


def sender_of(entity: LegalEntity, site: Site | None) -> dict[str, Any]:
    """Who writes: the legal entity, at the address of the site."""
    if site is None:
        return {"name": entity.legal_name, "lines": []}
    lines = address_lines(site.line1, site.line2, site.city, site.state, site.postal_code)
    return {"name": entity.legal_name, "lines": [*lines, site.phone] if site.phone else lines}


def settled_shares(receipt: Receipt) -> list[tuple[str, int]]:
    """What a receipt has settled in words and cents, by service."""
    rows = settled_by(receipt)
    charges = {row.charge_id: row.charge for row in rows}
    sums = by_charge((row.charge_id, row.amount) for row in rows)
    return [(_what(charges[charge_id]), cents) for charge_id, cents in sums.items()]


def _what(charge: Any) -> str:
    if charge is None:
        return _("Earlier balance")
    day = date_format(charge.service_date, "SHORT_DATE_FORMAT")
    return _("Service of %(day)s, %(code)s") % {"day": day, "code": charge.code}


def receipt_pdf(receipt: Receipt) -> bytes:
    """The receipt as PDF in the patient's language. The caller has found the receipt in its own scope."""
    language = print_language(receipt.patient.language)
    with translation.override(language):
        return render_pdf(RECEIPT, _data(receipt, language), at=receipt.taken_at)


def _data(receipt: Receipt, language: str) -> dict[str, Any]:
    site = receipt.site.site
    settled = settled_shares(receipt)
    kept = receipt.amount - sum(cents for _what, cents in settled)
    rows = [[what, dollars(cents)] for what, cents in settled]
    if kept and not receipt.is_void:
        rows.append([_("Kept for services to come or still with the insurance"), dollars(kept)])
    return {
        "language": language,
        "sender": sender_of(receipt.entity.entity, site),
        "recipient": {"name": receipt.account.guarantor_name(), "lines": []},
        "date": date_format(local_date(receipt.taken_at, site.time_zone), "DATE_FORMAT"),
        "reference": receipt.number,
        "subject": _("Receipt"),
        "page_word": _("Page"),
        "of_word": _("of"),
        "void": _("This receipt was voided; it is no proof of payment.") if receipt.is_void else "",
        "facts": _facts(receipt),
        "rows_title": _("What it paid"),
        "rows": rows,
        "thanks": _("Thank you."),
    }


def _facts(receipt: Receipt) -> Sequence[Sequence[str]]:
    method = str(METHODS[receipt.method])
    facts = [
        [_("Received"), dollars(receipt.amount)],
        [_("Paid by"), f"{method} {receipt.reference}".strip()],
        [_("For"), str(PURPOSES[receipt.purpose])],
        [_("Patient"), receipt.patient.label()],
        [_("Account"), receipt.account.number],
        [_("Taken by"), named(receipt.taken_by_label)],
    ]
    if receipt.entity_id != receipt.account.entity_id:
        facts.append([_("Received for"), receipt.account.entity.entity.legal_name])
    return facts
