"""Pages of calls."""

from __future__ import annotations

from django.urls import path

from medguild.operations.calls import views, views_now

app_name = "calls"
urlpatterns = [
    path("", views.numbers, name="numbers"),
    path("list/", views.call_list, name="list"),
    path("new/", views.add, name="add"),
    path("import/", views.import_file, name="import"),
    path("now/", views_now.right_now, name="now"),
    path("call-backs/", views_now.call_backs, name="call_backs"),
    path("call-backs/<uuid:item_id>/", views_now.called_back, name="called_back"),
    path("waits/", views_now.alert_list, name="alerts"),
    path("waits/<uuid:alert_id>/", views_now.alert, name="alert"),
    path("<uuid:call_id>/", views.show, name="show"),
]
