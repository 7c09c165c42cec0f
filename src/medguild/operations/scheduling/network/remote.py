"""Whether the patient's payer pays a kind of visit by video and by phone, as far as its rules are on file."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.network.check import primary_coverage
from medguild.operations.scheduling.rules import REMOTE, Mode
from medguild.operations.scheduling.words import MODE_WORDS
from medguild.patients.identity.selectors import alias_ids
from medguild.payers.remote.selectors import remote_terms


def remote_doubts(visit_type: VisitType, patient_id: UUID, *, on: dt.date) -> list[str]:
    """Sentences for the desk: of the remote modes of the kind those that the payer does not pay, or nobody knows of."""
    modes = [mode for mode in visit_type.modes if mode in REMOTE]
    coverage = primary_coverage(alias_ids(patient_id), on=on) if modes else None
    if coverage is None:
        return []
    payer = coverage.payer
    terms = remote_terms({(payer.pk, mode, on) for mode in modes})
    found = []
    for mode in modes:
        held, said = terms.get((payer.pk, mode, on)), {"payer": payer.name, "mode": MODE_WORDS[Mode(mode)]}
        if held is None:
            found.append(_("%(mode)s: nothing is on file of what %(payer)s pays on that day.") % said)
        elif not held.covered:
            found.append(_("%(mode)s: %(payer)s does not pay such visits on that day.") % said)
    return found
