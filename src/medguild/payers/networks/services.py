"""Keeping the lists of networks. A row is ended, never rewritten: past answers can be given again."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import UnitKind
from medguild.payers.networks.models import Network, NetworkClinician, NetworkGroup, NetworkPlan, PlanTerms
from medguild.payers.networks.rules import PlanRules, Standing
from medguild.payers.payers.models import Payer, Plan

NETWORK_ADDED = declare_event("network.added", "Network added", icon="affiliate")
NETWORK_LISTED = declare_event("network.listed", "Listing in a network recorded", icon="affiliate")
NETWORK_ENDED = declare_event("network.listing_ended", "Listing in a network ended", icon="affiliate")
TERMS_SET = declare_event("plan.terms_set", "Terms of a plan set", icon="file-text")

Row = NetworkPlan | NetworkGroup | NetworkClinician
R = TypeVar("R", NetworkPlan, NetworkGroup, NetworkClinician)


@transaction.atomic
def add_network(*, payer: Payer, name: str, by: Actor, start: dt.date | None = None) -> Network:
    """Add a payer's network; its name is unique there."""
    title = " ".join(name.split())
    if not title:
        raise Refusal(_("Write a name."), code="name_needed", field="name")
    if Network.objects.filter(payer=payer, name=title).exists():
        raise Refusal(_("This payer has a network of that name."), code="network_exists", field="name")
    network = Network.objects.create(payer=payer, name=title, period=DateRange(start or today(), None))
    record(NETWORK_ADDED, subject=_subject(network), by=by, data={"payer_id": payer.pk})
    return network


@transaction.atomic
def use_network(
    *, network: Network, plan: Plan, start: dt.date, by: Actor, tier: int = 1, end: dt.date | None = None
) -> NetworkPlan:
    """A plan of the same payer uses the network from a day on."""
    if plan.payer_id != network.payer_id:
        raise Refusal(_("This plan is of another payer."), code="other_payer", field="plan")
    given = {"network": network, "plan": plan}
    _refuse_overlap(NetworkPlan, given, start, end)
    row = NetworkPlan.objects.create(**given, tier=tier, period=DateRange(start, end))
    return _tell(row, network, by, {"plan_id": plan.pk, "tier": tier})


@transaction.atomic
def list_group(
    *,
    network: Network,
    entity: Unit,
    standing: Standing,
    start: dt.date,
    by: Actor,
    site: Unit | None = None,
    end: dt.date | None = None,
) -> NetworkGroup:
    """How the network lists an entity from a day on: at one site, or at all of them."""
    if entity.kind != UnitKind.ENTITY:
        raise Refusal(_("A network lists a legal entity."), code="not_an_entity", field="entity")
    given = {"network": network, "entity": entity, "site": site}
    _refuse_overlap(NetworkGroup, given, start, end)
    row = NetworkGroup.objects.create(**given, standing=standing, period=DateRange(start, end))
    return _tell(row, network, by, {"entity_id": entity.pk, "site_id": site.pk if site else None, "standing": standing})


@transaction.atomic
def list_clinician(
    *,
    network: Network,
    entity: Unit,
    clinician: Clinician,
    standing: Standing,
    start: dt.date,
    by: Actor,
    open_panel: bool = True,
    end: dt.date | None = None,
) -> NetworkClinician:
    """How the network lists a clinician under an entity from a day on."""
    given = {"network": network, "entity": entity, "clinician": clinician}
    _refuse_overlap(NetworkClinician, given, start, end)
    row = NetworkClinician.objects.create(
        **given, standing=standing, open_panel=open_panel, period=DateRange(start, end)
    )
    return _tell(
        row, network, by, {"entity_id": entity.pk, "clinician_id": clinician.pk, "standing": standing}
    )  # fmt: skip


@transaction.atomic
def end_listing(*, row: Row, on: dt.date, by: Actor) -> None:
    """The row no longer holds from a day on."""
    held = type(row).objects.select_for_update().get(pk=row.pk)
    if on <= held.period.lower:
        raise Refusal(_("The end must be after the first day."), code="end_before_start", field="on")
    held.period = DateRange(held.period.lower, on)
    held.save(update_fields=["period"])
    record(
        NETWORK_ENDED, subject=_subject(held.network), by=by,
        data={"what": type(row).__name__, "row_id": row.pk, "on": on.isoformat()},
    )  # fmt: skip


@transaction.atomic
def set_terms(*, plan: Plan, terms: PlanRules, start: dt.date, by: Actor) -> PlanTerms:
    """What the plan asks of its members from a day on; terms in force end on that day."""
    held = PlanTerms.objects.select_for_update().filter(plan=plan, period__contains=start).first()
    if held is not None and held.period.lower == start:
        held.delete()
    elif held is not None:
        held.period = DateRange(held.period.lower, start)
        held.save(update_fields=["period"])
    _refuse_overlap(PlanTerms, {"plan": plan}, start, None)
    made = PlanTerms.objects.create(
        plan=plan, needs_gatekeeper=terms.needs_gatekeeper, needs_referral=terms.needs_referral,
        covers_outside=terms.covers_outside, has_tiers=terms.has_tiers, period=DateRange(start, None),
    )  # fmt: skip
    record(TERMS_SET, subject=SubjectRef("plan", plan.pk, plan.name), by=by, data={"start": start.isoformat()})
    return made


def _subject(network: Network) -> SubjectRef:
    return SubjectRef("network", network.pk, network.name)


def _refuse_overlap(
    model: type[Row] | type[PlanTerms], given: dict[str, Any], start: dt.date, end: dt.date | None
) -> None:
    if end is not None and end <= start:
        raise Refusal(_("The end must be after the first day."), code="end_before_start", field="end")
    if model.objects.filter(**_nulls(given), period__overlap=DateRange(start, end)).exists():
        raise Refusal(
            _("There is an entry for that time already. End it first."), code="listing_overlaps", field="start"
        )


def _nulls(given: dict[str, Any]) -> dict[str, Any]:
    return {name if value is not None else f"{name}__isnull": value or True for name, value in given.items()}


def _tell(row: R, network: Network, by: Actor, data: dict[str, Any]) -> R:
    record(NETWORK_LISTED, subject=_subject(network), by=by, data=data)
    return row
