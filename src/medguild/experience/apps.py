"""The experience wing: how the group is for those it serves."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Modules that register something on import, lower rooms first.
PLUGS = (
    "feedback.permissions",
    "portal.permissions",
    "portal.services",
    "portal.standards",
    "portal.asking",
    "feedback.recording",
    "feedback.subjects",
    "feedback.rating",
    "feedback.told",
    "feedback.menu",
    "portal.menu",
    "outreach.permissions",
    "outreach.standards",
    "outreach.terms",
    "outreach.sending",
    "outreach.answering",
    "outreach.engagement",
    "outreach.subscribers",
    "outreach.moved",
    "outreach.tasks",
    "outreach.menu",
)


class ExperienceConfig(AppConfig):
    name = "medguild.experience"
    label = "experience"
    verbose_name = "Experience"

    def ready(self) -> None:
        for module in PLUGS:
            import_module(f"medguild.experience.{module}")
