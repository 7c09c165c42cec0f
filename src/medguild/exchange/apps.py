"""The doors of the house."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

PLUGS = ("edi.permissions", "files.selectors", "files.services", "files.keeping", "files.menu")


class ExchangeConfig(AppConfig):
    name = "medguild.exchange"
    label = "exchange"
    verbose_name = "Exchange"

    def ready(self) -> None:
        for module in PLUGS:
            import_module(f"medguild.exchange.{module}")
