"""Pages of promises."""

from __future__ import annotations

from django.urls import path

from medguild.operations.promises import views, views_inquiry

app_name = "promises"
urlpatterns = [
    path("", views.promise_list, name="list"),
    path("responses/", views.responses, name="responses"),
    path("add/<uuid:patient_id>/", views.add, name="add"),
    path("messages/", views_inquiry.inquiry_list, name="inquiries"),
    path("messages/new/", views_inquiry.receive, name="receive"),
    path("messages/<uuid:inquiry_id>/", views_inquiry.inquiry, name="inquiry"),
]
