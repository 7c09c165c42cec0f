"""The words for ranks, relations and lines of coverage."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.patients.coverage.rules import Line, Rank, SubscriberRelation

RANKS: list[tuple[str, Promise | str]] = [
    (Rank.PRIMARY.value, _("Primary")),
    (Rank.SECONDARY.value, _("Secondary")),
    (Rank.TERTIARY.value, _("Tertiary")),
]
RELATIONS: list[tuple[str, Promise | str]] = [
    (SubscriberRelation.SELF.value, _("Self: the patient holds the policy")),
    (SubscriberRelation.SPOUSE.value, _("Spouse")),
    (SubscriberRelation.CHILD.value, _("Child")),
    (SubscriberRelation.OTHER.value, _("Other")),
]
LINES: dict[str, Promise | str] = {
    Line.HEALTH.value: _("Health"),
    Line.WORK_COMP.value: _("Work injury"),
    Line.AUTO.value: _("Auto accident"),
}
