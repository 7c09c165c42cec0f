"""Pages of the waiting list."""

from __future__ import annotations

from django.urls import path

from medguild.operations.waitlist import views, views_answer, views_freed, views_offer

app_name = "waitlist"
urlpatterns = [
    path("", views.waiting_list, name="list"),
    path("add/<uuid:patient_id>/", views.add, name="add"),
    path("free/", views_freed.freed, name="freed"),
    path("free/<uuid:source>/", views_freed.offer_one, name="offer_freed"),
    path("<uuid:entry_id>/", views.show, name="show"),
    path("<uuid:entry_id>/change/", views.change, name="change"),
    path("<uuid:entry_id>/withdraw/", views.withdraw, name="withdraw"),
    path("offers/<uuid:offer_id>/", views_answer.answer, name="answer"),
    path("o/<str:token>/", views_offer.offer, name="offer"),
]
