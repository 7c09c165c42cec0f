"""Words for sections, gaps and line problems."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.chart.rules import Gap, NoteStatus, Section

Text = str | Promise

SECTION_WORDS: Mapping[Section, Text] = {
    Section.REASON: _("Reason for the visit"),
    Section.HISTORY: _("History"),
    Section.EXAM: _("Findings"),
    Section.ASSESSMENT: _("Assessment and plan"),
}
NOTE_WORDS: Mapping[NoteStatus, Text] = {NoteStatus.DRAFT: _("Draft"), NoteStatus.SIGNED: _("Signed")}

PROBLEM_WORDS: Mapping[str, Text] = {
    "no_assessment": _("Write the assessment and plan."),
    "no_diagnosis": _("There is no diagnosis."),
    "no_service": _("There is no service: nothing will be charged for this visit."),
    "no_reason": _("The reason for the visit is empty."),
    "no_rendering": _("Say who rendered this service."),
    "no_pointer": _("Say for which diagnosis this service was done."),
    "too_many_pointers": _("A service points to at most four diagnoses."),
    "pointer_twice": _("A service points to a diagnosis once."),
    "pointer_to_nothing": _("A service points to a diagnosis that the note does not have."),
    "too_many_modifiers": _("A service has at most four modifiers."),
    "modifier_form": _("A modifier has two letters or digits, such as 25."),
    "modifier_twice": _("A modifier stands only once on a service."),
}


def gap_text(gap: Gap) -> str:
    words = str(PROBLEM_WORDS[gap.code])
    return f"{gap.detail}: {words}" if gap.detail else words
