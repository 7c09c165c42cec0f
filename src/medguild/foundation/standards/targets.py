"""Targets that this room can offer itself: states, specialties, clinicians."""

from __future__ import annotations

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import clinicians_at, sites_visible
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.ports import offer_targets
from medguild.foundation.standards.rules import Dimension


def _states(actor: Actor) -> list[tuple[str, str]]:
    states = sites_visible(actor, StandardRight.READ).order_by().values_list("state", flat=True).distinct()
    return [(state, state) for state in sorted(states)]


def _specialties(actor: Actor) -> list[tuple[str, str]]:
    found = set(Site.objects.exclude(specialty="").values_list("specialty", flat=True).distinct())
    found |= set(Clinician.objects.values_list("specialty", flat=True).distinct())
    return [(specialty, specialty.replace("_", " ").capitalize()) for specialty in sorted(found)]


def _clinicians(actor: Actor) -> list[tuple[str, str]]:
    units = actor.scope(StandardRight.READ)
    day = today()
    rows = (
        Clinician.objects.select_related("person").order_by("person__family_name")
        if units.everything
        else clinicians_at(units.units, on=day)
    )
    return [(str(row.pk), row.label()) for row in rows.distinct()]


offer_targets(Dimension.STATE, _states)
offer_targets(Dimension.SPECIALTY, _specialties)
offer_targets(Dimension.CLINICIAN, _clinicians)
