"""Pages of calendars to subscribe to."""

from __future__ import annotations

from django.urls import path

from medguild.operations.feeds import views

app_name = "feeds"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<uuid:feed_id>/revoke/", views.revoke, name="revoke"),
    path("<str:secret>.ics", views.calendar, name="calendar"),
]
