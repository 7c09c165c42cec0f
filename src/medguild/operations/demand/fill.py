"""Fill of templates compared, and the work that an imbalance raises."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.ports import SubjectView, declare_subject, declare_work_type
from medguild.foundation.work.rules import LIVE
from medguild.foundation.work.services import need_item, settle
from medguild.operations.demand.fill_rules import ClinicianFill, Imbalance, Kind, SessionLoad, imbalances
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.demand.records import Measure, measured, visits_between
from medguild.operations.demand.standards import Targets, targets_of
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.models import SessionVisitType, VisitType
from medguild.operations.scheduling.rules import PatientKind
from medguild.operations.scheduling.slot_rules import bookable_minutes
from medguild.operations.scheduling.week_rules import SessionPattern

WEEKS = 4
_WHY = "fill of clinicians at sites whose numbers the caller may see"
_BOUND = {PatientKind.NEW: 0, PatientKind.ANY: 1, PatientKind.ESTABLISHED: 2}


def _views(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    rows = Clinician.objects.filter(pk__in=list(ids)).select_related("person")
    return {row.pk: SubjectView(row.label(), reverse("demand:fill")) for row in rows}


TEMPLATE = declare_subject("clinician_template", gettext_lazy("Template of a clinician"), _views)
REBALANCE = declare_work_type(
    "demand.rebalance", gettext_lazy("Template out of balance"), role=Role.PRACTICE_MANAGER,
    due=dt.timedelta(days=14), backup_role=Role.MEDICAL_DIRECTOR, subject_types=(TEMPLATE.key,), icon="scale",
    right=DemandRight.READ,
)  # fmt: skip


def clinician_fills(
    actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site], clinicians: Collection[UUID] | None = None
) -> list[ClinicianFill]:
    """Booked per bookable minutes of each clinician (or of these) with a template at the sites in the half-open period;
    five queries.

    Visits outside of all sessions count as booked, as in `scheduling.numbers.template_fill`; sessions hold their own.
    """
    units = [site.unit_id for site in sites]
    sessions = load_sessions(visit_type_id=None, start=start, end=end, where=Where(clinicians, units))
    blocks = load_blocks(
        clinicians={one.clinician_id for one in sessions}, units={one.unit_id for one in sessions},
        sessions=[one.id for one in sessions], start=start, end=end,
    )  # fmt: skip
    used, visits = _used(actor, start, end, sites)
    takes = _takes(sessions)
    by_clinician: dict[UUID, list[SessionPattern]] = defaultdict(list)
    for session in sessions:
        by_clinician[session.clinician_id].append(session)
    specialty = dict(Clinician.objects.filter(pk__in=by_clinician).values_list("pk", "specialty"))
    found = []
    for clinician, own in by_clinician.items():
        bookable = bookable_minutes(own, blocks, start=start, end=end).get(clinician, 0)
        loads = [
            SessionLoad(
                one.id, one.weekday, one.start_minute, one.end_minute, one.unit_id,
                bookable_minutes([one], blocks, start=start, end=end).get(clinician, 0), visits.get(one.id, {}),
                takes.get(one.id, frozenset()),
            )
            for one in own
        ]  # fmt: skip
        booked, overbooked = used.get((clinician, False), 0), used.get((clinician, True), 0)
        group = (own[0].entity_id, specialty.get(clinician, ""))
        found.append(ClinicianFill(clinician, group, bookable, booked, overbooked, loads))
    return found


def _used(
    actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]
) -> tuple[dict[tuple[UUID, bool], int], dict[UUID, dict[UUID, tuple[int, int]]]]:
    length = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())
    rows = measured(visits_between(actor, start=start, end=end, sites=sites), Measure.EXPECTED)
    found = rows.values_list("clinician_id", "overbooked", "session_id", "visit_type_id").annotate(
        count=Count("pk"), total=Sum(length)
    )
    used: dict[tuple[UUID, bool], int] = defaultdict(int)
    visits: dict[UUID, dict[UUID, tuple[int, int]]] = defaultdict(dict)
    for clinician, overbooked, session, kind, count, total in found:
        minutes = int(total.total_seconds()) // 60
        used[clinician, overbooked] += minutes
        if session is not None:
            before = visits[session].get(kind, (0, 0))
            visits[session][kind] = (before[0] + count, before[1] + minutes)
    return used, visits


def _takes(sessions: Iterable[SessionPattern]) -> dict[UUID, frozenset[UUID]]:
    rows = SessionVisitType.objects.unscoped(_WHY).filter(session__in=[one.id for one in sessions])
    takes: dict[UUID, set[UUID]] = defaultdict(set)
    for session, kind in rows.values_list("session_id", "visit_type_id"):
        takes[session].add(kind)
    return {session: frozenset(kinds) for session, kinds in takes.items()}


def limits_of(fills: Iterable[ClinicianFill]) -> Mapping[UUID, Targets]:
    """What counts as too full and as room, by entity."""
    return targets_of(sorted({one.group[0] for one in fills}, key=str))


def out_of_balance(fills: Collection[ClinicianFill]) -> list[Imbalance]:
    """Who is too full beside who has room, by the limits of the entity."""
    rows = VisitType.objects.filter(pk__in={kind for one in fills for load in one.sessions for kind in load.visits})
    kinds = {row.pk: Kind(row.pk, row.name, _BOUND.get(PatientKind(row.patient_kind), 1)) for row in rows}
    found: list[Imbalance] = []
    for entity, limits in limits_of(fills).items():
        members = [one for one in fills if one.group[0] == entity]
        found += imbalances(members, most=limits.fill_most, least=limits.fill_least, kinds=kinds)
    return sorted(found, key=lambda one: -(one.over.percent or 0))


@transaction.atomic
def raise_imbalances(*, by: Actor, at: dt.datetime | None = None) -> int:
    """Open work for each imbalance of the last four weeks, once a month; close what is in balance again."""
    moment = at or now()
    end = day_of(moment)
    fills = clinician_fills(by, start=end - dt.timedelta(weeks=WEEKS), end=end, sites=list(Site.objects.all()))
    found = out_of_balance(fills)
    names = _names(found)
    sources = set()
    for one in found:
        source = f"{REBALANCE}:{one.over.clinician_id}:{one.under.clinician_id}:{end:%Y-%m}"
        sources.add(source.rsplit(":", 1)[0])
        need_item(
            work_type=REBALANCE, unit_id=one.over.sessions[0].unit_id, source=source, by=by, at=moment,
            subject=SubjectRef(TEMPLATE.key, one.over.clinician_id, names[one.over.clinician_id]),
            specialty=one.over.group[1], summary=proposal_text(one, names),
        )  # fmt: skip
    live = WorkItem.objects.unscoped(_WHY).filter(work_type=REBALANCE, status__in=sorted(LIVE))
    for held in live.values_list("source", flat=True):
        if held and held.rsplit(":", 1)[0] not in sources:
            settle(source=held, outcome=_("Both templates are in balance again."), by=by, at=moment)
    return len(found)


def _names(found: Iterable[Imbalance]) -> dict[UUID, str]:
    ids = {pk for one in found for pk in (one.over.clinician_id, one.under.clinician_id)}
    return {row.pk: row.label() for row in Clinician.objects.filter(pk__in=ids).select_related("person")}


def proposal_text(one: Imbalance, names: Mapping[UUID, str]) -> str:
    """In one sentence who is too full, who has room, and how much could move; in the language of the house."""
    with translation.override("en"):
        return _(
            "%(over)s is booked to %(full)s %%, %(under)s to %(idle)s %%: %(visits)s visits (%(minutes)s minutes)"
            " in four weeks could move."
        ) % {
            "over": names[one.over.clinician_id], "full": one.over.percent, "under": names[one.under.clinician_id],
            "idle": one.under.percent, "visits": sum(move.visits for move in one.moves), "minutes": one.minutes,
        }  # fmt: skip
