"""How the records of lower rooms are called when work is about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.directory import opened_records
from medguild.foundation.access.permissions import AccessRight
from medguild.foundation.events.models import Delivery
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.standards.models import Deviation
from medguild.foundation.standards.ports import standards
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.foundation.work.routing import top_unit


def _deviations(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    rows = Deviation.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("unit")
    return {row.pk: SubjectView(_deviation_label(row), reverse("standards:deviation", args=[row.pk])) for row in rows}


def _deviation_label(row: Deviation) -> str:
    declared = standards.find(row.key)
    return f"{declared.label if declared else row.key} · {row.unit.label()}"


def _broken_glass(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Who opened a record and when; never whose record."""
    rows = opened_records(actor).filter(pk__in=list(ids)) if actor.may(AccessRight.REVIEW) else []
    return {
        row.pk: SubjectView(
            _("Record opened by %(who)s") % {"who": row.user.label()},
            reverse("access:review", args=[row.pk]),
            row.patient_id,
        )
        for row in rows
    }


def _deliveries(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    if not holds_at(actor, WorkRight.MANAGE, top_unit()):
        return {}
    rows = Delivery.objects.filter(pk__in=list(ids))
    return {row.pk: SubjectView(row.subscriber, reverse("work:delivery", args=[row.pk])) for row in rows}


declare_subject("deviation", gettext_lazy("Deviation"), _deviations)
declare_subject("broken_glass", gettext_lazy("Emergency access"), _broken_glass)
declare_subject("delivery", gettext_lazy("Background step"), _deliveries)
