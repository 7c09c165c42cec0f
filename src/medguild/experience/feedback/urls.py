"""Pages of complaints."""

from __future__ import annotations

from django.urls import path

from medguild.experience.feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.complaint_list, name="list"),
    path("ratings/", views.rating_list, name="ratings"),
    path("new/", views.receive, name="receive"),
    path("new/for/<uuid:patient_id>/", views.receive_for, name="receive_for"),
    path("<uuid:complaint_id>/", views.show, name="show"),
    path("<uuid:complaint_id>/resolve/", views.resolve, name="resolve"),
]
