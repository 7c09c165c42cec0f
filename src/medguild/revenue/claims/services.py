"""From ready charges to checked claims: gathering, checking, taking back, replacing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotVisible
from medguild.foundation.organization.selectors import billing_identity
from medguild.foundation.work.services import need_item, settle
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.claims import rules
from medguild.revenue.claims.assembly import answers_for, facts_of, with_relations
from medguild.revenue.claims.edits import check, clean
from medguild.revenue.claims.models import Claim, ClaimFinding, ClaimLine
from medguild.revenue.claims.remote import code_remote
from medguild.revenue.claims.rules import ClaimStatus, Sheaf
from medguild.revenue.claims.work import MEND_CLAIM, NO_BILLING_IDENTITY

CREATED = declare_event("claim.created", gettext_lazy("Claim made"), icon="file-plus")
CHECKED = declare_event("claim.checked", gettext_lazy("Claim checked"), icon="file-check")
VOIDED = declare_event("claim.voided", gettext_lazy("Claim taken back"), icon="file-off")

_WHOLE = "claims are made of all charges that wait, by the house"


def subject_of(claim: Claim) -> SubjectRef:
    return SubjectRef("claim", claim.pk, claim.number)


@transaction.atomic
def make_claims(
    *,
    by: Actor,
    unit_ids: Iterable[UUID] | None = None,
    charge_ids: Iterable[UUID] | None = None,
    at: dt.datetime | None = None,
) -> list[Claim]:
    """Put ready charges of insured patients on claims and check each; limited to sites, or to single charges.

    Charges without a billing identity stay and become work.
    """
    moment = at or now()
    waiting = Charge.objects.unscoped(_WHOLE).filter(status=ChargeStatus.READY, coverage__isnull=False)
    if unit_ids is not None:
        waiting = waiting.filter(site_id__in=list(unit_ids))
    if charge_ids is not None:
        waiting = waiting.filter(pk__in=list(charge_ids))
    rows = waiting.select_for_update(of=("self",), skip_locked=True)
    charges = list(rows.select_related("coverage", "rendering").order_by("service_date", "captured_at", "pk"))
    return [
        _make(sheaf, part, by=by, at=moment) for sheaf, held in _sheaves(charges, by).items() for part in _parts(held)
    ]


def _sheaves(charges: Iterable[Charge], by: Actor) -> dict[Sheaf, list[Charge]]:
    found: dict[Sheaf, list[Charge]] = {}
    for charge in charges:
        coverage = charge.coverage
        if coverage is None or charge.account_id is None:
            continue
        identity = billing_identity(
            entity_id=charge.entity_id,
            site_id=charge.site_id,
            payer_id=coverage.payer_id,
            specialty=charge.rendering.specialty,
            on=charge.service_date,
        )
        if identity is None:
            _need_identity(charge, by)
            continue
        sheaf = Sheaf(
            charge.patient_id, charge.account_id, coverage.pk, charge.entity_id, charge.site_id, charge.visit_id,
            charge.rendering_id, identity.pk,
        )  # fmt: skip
        found.setdefault(sheaf, []).append(charge)
    return found


def _need_identity(charge: Charge, by: Actor) -> None:
    need_item(
        work_type=NO_BILLING_IDENTITY,
        unit_id=charge.site_id,
        by=by,
        subject=SubjectRef("charge", charge.pk, charge.label()),
        patient_id=charge.patient_id,
        source=f"claim.no_billing_identity:{charge.entity_id}:{charge.site_id}",
    )


def _parts(charges: list[Charge]) -> Iterable[list[Charge]]:
    """At most fifty lines and twelve diagnoses to a claim."""
    part: list[Charge] = []
    for charge in charges:
        wider = rules.all_diagnoses([line.diagnoses for line in [*part, charge]])
        if part and (len(part) == rules.MOST_LINES or len(wider) > rules.MOST_DIAGNOSES):
            yield part
            part = []
        part.append(charge)
    if part:
        yield part


def _make(sheaf: Sheaf, charges: list[Charge], *, by: Actor, at: dt.datetime) -> Claim:
    number = next_number()
    diagnoses = rules.all_diagnoses([charge.diagnoses for charge in charges])
    claim = Claim.objects.create(
        number=number,
        patient_id=sheaf.patient_id,
        account_id=sheaf.account_id,
        coverage_id=sheaf.coverage_id,
        payer_id=_payer_id(charges[0]),
        entity_id=sheaf.entity_id,
        site_id=sheaf.site_id,
        billing_identity_id=sheaf.billing_identity_id,
        rendering_id=sheaf.rendering_id,
        diagnoses=diagnoses,
        service_from=min(charge.service_date for charge in charges),
        service_to=max(charge.service_date for charge in charges),
        charge=sum(charge.amount for charge in charges),
        created_at=at,
    )
    _add_lines(claim, charges)
    tell(CREATED, claim, by, lines=len(charges))
    return check_claim(claim=claim, by=by, at=at)


def _payer_id(charge: Charge) -> UUID:
    if charge.coverage is None:
        raise ValueError("a claim is made of charges with a payer")
    return charge.coverage.payer_id


def _add_lines(claim: Claim, charges: list[Charge]) -> None:
    ClaimLine.objects.bulk_create(
        ClaimLine(
            claim=claim, number=number, charge=charge, control=rules.line_control(claim.number, number),
            code=charge.code, modifiers=charge.modifiers, units=charge.units, amount=charge.amount,
            pointers=list(rules.pointers(charge.diagnoses, claim.diagnoses)), service_date=charge.service_date,
        )
        for number, charge in enumerate(charges, start=1)
    )  # fmt: skip
    ids = [charge.pk for charge in charges]
    Charge.objects.unscoped(_WHOLE).filter(pk__in=ids).update(status=ChargeStatus.BILLED)


def next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('revenue_claim_number')")
        return rules.claim_number(cursor.fetchone()[0])


@transaction.atomic
def check_claim(*, claim: Claim, by: Actor, at: dt.datetime | None = None) -> Claim:
    """Run the edits; the findings replace the earlier ones, and a claim with an error becomes work."""
    held = lock_claim(claim)
    if not held.is_open:
        raise Conflict(_("This claim was sent and stays as sent; replace it instead."), code="claim_sent")
    answers = answers_for([held])
    code_remote(held, answers.lines[held.pk], answers.remote.get(held.pk))
    findings = check(facts_of(held, answers, today=(at or now()).date()))
    ClaimFinding.objects.unscoped("findings of this claim").filter(claim=held).delete()
    ClaimFinding.objects.bulk_create(
        ClaimFinding(claim=held, rule=finding.rule, severity=finding.severity, line=finding.line, place=finding.place)
        for finding in findings
    )
    held.status = ClaimStatus.READY if clean(findings) else ClaimStatus.EDIT_FAILED
    held.revision += 1
    if held.passed_first is None:
        held.passed_first = held.status == ClaimStatus.READY
    held.save(update_fields=["status", "revision", "passed_first"])
    source = f"claim.mend:{held.pk}"
    if held.status == ClaimStatus.READY:
        settle(source=source, outcome="mended", by=by)
    else:
        need_item(
            work_type=MEND_CLAIM, unit_id=held.site_id, by=by, subject=subject_of(held), patient_id=held.patient_id,
            source=source,
        )  # fmt: skip
    tell(CHECKED, held, by, status=held.status, rules=[finding.rule for finding in findings])
    return held


@transaction.atomic
def void_claim(*, claim: Claim, by: Actor) -> Claim:
    """Take back a claim that was not sent; its charges wait again."""
    held = lock_claim(claim)
    if not held.is_open:
        raise Conflict(_("This claim was sent; send a void to the payer instead."), code="claim_sent")
    lines = ClaimLine.objects.unscoped("lines of this claim").filter(claim=held)
    charge_ids = list(lines.values_list("charge_id", flat=True))
    lines.update(live=False)
    if held.replaces_id is None:
        release_charges(charge_ids)
    else:  # the payer still knows the claim before: the charges stand on that one again
        before = ClaimLine.objects.unscoped("lines of the claim before").filter(claim_id=held.replaces_id)
        before.update(live=True)
    held.status = ClaimStatus.VOID
    held.revision += 1
    held.save(update_fields=["status", "revision"])
    settle(source=f"claim.mend:{held.pk}", outcome="void", by=by)
    tell(VOIDED, held, by)
    return held


@transaction.atomic
def authorize_claim(*, claim: Claim, prior_authorization: str, by: Actor) -> Claim:
    """Put the payer's approval number on a claim that was not sent, and check it again."""
    held = lock_claim(claim)
    if not held.is_open:
        raise Conflict(_("This claim was sent and stays as sent; replace it instead."), code="claim_sent")
    held.prior_authorization, held.passed_first = prior_authorization.strip(), False
    held.save(update_fields=["prior_authorization", "passed_first"])
    return check_claim(claim=held, by=by)


def release_charges(charge_ids: Sequence[UUID]) -> None:
    Charge.objects.unscoped(_WHOLE).filter(pk__in=charge_ids).update(status=ChargeStatus.READY)


def lock_claim(claim: Claim) -> Claim:
    claims = Claim.objects.unscoped("the caller was shown this claim; it is read again under a lock")
    held = with_relations(claims.select_for_update(of=("self",))).filter(pk=claim.pk).first()
    if held is None:
        raise NotVisible
    return held


def tell(event: str, claim: Claim, by: Actor, **data: object) -> None:
    record(
        event,
        subject=subject_of(claim),
        by=by,
        patient_id=claim.patient_id,
        unit_id=claim.site_id,
        data={"payer_id": claim.payer_id, "charge": claim.charge, **data},
    )
