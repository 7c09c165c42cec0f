"""The foundation wing."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "medguild.foundation"
    label = "foundation"
    verbose_name = "Foundation"

    def ready(self) -> None:
        """Load what the rooms plug in: rights, events, subscribers, jobs, menu entries."""
        for module in PLUGS:
            import_module(f"medguild.foundation.{module}")


# Modules that register something on import, lower rooms first.
PLUGS = (
    "events.dispatch",
    "events.setting_aside",
    "events.proofs",
    "events.tasks",
    "codesets.services",
    "codesets.menu",
    "organization.staffing",
    "organization.speaking",
    "organization.equipping",
    "organization.endings",
    "organization.menu",
    "access.permissions",
    "access.services",
    "access.users",
    "access.own_sessions",
    "access.signing_in",
    "access.middleware",
    "access.tasks",
    "access.menu",
    "documents.permissions",
    "documents.services",
    "documents.pdf",
    "documents.tasks",
    "ledger.permissions",
    "ledger.services",
    "ledger.periods",
    "ledger.bulk",
    "ledger.checks",
    "ledger.tasks",
    "ledger.menu",
    "standards.permissions",
    "standards.deviations",
    "standards.workflows",
    "standards.tasks",
    "standards.targets",
    "standards.menu",
    "work.presets",
    "work.handovers",
    "work.duties",
    "work.escalation",
    "work.subjects",
    "work.subscribers",
    "work.tasks",
    "work.menu",
    "registers.permissions",
    "registers.kept",
    "registers.tasks",
)
