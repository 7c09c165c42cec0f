"""Pages of prices."""

from __future__ import annotations

from django.urls import path

from medguild.payers.pricing import contract_views, fee_views, views

urlpatterns = [
    path("fees/", views.fee_schedule_list, name="fees"),
    path("fees/new/", fee_views.new_schedule, name="new_fee_schedule"),
    path("fees/<uuid:schedule_id>/", views.fee_schedule_detail, name="fee_schedule"),
    path("fees/<uuid:schedule_id>/new/", fee_views.new_fee, name="new_fee"),
    path("fees/<uuid:schedule_id>/load/", fee_views.load_fee_file, name="load_fees"),
    path("fees/lines/<uuid:line_id>/", fee_views.fee, name="fee"),
    path("contracts/", views.contract_list, name="contracts"),
    path("contracts/new/", contract_views.new_contract, name="new_contract"),
    path("contracts/<uuid:contract_id>/", contract_views.contract, name="contract"),
    path("contracts/<uuid:contract_id>/end/", contract_views.end_contract, name="end_contract"),
    path("contracts/<uuid:contract_id>/new/", contract_views.new_rate, name="new_rate"),
    path("contracts/<uuid:contract_id>/load/", contract_views.load_rate_file, name="load_rates"),
    path("contracts/rates/<uuid:rate_id>/", contract_views.rate, name="rate"),
]
