"""URLs of charges."""

from __future__ import annotations

from django.urls import include, path

from medguild.revenue.charges import views

_room = (
    [
        path("", views.charge_list, name="list"),
        path("missing/", views.missing, name="missing"),
        path("<uuid:charge_id>/", views.show, name="show"),
        path("<uuid:charge_id>/release/", views.release, name="release"),
        path("<uuid:charge_id>/void/", views.void, name="void"),
    ],
    "charges",
)
urlpatterns = [path("charges/", include(_room))]
