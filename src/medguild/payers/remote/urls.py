"""Pages of payers' rules for remote visits."""

from __future__ import annotations

from django.urls import path

from medguild.payers.remote import views

urlpatterns = [
    path("remote/", views.rule_list, name="remote_rules"),
    path("remote/new/", views.new_rule, name="new_remote_rule"),
    path("remote/<uuid:rule_id>/end/", views.end_rule, name="end_remote_rule"),
]
