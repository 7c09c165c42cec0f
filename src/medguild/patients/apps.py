"""The patients wing."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Modules that register something on import, lower rooms first.
PLUGS = (
    "identity.permissions",
    "identity.events",
    "identity.plugs",
    "identity.subjects",
    "accounts.permissions",
    "accounts.services",
    "accounts.plugs",
    "coverage.permissions",
    "coverage.services",
    "coverage.plugs",
    "consent.permissions",
    "consent.services",
    "consent.plugs",
    "preferences.standards",
    "preferences.services",
    "preferences.plugs",
    "registration.plugs",
)


class PatientsConfig(AppConfig):
    name = "medguild.patients"
    label = "patients"
    verbose_name = "Patients"

    def ready(self) -> None:
        """Load what the rooms plug in: rights, events, cards, menu entries."""
        for module in PLUGS:
            import_module(f"medguild.patients.{module}")
