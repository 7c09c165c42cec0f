"""Where promises stand in the menu, on the patient's page and on pages of visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.foundation.work.words import clock, owner_of
from medguild.operations.promises.permissions import PromisesRight
from medguild.operations.promises.selectors import promises_of
from medguild.operations.promises.words import KINDS
from medguild.operations.visits.ports import Place, VisitPanel, VisitRef, visit_panels
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientAct, PatientSlot, acts, slots
from medguild.patients.identity.selectors import alias_ids, aliases_of

register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Promised"), url_name="promises:list", permission=PromisesRight.READ, order=66,
        icon="hand-stop", keywords=_("follow-up result call referral overdue owner"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Messages that came in"), url_name="promises:inquiries",
        permission=PromisesRight.READ, order=67, icon="mail", keywords=_("inbox e-mail fax letter text answer"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("How quickly people are answered"), url_name="promises:responses",
        permission=PromisesRight.READ, order=68, icon="clock", in_menu=False,
        keywords=_("response time promise channel"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Write down a message"), url_name="promises:receive",
        permission=PromisesRight.MAKE, order=69, icon="mail", in_menu=False, keywords=_("fax e-mail letter"),
    )
)  # fmt: skip


def _rows(actor: Actor, patient_ids: list[Any]) -> list[Any]:
    return [(item, clock(item), owner_of(item)) for item in promises_of(actor, patient_ids)]


def _card(actor: Actor, patient: Patient) -> Mapping[str, Any] | None:
    """What was promised to the patient and is not done; no card when it is nothing."""
    rows = _rows(actor, aliases_of(patient))
    return {"promises": rows} if rows else None


def _panel(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    """Open promises to the patient, and a button for each kind: one step from the visit."""
    add = reverse("promises:add", args=[ref.patient_id])
    about = {"site": str(ref.site_id)}
    if ref.visit_id is not None:
        about |= {"about": f"visit:{ref.visit_id}", "next": reverse("visits:show", args=[ref.visit_id])}
    buttons = [(words, f"{add}?{urlencode(about | {'kind': kind})}") for kind, words in KINDS.items()]
    may = actor.may(PromisesRight.MAKE)
    return {"promises": _rows(actor, alias_ids(ref.patient_id)), "buttons": buttons if may else []}


slots.register("promises", PatientSlot("promises/_patient_card.html", _card, PromisesRight.READ, order=27))
acts.register(
    "promise", PatientAct(_("Promise something"), "promises:add", PromisesRight.MAKE, icon="hand-stop", order=40)
)
for _place in (Place.VISIT, Place.CHECK_OUT):
    visit_panels.register(
        f"promises_{_place}",
        VisitPanel(f"promises_{_place}", _place, 60, "promises/_visit_panel.html", _panel, right=PromisesRight.READ),
    )
