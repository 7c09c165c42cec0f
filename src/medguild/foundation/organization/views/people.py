"""People: who works here, as what, licensed until when, and who was where under which tax id on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.guard import guarded
from medguild.foundation.organization import directory, endings, staffing
from medguild.foundation.organization.equipping import held_by
from medguild.foundation.organization.forms import EndForm, OnForm
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.outline import unit_options
from medguild.foundation.organization.people import Affiliation, Person
from medguild.foundation.organization.people_forms import (
    AffiliationForm,
    ClinicianForm,
    LicenceForm,
    PersonForm,
    SpeakingForm,
)
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import AffiliationKind, ClinicianSex, masked
from medguild.foundation.organization.speaking import describe_clinician, languages_of
from medguild.foundation.organization.words import (
    AFFILIATION_KINDS,
    CLINICIAN_KINDS,
    CLINICIAN_SEXES,
    LANGUAGES,
    specialty_words,
)
from medguild.foundation.ui import tables
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Crumb

MANAGE = OrganizationRight.MANAGE
STAFF = "staff"


class PeopleFilters(tables.FilterSet):
    q = tables.SearchFilter(
        fields=["family_name__istartswith", "given_name__istartswith", "clinician__npi__startswith"],
        label=gettext_lazy("Name or NPI"),
    )
    kind = tables.ChoiceFilter(
        choices=[*CLINICIAN_KINDS.items(), (STAFF, gettext_lazy("Staff"))], label=gettext_lazy("Kind"), method="by_kind"
    )
    specialty = tables.ChoiceFilter(
        choices=lambda: [(one, specialty_words(one)) for one in directory.specialties()],
        field_name="clinician__specialty", label=gettext_lazy("Specialty"),
    )  # fmt: skip
    site = tables.ModelChoiceFilter(
        queryset=lambda request: directory.site_units(actor_of(request), on=today()),
        label=gettext_lazy("Site"),
        method="by_site",
    )
    expiring = tables.FlagFilter(label=gettext_lazy("Licence ends within 90 days"), method="by_expiry")

    def by_kind(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return rows.filter(clinician__isnull=True) if value == STAFF else rows.filter(clinician__kind=value)

    def by_site(self, rows: QuerySet[Person], name: str, value: Unit) -> QuerySet[Person]:
        held = Affiliation.objects.filter(unit=value, period__contains=today())
        return rows.filter(pk__in=held.values("person_id"))

    def by_expiry(self, rows: QuerySet[Person], name: str, value: bool) -> QuerySet[Person]:
        return directory.licence_ends_soon(rows, on=today()) if value else rows


class PeopleTable(tables.Table):
    name = tables.Column(
        gettext_lazy("Name"), accessor="label", order_by=("family_name", "given_name"),
        linkify=lambda record: reverse("organization:person", args=[record.pk]),
    )  # fmt: skip
    kind = tables.Column(gettext_lazy("Kind"), accessor="clinician__kind", default=gettext_lazy("Staff"))
    specialty = tables.Column(gettext_lazy("Specialty"), accessor="clinician__specialty", default="")
    npi = tables.Column("NPI", accessor="clinician__npi", default="")
    works_at = tables.Column(gettext_lazy("Works at"))
    licensed_until = tables.DateColumn(gettext_lazy("Licensed until"))

    class Meta:
        order_by = ("name",)

    key = "people"
    caption = gettext_lazy("People")
    filters = PeopleFilters
    empty = tables.Empty(
        gettext_lazy("Nobody here"), gettext_lazy("People appear when they have a place of work."),
        href_name="organization:new_person",
        action=gettext_lazy("Add a person"),
        permission=MANAGE,
    )  # fmt: skip

    def render_kind(self, value: str) -> Any:
        return dict(CLINICIAN_KINDS).get(value, value)  # type: ignore[call-overload]

    def render_specialty(self, value: str) -> str:
        return specialty_words(value)


@guarded(OrganizationRight.READ)
def people(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    counts = directory.counts_by_kind(actor, on=today())
    words = {**{str(kind): word for kind, word in CLINICIAN_KINDS.items()}, STAFF: _("Staff")}
    context = {
        "may_manage": actor.may(MANAGE),
        "counts": [(words[kind], counts[kind], kind) for kind in words if counts.get(kind)],
    }
    rows = directory.people(actor, on=today())
    return tables.table_response(request, PeopleTable, rows, "organization/people.html", context)


@guarded(OrganizationRight.READ)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Affiliations across entities with dates; with `?on=`, those that held on the day."""
    actor = actor_of(request)
    shown = directory.person_for(actor, person_id)
    form = OnForm(request.GET or None)
    on = form.cleaned_data.get("on") if form.is_valid() else None
    places = directory.workplaces(actor, shown, on=on, today=today())
    clinician = getattr(shown, "clinician", None)
    resource = directory.calendar_of(shown)
    context = {
        "person": shown,
        "clinician": clinician,
        "kind": CLINICIAN_KINDS.get(clinician.kind, "") if clinician else _("Staff"),
        "specialty": specialty_words(clinician.specialty) if clinician else "",
        "languages": ", ".join(
            str(dict(LANGUAGES).get(one, one)) for one in (languages_of(clinician.pk, on=today()) if clinician else [])
        ),
        "sex": CLINICIAN_SEXES[ClinicianSex(clinician.sex)] if clinician and clinician.sex else "",
        "licences": [(one, _licence_tone(one.period.upper)) for one in directory.licences_of(clinician)]
        if clinician
        else [],
        "places": [
            (place, AFFILIATION_KINDS[AffiliationKind(place.affiliation.kind)], _tax_id(place)) for place in places
        ],
        "resource": resource,
        "skills": held_by([resource.pk], on=today()).get(resource.pk, []) if resource else [],
        "on": on,
        "form": form,
        "may_manage": actor.may(MANAGE),
        "today": today(),
    }
    return render(request, "organization/person.html", context)


