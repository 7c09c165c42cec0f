"""What upper rooms and wings plug into the patient's page and into linking."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.patients.identity.models import Patient

Text = str | Promise


class Place(enum.StrEnum):
    MAIN = "main"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class PatientSlot:
    """A card on the patient's page.

    `template` is a fragment that gets `patient` and what `context(actor, patient)` returns, by name and together as
    `slot`; None leaves the card out.
    Shown to those who hold `right`. Lower `order` stands higher.
    """

    template: str
    context: Callable[[Actor, Patient], Mapping[str, Any] | None]
    right: str
    order: int = 50
    place: Place = Place.MAIN


@dataclass(frozen=True, slots=True)
class PatientAct:
    """A button on the patient's page: `url_name` is reversed with the patient's id, or gets `?patient=` when
    `in_query` is true.
    """

    label: Text
    url_name: str
    right: str
    icon: str = "arrow-right"
    order: int = 50
    in_query: bool = False


@dataclass(frozen=True, slots=True)
class LinkNote:
    """What a wing wants known before two records are linked, such as "2 appointments to come"."""

    text: Text
    tone: str = "info"


LinkParticipant = Callable[[UUID, UUID], list[LinkNote]]

slots: Registry[PatientSlot] = Registry("patient slot")
acts: Registry[PatientAct] = Registry("patient act")
link_participants: Registry[LinkParticipant] = Registry("participant of patient linking")


def slots_for(actor: Actor, patient: Patient, place: Place) -> list[tuple[PatientSlot, Mapping[str, Any]]]:
    """The cards that the actor sees, in order, with their contexts."""
    shown = sorted((slot for slot in slots if slot.place is place), key=lambda slot: slot.order)
    cards = [(slot, slot.context(actor, patient)) for slot in shown if actor.may(slot.right)]
    return [(slot, context) for slot, context in cards if context is not None]


def acts_for(actor: Actor) -> list[PatientAct]:
    return sorted((act for act in acts if actor.may(act.right)), key=lambda act: act.order)


def link_notes(duplicate_id: UUID, survivor_id: UUID) -> list[LinkNote]:
    """What every wing says before a link is made."""
    return [note for participant in link_participants for note in participant(duplicate_id, survivor_id)]
