"""The desk wing: pages that put the other wings together."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

PLUGS = ("today.menu",)


class DeskConfig(AppConfig):
    name = "medguild.desk"
    label = "desk"
    verbose_name = "Desk"

    def ready(self) -> None:
        for module in PLUGS:
            import_module(f"medguild.desk.{module}")
