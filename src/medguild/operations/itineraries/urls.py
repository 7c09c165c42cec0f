"""Pages of days with several visits, and of campuses."""

from __future__ import annotations

from django.urls import path

from medguild.operations.itineraries import views

app_name = "itineraries"
urlpatterns = [
    path("find/<uuid:patient_id>/", views.find, name="find"),
    path("book/<uuid:patient_id>/", views.book, name="book"),
    path("<uuid:itinerary_id>/", views.show, name="show"),
    path("campuses/", views.campus_list, name="campuses"),
    path("campuses/<uuid:campus_id>/", views.campus, name="campus"),
]
