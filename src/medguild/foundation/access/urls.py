"""URLs of access and of the event log."""

from __future__ import annotations

from django.urls import include, path

from medguild.foundation.access.views import audit, glass, own, tokens, users

_patterns = [
    path("me/", own.own_access, name="own"),
    path("me/session/", own.session, name="session"),
    path("me/sessions/", own.sessions, name="sessions"),
    path("me/sessions/<int:number>/end/", own.end, name="end_session"),
    path("users/", users.user_list, name="users"),
    path("users/invite/", users.invite, name="invite"),
    path("users/<uuid:user_id>/", users.user, name="user"),
    path("users/<uuid:user_id>/roles/new/", users.give, name="give"),
    path("users/<uuid:user_id>/person/", users.link, name="link"),
    path("users/<uuid:user_id>/password-link/", users.password_link, name="password_link"),
    path("users/<uuid:user_id>/close/", users.close, name="close"),
    path("users/<uuid:user_id>/reopen/", users.reopen, name="reopen"),
    path("roles/<uuid:grant_id>/end/", users.end, name="end_grant"),
    path("rights/", tokens.rights, name="rights"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/new/", tokens.new_token, name="new_token"),
    path("tokens/<uuid:token_id>/end/", tokens.end_token, name="end_token"),
    path("break-glass/<uuid:patient_id>/", glass.break_glass, name="break_glass"),
    path("reviews/", glass.reviews, name="reviews"),
    path("reviews/<uuid:opened_id>/", glass.review, name="review"),
    path("audit/", audit.log, name="audit"),
    path("audit/prove/", audit.prove, name="prove"),
    path("audit/events/<uuid:event_id>/", audit.event, name="event"),
    path("audit/patients/<uuid:patient_id>/readers/", audit.readers, name="readers"),
]
urlpatterns = [path("access/", include((_patterns, "access")))]
