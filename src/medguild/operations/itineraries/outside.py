"""The visits of a chosen day that are out of network: each in its words with its price, and what all cost together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from medguild.foundation.kernel.money import dollars
from medguild.operations.itineraries.services import Chosen
from medguild.operations.scheduling.forms import NetworkForm
from medguild.operations.scheduling.network.page import Told, told_of_time
from medguild.patients.identity.models import Patient


@dataclass(frozen=True, slots=True)
class Outside:
    """A visit out of network, and what is told of it."""

    visit: Chosen
    told: Told

    @property
    def price(self) -> str:
        """The list price; empty where nobody knows it."""
        return dollars(self.told.check.price) if self.told.check.price is not None else ""


def outside(patient: Patient, chosen: Sequence[Chosen]) -> list[Outside]:
    """Of the chosen visits those that are out of network, by time."""
    told = [
        Outside(one, told_of_time(one.visit_type, one.clinician, one.site, one.start, patient))
        for one in sorted(chosen, key=lambda one: one.start)
    ]
    return [one for one in told if one.told.must_be_asked]


def shown_day_chosen(chosen: Sequence[Chosen], visits: Sequence[Outside]) -> list[tuple[Chosen, bool]]:
    """All visits of the day by time, and of each whether it is out of network."""
    out = {id(one.visit) for one in visits}
    return [(one, id(one) in out) for one in sorted(chosen, key=lambda one: one.start)]


def sum_words(visits: Sequence[Outside]) -> str:
    """What they cost together, as far as prices are known."""
    prices = [one.told.check.price for one in visits]
    known = [price for price in prices if price is not None]
    if not known:
        return _("We cannot tell the price of these visits yet.")
    if len(known) < len(prices):
        return _("Together at least %(price)s; not every price is known yet.") % {"price": dollars(sum(known))}
    return _("Together %(price)s by our list; further services cost extra.") % {"price": dollars(sum(known))}


def answered(chosen: Sequence[Chosen], visits: Sequence[Outside], form: NetworkForm) -> list[Chosen]:
    """The chosen visits, each that is out of network with the one answer to its own words."""
    words = {(one.visit.clinician.pk, one.visit.start): one.told.words for one in visits}
    return [
        replace(one, network_answer=form.said(words[key])) if (key := (one.clinician.pk, one.start)) in words else one
        for one in chosen
    ]
