"""URLs of code sets."""

from __future__ import annotations

from django.urls import include, path

from medguild.foundation.codesets import views

_room = (
    [
        path("", views.index, name="index"),
        path("load/", views.load, name="load"),
        path("editions/<uuid:edition_id>/", views.edition, name="edition"),
        path("editions/<uuid:edition_id>/withdraw/", views.withdraw, name="withdraw"),
        path("<slug:system>/search", views.search_codes, name="search"),
    ],
    "codesets",
)
urlpatterns = [path("codesets/", include(_room))]
