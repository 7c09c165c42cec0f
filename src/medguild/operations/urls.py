"""URLs of the operations wing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("schedule/", include("medguild.operations.scheduling.urls")),
    path("calendar/", include("medguild.operations.calendar.urls")),
    path("series/", include("medguild.operations.series.urls")),
    path("itineraries/", include("medguild.operations.itineraries.urls")),
    path("bumps/", include("medguild.operations.bumps.urls")),
    path("templates/", include("medguild.operations.templates.urls")),
    path("waitlist/", include("medguild.operations.waitlist.urls")),
    path("recalls/", include("medguild.operations.recalls.urls")),
    path("promises/", include("medguild.operations.promises.urls")),
    path("calendars/", include("medguild.operations.feeds.urls")),
    path("visits/", include("medguild.operations.visits.urls")),
    path("groups/", include("medguild.operations.groups.urls")),
    path("chart/", include("medguild.operations.chart.urls")),
    path("calls/", include("medguild.operations.calls.urls")),
    path("access-numbers/", include("medguild.operations.demand.urls")),
    path("attendance/", include("medguild.operations.attendance.urls")),
]
