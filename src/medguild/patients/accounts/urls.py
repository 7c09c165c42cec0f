"""Pages of accounts."""

from __future__ import annotations

from django.urls import path

from medguild.patients.accounts import views

urlpatterns = [path("<uuid:patient_id>/accounts/new/", views.open_one, name="account_open")]
