"""States of a remittance, why one waits, and its digest. Pure."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
from decimal import Decimal
from typing import Any

from medguild.x12.records.common import Adjustment, Procedure
from medguild.x12.records.remittance import ProviderAdjustment, Remittance, RemittanceClaim, ServicePayment


class RemittanceStatus(enum.StrEnum):
    """A posted one is final. `conflict`: another content came under the key of a posted one. `set_aside`: a person
    decided that it will never be posted, or a good copy of it came."""

    POSTED = "posted"
    QUARANTINED = "quarantined"
    CONFLICT = "conflict"
    SET_ASIDE = "set_aside"


WAITING = frozenset({RemittanceStatus.QUARANTINED, RemittanceStatus.CONFLICT})
TRANSITIONS: frozenset[tuple[RemittanceStatus, RemittanceStatus]] = frozenset(
    (before, after) for before in WAITING for after in (RemittanceStatus.POSTED, RemittanceStatus.SET_ASIDE)
)


def may_move(before: str, after: str) -> bool:
    return (before, after) in TRANSITIONS


class Hold(enum.StrEnum):
    """Why a remittance waits and nothing of it was posted."""

    UNBALANCED = "unbalanced"
    DAMAGED = "damaged"
    VERSION = "version"
    NO_BOOKS = "no_books"
    REFUSED = "refused"
    SAME_KEY = "same_key"


class ClaimState(enum.StrEnum):
    """Whether a claim of a posted remittance found its claim here, or its money waits in suspense."""

    APPLIED = "applied"
    SUSPENSE = "suspense"


class Unmatched(enum.StrEnum):
    """Why a claim of a remittance stands in suspense."""

    NO_CLAIM = "no_claim"
    OTHER_ENTITY = "other_entity"
    NOT_SENT = "not_sent"
    UNKNOWN_PAYEE = "unknown_payee"


class DenialOutcome(enum.StrEnum):
    """How a denial ended."""

    DECIDED_ANEW = "decided_anew"
    RESUBMITTED = "resubmitted"
    WRITTEN_OFF = "written_off"
    TO_PATIENT = "to_patient"
    CLOSED = "closed"


# Groups under which a refused amount may still be asked of the patient; CO binds us by contract, and what stands under
# PR is the patient's already.
BILLABLE_GROUPS = frozenset({"OA", "PI"})
# And only what the patient, not we, could have known or mended.
BILLABLE_CATEGORIES = frozenset({"non_covered", "eligibility", "cob", "liability_wc"})


class Outcome(enum.StrEnum):
    """What importing did with one remittance."""

    POSTED = "posted"
    ALREADY_POSTED = "already_posted"
    QUARANTINED = "quarantined"
    CONFLICT = "conflict"
    SET_ASIDE = "set_aside"
    REFUSED = "refused"


# Outcomes after which nobody needs to do anything about the remittance itself.
SETTLED = frozenset({Outcome.POSTED, Outcome.ALREADY_POSTED, Outcome.SET_ASIDE})


def digest_of(remittance: Remittance) -> str:
    """A fingerprint of what a remittance says, the same in any wrapping.

    Left out is what belongs to the envelope or the day of writing: control numbers, delimiters, segment positions,
    REF*EV and F2, DTM*405, addresses and contacts. Order of claims and of provider adjustments does not matter.
    """
    header = remittance.header
    said = {
        "key": [*map(_plain, header.key)],
        "method": [header.method, header.credit_debit],
        "claims": sorted(json.dumps(_claim(claim)) for claim in remittance.claims),
        "provider": sorted(json.dumps(_provider(one)) for one in remittance.provider_adjustments),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _claim(claim: RemittanceClaim) -> list[Any]:
    return [
        claim.patient_control, claim.status, claim.charge_cents, claim.paid_cents, claim.patient_responsibility_cents,
        claim.payer_control, _adjustments(claim.adjustments), sorted(claim.remark_codes),
        [_service(service) for service in claim.services],
    ]  # fmt: skip


def _service(service: ServicePayment) -> list[Any]:
    return [
        _procedure(service.procedure), _procedure(service.billed), service.charge_cents, service.paid_cents,
        _plain(service.units_paid), service.line_control, _plain(service.service_date),
        _adjustments(service.adjustments), sorted(remark.code for remark in service.remarks),
    ]  # fmt: skip


def _procedure(procedure: Procedure | None) -> list[Any]:
    return [procedure.qualifier, procedure.code, list(procedure.modifiers)] if procedure else []


def _adjustments(adjustments: tuple[Adjustment, ...]) -> list[list[Any]]:
    return sorted([one.group, one.reason, one.amount_cents] for one in adjustments)


def _provider(one: ProviderAdjustment) -> list[Any]:
    return [one.provider_id, _plain(one.fiscal_period_end), one.reason, one.reference, one.amount_cents]


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
