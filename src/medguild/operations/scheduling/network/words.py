"""What a patient is told about the network of their plan, and the words for standings and answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.money import dollars
from medguild.foundation.ui.instants import day_text
from medguild.operations.scheduling.network.check import NetworkCheck
from medguild.operations.scheduling.network.rules import SEEN_FIRST, AnswerKind, AskedBy, NetworkStanding
from medguild.operations.scheduling.words import Text
from medguild.payers.networks.words import PARTS, REASONS

STANDINGS: Mapping[NetworkStanding, Text] = {
    NetworkStanding.NOT_CHECKED: gettext_lazy("Not checked"),
    NetworkStanding.IN: gettext_lazy("In network"),
    NetworkStanding.OUT: gettext_lazy("Out of network"),
    NetworkStanding.UNKNOWN: gettext_lazy("Network not known"),
    NetworkStanding.NO_PLAN: gettext_lazy("No coverage on file"),
}
TONES: Mapping[NetworkStanding, str] = {
    NetworkStanding.NOT_CHECKED: "neutral",
    NetworkStanding.IN: "ok",
    NetworkStanding.OUT: "bad",
    NetworkStanding.UNKNOWN: "warn",
    NetworkStanding.NO_PLAN: "neutral",
}
ANSWERS: Mapping[AnswerKind, Text] = {
    AnswerKind.SELF_PAY: gettext_lazy("Comes all the same and pays what the plan does not"),
    AnswerKind.ASKS_PLAN: gettext_lazy("Will ask the plan first; keep the time"),
    AnswerKind.OTHER_CLINICIAN: gettext_lazy("Wants another clinician"),
    AnswerKind.NOT_ASKED: gettext_lazy("Nobody could ask yet"),
}
CHANNELS: Mapping[AskedBy, Text] = {
    AskedBy.PHONE: gettext_lazy("On the telephone"),
    AskedBy.IN_PERSON: gettext_lazy("In person"),
    AskedBy.MESSAGE: gettext_lazy("By message"),
    AskedBy.PORTAL: gettext_lazy("In the portal"),
    AskedBy.LINK: gettext_lazy("On the page of an offer"),
}

# What half an answer lacks.
LACKS: Mapping[str, Text] = {
    "reason_needed": gettext_lazy("Say in a few words why nobody could ask the patient."),
    "channel_needed": gettext_lazy("Say how the patient was told."),
    "words_needed": gettext_lazy("Say in which words the patient was told."),
}


def to_be_told(check: NetworkCheck, *, clinician: str, on: dt.date, names_plan: bool = True) -> str:
    """The words to be read to a patient whose visit is out of network or not known to be in; empty when it is in.

    Without `names_plan` they hold for a page that whoever has its link may see.
    """
    if check.standing not in (NetworkStanding.OUT, NetworkStanding.UNKNOWN):
        return ""
    return " ".join(
        part for part in (_standing(check, clinician, on, names_plan), _outside(check), _price(check)) if part
    )


def _standing(check: NetworkCheck, clinician: str, on: dt.date, names_plan: bool) -> str:
    plan = check.plan.name if check.plan and names_plan else _("your plan")
    named = {"clinician": clinician, "plan": plan, "day": day_text(on)}
    if check.plan is None:
        return _("Your plan is not on file, so we do not know whether %(clinician)s is in its network.") % named
    if check.standing is NetworkStanding.UNKNOWN:
        return _("We do not know whether a visit with %(clinician)s on %(day)s is in the network of %(plan)s.") % named
    return _("A visit with %(clinician)s on %(day)s is not in the network of %(plan)s.") % named


def _outside(check: NetworkCheck) -> str:
    if check.rules is None:
        return ""
    if check.rules.covers_outside:
        return _("Outside of its network the plan usually pays less, and you pay the rest.")
    return _("Outside of its network the plan usually pays nothing, except in an emergency.")


def _price(check: NetworkCheck) -> str:
    if check.price is None:
        return _("We cannot tell the price of this visit yet.")
    return _("Our list price for this visit is %(price)s; further services cost extra.") % {
        "price": dollars(check.price)
    }


def reasons(check: NetworkCheck) -> list[tuple[Text, Text]]:
    """What keeps the visit from being in network: part and reason."""
    if check.participation is None:
        return []
    return [(PARTS[one.part], REASONS[one.why]) for one in check.participation.deciding()]


def plan_asks(check: NetworkCheck, *, specialty: str) -> list[Text]:
    """What the rules of the plan ask of its members before they see this specialty."""
    if check.rules is None or specialty in SEEN_FIRST:
        return []
    asked: list[Text] = []
    if check.rules.needs_referral:
        asked.append(_("This plan asks for a referral before a specialist is seen."))
    if check.rules.needs_gatekeeper:
        asked.append(_("Members of this plan choose a primary care clinician, who sends them on."))
    return asked
