"""Pages of attendance."""

from __future__ import annotations

from django.urls import path

from medguild.operations.attendance import views, views_model

app_name = "attendance"
urlpatterns = [
    path("", views.rates, name="rates"),
    path("visits/", views.visits, name="visits"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/<uuid:site_id>/", views.sessions_of, name="sessions_of"),
    path("choices/", views.choices, name="choices"),
    path("choices/visits/", views.chosen_visits, name="chosen"),
    path("model/", views_model.model, name="model"),
    path("model/<uuid:model_id>/", views_model.version, name="version"),
    path("model/train/<uuid:unit_id>/", views_model.train, name="train"),
    path("fairness/", views_model.fairness, name="fairness"),
    path("fairness/<uuid:model_id>/", views_model.fairness_of, name="fairness_of"),
]
