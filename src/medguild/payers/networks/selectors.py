"""Questions about networks. `participations` answers for many clinicians at once, for lists of free times."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.payers.networks import rules
from medguild.payers.networks.models import Network, NetworkClinician, NetworkGroup, NetworkPlan, PlanTerms
from medguild.payers.networks.permissions import NetworksRight
from medguild.payers.networks.rules import Answer, Finding, Listing, Part, PlanRules, Standing, Why
from medguild.payers.payers.models import Plan
from medguild.payers.payers.rules import PlanKind

_MODELS: dict[str, type[NetworkPlan] | type[NetworkGroup] | type[NetworkClinician]] = {
    "plan": NetworkPlan,
    "group": NetworkGroup,
    "clinician": NetworkClinician,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where and by whom somebody is to be seen: entity that bills, unit of the site, clinician."""

    entity_id: UUID
    site_id: UUID
    clinician_id: UUID


@dataclass(frozen=True, slots=True)
class Participation:
    """In network or not, with a finding for each part asked; the tier is None unless in network."""

    answer: Answer
    findings: tuple[Finding, ...]
    tier: int | None = None
    network_name: str = ""

    def deciding(self) -> list[Finding]:
        """The parts that keep it from being in network."""
        return [one for one in self.findings if one.answer is not Answer.IN]


@dataclass(frozen=True, slots=True)
class _Lists:
    """What the networks of a plan say: per network its tier and name, its rows of entities and of clinicians."""

    networks: dict[UUID, tuple[int, str]]
    groups: dict[tuple[UUID, UUID], list[Listing]]
    clinicians: dict[tuple[UUID, UUID, UUID], list[Listing]]


def networks(*, on: dt.date) -> QuerySet[Network]:
    """Networks by payer and name, with how many plans use them and how many clinicians they list on a day."""
    return (
        Network.objects.select_related("payer")
        .annotate(
            plan_count=Count("plans", filter=Q(plans__period__contains=on), distinct=True),
            group_count=Count("groups__entity", filter=Q(groups__period__contains=on), distinct=True),
            clinician_count=Count("clinicians__clinician", filter=Q(clinicians__period__contains=on), distinct=True),
        )
        .order_by("payer__name", "name")
    )


def network(network_id: UUID) -> Network:
    """Raises NotVisible."""
    found = Network.objects.select_related("payer").filter(pk=network_id).first()
    if found is None:
        raise NotVisible
    return found


def plans_of(network: Network) -> QuerySet[NetworkPlan]:
    return network.plans.select_related("plan__payer").order_by("plan__name", "-period")


def groups_of(network: Network) -> QuerySet[NetworkGroup]:
    return network.groups.select_related("entity", "site").order_by("entity__name", "site__name", "-period")


def clinicians_of(network: Network) -> QuerySet[NetworkClinician]:
    rows = network.clinicians.select_related("entity", "clinician__person")
    return rows.order_by("clinician__person__family_name", "clinician__person__given_name", "-period")


def listing(actor: Actor, what: str, row_id: UUID) -> NetworkPlan | NetworkGroup | NetworkClinician:
    """A row that the actor keeps: any of a plan, else one of their own entities. Raises NotVisible."""
    found = _MODELS[what].objects.select_related("network").filter(pk=row_id).first()
    if found is None:
        raise NotVisible
    scope = actor.scope(NetworksRight.MANAGE)
    if not (isinstance(found, NetworkPlan) or scope.everything or found.entity_id in scope.units):
        raise NotVisible
    return found


def plan_rules(plan: Plan, *, on: dt.date) -> PlanRules:
    """What the plan asks of its members on a day: its own terms, else those of its kind."""
    held = PlanTerms.objects.filter(plan=plan, period__contains=on).first()
    if held is None:
        return rules.RULES_OF_KIND[PlanKind(plan.kind)]
    return PlanRules(held.needs_gatekeeper, held.needs_referral, held.covers_outside, held.has_tiers)


