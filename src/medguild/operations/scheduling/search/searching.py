"""The search for free times: who fits, who may, who is in network, which times come first and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician, ClinicianLanguage
from medguild.operations.scheduling.care.models import VisitTypeTerms
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.network.check import primary_coverage
from medguild.operations.scheduling.network.rules import NetworkStanding
from medguild.operations.scheduling.rules import AppointmentStatus, PatientKind
from medguild.operations.scheduling.search.rules import Suggestion, Suits, TimeOfDay, first_of_each, sift, suggest
from medguild.operations.scheduling.search.sifting import Permitted, permitted, permitted_only
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.slot_rules import Opening
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import aliases_of
from medguild.payers.networks.rules import Answer
from medguild.payers.networks.selectors import Place
from medguild.payers.networks.spans import Participations, participations_between
from medguild.payers.payers.models import Plan

USUAL_LANGUAGE = "en"
_SEEN_WITHIN = dt.timedelta(days=3 * 365)
_STANDINGS = {
    Answer.IN: NetworkStanding.IN,
    Answer.OUT: NetworkStanding.OUT,
    Answer.UNKNOWN: NetworkStanding.UNKNOWN,
}
Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, on the local days of the half-open period. What is empty or None narrows nothing.

    `patient_state` is where the patient will be in a remote visit (default: the state of their address).
    """

    visit_type: VisitType
    start: dt.date
    end: dt.date
    patient: Patient | None = None
    clinicians: Collection[UUID] | None = None
    units: Collection[UUID] | None = None
    without: Collection[UUID] = ()
    specialty: str = ""
    language: str = ""
    sex: str = ""
    mode: str = ""
    patient_state: str = ""
    times: TimeOfDay = TimeOfDay.ANY
    weekdays: Collection[int] = ()
    in_network: bool = False
    first_only: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """A clinician as an offer names them; `speaks` the language that was asked for, or the patient's."""

    label: str
    specialty: str
    sex: str
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Openings by day, what is known of each clinician at a site, and the times that are best.

    `refused` are times of clinicians who were asked for by name but may not see the patient.
    `networks` says nothing (is empty) where no patient, or no plan of theirs, was asked about. `plan` is theirs.
    """

    openings: list[Opening] = field(default_factory=list)
    refused: list[Opening] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    people: Mapping[UUID, Who] = field(default_factory=dict)
    suits: Mapping[Pair, Suits] = field(default_factory=dict)
    networks: Mapping[tuple[UUID, UUID, dt.date], NetworkStanding] = field(default_factory=dict)
    ways: Permitted | None = None
    plan: Plan | None = None

    def standing(self, opening: Opening) -> NetworkStanding:
        key = (opening.session.clinician_id, opening.session.unit_id, opening.day)
        return self.networks.get(key, NetworkStanding.NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class Known:
    """Rows that the caller has read already: sites and clinicians among whom the search looks."""

    sites: Collection[Site] = ()
    clinicians: Collection[Clinician] = ()


NOTHING_KNOWN = Known()


def search_times(*, actor: Actor, wanted: Wanted, known: Known = NOTHING_KNOWN, at: dt.datetime | None = None) -> Found:
    """Free times that fit and are allowed, with reasons: fifteen queries at most, however many clinicians."""
    moment = at or now()
    clinicians = _narrowed(wanted)
    if clinicians is not None and not clinicians:
        return Found()
    openings = find_slots(
        actor=actor, visit_type_id=wanted.visit_type.pk, clinicians=clinicians, units=wanted.units,
        start=wanted.start, end=wanted.end, mode=wanted.mode or None, at=moment,
    )  # fmt: skip
    openings = _sifted(openings, wanted)
    if not openings:
        return Found()
    ways = ways_for(wanted, openings, known)
    fitting, openings = openings, permitted_only(openings, ways)
    refused = _without(fitting, openings) if wanted.clinicians is not None else []
    plan = _plan(wanted)
    networks = _networks(wanted, plan, openings) if plan else {}
    if wanted.in_network:
        openings = [one for one in openings if networks.get(_key(one)) is NetworkStanding.IN]
    if wanted.first_only:
        openings = first_of_each(openings)
    people = _people(openings, wanted, known)
    suits = _suits(wanted, openings, people, networks)
    suggestions = suggest(openings, suits, today=today()) if wanted.patient is not None else []
    return Found(openings, refused, suggestions, people, suits, networks, ways, plan)


def allowed_slots(
    *,
    actor: Actor,
    visit_type_id: UUID,
    start: dt.date,
    end: dt.date,
    clinicians: Collection[UUID] | None = None,
    units: Collection[UUID] | None = None,
) -> list[Opening]:
    """Free starts with clinicians who may see patients at the site on the day, as the search says without a patient.

    Who holds a licence of the site's state over all of the period is known with the sessions; only the others are
    judged, so where nothing forbids nothing more is asked.
    """
    found = find_slots(
        actor=actor, visit_type_id=visit_type_id, start=start, end=end, clinicians=clinicians, units=units, judged=True
    )
    doubtful = [one for one in found if one.session.doubtful]
    if not doubtful:
        return found
    kind = VisitType.objects.select_related("terms").get(pk=visit_type_id)
    kept = permitted_only(doubtful, ways_for(Wanted(visit_type=kind, start=start, end=end), doubtful))
    allowed = {id(one) for one in kept}
    return [one for one in found if not one.session.doubtful or id(one) in allowed]


def ways_for(wanted: Wanted, openings: Sequence[Opening], known: Known = NOTHING_KNOWN) -> Permitted:
    """In which modes the clinicians of these openings may see the patient."""
    units = {one.session.unit_id for one in openings}
    terms = terms_of(wanted.visit_type)
    states = {site.unit_id: site.state for site in known.sites}
    if not units <= states.keys():
        states = dict(Site.objects.filter(unit_id__in=units).values_list("unit_id", "state"))
    home = wanted.patient_state or (wanted.patient.state if wanted.patient else None)
    return permitted(
        {(one.session.clinician_id, one.session.unit_id) for one in openings},
        modes=[wanted.mode] if wanted.mode else wanted.visit_type.modes,
        site_states=states, home_state=home, privilege_id=terms.privilege_id if terms else None, start=wanted.start,
        end=wanted.end,
    )  # fmt: skip


def _narrowed(wanted: Wanted) -> Collection[UUID] | None:
    """The clinicians to look at; None is any."""
    rows = Clinician.objects.all()
    if wanted.specialty:
        rows = rows.filter(specialty=wanted.specialty)
    if wanted.sex:
        rows = rows.filter(sex=wanted.sex)
    if wanted.language:
        spoken = ClinicianLanguage.objects.filter(language=wanted.language, period__contains=wanted.start)
        rows = rows.filter(pk__in=spoken.values("clinician_id"))
    if not (wanted.specialty or wanted.sex or wanted.language):
        return wanted.clinicians
    if wanted.clinicians is not None:
        rows = rows.filter(pk__in=wanted.clinicians)
    return list(rows.values_list("pk", flat=True))


def _sifted(openings: Iterable[Opening], wanted: Wanted) -> list[Opening]:
    weekdays, without = frozenset(wanted.weekdays), frozenset(wanted.without)
    sifted = (sift(one, wanted.times, weekdays) for one in openings if one.session.clinician_id not in without)
    return [one for one in sifted if one is not None]


def _without(openings: Sequence[Opening], others: Sequence[Opening]) -> list[Opening]:
    kept = {id(one) for one in others}
    return [one for one in openings if id(one) not in kept]


def _plan(wanted: Wanted) -> Plan | None:
    if wanted.patient is None:
        return None
    coverage = primary_coverage(aliases_of(wanted.patient), on=wanted.start)
    return coverage.plan if coverage else None


def _key(opening: Opening) -> tuple[UUID, UUID, dt.date]:
    return opening.session.clinician_id, opening.session.unit_id, opening.day


def _networks(
    wanted: Wanted, plan: Plan, openings: Sequence[Opening]
) -> dict[tuple[UUID, UUID, dt.date], NetworkStanding]:
    """The standing of each clinician, site and day, under all entities for which they work there."""
    sessions = {one.session.id: one.session for one in openings}
    places = {pk: Place(one.entity_id, one.unit_id, one.clinician_id) for pk, one in sessions.items()}
    answers: Participations = participations_between(
        plan=plan, places=places.values(), start=wanted.start, end=wanted.end,
        new_patient=wanted.visit_type.patient_kind == PatientKind.NEW,
    )  # fmt: skip
    found: dict[tuple[UUID, UUID, dt.date], NetworkStanding] = {}
    steady = len(answers.days) == 1
    always = {pk: _STANDINGS[answers.on(place, wanted.start)] for pk, place in places.items()}
    for opening in openings:
        pk, key = opening.session.id, _key(opening)
        standing = always[pk] if steady else _STANDINGS[answers.on(places[pk], opening.day)]
        if found.get(key, NetworkStanding.IN) is NetworkStanding.IN:
            found[key] = standing
    return found


def _people(openings: Sequence[Opening], wanted: Wanted, known: Known) -> dict[UUID, Who]:
    ids = {one.session.clinician_id for one in openings}
    rows = {one.pk: one for one in known.clinicians if one.pk in ids}
    if len(rows) < len(ids):
        rows = {one.pk: one for one in Clinician.objects.filter(pk__in=ids).select_related("person")}
    speakers = _speakers(ids, wanted)
    return {pk: Who(one.label(), one.specialty, one.sex, pk in speakers) for pk, one in rows.items()}


def _speakers(ids: Collection[UUID], wanted: Wanted) -> set[UUID]:
    """Who speaks the language that was asked for, or the patient's own; nobody is asked for English."""
    language = spoken_language(wanted)
    if not language or not ids:
        return set()
    rows = ClinicianLanguage.objects.filter(clinician__in=ids, language=language, period__contains=wanted.start)
    return set(rows.values_list("clinician_id", flat=True))


