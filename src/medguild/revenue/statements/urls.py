"""URLs of balances and statements."""

from __future__ import annotations

from django.urls import include, path

from medguild.revenue.statements import views

_room = (
    [
        path("", views.account_list, name="list"),
        path("<uuid:account_id>/", views.account, name="account"),
        path("<uuid:account_id>/make/", views.make, name="make"),
        path("<uuid:account_id>/before/", views.brought_forward, name="brought_forward"),
        path("<uuid:account_id>/services/<uuid:charge_id>/", views.service, name="service"),
    ],
    "statements",
)
urlpatterns = [path("balances/", include(_room))]
