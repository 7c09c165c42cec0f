"""Pages of consent."""

from __future__ import annotations

from django.urls import path

from medguild.patients.consent import views

urlpatterns = [path("<uuid:patient_id>/consents/new/", views.add, name="consent_add")]
