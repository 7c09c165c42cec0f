"""What somebody is told of their plan's network on the page behind an offer, and what their yes then means."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from medguild.operations.scheduling.network.page import told_of_time
from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy, Said
from medguild.operations.waitlist.errors import ReadAgain
from medguild.operations.waitlist.models import SlotOffer


@dataclass(frozen=True, slots=True)
class Told:
    """Words with the price; `mark` goes with the form, so that a yes stands for the words that were on the page."""

    words: str

    @property
    def mark(self) -> str:
        return hashlib.sha256(self.words.encode()).hexdigest()[:16]


def told_of(offer: SlotOffer) -> Told | None:
    """None where the visit is in network, or the patient has no plan. The plan is not named: whoever has the link reads
    this."""
    entry = offer.entry
    told = told_of_time(
        entry.visit_type, offer.clinician, offer.unit.site, offer.start, entry.patient, names_plan=False
    )
    return Told(told.words) if told.words else None


def read_by(offer: SlotOffer, mark: str) -> Said | None:
    """What a yes says about the network. Raises ReadAgain when the page showed other words than hold now."""
    return said_after(told_of(offer), mark, AskedBy.LINK)


def said_after(told: Told | None, mark: str, channel: AskedBy) -> Said | None:
    """The same for words that stood on another page."""
    if told is None:
        return None
    if mark != told.mark:
        raise ReadAgain(_("What your plan pays for this visit has changed. Please read it and answer again."))
    return Said(AnswerKind.SELF_PAY, channel, told.words)