def participation(*, plan: Plan, place: Place, on: dt.date, new_patient: bool = False) -> Participation:
    """Whether a visit of a member of the plan is in network on a day."""
    return participations(plan=plan, places=[place], on=on, new_patient=new_patient)[place]


def participations(
    *, plan: Plan, places: Iterable[Place], on: dt.date, new_patient: bool = False
) -> dict[Place, Participation]:
    """The same for many places in three queries. Of several networks of a plan the best answer counts."""
    asked = list(dict.fromkeys(places))
    whole = _plan_findings(plan, on)
    if whole[-1].answer is not Answer.IN or whole[-1].why is Why.NO_NETWORK_NEEDED:
        return dict.fromkeys(asked, Participation(rules.overall(whole), tuple(whole)))
    lists = _lists(plan, asked, on)
    if not lists.networks:
        nothing = (*whole, Finding(Part.NETWORK, Answer.UNKNOWN, Why.NO_NETWORK_ON_FILE))
        return dict.fromkeys(asked, Participation(Answer.UNKNOWN, nothing))
    return {place: _best(whole, lists, place, on, new_patient) for place in asked}


def _plan_findings(plan: Plan, on: dt.date) -> list[Finding]:
    period = plan.period
    in_force = period.lower <= on and (period.upper is None or on < period.upper)
    found = [
        Finding(
            Part.PLAN,
            Answer.IN if in_force else Answer.OUT,
            Why.IN_FORCE if in_force else Why.NOT_IN_FORCE,
            period.lower,
            period.upper,
        )
    ]
    if in_force and PlanKind(plan.kind) in rules.WITHOUT_NETWORK:
        found.append(Finding(Part.NETWORK, Answer.IN, Why.NO_NETWORK_NEEDED))
    return found


def _lists(plan: Plan, places: Sequence[Place], on: dt.date) -> _Lists:
    used = NetworkPlan.objects.filter(plan=plan, period__contains=on, network__period__contains=on)
    networks = {row.network_id: (row.tier, row.network.name) for row in used.select_related("network")}
    entities = {place.entity_id for place in places}
    groups: dict[tuple[UUID, UUID], list[Listing]] = defaultdict(list)
    for group in NetworkGroup.objects.filter(network__in=networks, entity__in=entities):
        groups[group.network_id, group.entity_id].append(
            Listing(Standing(group.standing), group.period.lower, group.period.upper, group.site_id)
        )
    clinicians: dict[tuple[UUID, UUID, UUID], list[Listing]] = defaultdict(list)
    listed = NetworkClinician.objects.filter(
        network__in=networks, entity__in=entities, clinician__in={place.clinician_id for place in places}
    )
    for row in listed:
        clinicians[row.network_id, row.entity_id, row.clinician_id].append(
            Listing(Standing(row.standing), row.period.lower, row.period.upper, open_panel=row.open_panel)
        )
    return _Lists(networks, groups, clinicians)


def _best(whole: Sequence[Finding], lists: _Lists, place: Place, on: dt.date, new_patient: bool) -> Participation:
    found = [
        _in_network(whole, lists, network_id, tier, name, place, on, new_patient)
        for network_id, (tier, name) in sorted(lists.networks.items(), key=lambda item: item[1])
    ]
    order = [Answer.IN, Answer.UNKNOWN, Answer.OUT]
    return min(found, key=lambda one: order.index(one.answer))


def _in_network(
    whole: Sequence[Finding],
    lists: _Lists,
    network_id: UUID,
    tier: int,
    name: str,
    place: Place,
    on: dt.date,
    new_patient: bool,
) -> Participation:
    findings = [*whole, Finding(Part.NETWORK, Answer.IN, Why.USES)]
    findings += rules.judge_group(lists.groups.get((network_id, place.entity_id), []), place.site_id, on)
    listings = lists.clinicians.get((network_id, place.entity_id, place.clinician_id), [])
    findings += rules.judge_clinician(listings, on, new_patient=new_patient)
    answer = rules.overall(findings)
    return Participation(answer, tuple(findings), tier if answer is Answer.IN else None, name)
