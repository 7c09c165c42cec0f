"""People on their own record, in tests."""

from __future__ import annotations

from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.patients.identity.models import Patient
from tests.factories.world import World


def client_of(world: World, patient: Patient, role: Role = Role.PATIENT) -> Client:
    """The browser of somebody who reads this record."""
    client = Client()
    client.force_login(world.user(role, patient_id=patient.pk))
    return client
