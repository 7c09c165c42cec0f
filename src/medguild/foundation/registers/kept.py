"""The two registers that every group keeps from its first day."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.registers.declaring import declare_register
from medguild.foundation.registers.models import RegulatoryChange, TechnologyAdoption
from medguild.foundation.registers.permissions import RegulationRight, TechnologyRight
from medguild.foundation.registers.ports import FieldKind, Register, RegisterField, RegisterStatus
from medguild.foundation.registers.rules import (
    ADOPTION_MOVES,
    FOUR_QUESTIONS,
    REGULATION_MOVES,
    AdoptionStatus,
    RegulationStatus,
    unanswered,
)
from medguild.foundation.ui.ports.menu import Area

_UNDERWAY = (RegulationStatus.IN_PROGRESS, RegulationStatus.DONE)
_USED = (AdoptionStatus.LIVE, AdoptionStatus.RETIRED)


def _check_regulation(entry: RegulatoryChange) -> None:
    if entry.status in _UNDERWAY:
        if entry.owner_id is None:
            raise Refusal(gettext("Name an owner first: somebody must do it."), code="owner_needed", field="owner")
        if not entry.effect:
            raise Refusal(gettext("Write what it changes for us first."), code="effect_needed", field="effect")
        if entry.due_on is None:
            raise Refusal(gettext("Say until when it must be done first."), code="due_needed", field="due_on")
    if entry.status == RegulationStatus.DONE and not entry.evidence:
        raise Refusal(gettext("Write how we can show that it is done."), code="evidence_needed", field="evidence")


def _check_adoption(entry: TechnologyAdoption) -> None:
    """The gate: a tool in use has an answer to each of the four questions, and an owner."""
    if entry.status not in _USED:
        return
    missing = unanswered({question: getattr(entry, question) for question in FOUR_QUESTIONS})
    if missing:
        raise Refusal(
            gettext("It cannot go live before all four questions are answered."), code="unanswered", field=missing[0]
        )
    if entry.owner_id is None:
        raise Refusal(gettext("It cannot go live without an owner."), code="owner_needed", field="owner")


REGULATIONS = declare_register(
    Register(
        key="regulations",
        model=RegulatoryChange,
        label=_("Regulatory changes"),
        one=_("Regulatory change"),
        purpose=_("What CMS, DOJ, states and payers change, what it means here, who sees to it, and until when."),
        read_right=RegulationRight.READ,
        manage_right=RegulationRight.MANAGE,
        fields=(
            RegisterField("source", _("Source"), help=_("CMS, DOJ, a state, a payer."), required=True, listed=True),
            RegisterField("citation", _("Citation"), help=_("Such as 89 FR 12345, or the payer's bulletin.")),
            RegisterField("change", _("What changes"), FieldKind.TEXT, required=True),
            RegisterField("effect", _("What it means for us"), FieldKind.TEXT),
            RegisterField("effective_on", _("In force from"), FieldKind.DATE),
            RegisterField("due_on", _("To be done by"), FieldKind.DATE, listed=True),
        ),
        statuses=(
            RegisterStatus(RegulationStatus.NEW, _("New"), "info"),
            RegisterStatus(RegulationStatus.ASSESSED, _("Assessed"), "info", verb=_("Assessed")),
            RegisterStatus(RegulationStatus.IN_PROGRESS, _("Under way"), "busy", verb=_("Begin")),
            RegisterStatus(
                RegulationStatus.DONE, _("Done"), "ok", closed=True, stamps="done_on", verb=_("Mark as done")
            ),
            RegisterStatus(
                RegulationStatus.NOT_APPLICABLE, _("Does not apply"), closed=True, verb=_("Does not apply to us")
            ),
        ),
        moves=REGULATION_MOVES,
        review_role=Role.COMPLIANCE_OFFICER,
        review_every=dt.timedelta(days=90),
        deadline="due_on",
        area=Area.COMPLIANCE,
        order=40,
        icon="gavel",
        check=_check_regulation,
    )
)

TECHNOLOGY = declare_register(
    Register(
        key="technology",
        model=TechnologyAdoption,
        label=_("Technology adoption"),
        one=_("Tool"),
        purpose=_("Buying software is not management: four questions are answered before a tool goes live."),
        read_right=TechnologyRight.READ,
        manage_right=TechnologyRight.MANAGE,
        fields=(
            RegisterField("vendor", _("Vendor"), listed=True),
            RegisterField("changes_work", _("How does it change work?"), FieldKind.TEXT),
            RegisterField("who_uses", _("Who uses it?"), FieldKind.TEXT),
            RegisterField("metrics", _("What metrics matter?"), FieldKind.TEXT),
            RegisterField("new_risk", _("Where does it introduce new risk?"), FieldKind.TEXT),
        ),
        statuses=(
            RegisterStatus(AdoptionStatus.PROPOSED, _("Proposed"), "info", verb=_("Propose again")),
            RegisterStatus(AdoptionStatus.APPROVED, _("Approved"), "busy", verb=_("Approve")),
            RegisterStatus(AdoptionStatus.LIVE, _("Live"), "ok", stamps="live_on", stamp_stays=True, verb=_("Go live")),
            RegisterStatus(AdoptionStatus.RETIRED, _("Retired"), closed=True, stamps="retired_on", verb=_("Retire")),
            RegisterStatus(AdoptionStatus.REJECTED, _("Rejected"), "bad", closed=True, verb=_("Reject")),
        ),
        moves=ADOPTION_MOVES,
        review_role=Role.ADMINISTRATOR,
        review_every=dt.timedelta(days=180),
        area=Area.IMPROVE,
        order=60,
        icon="device-desktop",
        check=_check_adoption,
    )
)
