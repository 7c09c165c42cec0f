"""Wiring of the running process."""

from __future__ import annotations

from django.apps import AppConfig


class MedguildConfig(AppConfig):
    name = "medguild.config"
    label = "config"
    verbose_name = "Medguild"
