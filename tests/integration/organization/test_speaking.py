"""What patients ask of a clinician: the languages they speak, for a period, and their sex."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.people import Clinician, ClinicianLanguage
from medguild.foundation.organization.rules import ClinicianSex
from medguild.foundation.organization.speaking import describe_clinician, languages_of
from tests.factories.scheduling import day_here
from tests.factories.world import HOUSE, START, World

DAY = dt.date(2026, 3, 1)


def test_languages_begin_and_end_on_a_day(world: World) -> None:
    clinician = world.main.clinician
    describe_clinician(clinician=clinician, languages=["es", "en"], sex=ClinicianSex.FEMALE, on=START, by=HOUSE)
    describe_clinician(clinician=clinician, languages=["es"], on=DAY, by=HOUSE)
    assert languages_of(clinician.pk, on=DAY - dt.timedelta(days=1)) == ["en", "es"]
    assert languages_of(clinician.pk, on=DAY) == ["es"]
    assert clinician.sex == ""


def test_a_language_said_by_mistake_goes_on_its_first_day(world: World) -> None:
    clinician = world.main.clinician
    describe_clinician(clinician=clinician, languages=["fr"], on=DAY, by=HOUSE)
    describe_clinician(clinician=clinician, languages=[], on=DAY, by=HOUSE)
    assert not ClinicianLanguage.objects.filter(clinician=clinician).exists()


def test_the_page_of_the_person_keeps_and_shows_them(world: World) -> None:
    client = Client()
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    person = world.main.clinician.person
    address = reverse("organization:speaking", args=[person.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"languages": ["es", "vi"], "sex": "female", "on": day_here().isoformat()})
    page = client.get(reverse("organization:person", args=[person.pk])).content.decode()
    assert "Spanish, Vietnamese" in page
    assert "Woman" in page


def test_what_the_database_refuses(world: World) -> None:
    clinician = world.main.clinician
    with pytest.raises(IntegrityError, match="clinician_sex_known"), transaction.atomic():
        Clinician.objects.filter(pk=clinician.pk).update(sex="unsaid")
    with pytest.raises(IntegrityError, match="clinician_language_form"), transaction.atomic():
        ClinicianLanguage.objects.create(clinician=clinician, language="Spanish", period=DateRange(START, None))
    with pytest.raises(IntegrityError, match="clinician_language_period_whole"), transaction.atomic():
        ClinicianLanguage.objects.create(clinician=clinician, language="es", period=DateRange(None, DAY))
    ClinicianLanguage.objects.create(clinician=clinician, language="es", period=DateRange(START, None))
    with pytest.raises(IntegrityError, match="clinician_language_once_at_a_time"), transaction.atomic():
        ClinicianLanguage.objects.create(clinician=clinician, language="es", period=DateRange(DAY, None))
