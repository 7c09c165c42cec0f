"""Pages of outreach."""

from __future__ import annotations

from django.urls import path

from medguild.experience.outreach import views, views_recall

app_name = "outreach"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("r/<str:token>/", views_recall.recall, name="recall"),
    path("v/<str:token>/", views.visit, name="visit"),
    path("v/<str:token>/appointment.ics", views.invitation, name="invitation"),
]
