"""Pages of payers."""

from __future__ import annotations

from django.urls import path

from medguild.payers.payers import views

urlpatterns = [
    path("", views.payer_list, name="list"),
    path("new/", views.new_payer, name="new"),
    path("<uuid:payer_id>/", views.payer_detail, name="detail"),
]
