"""Pages of coverage."""

from __future__ import annotations

from django.urls import path

from medguild.patients.coverage import views

_ONE = "<uuid:patient_id>/coverage/<uuid:coverage_id>"
urlpatterns = [
    path("<uuid:patient_id>/coverage/new/", views.add, name="coverage_add"),
    path(f"{_ONE}/", views.edit, name="coverage_edit"),
    path(f"{_ONE}/end/", views.end, name="coverage_end"),
    path(f"{_ONE}/verify/", views.verify, name="coverage_verify"),
]
