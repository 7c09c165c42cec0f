"""Pages of preferences."""

from __future__ import annotations

from django.urls import path

from medguild.patients.preferences import views

urlpatterns = [path("<uuid:patient_id>/contact/", views.contact, name="contact")]
