"""Lists of visits that must move as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.instants import day_text
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.operations.templates.models import MovePlan
from medguild.operations.templates.rules import Cause
from medguild.operations.templates.words import CAUSE_WORDS


def view_plans(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Cause, clinician or site, and day of lists that the actor may see; one query."""
    plans = MovePlan.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("clinician__person", "unit")
    return {
        plan.pk: SubjectView(
            gettext("%(cause)s: %(who)s, from %(day)s")
            % {"cause": CAUSE_WORDS[Cause(plan.cause)], "who": who(plan), "day": day_text(plan.first_day)},
            reverse("templates:moves", args=[plan.pk]),
        )
        for plan in plans
    }


def who(plan: MovePlan) -> str:
    return plan.clinician.label() if plan.clinician else plan.unit.name


MOVE_PLAN = "move_plan"
declare_subject(MOVE_PLAN, _("Visits that must move"), view_plans)
