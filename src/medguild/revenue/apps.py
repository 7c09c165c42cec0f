"""The revenue wing: from a signed service to a balance of zero."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Modules that register something on import, lower rooms first.
PLUGS = (
    "charges.permissions",
    "charges.work",
    "charges.services",
    "charges.subscribers",
    "charges.told",
    "claims.permissions",
    "claims.work",
    "claims.services",
    "claims.correcting",
    "claims.export",
    "claims.adjudication",
    "receipts.permissions",
    "receipts.standards",
    "receipts.work",
    "receipts.recording",
    "receipts.drawers",
    "receipts.showing",
    "receipts.subscribers",
    "receipts.steps",
    "receipts.menu",
    "receipts.naming",
    "remittances.permissions",
    "remittances.work",
    "remittances.standards",
    "remittances.posting",
    "remittances.importing",
    "remittances.releasing",
    "remittances.denials",
    "remittances.rebilling",
    "remittances.subscribers",
    "remittances.panels",
    "remittances.naming",
    "remittances.menu",
    "statements.permissions",
    "statements.standards",
    "statements.services",
    "statements.showing",
    "statements.menu",
    "statements.naming",
    "numbers.menu",
    "naming",
    "menu",
)


class RevenueConfig(AppConfig):
    name = "medguild.revenue"
    label = "revenue"
    verbose_name = "Revenue"

    def ready(self) -> None:
        for module in PLUGS:
            import_module(f"medguild.revenue.{module}")
