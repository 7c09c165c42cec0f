"""The words for standings, parts and reasons."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.payers.networks.rules import Answer, Part, Standing, Why

STANDINGS: list[tuple[str, Promise | str]] = [
    (Standing.IN.value, _("In network")),
    (Standing.PENDING.value, _("Pending")),
    (Standing.OUT.value, _("Out of network")),
]
ANSWERS: Mapping[str, Promise | str] = {
    Answer.IN.value: _("In network"),
    Answer.OUT.value: _("Out of network"),
    Answer.UNKNOWN.value: _("Not known"),
}
TONES: Mapping[str, str] = {Answer.IN.value: "ok", Answer.OUT.value: "bad", Answer.UNKNOWN.value: "warn"}
PARTS: Mapping[str, Promise | str] = {
    Part.PLAN.value: _("Plan"),
    Part.NETWORK.value: _("Network"),
    Part.GROUP.value: _("Group"),
    Part.SITE.value: _("Site"),
    Part.CLINICIAN.value: _("Clinician"),
    Part.PANEL.value: _("New patients"),
}
REASONS: Mapping[str, Promise | str] = {
    Why.IN_FORCE.value: _("The plan is in force."),
    Why.NOT_IN_FORCE.value: _("The plan is not in force on this day."),
    Why.NO_NETWORK_NEEDED.value: _("This kind of plan has no network."),
    Why.USES.value: _("The plan uses this network."),
    Why.NO_NETWORK_ON_FILE.value: _("No network of this plan is on file. Ask the payer and record it."),
    Why.LISTED.value: _("Listed by the network."),
    Why.PENDING.value: _("Applied for, not yet accepted."),
    Why.LISTED_OUT.value: _("The network says: not a participant."),
    Why.NOT_YET.value: _("Accepted from a later day on."),
    Why.ENDED.value: _("No longer listed."),
    Why.NOT_ON_FILE.value: _("Nothing is on file. Ask the payer and record it."),
    Why.OTHER_SITES.value: _("Listed for other sites only."),
    Why.OPEN.value: _("Takes new patients."),
    Why.CLOSED.value: _("Takes no new patients of this network."),
}
