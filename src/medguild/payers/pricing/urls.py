"""Pages of prices."""

from __future__ import annotations

from django.urls import path

from medguild.payers.pricing import views

urlpatterns = [
    path("fees/", views.fee_schedule_list, name="fees"),
    path("fees/<uuid:schedule_id>/", views.fee_schedule_detail, name="fee_schedule"),
    path("contracts/", views.contract_list, name="contracts"),
]
