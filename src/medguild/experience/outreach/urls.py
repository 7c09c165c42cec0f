"""Pages of outreach."""

from __future__ import annotations

from django.urls import path

from medguild.experience.outreach import views, views_recall, views_terms

app_name = "outreach"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("kinds/", views_terms.kinds, name="kinds"),
    path("kinds/<uuid:terms_id>/end/", views_terms.end, name="end_terms"),
    path("r/<str:token>/", views_recall.recall, name="recall"),
    path("v/<str:token>/", views.visit, name="visit"),
    path("v/<str:token>/appointment.ics", views.invitation, name="invitation"),
]
