"""The operations wing: the day of the group, from booking to leaving."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Modules that register something on import, lower rooms first.
PLUGS = (
    "scheduling.permissions",
    "scheduling.kind_standards",
    "scheduling.standards",
    "scheduling.care_terms",
    "scheduling.network_answers",
    "scheduling.services",
    "scheduling.cancelling",
    "scheduling.templating",
    "scheduling.outcomes",
    "scheduling.subjects",
    "scheduling.subscribers",
    "scheduling.tasks",
    "scheduling.lacking_work",
    "scheduling.network_panel",
    "scheduling.visit_types",
    "scheduling.availability",
    "scheduling.needs_panels",
    "scheduling.menu",
    "calendar.shifting",
    "templates.standards",
    "templates.subjects",
    "templates.drafting",
    "templates.previewing",
    "templates.keeping",
    "templates.moving",
    "templates.applying",
    "templates.subscribers",
    "templates.tasks",
    "templates.menu",
    "series.services",
    "series.menu",
    "bumps.work",
    "bumps.services",
    "bumps.subscribers",
    "bumps.menu",
    "waitlist.standards",
    "waitlist.calling",
    "waitlist.subjects",
    "waitlist.services",
    "waitlist.offering",
    "waitlist.accepting",
    "waitlist.subscribers",
    "waitlist.tasks",
    "waitlist.menu",
    "recalls.standards",
    "recalls.recording",
    "recalls.subjects",
    "recalls.subscribers",
    "recalls.tasks",
    "recalls.menu",
    "visits.permissions",
    "visits.standards",
    "visits.recording",
    "visits.queueing",
    "visits.steps",
    "visits.subjects",
    "visits.subscribers",
    "visits.menu",
    "promises.permissions",
    "promises.recording",
    "promises.subjects",
    "promises.menu",
    "chart.permissions",
    "chart.recording",
    "chart.subscribers",
    "chart.menu",
    "calls.permissions",
    "calls.standards",
    "calls.recording",
    "calls.alerts",
    "calls.subjects",
    "calls.site_panel",
    "calls.tasks",
    "calls.menu",
    "demand.permissions",
    "demand.standards",
    "demand.searches",
    "demand.fill",
    "demand.tasks",
    "demand.menu",
    "attendance.permissions",
    "attendance.standards",
    "attendance.recording",
    "attendance.choices",
    "attendance.tasks",
    "attendance.menu",
)


class OperationsConfig(AppConfig):
    name = "medguild.operations"
    label = "operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        for module in PLUGS:
            import_module(f"medguild.operations.{module}")
