"""URLs of people on their own record, and of staff who let them in."""

from __future__ import annotations

from django.urls import path

from medguild.experience.portal import (
    views,
    views_answers,
    views_booking,
    views_calendar,
    views_messages,
    views_questions,
    views_waiting,
)

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("<uuid:patient_id>/", views.own_record, name="record"),
    path("<uuid:patient_id>/visits/<uuid:note_id>/", views.visit, name="visit"),
    path("<uuid:patient_id>/appointments/<uuid:appointment_id>/", views_answers.appointment, name="appointment"),
    path("<uuid:patient_id>/offers/<uuid:offer_id>/", views_answers.offer, name="offer"),
    path("<uuid:patient_id>/appointments/<uuid:appointment_id>/earlier/", views_waiting.earlier, name="earlier"),
    path("<uuid:patient_id>/book/", views_booking.book, name="book"),
    path("<uuid:patient_id>/book/confirm/", views_booking.confirm, name="confirm"),
    path("<uuid:patient_id>/waiting/", views_waiting.waiting, name="waiting"),
    path("<uuid:patient_id>/waiting/<uuid:entry_id>/", views_waiting.wishes, name="wishes"),
    path("<uuid:patient_id>/waiting/<uuid:entry_id>/leave/", views_waiting.leave, name="leave"),
    path("<uuid:patient_id>/messages/", views_messages.messages, name="messages"),
    path("<uuid:patient_id>/calendar/", views_calendar.calendar, name="calendar"),
    path("<uuid:patient_id>/calendar/<uuid:feed_id>/end/", views_calendar.revoke, name="end_calendar"),
    path("<uuid:patient_id>/questions/", views_questions.questions, name="questions"),
    path("<uuid:patient_id>/access/", views.access, name="access"),
    path("<uuid:patient_id>/access/new/", views.give, name="give"),
    path("<uuid:patient_id>/access/<uuid:grant_id>/password/", views.renew, name="renew"),
    path("<uuid:patient_id>/access/<uuid:grant_id>/end/", views.end, name="end"),
]
