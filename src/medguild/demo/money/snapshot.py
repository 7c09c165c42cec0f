"""What stands frozen on a sent claim: the same JSON as `claims.export` keeps, put together from parts told once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from medguild.demo import plan
from medguild.demo.group import Group
from medguild.demo.money.story import Service, Story
from medguild.demo.people import Invented
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import BillingIdentity, Clinician
from medguild.foundation.organization.selectors import billing_identity
from medguild.payers.payers.models import Payer, Plan
from medguild.revenue.claims.assembly import SELF, billing_provider
from medguild.revenue.claims.export import as_plain
from medguild.revenue.claims.rules import all_diagnoses, line_control, pointers
from medguild.x12.records import claim as x12
from medguild.x12.records.common import Address, Party

_CHILD = "19"


class Snapshots:
    """Makes the snapshots of one load; what many claims share is put into plain form once."""

    def __init__(self, group: Group, members: dict[UUID, tuple[str, str]]) -> None:
        self._group, self._members = group, members
        # All of it is read now: asking later would wait for what is being written.
        self._sites = {key: Site.objects.select_related("unit").get(unit=group.units[key]) for key in group.sites}
        self._identities = {key: _identity_of(group, key) for key in group.sites}
        self._shared: dict[Any, Any] = {}

    def identity(self, story: Story) -> BillingIdentity:
        """The numbers under which the claim was billed."""
        return self._identities[story.seen.booked.site]

    def member_of(self, patient: Invented) -> str:
        return self._members[patient.id][0]

    def of(self, story: Story, diagnoses: list[str]) -> str:
        """JSON text of the claim as it was sent."""
        booked = story.seen.booked
        patient, site = booked.patient, self._sites[booked.site]
        said: dict[str, Any] = {
            "control": story.number,
            "charge_cents": story.amount,
            "billing": self._once(
                ("billing", booked.session.entity_id), lambda: billing_provider(self.identity(story))
            ),
            "subscriber": self._subscriber(patient),
            "place_of_service": site.place_of_service,
            "facility_qualifier": "B",
            "frequency": x12.ORIGINAL,
            "provider_signature": "Y",
            "accepts_assignment": "A",
            "benefits_assigned": "Y",
            "release": "Y",
            "diagnoses": [
                {"qualifier": "ABF" if place else "ABK", "code": code.replace(".", "")}
                for place, code in enumerate(diagnoses)
            ],
            "providers": self._providers(story, booked.clinician, site),
            "lines": [
                _line(story, service, number, diagnoses) for number, service in enumerate(story.services, start=1)
            ],
            "position": 0,
        }
        if patient.guardian:
            said["patient"] = self._patient(patient)
        return orjson.dumps(said).decode()

    def _once(self, key: Any, make: Any) -> Any:
        if key not in self._shared:
            self._shared[key] = as_plain(make())
        return self._shared[key]

    def _providers(self, story: Story, clinician: Clinician, site: Site) -> Any:
        identity = self.identity(story)
        return self._once(("providers", clinician.pk, site.pk), lambda: _who_and_where(clinician, site, identity))

    def _subscriber(self, patient: Invented) -> dict[str, Any]:
        person, own = patient.guardian or patient.person, patient.guardian is None
        member, number = self._members[patient.id]
        found = {
            "party": _named("IL", person.family, person.given) | {"id_qualifier": "MI", "id": member},
            "payer": self._once(("payer", patient.plan.payer_id), lambda: _payer(patient.plan.payer)),
            "sequence": "P",
            "group_number": number,
            "filing_indicator": _indicator(patient.plan),
            "address": self._address(patient, person.line1),
            "birth_date": person.birth_date,
            "sex": person.sex,
        }
        return found | {"relationship": SELF} if own else found

    def _patient(self, patient: Invented) -> dict[str, Any]:
        person = patient.person
        return {
            "party": _named("QC", person.family, person.given), "relationship": _CHILD,
            "address": self._address(patient, person.line1), "birth_date": person.birth_date, "sex": person.sex,
        }  # fmt: skip

    def _address(self, patient: Invented, line1: str) -> dict[str, str]:
        site = self._group.sites[patient.site]
        return {"line1": line1, "city": site.city, "state": plan.STATE, "postal_code": site.postal_code[:5]}


def _identity_of(group: Group, site: str) -> BillingIdentity:
    """Each entity of the demo bills under one set of numbers."""
    entity = group.units[group.entity_of_site[site]]
    found = billing_identity(
        entity_id=entity.pk, site_id=group.units[site].pk, payer_id=None, specialty="", on=group.start
    )
    if found is None:
        raise LookupError(f"no billing identity for {site}")
    return found


def _named(role: str, last: str, first: str) -> dict[str, str]:
    return {"role": role, "kind": "1", "last": last, "first": first}


def _indicator(sold: Plan) -> str:
    return sold.filing_indicator or sold.payer.filing_indicator


def _payer(payer: Payer) -> x12.Payer:
    return x12.Payer(
        Party("PR", "2", last=payer.name, id_qualifier="PI", id=payer.payer_id),
        Address(payer.line1, payer.line2, payer.city, payer.state, payer.postal_code) if payer.line1 else None,
    )


def _who_and_where(clinician: Clinician, site: Site, identity: BillingIdentity) -> tuple[x12.Provider, ...]:
    person = clinician.person
    who = x12.Provider(
        Party("82", "1", last=person.family_name, first=person.given_name, id_qualifier="XX", id=clinician.npi),
        taxonomy=clinician.taxonomy,
    )
    if (site.line1, site.postal_code) == (identity.line1, identity.postal_code):
        return (who,)
    place = Address(site.line1, site.line2, site.city, site.state, site.postal_code)
    return who, x12.Provider(Party("77", "2", last=site.unit.name), address=place)


def _line(story: Story, service: Service, number: int, diagnoses: list[str]) -> dict[str, Any]:
    return {
        "number": str(number),
        "procedure": {"qualifier": "HC", "code": service.code},
        "charge_cents": service.amount,
        "unit": "UN",
        "quantity": "1",
        "pointers": list(pointers(service.diagnoses, diagnoses)),
        "dates": [{"qualifier": "472", "start": story.day}],
        "references": [{"qualifier": "6R", "value": line_control(story.number, number)}],
        "position": 0,
    }


def diagnoses_of(story: Story) -> list[str]:
    """The claim's diagnoses: those of its lines in order of appearance."""
    return all_diagnoses([service.diagnoses for service in story.services])
