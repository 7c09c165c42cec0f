"""The people wing."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Modules that register something on import, lower rooms first.
PLUGS = (
    "credentialing.permissions",
    "credentialing.services",
    "credentialing.subjects",
    "credentialing.work",
    "credentialing.tasks",
    "credentialing.menu",
)


class PeopleConfig(AppConfig):
    name = "medguild.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        """Load what the rooms plug in: rights, events, work, menu entries."""
        for module in PLUGS:
            import_module(f"medguild.people.{module}")
