"""Pages of series."""

from __future__ import annotations

from django.urls import path

from medguild.operations.series import views

app_name = "series"
urlpatterns = [
    path("new/<uuid:patient_id>/", views.new, name="new"),
    path("<uuid:series_id>/", views.show, name="show"),
    path("<uuid:series_id>/<int:number>/", views.edit, name="edit"),
    path("<uuid:series_id>/<int:number>/end/", views.end, name="end"),
]