def _tax_id(place: directory.Workplace) -> str:
    return masked(place.legal.ein) if place.legal and place.own else ""


def _licence_tone(end: dt.date | None) -> str:
    if end is None or end > today() + directory.EXPIRES_SOON:
        return "ok"
    return "warn" if end > today() else "bad"


def _crumbs(shown: Person | None = None) -> tuple[Crumb, ...]:
    start = (Crumb(_("People"), reverse("organization:people")),)
    return (*start, Crumb(shown.label(), _page(shown))) if shown else start


def _page(shown: Person) -> str:
    return reverse("organization:person", args=[shown.pk])


def _units(request: HttpRequest) -> list[Unit]:
    return unit_options(actor_of(request), MANAGE, None, on=today())


@guarded(MANAGE)
def new_person(request: HttpRequest) -> HttpResponse:
    """Somebody who begins to work at a unit of the actor."""
    actor = actor_of(request)

    @transaction.atomic
    def run(given_name: str, family_name: str, suffix: str, email: str, **work: Any) -> None:
        joined = staffing.join(
            given_name=given_name, family_name=family_name, suffix=suffix, email=email, start=work["start"], by=actor
        )
        staffing.affiliate(person=joined, by=actor, **work)

    form = PersonForm(request.POST or None, units=_units(request), initial={"start": today()})
    back = reverse("organization:people")
    return answer_form(
        request, form, run, title=_("Add a person"), done=_("Added."), back=back, crumbs=_crumbs(), cols=2
    )


@guarded(MANAGE)
def affiliate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A further place of work."""
    actor = actor_of(request)
    shown = directory.person_for(actor, person_id)
    return answer_form(
        request, AffiliationForm(request.POST or None, units=_units(request), initial={"start": today()}),
        lambda **given: staffing.affiliate(person=shown, by=actor, **given),
        title=_("Add a place of work"), done=_("Recorded."), back=_page(shown), crumbs=_crumbs(shown),
    )  # fmt: skip


@guarded(MANAGE)
def end_affiliation(request: HttpRequest, affiliation_id: UUID) -> HttpResponse:
    """The person no longer works there."""
    actor = actor_of(request)
    held = Affiliation.objects.select_related("person", "unit").filter(pk=affiliation_id).first()
    if held is None:
        raise NotVisible
    unit = directory.unit_for(actor, held.unit_id, MANAGE)
    return answer_form(
        request, EndForm(request.POST or None), lambda on: endings.end_affiliation(affiliation=held, on=on, by=actor),
        title=_("End work at %(name)s") % {"name": unit.name}, done=_("Ended."), back=_page(held.person),
        crumbs=_crumbs(held.person), submit=_("End it"), kind="danger",
    )  # fmt: skip


@guarded(MANAGE)
def enrol(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Make a person a bookable clinician."""
    actor = actor_of(request)
    shown = directory.person_for(actor, person_id, MANAGE)
    return answer_form(
        request, ClinicianForm(request.POST or None, homes=_units(request), initial={"start": today()}),
        lambda **given: staffing.enrol_clinician(person=shown, by=actor, **given),
        title=_("Enrol as clinician"), done=_("Enrolled."), back=_page(shown), crumbs=_crumbs(shown),
    )  # fmt: skip


@guarded(MANAGE)
def licence(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A state licence."""
    actor = actor_of(request)
    shown = directory.person_for(actor, person_id, MANAGE)
    clinician = getattr(shown, "clinician", None)
    if clinician is None:
        raise NotVisible
    return answer_form(
        request, LicenceForm(request.POST or None),
        lambda **given: staffing.record_licence(clinician=clinician, by=actor, **given),
        title=_("Add a licence"), done=_("Recorded."), back=_page(shown), crumbs=_crumbs(shown),
    )  # fmt: skip


@guarded(MANAGE)
def speaking(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Languages and sex of a clinician, as patients ask for them."""
    actor = actor_of(request)
    shown = directory.person_for(actor, person_id, MANAGE)
    clinician = getattr(shown, "clinician", None)
    if clinician is None:
        raise NotVisible
    held = {"languages": languages_of(clinician.pk, on=today()), "sex": clinician.sex, "on": today()}
    return answer_form(
        request, SpeakingForm(request.POST or None, initial=held),
        lambda **given: describe_clinician(clinician=clinician, by=actor, **given),
        title=_("What patients ask for"), done=_("Recorded."), back=_page(shown), crumbs=_crumbs(shown),
    )  # fmt: skip
