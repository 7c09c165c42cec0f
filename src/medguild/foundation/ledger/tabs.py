"""The pages of the books side by side."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.closings import between_entities
from medguild.foundation.ui.parts import Tab


def book_tabs(actor: Actor, active: str) -> list[Tab]:
    """`active` is the name of a page's URL."""
    named = (
        ("trial_balance", _("Trial balance"), None),
        ("journal", _("Journal"), None),
        ("months", _("Months"), None),
        ("between", _("Between entities"), len(between_entities(actor)) or None),
    )
    return [Tab(label, reverse(f"ledger:{name}"), name == active, count) for name, label, count in named]
