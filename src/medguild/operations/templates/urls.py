"""Pages of templates' versions, of visits that must move, and of holidays."""

from __future__ import annotations

from django.urls import path

from medguild.operations.templates import views, views_holidays, views_moves, views_preview

app_name = "templates"
urlpatterns = [
    path("", views.clinicians, name="list"),
    path("clinicians/<uuid:clinician_id>/", views.history, name="history"),
    path("clinicians/<uuid:clinician_id>/begin/", views.begin, name="begin"),
    path("versions/<uuid:version_id>/", views.show, name="show"),
    path("versions/<uuid:version_id>/edit/", views.edit, name="edit"),
    path("versions/<uuid:version_id>/copy/", views.copy, name="copy"),
    path("versions/<uuid:version_id>/discard/", views.discard, name="discard"),
    path("versions/<uuid:version_id>/preview/", views_preview.preview, name="preview"),
    path("versions/<uuid:version_id>/preview/make/", views_preview.make, name="make_preview"),
    path("versions/<uuid:version_id>/apply/", views_preview.apply, name="apply"),
    path("versions/<uuid:version_id>/withdraw/", views_preview.withdraw, name="withdraw"),
    path("moves/", views_moves.plans, name="plans"),
    path("moves/<uuid:plan_id>/", views_moves.moves, name="moves"),
    path("moves/<uuid:plan_id>/accept/", views_moves.accept_all, name="accept_all"),
    path("moves/<uuid:plan_id>/start/", views_moves.start, name="start"),
    path("visits/<uuid:move_id>/pick/", views_moves.pick, name="pick"),
    path("absences/<uuid:absence_id>/visits/", views_moves.of_absence, name="of_absence"),
    path("holidays/<uuid:site_id>/", views_holidays.year, name="holidays"),
]
