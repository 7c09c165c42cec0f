"""Kinds of visits: what they are called, how long they take for whom, what they need, who may book them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.organization.capabilities import Capability
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.standards.resolution import StandardContext
from medguild.operations.scheduling.kinds.checks import refuse_length_of
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.needs.models import VisitNeed, VisitTypeLength
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import Mode, PatientKind

VISIT_TYPE_SET = declare_event("visit_type.recorded", gettext_lazy("Kind of visit recorded"), icon="tag")
NEEDS_SET = declare_event("visit_type.needs_set", gettext_lazy("What a kind of visit needs changed"), icon="tools")
LENGTH_SET = declare_event("visit_type.length_set", gettext_lazy("Length of a kind of visit changed"), icon="clock")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a kind of visit is planned: minutes before and after it (of room, devices and staff; of the clinician only
    with `pads_clinician`), the group's limits of its length, and who may book it (doors and roles; none is everybody).
    """

    prep_minutes: int = 0
    clean_up_minutes: int = 0
    pads_clinician: bool = False
    shortest_minutes: int | None = None
    longest_minutes: int | None = None
    booked_by: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Needed:
    """So many resources with a capability; `padded`: also while the visit is prepared and cleaned up after."""

    number: int = 1
    padded: bool = True


PLAIN = Terms()


@transaction.atomic
def record_visit_type(
    *,
    owner: Unit,
    code: str,
    name: str,
    minutes: int,
    by: Actor,
    modes: tuple[Mode, ...] = (Mode.IN_PERSON,),
    colour: str = "blue",
    patient_kind: PatientKind = PatientKind.ANY,
    specialty: str = "",
    needs_room: bool = True,
    active: bool = True,
    terms: Terms = PLAIN,
    visit_type: VisitType | None = None,
) -> VisitType:
    """Add a kind of visit for a unit and all below it, or change the given one. Booked visits keep their length.

    Whoever changes it must keep templates at the whole of its owner: what the enterprise owns, an office cannot change.
    """
    for unit_id in {owner.pk, visit_type.owner_id if visit_type else owner.pk}:
        refuse_foreign_owner(unit_id, by)
    code = code.strip().lower()
    same_code = VisitType.objects.filter(owner=owner, code=code)
    if visit_type is not None:
        same_code = same_code.exclude(pk=visit_type.pk)
    if same_code.exists():
        raise Refusal(_("Another kind of visit has this code."), code="code_taken", field="code")
    _refuse_limits(terms, minutes)
    row = visit_type or VisitType()
    row.owner = owner
    row.code, row.name, row.minutes, row.colour = code, name.strip(), minutes, colour
    row.modes, row.patient_kind, row.specialty = list(modes), patient_kind, specialty
    row.needs_room, row.active = needs_room, active
    row.prep_minutes, row.clean_up_minutes = terms.prep_minutes, terms.clean_up_minutes
    row.pads_clinician, row.booked_by = terms.pads_clinician, list(terms.booked_by)
    row.shortest_minutes, row.longest_minutes = terms.shortest_minutes, terms.longest_minutes
    row.save()
    record(VISIT_TYPE_SET, subject=_subject(row), by=by, unit_id=owner.pk, data={"minutes": minutes})
    return row


def _refuse_limits(terms: Terms, minutes: int) -> None:
    if terms.shortest_minutes is not None and terms.shortest_minutes > minutes:
        raise Refusal(
            _("The shortest length cannot be above the usual one."), code="limits_crossed", field="shortest_minutes"
        )
    if terms.longest_minutes is not None and terms.longest_minutes < minutes:
        raise Refusal(
            _("The longest length cannot be below the usual one."), code="limits_crossed", field="longest_minutes"
        )


def refuse_foreign_owner(unit_id: UUID, by: Actor) -> None:
    """Raises NotAllowed where the actor does not keep the templates of the unit that owns a kind of visit."""
    scope = by.scope(SchedulingRight.TEMPLATES)
    if not scope.everything and unit_id not in scope.units:
        raise NotAllowed(_("This kind of visit belongs to a unit whose templates you do not keep."))


