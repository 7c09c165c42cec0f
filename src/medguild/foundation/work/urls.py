"""URLs of the work room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from medguild.foundation.work import delivery_views, handover_views, owner_views, views

_PATTERNS = [
    path("", views.mine, name="mine"),
    path("team/", views.team, name="team"),
    path("all/", views.everything, name="all"),
    path("new/", views.new, name="new"),
    path("handoffs/", handover_views.handoffs, name="handoffs"),
    path("handoffs/<uuid:handoff_id>/", handover_views.answer, name="answer"),
    path("owners/", owner_views.owners, name="owners"),
    path("owners/presets/", owner_views.presets, name="presets"),
    path("owners/end/<uuid:duty_id>/", owner_views.end, name="end_duty"),
    path("owners/<str:work_type>/<uuid:unit_id>/", owner_views.duty, name="duty"),
    path("steps/", delivery_views.deliveries, name="deliveries"),
    path("steps/set-aside/", delivery_views.set_aside_list, name="steps_set_aside"),
    path("steps/<uuid:delivery_id>/", delivery_views.delivery, name="delivery"),
    path("steps/<uuid:delivery_id>/set-aside/", delivery_views.give_up, name="give_up_step"),
    path("<uuid:item_id>/", views.item, name="item"),
    path("<uuid:item_id>/hand-over/", handover_views.send, name="hand_over"),
    path("<uuid:item_id>/<str:name>/", views.act, name="act"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("work/", include((_PATTERNS, "work")))]
