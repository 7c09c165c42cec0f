"""Pages of visits."""

from __future__ import annotations

from django.urls import path

from medguild.operations.visits import views, views_day, views_queue

app_name = "visits"
urlpatterns = [
    path("board/", views_day.board, name="board"),
    path("board/<uuid:site_id>/", views_day.board_of, name="board_of"),
    path("board/<uuid:site_id>/poll/", views_day.board_poll, name="board_poll"),
    path("arrivals/", views_day.arrivals, name="arrivals"),
    path("arrivals/<uuid:site_id>/", views_day.arrivals_of, name="arrivals_of"),
    path("arrivals/<uuid:site_id>/poll/", views_day.arrivals_poll, name="arrivals_poll"),
    path("queue/", views_queue.queue, name="queue"),
    path("queue/<uuid:site_id>/", views_queue.queue_of, name="queue_of"),
    path("queue/<uuid:site_id>/poll/", views_queue.queue_poll, name="queue_poll"),
    path("appointments/<uuid:appointment_id>/arrive/", views_day.arrive, name="arrive"),
    path("appointments/<uuid:appointment_id>/no-show/", views_day.no_show, name="no_show"),
    path("", views_day.visit_list, name="list"),
    path("walk-in/<uuid:patient_id>/", views_day.walk_in_for, name="walk_in_for"),
    path("walk-in/<uuid:site_id>/<uuid:patient_id>/", views_day.walk_in, name="walk_in"),
    path("<uuid:visit_id>/", views.show, name="show"),
    path("<uuid:visit_id>/check-in/", views.check_in, name="check_in"),
    path("<uuid:visit_id>/check-in/finish/", views.finish_check_in, name="finish_check_in"),
    path("<uuid:visit_id>/check-in/consent/", views.give_consent, name="give_consent"),
    path("<uuid:visit_id>/check-in/coverage/<uuid:coverage_id>/", views.verify, name="verify_coverage"),
    path("<uuid:visit_id>/check-in/<slug:key>/", views.mark_step, name="mark_step"),
    path("<uuid:visit_id>/take-back/", views.take_back, name="take_back"),
    path("<uuid:visit_id>/call-in/", views_queue.call_in, name="call_in"),
    path("<uuid:visit_id>/urgency/", views_queue.set_urgency, name="set_urgency"),
    path("<uuid:visit_id>/move/", views.move, name="move"),
    path("<uuid:visit_id>/undo/", views.undo, name="undo"),
    path("<uuid:visit_id>/check-out/", views.check_out, name="check_out"),
]
