"""What the forms of the room offer to an actor."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import clinicians_at, units_visible
from medguild.payers.networks.models import Network
from medguild.payers.networks.permissions import NetworksRight
from medguild.payers.payers.models import Plan
from medguild.payers.payers.permissions import PayersRight
from medguild.payers.payers.selectors import plans


def plans_of(network: Network) -> QuerySet[Plan]:
    return Plan.objects.filter(payer_id=network.payer_id).order_by("name")


def entities(actor: Actor, right: str = NetworksRight.MANAGE) -> QuerySet[Unit]:
    return units_visible(actor, right, kind=UnitKind.ENTITY)


def sites(actor: Actor, right: str = NetworksRight.MANAGE) -> QuerySet[Unit]:
    return units_visible(actor, right, kind=UnitKind.SITE)


def clinicians(actor: Actor, *, on: dt.date, right: str = NetworksRight.MANAGE) -> QuerySet[Clinician]:
    """Clinicians of the actor's units on a day."""
    return clinicians_at(units_visible(actor, right).values_list("pk", flat=True), on=on).distinct()


def for_check(actor: Actor, *, on: dt.date) -> dict[str, Any]:
    """Whoever sees payers may ask for their own group."""
    right = PayersRight.READ
    return {
        "plans": plans(on=on),
        "entities": entities(actor, right),
        "sites": sites(actor, right),
        "clinicians": clinicians(actor, on=on, right=right),
    }
