"""URLs of claims."""

from __future__ import annotations

from django.urls import include, path

from medguild.revenue.claims import views

_room = (
    [
        path("", views.claim_list, name="list"),
        path("make/", views.make, name="make"),
        path("send/", views.send, name="send"),
        path("files/", views.file_list, name="files"),
        path("<uuid:claim_id>/", views.show, name="show"),
        path("<uuid:claim_id>/check/", views.check, name="check"),
        path("<uuid:claim_id>/approval/", views.authorize, name="authorize"),
        path("<uuid:claim_id>/void/", views.void, name="void"),
        path("<uuid:claim_id>/replace/", views.replace, name="replace"),
        path("<uuid:claim_id>/correct/", views.correct, name="correct"),
        path("<uuid:claim_id>/cancel/", views.cancel, name="cancel"),
        path("<uuid:claim_id>/free/", views.free, name="free"),
    ],
    "claims",
)
urlpatterns = [path("claims/", include(_room))]
