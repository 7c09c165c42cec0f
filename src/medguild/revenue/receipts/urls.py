"""URLs of receipts and drawers."""

from __future__ import annotations

from django.urls import include, path

from medguild.revenue.receipts import views, views_drawers

_room = (
    [
        path("", views.receipt_list, name="list"),
        path("drawer/", views_drawers.mine, name="my_drawer"),
        path("drawer/at/<uuid:site_id>/", views_drawers.drawer_of, name="drawer_of"),
        path("drawer/<uuid:drawer_id>/", views_drawers.show, name="drawer"),
        path("drawer/<uuid:drawer_id>/close/", views_drawers.close, name="close_drawer"),
        path("day/", views_drawers.day, name="day"),
        path("day/<uuid:site_id>/", views_drawers.day_of, name="day_of"),
        path("take/for/<uuid:patient_id>/", views.take_for, name="take_for"),
        path("take/<uuid:account_id>/", views.take, name="take"),
        path("visit/<uuid:visit_id>/", views.take_at_visit, name="take_at_visit"),
        path("<uuid:receipt_id>/", views.show, name="show"),
        path("<uuid:receipt_id>/pdf/", views.pdf, name="pdf"),
        path("<uuid:receipt_id>/void/", views.void, name="void"),
    ],
    "receipts",
)
urlpatterns = [path("receipts/", include(_room))]