@transaction.atomic
def set_needs(*, visit_type: VisitType, needs: Mapping[Capability, Needed], by: Actor) -> None:
    """Say what a visit of this kind takes besides its clinician. Booked visits keep what they have."""
    refuse_foreign_owner(visit_type.owner_id, by)
    if sum(one.kind == "room" for one in needs) > 1 or any(
        one.kind == "room" and need.number != 1 for one, need in needs.items()
    ):
        raise Refusal(_("A visit is in one room. Choose one kind of room."), code="one_room", field="needs")
    VisitNeed.objects.filter(visit_type=visit_type).exclude(capability__in=list(needs)).delete()
    for capability, need in needs.items():
        VisitNeed.objects.update_or_create(
            visit_type=visit_type, capability=capability, defaults={"count": need.number, "padded": need.padded}
        )
    record(
        NEEDS_SET, subject=_subject(visit_type), by=by, unit_id=visit_type.owner_id,
        data={"needs": {one.code: need.number for one, need in needs.items()}},
    )  # fmt: skip


@transaction.atomic
def set_length(
    *,
    visit_type: VisitType,
    minutes: int,
    by: Actor,
    unit: Unit | None = None,
    specialty: str = "",
    clinician: Clinician | None = None,
    start: dt.date | None = None,
) -> VisitTypeLength:
    """How long it takes at a unit, in a specialty or with a clinician from a day on (today); within the group's limits.

    What held there until then ends on that day, what was set for later falls away. Booked visits keep their length.

    Templates that name a length of their own keep it. Raises TooShort where no approved deviation allows so few.
    """
    refuse_foreign_owner(visit_type.owner_id, by)
    if unit is None and clinician is None and not specialty:
        raise Refusal(_("Say for whom: a place, a specialty or a clinician."), code="for_whom", field="specialty")
    context = StandardContext(
        unit_id=unit.pk if unit else visit_type.owner_id,
        specialty=specialty or (clinician.specialty if clinician else ""),
        clinician_id=clinician.pk if clinician else None,
    )  # fmt: skip
    refuse_length_of(visit_type, minutes, context)
    day = start or today()
    VisitType.objects.select_for_update(no_key=True).get(pk=visit_type.pk)  # two who set at once come one after another
    for held in VisitTypeLength.objects.filter(
        visit_type=visit_type, unit=unit, specialty=specialty, clinician=clinician,
        period__overlap=DateRange(day, None),
    ):  # fmt: skip
        _end(held, day)
    row: VisitTypeLength = VisitTypeLength.objects.create(
        visit_type=visit_type, unit=unit, specialty=specialty, clinician=clinician, minutes=minutes,
        period=DateRange(day, None),
    )  # fmt: skip
    _tell_length(visit_type, by, {"minutes": minutes, "for": _whom(row), "start": day})
    return row


@transaction.atomic
def end_length(*, length: VisitTypeLength, by: Actor, end: dt.date | None = None) -> None:
    """From a day on (today) the usual length holds there again; what has not begun by then falls away."""
    refuse_foreign_owner(length.visit_type.owner_id, by)
    day = end or today()
    _tell_length(length.visit_type, by, {"minutes": None, "for": _whom(length), "start": day})
    _end(length, day)


def _end(length: VisitTypeLength, day: dt.date) -> None:
    if length.period.lower >= day:
        length.delete()
        return
    length.period = DateRange(length.period.lower, day)
    length.save(update_fields=["period"])


def _whom(length: VisitTypeLength) -> dict[str, object]:
    return {"unit_id": length.unit_id, "specialty": length.specialty, "clinician_id": length.clinician_id}


def _tell_length(visit_type: VisitType, by: Actor, data: dict[str, object]) -> None:
    record(LENGTH_SET, subject=_subject(visit_type), by=by, unit_id=visit_type.owner_id, data=data)


def _subject(visit_type: VisitType) -> SubjectRef:
    return SubjectRef("visit_type", visit_type.pk, visit_type.name)
