"""Adding payers and plans."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import Refusal
from medguild.payers.payers import rules
from medguild.payers.payers.models import Payer, Plan
from medguild.payers.payers.rules import PayerKind, PlanKind

PAYER_ADDED = declare_event("payer.added", "Payer added", icon="building-bank")
PAYER_CHANGED = declare_event("payer.changed", "Payer changed", icon="building-bank")
PLAN_ADDED = declare_event("plan.added", "Plan added", icon="file-text")


@transaction.atomic
def add_payer(
    *,
    name: str,
    kind: PayerKind,
    by: Actor,
    payer_id: str = "",
    filing_indicator: str = "",
    originator: str = "",
    line1: str = "",
    city: str = "",
    state: str = "",
    postal_code: str = "",
    phone: str = "",
    start: dt.date | None = None,
) -> Payer:
    """Add a payer; its claim filing indicator (SBR09) follows from the kind unless given. A used id is refused."""
    number = _payer_id(payer_id, kind)
    if number and Payer.objects.filter(payer_id=number).exists():
        raise Refusal(_("Another payer has this payer id."), code="payer_id_taken", field="payer_id")
    payer = Payer.objects.create(
        name=_name(name),
        kind=kind,
        payer_id=number,
        filing_indicator=_indicator(filing_indicator or rules.FILING_INDICATOR[kind]),
        originator=originator.strip(),
        line1=line1.strip(),
        city=city.strip(),
        state=state.strip().upper(),
        postal_code=postal_code.replace("-", "").strip(),
        phone=phone.strip(),
        period=DateRange(start or today(), None),
    )
    record(PAYER_ADDED, subject=_subject(payer), by=by, data={"kind": kind})
    return payer


@transaction.atomic
def add_plan(
    *,
    payer: Payer,
    name: str,
    kind: PlanKind,
    by: Actor,
    filing_indicator: str = "",
    start: dt.date | None = None,
) -> Plan:
    """Add a plan of a payer; its name is unique there."""
    title = _name(name)
    if Plan.objects.filter(payer=payer, name=title).exists():
        raise Refusal(_("This payer has a plan of that name."), code="plan_exists", field="name")
    plan = Plan.objects.create(
        payer=payer,
        name=title,
        kind=kind,
        filing_indicator=_indicator(filing_indicator) if filing_indicator else "",
        period=DateRange(start or today(), None),
    )
    record(PLAN_ADDED, subject=SubjectRef("plan", plan.pk, title), by=by, data={"payer_id": payer.pk})
    return plan


@transaction.atomic
def end_payer(*, payer: Payer, on: dt.date, by: Actor) -> None:
    """From a day on no new coverage may name the payer; what exists stays."""
    payer = Payer.objects.select_for_update().get(pk=payer.pk)
    if on <= payer.period.lower:
        raise Refusal(_("The end must be after the first day."), field="on")
    payer.period = DateRange(payer.period.lower, on)
    payer.save(update_fields=["period"])
    record(PAYER_CHANGED, subject=_subject(payer), by=by, data={"ended": on.isoformat()})


def _subject(payer: Payer) -> SubjectRef:
    return SubjectRef("payer", payer.pk, payer.name)


def _name(text: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise Refusal(_("Write a name."), code="name_needed", field="name")
    return cleaned


def _payer_id(text: str, kind: PayerKind) -> str:
    if not text.strip() and kind is PayerKind.SELF_PAY:
        return ""
    try:
        return rules.normal_payer_id(text)
    except ValueError:
        raise Refusal(
            _("Write the payer id of the clearinghouse: 2 to 20 letters and digits."),
            code="payer_id_form",
            field="payer_id",
        ) from None


def _indicator(code: str) -> str:
    if code not in rules.FILING_INDICATORS:
        raise Refusal(_("This claim filing indicator is not known."), code="filing_unknown", field="filing_indicator")
    return code
