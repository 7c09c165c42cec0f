"""Pages of the bump list."""

from __future__ import annotations

from django.urls import path

from medguild.operations.bumps import views

app_name = "bumps"
urlpatterns = [
    path("", views.bump_list, name="list"),
    path("<uuid:bump_id>/", views.show, name="show"),
    path("<uuid:bump_id>/contact/", views.contact, name="contact"),
    path("<uuid:bump_id>/move/", views.move, name="move"),
    path("<uuid:bump_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:bump_id>/keep/", views.keep, name="keep"),
    path("add/<uuid:appointment_id>/", views.add, name="add"),
]
