"""Pages of outreach."""

from __future__ import annotations

from django.urls import path

from medguild.experience.outreach import views

app_name = "outreach"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("v/<str:token>/", views.visit, name="visit"),
    path("v/<str:token>/appointment.ics", views.invitation, name="invitation"),
]
