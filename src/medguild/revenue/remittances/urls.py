"""URLs of remittances."""

from __future__ import annotations

from django.urls import include, path

from medguild.revenue.remittances import views, views_denials, views_desk, views_queue

_room = (
    [
        path("", views.remittance_list, name="list"),
        path("import/", views.upload, name="upload"),
        path("quarantine/", views_queue.quarantine, name="quarantine"),
        path("suspense/", views_queue.suspense, name="suspense"),
        path("suspense/<uuid:claim_id>/", views_queue.place, name="place"),
        path("denials/", views_queue.denials, name="denials"),
        path("denials/<uuid:denial_id>/", views_denials.show, name="denial"),
        path("denials/<uuid:denial_id>/write-off/", views_denials.write_off, name="write_off"),
        path("denials/<uuid:denial_id>/ask/", views_denials.ask_write_off, name="ask_write_off"),
        path("denials/<uuid:denial_id>/patient/", views_denials.bill_patient, name="bill_patient"),
        path("denials/<uuid:denial_id>/close/", views_denials.close, name="close_denial"),
        path("denials/<uuid:denial_id>/other-cover/", views_denials.other_cover, name="other_cover"),
        path("desk/<uuid:claim_id>/", views_desk.show, name="desk"),
        path("desk/<uuid:claim_id>/other-cover/", views_desk.other_cover, name="desk_cover"),
        path("<uuid:remittance_id>/", views.show, name="show"),
        path("<uuid:remittance_id>/check/", views_queue.check_again, name="check"),
        path("<uuid:remittance_id>/post-too/", views_queue.post_twin, name="post_twin"),
        path("<uuid:remittance_id>/set-aside/", views_queue.set_aside, name="set_aside"),
        path("<uuid:remittance_id>/payee/", views_queue.place_payee, name="payee"),
        path("<uuid:remittance_id>/<uuid:claim_id>/", views.claim, name="claim"),
    ],
    "remittances",
)
urlpatterns = [path("remittances/", include(_room))]
