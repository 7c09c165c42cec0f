"""Pages of recalls."""

from __future__ import annotations

from django.urls import path

from medguild.operations.recalls import views, views_ruling

app_name = "recalls"
urlpatterns = [
    path("", views.recall_list, name="list"),
    path("add/<uuid:patient_id>/", views.add, name="add"),
    path("rules/", views_ruling.rules, name="rules"),
    path("rules/<uuid:rule_id>/end/", views_ruling.end_rule, name="end_rule"),
    path("import/", views_ruling.import_file, name="import"),
    path("<uuid:recall_id>/", views.show, name="show"),
    path("<uuid:recall_id>/contact/", views.contact, name="contact"),
    path("<uuid:recall_id>/close/", views.close, name="close"),
    path("<uuid:recall_id>/put-off/", views.put_off, name="put_off"),
]