def spoken_language(wanted: Wanted) -> str:
    """The language that counts as a reason; empty where none does."""
    language = wanted.language or (wanted.patient.language if wanted.patient else "")
    return "" if language == USUAL_LANGUAGE else language


def terms_of(visit_type: VisitType) -> VisitTypeTerms | None:
    """What the kind of visit asks of its clinician; read with the kind in lists of kinds."""
    try:
        return visit_type.terms
    except VisitTypeTerms.DoesNotExist:
        return None


def _suits(
    wanted: Wanted,
    openings: Sequence[Opening],
    people: Mapping[UUID, Who],
    networks: Mapping[tuple[UUID, UUID, dt.date], NetworkStanding],
) -> dict[Pair, Suits]:
    own = usual_clinician(wanted.patient) if wanted.patient else None
    inside = {key[:2] for key, standing in networks.items() if standing is NetworkStanding.IN}
    outside = {key[:2] for key, standing in networks.items() if standing is not NetworkStanding.IN}
    found: dict[Pair, Suits] = {}
    for opening in openings:
        pair = (opening.session.clinician_id, opening.session.unit_id)
        if pair in found:
            continue
        who = people[pair[0]]
        found[pair] = Suits(
            own=pair[0] == own,
            in_network=pair in inside and pair not in outside,
            speaks=who.speaks,
            as_asked=bool(wanted.sex) and who.sex == wanted.sex,
            usual_site=wanted.patient is not None and wanted.patient.home_unit_id == pair[1],
        )
    return found


def usual_clinician(patient: Patient, *, at: dt.datetime | None = None) -> UUID | None:
    """Whom the patient has seen most within three years; None when nobody.

    The caller has checked that the patient is visible.
    """
    rows = Appointment.objects.unscoped("the patient is visible; of their visits only the clinician is told")
    seen = rows.filter(
        patient_id__in=aliases_of(patient), status=AppointmentStatus.FULFILLED, start__gte=(at or now()) - _SEEN_WITHIN
    )
    counted = seen.values("clinician_id").annotate(times=Count("pk")).order_by("-times", "clinician_id").first()
    return counted["clinician_id"] if counted else None
