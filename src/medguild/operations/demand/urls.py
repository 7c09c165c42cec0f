"""Pages of the numbers of access."""

from __future__ import annotations

from django.urls import path

from medguild.operations.demand import views, views_change, views_late, views_supply

app_name = "demand"
urlpatterns = [
    path("", views.access, name="access"),
    path("visits/", views.visits, name="visits"),
    path("match/", views_supply.match_page, name="match"),
    path("searches/", views_supply.searches, name="searches"),
    path("fill/", views_supply.fill, name="fill"),
    path("backfill/", views_supply.refilled, name="backfill"),
    path("scarce/", views_supply.scarce, name="scarce"),
    path("plan/", views_supply.plan, name="plan"),
    path("late/", views_late.late, name="late"),
    path("late/days/", views_late.late_days, name="late_days"),
    path("late/<uuid:site_id>/<uuid:clinician_id>/<str:day>/", views_late.late_day, name="late_day"),
    path("lengths/", views_change.lengths, name="lengths"),
    path("changes/", views_change.changes, name="changes"),
    path("changes/<uuid:version_id>/", views_change.change, name="change"),
    path("samples/", views.sample_list, name="samples"),
]
