"""Two payments with one key, side by side, for the person who decides whether they are one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.money import Cents, dollars
from medguild.revenue.remittances.models import Remittance, RemittanceClaim
from medguild.revenue.remittances.releasing import read_again

_SHOWN = "the remittance is visible"
_MOST = 200


@dataclass(frozen=True, slots=True)
class Compared:
    """A fact of both payments as text; the first is the posted one, an empty side does not have it."""

    what: str | Promise
    posted: str
    waiting: str

    @property
    def differs(self) -> bool:
        return self.posted != self.waiting


@dataclass(frozen=True, slots=True)
class Sides:
    """Facts of the payments, and their claims by number; what is the same on both sides comes last."""

    facts: Sequence[Compared]
    claims: Sequence[Compared]
    more: int


def both_sides(row: Remittance) -> Sides | None:
    """None where the other payment is gone or the file cannot be read; the caller has found `row` visible."""
    other = row.conflicts_with
    if other is None:
        return None
    try:
        one, _loaded = read_again(row)
    except Refusal:
        return None
    said = [] if one.remittance is None else one.remittance.claims
    ours = RemittanceClaim.objects.unscoped(_SHOWN).filter(remittance=other).order_by("number")
    posted = _by_number((held.patient_control, held.charge, held.paid) for held in ours)
    waiting = _by_number((claim.patient_control, claim.charge_cents, claim.paid_cents) for claim in said)
    claims = [
        Compared(number, posted.get(number, ""), waiting.get(number, "")) for number in sorted({*posted, *waiting})
    ]
    ordered = sorted(claims, key=lambda claim: not claim.differs)
    return Sides(_facts(other, row), ordered[:_MOST], max(0, len(ordered) - _MOST))


def _facts(posted: Remittance, waiting: Remittance) -> list[Compared]:
    return [
        Compared(_("Claims"), str(posted.claim_count), str(waiting.claim_count)),
        Compared(_("Paid on claims"), dollars(posted.claim_total), dollars(waiting.claim_total)),
        Compared(_("Beside the claims"), dollars(posted.provider_total), dollars(waiting.provider_total)),
        Compared(_("Payment"), dollars(posted.amount), dollars(waiting.amount)),
        Compared(_("How"), posted.method, waiting.method),
    ]


def _by_number(claims: Iterable[tuple[str, Cents, Cents]]) -> dict[str, str]:
    """Charge and paid of each claim as text; a claim that is answered twice shows both."""
    found: dict[str, str] = {}
    for number, charge, paid in claims:
        text = f"{dollars(paid)} / {dollars(charge)}"
        found[number] = f"{found[number]}; {text}" if number in found else text
    return found
