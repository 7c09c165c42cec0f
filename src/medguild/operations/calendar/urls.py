"""Pages of the calendar, and what its screens ask."""

from __future__ import annotations

from django.urls import path

from medguild.operations.calendar import views, views_shift

app_name = "calendar"
urlpatterns = [
    path("", views.usual, name="usual"),
    path("<uuid:site_id>/", views.page, name="page"),
    path("<uuid:site_id>/feed/", views.feed, name="feed"),
    path("news/", views.news, name="news"),
    path("ask/", views.ask, name="ask"),
    path("visits/<uuid:appointment_id>/", views_shift.panel, name="panel"),
    path("visits/<uuid:appointment_id>/shift/", views_shift.shift, name="shift"),
    path("visits/<uuid:appointment_id>/back/", views_shift.back, name="back"),
]
