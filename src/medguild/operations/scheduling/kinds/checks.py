"""What a kind of visit itself asks: who may book it, for which patients, and how short it may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.access.words import role_words
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.verdict import Verdict, no, yes
from medguild.foundation.standards.numbers import number
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.operations.scheduling.errors import KindReserved, NotForPatient, TooShort
from medguild.operations.scheduling.facts import Facts
from medguild.operations.scheduling.kinds.rules import Door, may_book_kind, shortest_allowed, suits
from medguild.operations.scheduling.kinds.standards import PATIENT_KIND_RULE, REFUSE, VISIT_SHORTENING
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.placing import know
from medguild.operations.scheduling.rules import Origin, PatientKind
from medguild.operations.scheduling.words import DOOR_WORDS


def who_may_book(booked_by: Collection[str]) -> str:
    """The doors and roles that may book a kind of visit, as people say it."""
    words = [str(DOOR_WORDS[Door(one)] if one in set(Door) else role_words(one)) for one in booked_by]
    return ", ".join(words)


def may_book(booked_by: Collection[str], *, by: Actor, origin: str = Origin.STAFF) -> Verdict:
    """Whether the actor may book a kind of visit through this door, with the reason."""
    if by.sees_all:  # what the house does by itself, or lets patients do, was decided by people before
        return yes()
    program = origin == Origin.STAFF and by.kind == ActorKind.SERVICE
    if may_book_kind(booked_by, origin=Origin.API if program else origin, roles=by.roles):
        return yes()
    return no("kind_reserved", _("Booked only by: %(who)s.") % {"who": who_may_book(booked_by)})


def fits_patient(facts: Facts) -> Verdict:
    """Whether the kind of visit is meant for this patient: new, or seen by this entity in this specialty within three
    years of the day (CPT). A patient that nobody named yet fits."""
    if facts.established is None or suits(facts.patient_kind, established=facts.established):
        return yes()
    if facts.patient_kind == PatientKind.NEW:
        return no(
            "patient_established",
            _("This kind of visit is for new patients; this one was seen in this specialty within three years."),
        )
    return no(
        "patient_new",
        _("This kind of visit is for established patients; this one was not seen in this specialty for three years."),
    )


def warning_for(
    visit_type: VisitType, *, clinician_id: UUID, unit_id: UUID, start: dt.datetime, patient_id: UUID
) -> str:
    """What pages say where a kind of visit is not meant for the patient; empty where it is, or is for everybody."""
    if visit_type.patient_kind == PatientKind.ANY:
        return ""
    facts = know(
        clinician_id=clinician_id, visit_type_id=visit_type.pk, unit_id=unit_id, start=start, patient_id=patient_id
    )
    return fits_patient(facts).reason


def refuse_reserved(facts: Facts, *, by: Actor, origin: str) -> None:
    """Raises KindReserved for who may not book this kind of visit."""
    verdict = may_book(facts.booked_by, by=by, origin=origin)
    if not verdict.ok:
        raise KindReserved(_("%(reason)s Ask them, or choose another kind of visit.") % {"reason": verdict.reason})


def refuse_wrong_patient(facts: Facts) -> None:
    """Raises NotForPatient where the site's standard is to refuse; else pages warn."""
    verdict = fits_patient(facts)
    if verdict.ok:
        return
    context = StandardContext(unit_id=facts.unit_id, clinician_id=facts.clinician_id, on=facts.day)
    if resolve(PATIENT_KIND_RULE, context).value == REFUSE:
        raise NotForPatient(_("%(reason)s Choose another kind.") % {"reason": verdict.reason}, code=verdict.code)


def refuse_bad_length(facts: Facts, minutes: int | None) -> None:
    """Raises TooShort, or Refusal, for a length that the group's limits of this kind of visit do not allow."""
    if minutes is None:
        return
    context = StandardContext(unit_id=facts.unit_id, clinician_id=facts.clinician_id, on=facts.day)
    refuse_outside_limits(facts.shortest, facts.longest, minutes, name=facts.name, context=context)


def refuse_outside_limits(
    shortest: int | None, longest: int | None, minutes: int, *, name: str, context: StandardContext
) -> None:
    """The same for a template's session or a row of the lengths; an approved deviation may allow shorter."""
    if shortest is not None and minutes < shortest:
        allowed = shortest_allowed(shortest, number(VISIT_SHORTENING, context))
        if minutes < allowed:
            raise TooShort(
                _("%(kind)s takes at least %(minutes)d minutes. A shorter one needs an approved deviation.")
                % {"kind": name, "minutes": allowed},
                field="minutes",
            )
    if longest is not None and minutes > longest:
        raise Refusal(
            _("%(kind)s takes at most %(minutes)d minutes.") % {"kind": name, "minutes": longest},
            code="too_long", field="minutes",
        )  # fmt: skip


def refuse_length_of(kind: VisitType, minutes: int, context: StandardContext) -> None:
    """The same for a kind of visit at hand."""
    refuse_outside_limits(kind.shortest_minutes, kind.longest_minutes, minutes, name=kind.name, context=context)
