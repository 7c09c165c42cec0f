"""Who may see whom, and whose plan pays: languages, a licence that runs out, telehealth across the river, networks.

A clinician has visits beyond the end of their licence; patients from across the river are seen by video
by who is registered there; an HMO lists neither Hillcrest nor the heart centre, and one clinician waits to be listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.demo import names, plan
from medguild.demo.group import LOADER, Group
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.people import Clinician, Licence
from medguild.foundation.organization.rules import ClinicianKind, ClinicianSex
from medguild.foundation.organization.speaking import describe_clinician
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.care.work import warn_of_lacking
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy, Said, nobody_asked
from medguild.operations.scheduling.rules import Mode, Origin
from medguild.operations.scheduling.search.searching import Wanted, search_times
from medguild.operations.scheduling.services import book_appointment
from medguild.operations.scheduling.week_rules import local_time
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from medguild.payers.networks import services as networks
from medguild.payers.networks.rules import Standing
from medguild.payers.payers.models import Plan
from medguild.people.credentialing import services as credentials
from medguild.people.credentialing.models import PrivilegeType
from medguild.people.credentialing.rules import PrivilegeStanding
from medguild.people.credentialing.services import Membership
from medguild.people.credentialing.work import warn_of_expiry
from medguild.revenue.claims.models import Claim

# Languages besides English, by turns; most speak none.
LANGUAGES = (("es",), (), ("vi",), ("es", "pt"), (), ("ru", "uk"), ("zh",), ())
ACROSS = "WA"
COMPACT_STATES = ("ID", "MT", "OR", "UT")
LICENCE_LEFT = dt.timedelta(days=18)
# Kind of visit: the service whose list price stands for it.
PRICES = {"follow-up": "99213", "new": "99203", "physical": "99396", "acute": "99213", "echo": "93306"}
NETWORKED = ("Evergreen Choice", "Pacific Open Access", "Original Medicare", "Summit Advantage Plus")
HMO, PENDING_IN = "Pacific Open Access", "Evergreen Choice"
_BOOKED_BY_VIDEO, _BOOKED_OUTSIDE = 3, 4
_LOADER_SEES = "the loader books visits"


def build_verdicts(group: Group, size: plan.Size, today: dt.date) -> None:
    """All through the services; the licence alone is cut short, as no service would."""
    clinicians = [one for place in group.clinicians.values() for one in place]
    for number, clinician in enumerate(clinicians):
        woman = clinician.person.given_name in names.FEMALE
        describe_clinician(
            clinician=clinician, languages=["en", *LANGUAGES[number % len(LANGUAGES)]], on=group.start, by=LOADER,
            sex=ClinicianSex.FEMALE if woman else ClinicianSex.MALE,
        )  # fmt: skip
    echo = _privileges(group, today)
    for code, service in PRICES.items():
        set_visit_type_terms(
            visit_type=group.visit_types[code], privilege=echo if code == "echo" else None, service_code=service,
            by=LOADER,
        )  # fmt: skip
    registered = _across_the_river(group, today)
    _networks(group, clinicians, today)
    _licence_runs_out(group, registered, today)
    midnight = at_local(today, dt.time(), plan.TIME_ZONE)
    warn_of_expiry(by=LOADER, on=today, at=midnight)
    warn_of_lacking(by=LOADER, at=midnight)


def _privileges(group: Group, today: dt.date) -> PrivilegeType:
    """Heart ultrasounds ask for a privilege; of the heart centre all have it, one for a few months yet."""
    echo = credentials.add_privilege_type(code="echo", name="Echocardiography", by=LOADER)
    for number, clinician in enumerate(group.clinicians.get("heart", [])):
        credentials.grant_privilege(
            clinician=clinician, type=echo, unit=group.units["heart"], standing=PrivilegeStanding.FULL,
            start=group.start, end=today + dt.timedelta(days=100) if number == 1 else None, by=LOADER,
        )  # fmt: skip
    return echo


def _licence_runs_out(group: Group, registered: Clinician, today: dt.date) -> None:
    """Somebody without a compact, at a site with others, has not renewed: what is booked later cannot be kept."""
    here = [*group.clinicians["riverside"], *group.clinicians["northgate"]]
    clinician = next(one for one in here if one != registered)
    Licence.objects.filter(clinician=clinician).update(period=DateRange(group.start, today + LICENCE_LEFT))


def _across_the_river(group: Group, today: dt.date) -> Clinician:
    """Patients who moved to the next state are seen by video by whoever is registered there."""
    compact = credentials.set_compact(
        code="western", name="Western states compact", clinician_kinds=[ClinicianKind.PHYSICIAN],
        members=[Membership(state, group.start) for state in COMPACT_STATES], by=LOADER,
    )  # fmt: skip
    place, first = next(
        (place, one)
        for place in ("riverside", "northgate")
        for one in group.clinicians[place]
        if one.kind == ClinicianKind.PHYSICIAN
    )
    credentials.register_telehealth(clinician=first, state=ACROSS, number="TH-4711", start=group.start, by=LOADER)
    credentials.record_compact_privilege(
        clinician=first, compact=compact, home_state=plan.STATE, number="IC-2042", start=group.start, by=LOADER
    )
    kind = group.visit_types["follow-up"]
    moved = Patient.objects.unscoped(_LOADER_SEES).filter(home_unit=group.units[place])
    # What was claimed for somebody says where they lived; those of whom nothing was claimed have just come.
    moved = moved.exclude(pk__in=Claim.objects.unscoped(_LOADER_SEES).values("patient_id"))
    for patient in moved.order_by("pk")[:_BOOKED_BY_VIDEO]:
        Patient.objects.unscoped(_LOADER_SEES).filter(pk=patient.pk).update(
            state=ACROSS, city="Vancouver", postal_code="986600000"
        )
        patient.state = ACROSS
        _book(group, place, first, kind, patient, today, mode=Mode.VIDEO)
    return first


def _networks(group: Group, clinicians: list[Clinician], today: dt.date) -> None:
    """Each large plan has a network; who is in it differs by entity and, for one, by clinician."""
    entities = {
        clinician.pk: group.units[group.entity_of_site[place]]
        for place, here in group.clinicians.items()
        for clinician in here
    }
    pending = group.clinicians["riverside"][-1]
    for sold, _weight in group.plans:
        if sold.name in NETWORKED:
            _network(group, sold, clinicians, entities, pending)
    hmo = next(sold for sold, _weight in group.plans if sold.name == HMO)
    _book_outside(group, hmo, today)


def _network(
    group: Group, sold: Plan, clinicians: list[Clinician], entities: dict[UUID, Unit], pending: Clinician
) -> None:
    network = networks.add_network(payer=sold.payer, name=f"{sold.name} network", start=group.start, by=LOADER)
    networks.use_network(network=network, plan=sold, start=group.start, by=LOADER)
    outside = group.units["family"] if sold.name == HMO else None
    for entity in {one.pk: one for one in entities.values()}.values():
        networks.list_group(
            network=network, entity=entity, standing=Standing.OUT if entity == outside else Standing.IN,
            start=group.start, by=LOADER,
        )  # fmt: skip
    for clinician in clinicians:
        waiting = clinician == pending and sold.name == PENDING_IN
        outside_hmo = sold.name == HMO and clinician in group.clinicians["heart"]
        networks.list_clinician(
            network=network, entity=entities[clinician.pk], clinician=clinician,
            standing=Standing.PENDING if waiting else Standing.OUT if outside_hmo else Standing.IN, start=group.start, by=LOADER,
        )  # fmt: skip


def _book_outside(group: Group, hmo: Plan, today: dt.date) -> None:
    """Members of the HMO with the heart centre, which it does not list: told, and not yet told."""
    words = "Your plan does not pay for visits at Riverside Heart. Our list price for this visit is $175.00."
    answers = (
        Said(AnswerKind.SELF_PAY, AskedBy.PHONE, words), Said(AnswerKind.ASKS_PLAN, AskedBy.PHONE, words),
        nobody_asked("Left a message, no answer yet"), Said(AnswerKind.SELF_PAY, AskedBy.IN_PERSON, words),
    )  # fmt: skip
    clinician = group.clinicians["heart"][0]
    for patient, said in zip(_members(group, hmo), answers, strict=False):
        _book(group, "heart", clinician, group.visit_types["follow-up"], patient, today, said=said)


def _members(group: Group, sold: Plan) -> Iterator[Patient]:
    held = Coverage.objects.unscoped(_LOADER_SEES).filter(
        plan=sold, rank="primary", period__endswith__isnull=True, patient__home_unit=group.units["riverside"]
    )
    for coverage in held.select_related("patient").order_by("pk")[:_BOOKED_OUTSIDE]:
        yield coverage.patient


def _book(
    group: Group, place: str, clinician: Clinician, kind: VisitType, patient: Patient, today: dt.date,
    mode: Mode | None = None, said: Said | None = None,
) -> None:  # fmt: skip
    """The first free time within four weeks; where there is none, or the patient is busy then, nothing is booked."""
    wanted = Wanted(
        visit_type=kind, start=today + dt.timedelta(days=1), end=today + dt.timedelta(days=29), patient=patient,
        clinicians=[clinician.pk], units=[group.units[place].pk], mode=mode or "", first_only=True,
    )  # fmt: skip
    found = search_times(actor=LOADER, wanted=wanted)
    if not found.openings:
        return
    site = Site.objects.select_related("unit").get(unit=group.units[place])
    start = local_time(site.time_zone, found.openings[0].starts[0])
    try:
        book_appointment(
            patient=patient, clinician=clinician, visit_type=kind, site=site, start=start, by=LOADER, mode=mode,
            network_answer=said, origin=Origin.STAFF,
        )  # fmt: skip
    except Refusal:
        return
