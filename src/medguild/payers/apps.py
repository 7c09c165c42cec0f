"""The payers wing."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Modules that register something on import, lower rooms first.
PLUGS = (
    "payers.permissions",
    "payers.services",
    "payers.menu",
    "payers.targets",
    "networks.permissions",
    "networks.services",
    "networks.menu",
    "pricing.permissions",
    "pricing.services",
    "pricing.menu",
    "remote.permissions",
    "remote.services",
    "remote.work",
    "remote.tasks",
    "remote.menu",
)


class PayersConfig(AppConfig):
    name = "medguild.payers"
    label = "payers"
    verbose_name = "Payers"

    def ready(self) -> None:
        """Load what the rooms plug in: rights, events, menu entries."""
        for module in PLUGS:
            import_module(f"medguild.payers.{module}")
