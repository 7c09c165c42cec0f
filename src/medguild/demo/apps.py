"""The demo wing: writes through the wings below, owns no tables."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "medguild.demo"
    label = "demo"
    verbose_name = "Demo"
