"""Pages of registration."""

from __future__ import annotations

from django.urls import path

from medguild.patients.registration import views

urlpatterns = [
    path("register/", views.register_page, name="register"),
    path("register/duplicates/", views.look_for_duplicates, name="register_duplicates"),
]
