"""URLs of remittances."""

from __future__ import annotations

from django.urls import include, path

from medguild.revenue.remittances import views, views_queue

_room = (
    [
        path("", views.remittance_list, name="list"),
        path("import/", views.upload, name="upload"),
        path("quarantine/", views_queue.quarantine, name="quarantine"),
        path("suspense/", views_queue.suspense, name="suspense"),
        path("suspense/<uuid:claim_id>/", views_queue.place, name="place"),
        path("denials/", views_queue.denials, name="denials"),
        path("<uuid:remittance_id>/", views.show, name="show"),
        path("<uuid:remittance_id>/check/", views_queue.check_again, name="check"),
        path("<uuid:remittance_id>/set-aside/", views_queue.set_aside, name="set_aside"),
        path("<uuid:remittance_id>/payee/", views_queue.place_payee, name="payee"),
        path("<uuid:remittance_id>/<uuid:claim_id>/", views.claim, name="claim"),
    ],
    "remittances",
)
urlpatterns = [path("remittances/", include(_room))]
