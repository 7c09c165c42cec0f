"""Warnings before a rule ends, as work that somebody owns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.work.ports import SubjectView, declare_subject, declare_work_type
from medguild.foundation.work.services import need_item
from medguild.payers.payers.permissions import PayersRight
from medguild.payers.payers.selectors import payers
from medguild.payers.pricing.selectors import entities_with_contract
from medguild.payers.remote.models import RemoteRule
from medguild.payers.remote.rules import WARNINGS, warning_due
from medguild.payers.remote.selectors import ending_rules
from medguild.payers.remote.words import MODES


def _view(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    rows = payers().filter(pk__in=list(ids)) if actor.may(PayersRight.READ) else payers().none()
    return {row.pk: SubjectView(row.name, reverse("payers:detail", args=[row.pk])) for row in rows}


declare_subject("payer", gettext_lazy("Payer"), _view)
RULE_ENDING = declare_work_type(
    "payer.remote_rule_ending",
    gettext_lazy("Rule for remote visits that ends"),
    role=Role.REVENUE_DIRECTOR,
    backup_role=Role.ADMINISTRATOR,
    due=dt.timedelta(days=14),
    subject_types=("payer",),
    right=PayersRight.READ,
    icon="video-off",
)


def warn_of_ends(*, by: Actor, on: dt.date | None = None, at: dt.datetime | None = None) -> int:
    """One item per rule, contracting entity and warning reached (90, 60, 30, 14, 7 days before, and when it has ended).

    A rule that another follows needs nobody. Returns how many rules were warned of.
    """
    day = on or today()
    longest = dt.timedelta(days=WARNINGS[0])
    rules = ending_rules(since=day - longest, until=day + longest)  # older ones are history
    for rule in rules:
        for unit_id in _whose(rule, day):
            _warn(rule, unit_id, day, by, at)
    return len(rules)


def _whose(rule: RemoteRule, day: dt.date) -> list[UUID]:
    """Entities with a contract with the payer; the enterprise where none has one."""
    found = entities_with_contract(rule.payer_id, on=day)
    return found or list(Unit.objects.filter(kind=UnitKind.ENTERPRISE).values_list("pk", flat=True))


def _warn(rule: RemoteRule, unit_id: UUID, day: dt.date, by: Actor, at: dt.datetime | None) -> None:
    end: dt.date = rule.period.upper
    need_item(
        work_type=RULE_ENDING, unit_id=unit_id, by=by, at=at,
        source=f"remote_rule:{rule.pk}:{unit_id}:{warning_due(end, day)}",
        subject=SubjectRef("payer", rule.payer_id, rule.payer.name),
        summary=_("%(payer)s, %(mode)s: until %(end)s") % {
            "payer": rule.payer.name, "mode": MODES[rule.mode], "end": end.isoformat(),
        },
    )  # fmt: skip
