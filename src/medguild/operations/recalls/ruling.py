"""Rules by which a visit makes the next one due."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.selectors import units_above
from medguild.operations.recalls import recording
from medguild.operations.recalls.models import Recall, RecallRule
from medguild.operations.recalls.rules import OPEN, Origin, months_after
from medguild.operations.recalls.services import change_due, make_recall
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.permissions import SchedulingRight

_HOUSE = "rules hold for everybody's visits"


@transaction.atomic
def set_rule(*, unit: Unit, after: VisitType, due: VisitType, months: int, by: Actor) -> RecallRule:
    """From now on, a visit of the first type at the unit or below makes one of the second due so many months later.

    Raises NotVisible, NotAllowed, Refusal where the same rule stands already.
    """
    refuse_invisible(by, unit.pk, SchedulingRight.TEMPLATES)
    if not 1 <= months <= 120:
        raise Refusal(_("Between one month and ten years."), code="months_unknown", field="months")
    same = RecallRule.objects.unscoped(_HOUSE).filter(unit=unit, after_type=after, due_type=due, active=True)
    if same.exists():
        raise Refusal(_("This rule stands already. End it first."), code="rule_known", field="due_type")
    rule: RecallRule = RecallRule.objects.create(unit=unit, after_type=after, due_type=due, months=months)
    _tell(recording.RULE_SET, rule, by)
    return rule


@transaction.atomic
def end_rule(*, rule: RecallRule, by: Actor) -> None:
    """It makes nothing due any more; what it made stays."""
    refuse_invisible(by, rule.unit_id, SchedulingRight.TEMPLATES)
    rule.active = False
    rule.save(update_fields=["active"])
    _tell(recording.RULE_ENDED, rule, by)


@transaction.atomic
def apply_rules(visit: Appointment, *, by: Actor, at: dt.datetime | None = None) -> list[Recall]:
    """Recalls that a visit which took place makes due, of each kind by the nearest rule. Twice changes nothing.

    `visit` comes with `unit__site`, `patient` and `visit_type`.
    """
    day = local_date(visit.start, visit.unit.site.time_zone)
    nearest = {unit_id: place for place, unit_id in enumerate(units_above(visit.unit_id, on=day))}
    rules = RecallRule.objects.unscoped(_HOUSE).filter(
        unit__in=nearest, after_type=visit.visit_type_id, active=True, due_type__active=True
    )
    chosen: dict[UUID, RecallRule] = {}
    for rule in sorted(rules.select_related("due_type"), key=lambda one: nearest[one.unit_id]):
        chosen.setdefault(rule.due_type_id, rule)
    found = [_apply(rule, visit, months_after(day, rule.months), by, at or now()) for rule in chosen.values()]
    return [recall for recall in found if recall is not None]


def _apply(rule: RecallRule, visit: Appointment, due_on: dt.date, by: Actor, at: dt.datetime) -> Recall | None:
    rows = Recall.objects.unscoped(_HOUSE).filter(patient=visit.patient_id, visit_type=rule.due_type_id)
    if rows.filter(from_visit=visit).exists() or visit.patient.deceased_on is not None:
        return None
    standing = rows.filter(status__in=OPEN).select_for_update().first()
    if standing is None:
        return make_recall(
            patient=visit.patient, visit_type=rule.due_type, site=visit.unit.site, due_on=due_on, by=by,
            clinician=visit.clinician, origin=Origin.RULE, rule=rule, from_visit=visit, at=at,
        )  # fmt: skip
    # The visit that was due has just taken place: the one that stands is for the next time.
    if visit.visit_type_id == rule.due_type_id and standing.due_on < due_on:
        moved: Recall = change_due(recall=standing, due_on=due_on, by=by)
        return moved
    return None


def _tell(event: str, rule: RecallRule, by: Actor) -> None:
    record(
        event, subject=SubjectRef("recall_rule", rule.pk, ""), by=by, unit_id=rule.unit_id,
        data={"after": rule.after_type_id, "due": rule.due_type_id, "months": rule.months},
    )  # fmt: skip
