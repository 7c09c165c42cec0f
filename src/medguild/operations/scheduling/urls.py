"""Pages of the schedule."""

from __future__ import annotations

from django.urls import path

from medguild.operations.scheduling import (
    change_panels,
    views,
    views_calendar,
    views_move,
    views_template,
    views_visit,
)
from medguild.operations.scheduling.care import views_lacking, views_terms
from medguild.operations.scheduling.kinds import views as views_kinds
from medguild.operations.scheduling.needs import views as views_needs
from medguild.operations.scheduling.search import views as views_search

app_name = "scheduling"
urlpatterns = [
    path("find/", views_search.find, name="find"),
    path("book/<uuid:patient_id>/hold/", views.hold, name="hold"),
    path("book/<uuid:patient_id>/<uuid:hold_id>/", views.book, name="book"),
    path("book/<uuid:patient_id>/<uuid:hold_id>/release/", views.release, name="release"),
    path(
        "overbook/<uuid:patient_id>/<uuid:visit_type_id>/<uuid:clinician_id>/<uuid:site_id>/",
        views.overbook,
        name="overbook",
    ),
    path("appointments/not-allowed/", views_lacking.lacking, name="lacking"),
    path("day/", views_calendar.day, name="day"),
    path("day/<uuid:site_id>/", views_calendar.day_of, name="day_of"),
    path("day/<uuid:site_id>/list/", views_calendar.list_of, name="list_of"),
    path("week/<uuid:site_id>/", views_calendar.week_of, name="week_of"),
    path("appointments/", views_calendar.appointment_list, name="list"),
    path("appointments/<uuid:appointment_id>/", views_visit.show, name="show"),
    path("appointments/<uuid:appointment_id>/cancel/", views_visit.cancel, name="cancel"),
    path("appointments/<uuid:appointment_id>/waive/", change_panels.waive, name="waive"),
    path("appointments/<uuid:appointment_id>/no-show/", views_visit.no_show, name="no_show"),
    path("appointments/<uuid:appointment_id>/reinstate/", views_visit.reinstate, name="reinstate"),
    path("appointments/<uuid:appointment_id>/move/", views_move.move, name="move"),
    path("appointments/<uuid:appointment_id>/network/", views_move.network_answer, name="network_answer"),
    path("templates/", views_template.templates, name="templates"),
    path("templates/<uuid:site_id>/", views_template.templates_of, name="templates_of"),
    path("templates/<uuid:site_id>/add/", views_template.add, name="add_session"),
    path("sessions/<uuid:session_id>/", views_template.revise, name="revise_session"),
    path("sessions/<uuid:session_id>/end/", views_template.end, name="end_session"),
    path("sessions/<uuid:session_id>/cancel/", views_template.cancel_day, name="cancel_session"),
    path("exceptions/<uuid:exception_id>/restore/", views_template.restore_day, name="restore_session"),
    path("absences/<uuid:site_id>/add/", views_template.add_absence, name="add_absence"),
    path("absences/<uuid:absence_id>/remove/", views_template.drop_absence, name="remove_absence"),
    path("visit-types/", views_kinds.listed, name="visit_types"),
    path("visit-types/add/", views_kinds.add, name="add_visit_type"),
    path("visit-types/<uuid:visit_type_id>/", views_kinds.change, name="change_visit_type"),
    path("visit-types/<uuid:visit_type_id>/terms/", views_terms.terms, name="visit_type_terms"),
    path("visit-types/<uuid:visit_type_id>/lengths/add/", views_kinds.add_length, name="add_length"),
    path("shifts/<uuid:site_id>/add/", views_needs.add_shift, name="add_shift"),
    path("shifts/<uuid:shift_id>/end/", views_needs.end_shift, name="end_shift"),
    path("out/<uuid:site_id>/add/", views_needs.take_out, name="take_out"),
    path("out/<uuid:outage_id>/back/", views_needs.bring_back, name="bring_back"),
    path("lengths/<uuid:length_id>/end/", views_kinds.end_length, name="end_length"),
]
